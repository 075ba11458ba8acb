"""What a lesson's steps do in the program, and how that's undone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from app.kept import models, settings
from app.ui.laboratory.network_view import Thing
from app.ui.lessons.lesson import BUILT_IN, Do
from app.ui.training.training_dialog import TrainingDialog
from model.base.language import _
from model.inside.damage import Damage
from model.inside.touched import Touch
from model.inside.ways import strongest

if TYPE_CHECKING:
    from app.ui.kit.slider import Slider
    from app.ui.laboratory.laboratory import Laboratory
    from app.ui.window.main_window import MainWindow


class LessonSteps:
    """Does what steps say. Call it for one thing after another, once the laboratory has shown the one before."""

    def __init__(self, window: MainWindow):
        self._window = window
        self._before: str | None = None  # the model in use before, while a step reads with another one
        self._offered = ""  # the network whose training was offered
        self._waits = False  # for the user to close the training of a step before
        self._opened = False  # by a step: the laboratory

    def do(self, what: Do) -> str:
        """Do something. Returns what it's waiting for, and then it has to be called again. Raises UserError."""
        if what.name in ("use", "beside"):
            return self._with_model(what)
        if what.name == "draw":
            return _("Draw a digit on the pad, and it goes on.") if self._window.session.is_blank else ""
        if what.name == "train":
            return self._train(what.word, what.given)
        self._in_the_laboratory(what.name, what.given)
        return ""

    def take_back(self) -> None:
        """Undo what the steps have done, except for the laboratory, which stays open. Raises UserError."""
        self._offered, self._waits = "", False
        if laboratory := self._window.laboratory:
            if laboratory.touching.touch != Touch():
                laboratory.touching.undo.invoke()
            if laboratory.damaging.damage != Damage():
                laboratory.damaging.undo.invoke()
            laboratory.choose(None)
            laboratory.turn("touch")
            if laboratory.beside.chosen:
                laboratory.beside.choose(0, "")
        if self._before is not None:
            before, self._before = self._before, None
            if settings.load().model != before:  # something has been learned meanwhile
                settings.change(model=before)
            recognizer, _notice = models.recognizer_in_use()
            self._window.session.use(recognizer)
            self._window.editor.show()

    def end(self) -> None:
        """Undo everything, and close the laboratory if a step has opened it. Raises UserError."""
        if self._opened and (laboratory := self._window.laboratory):
            laboratory.close()
        self._opened = False
        self.take_back()

    def _with_model(self, what: Do) -> str:
        """Read with a model, or let it read next to the one in use; if it doesn't exist, offer to train it."""
        there = [(each, each.bundle.card.network) for each in models.everything() if each.bundle]
        named = [each for each, network in there if what.word in (network, "" if each.key else BUILT_IN)]
        if not named:
            if self._offered != what.word:
                self._offered = what.word
                self._train(what.word, {})
            told = _("You have no {network} yet. Press Train: when it's done, the lesson goes on here.")
            return told.format(network=what.word)
        if what.name == "beside":
            self._laboratory().beside.choose(0, named[0].name)
            return ""
        if self._before is None:
            self._before = settings.load().model
        self._window.session.use(models.load(named[0].key))
        self._window.editor.show()
        return ""

    def _train(self, network: str, given: Mapping[str, str]) -> str:
        """Open Retrain… with what's given filled in; if a training is under way, return that it comes first."""
        if (open_one := self._window.dialogs.training) and open_one.stays:
            self._waits |= open_one.busy
            if self._waits:
                return _("Another training is open. When it's over and you've closed it, the lesson goes on here.")
            open_one.close()  # it shows what came of the last training, and the lesson says to press Train
        dialog = self._window.dialogs.retrain()
        if isinstance(dialog, TrainingDialog):
            dialog.enter({"network": network, **given})
        return ""

    def _laboratory(self) -> Laboratory:
        if self._window.laboratory is None:
            self._window.dialogs.experiment()
            self._opened = True
        assert self._window.laboratory
        return self._window.laboratory

    def _in_the_laboratory(self, name: str, given: Mapping[str, str]) -> None:
        laboratory = self._laboratory()
        numbers = {key: float(value) for key, value in given.items()}
        if name == "show":
            laboratory.lift()  # above the training of a step before
        elif name == "pin":
            laboratory.choose(_thing(laboratory, numbers))
        elif name == "change":
            if numbers.pop("off", 0):
                laboratory.touching.switch_unit()
            _move(laboratory.touching.sliders, numbers)
        elif name == "damage":
            laboratory.turn("damage")
            if numbers.pop("fit", 0):
                laboratory.damaging.fit.invoke()
            _move(laboratory.damaging.sliders, numbers)


def _move(sliders: Mapping[str, Slider], numbers: Mapping[str, float]) -> None:
    for name, number in numbers.items():
        sliders[name].move(number)


def _thing(laboratory: Laboratory, given: Mapping[str, float]) -> Thing | None:
    """Return what to pin: an answer, a unit, or the unit of a layer that counts most for the answer."""
    if (seen := laboratory.seen) is None:
        return None
    shape = seen.columns
    if "answer" in given:
        return Thing(len(shape) - 1, int(given["answer"]))
    column = min(int(given.get("layer", 1)), len(shape) - 2)
    unit = int(given["unit"]) - 1 if "unit" in given else next(iter(strongest(seen.shares[column], 1)), 0)
    return Thing(column, min(unit, shape[column].units - 1))
