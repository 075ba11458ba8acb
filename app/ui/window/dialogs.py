"""The window's dialogs: each opens next to the window on demand, once at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from app.kept import models
from app.ui.drawings.drawings_dialog import DrawingsDialog
from app.ui.help.about_dialog import AboutDialog
from app.ui.help.problem_dialog import ProblemDialog
from app.ui.help.shortcuts_dialog import GESTURES, ShortcutsDialog
from app.ui.kit import style
from app.ui.kit.dialog import APART, Dialog
from app.ui.kit.questions import is_asking
from app.ui.laboratory.laboratory import AROUND, BESIDE, Laboratory
from app.ui.models.models_dialog import ModelsDialog
from app.ui.models.open_dialog import OpenDialog
from app.ui.training.install_dialog import InstallDialog
from app.ui.training.training_dialog import TrainingDialog
from app.ui.window import main_menu
from app.ui.window.settings_dialog import SettingsDialog
from model.base.errors import UserError
from model.base.installation import needs_tensorflow, tensorflow_is_missing
from model.base.language import N_, _
from model.base.program import FROZEN

if TYPE_CHECKING:
    from app.ui.window.main_window import MainWindow
    from model.bundle.bundle import Bundle
    from model.ink.ink import Drawing


OFF_THE_PAD = ("retrain", "settings")  # people draw while these are open, to see what they change


class Dialogs:
    """Opens the dialogs of a window, by name."""

    def __init__(self, window: MainWindow):
        root, session, use = window.root, window.session, window.learning.use
        self._window = window
        self._open: dict[str, Dialog] = {}
        self._make: dict[str, Callable[[], Dialog]] = {
            "about": lambda: AboutDialog(root, self._bundle),
            "drawings": lambda: DrawingsDialog(root, session.samples, window.learning, self._learn_changed),
            "laboratory": lambda: Laboratory(root, self._own, self._others, models.load, self._train),
            "models": lambda: ModelsDialog(root, use, self.with_tensorflow, window.learning.show_model),
            "open model": lambda: OpenDialog(root, use, self.with_tensorflow),
            "problem": lambda: ProblemDialog(root, self._bundle, lambda: session.drawing),
            "retrain": lambda: TrainingDialog(root, self._bundle, use),
            "settings": lambda: SettingsDialog(root, window.choices, window.hands.fill),
            "shortcuts": lambda: ShortcutsDialog(
                root, [*main_menu.entries(window), *main_menu.unseen(window), *GESTURES], lambda: self.about("guide")
            ),
        }

    def open(self, name: str) -> Dialog:
        """Open a dialog next to the window, or bring it to the front if it's open already."""
        dialog = self._there(name)
        if dialog is None:
            dialog = self._open[name] = self._make[name]()
            if name in OFF_THE_PAD:
                dialog.update_idletasks()  # only now is its width known
                self._window.room.give_way(dialog.winfo_reqwidth() + style.px(APART))
        dialog.lift()
        dialog.focus_set()
        return dialog

    def about(self, page: str) -> Dialog:
        """Show a page of `AboutDialog`: what program this is, how to use it, or which model reads."""
        dialog = self.open("about")
        assert isinstance(dialog, AboutDialog)
        dialog.show(page)
        return dialog

    @property
    def laboratory(self) -> Laboratory | None:
        """The laboratory, while it is open."""
        dialog = self._there("laboratory")
        return dialog if isinstance(dialog, Laboratory) else None

    @property
    def training(self) -> TrainingDialog | None:
        """The dialog that trains, while it's open."""
        dialog = self._there("retrain")
        return dialog if isinstance(dialog, TrainingDialog) else None

    def experiment(self) -> None:
        """Open the laboratory with the digit on the pad. Raises UserError if no model can be used."""
        self._bundle()
        self._window.room.give_way(style.px(BESIDE + AROUND))  # people draw on its pad meanwhile
        self.open("laboratory")
        self._window.editor.show_inside()

    def retrain(self) -> Dialog:
        """Open the dialog that trains a model, or the one that installs what that needs. Raises UserError."""
        if tensorflow_is_missing():
            return self._install(N_("Training"), self.retrain)
        self._bundle()  # without one, there's nothing to compare with or to continue from
        return self.open("retrain")

    def _train(self) -> None:
        """Train a network, or say why that can't be done."""
        self._window.attempt(self.retrain)

    def with_tensorflow(self, doing: str, then: Callable[[], object]) -> None:
        """Do something that needs TensorFlow: at once if it's installed, otherwise offer to install it first.

        ``doing`` is what the user calls it.

        Raises UserError in a bundle without TensorFlow, and whatever ``then`` raises.
        """
        self._install(doing, then) if tensorflow_is_missing() else then()

    def learned(self, line: str) -> None:
        """Show in My drawings, if it's open, how learning went."""
        if isinstance(dialog := self._there("drawings"), DrawingsDialog):
            dialog.learned(line)

    def may_close(self) -> bool:
        """Return whether the window can be closed; asks about what's under way in a dialog."""
        return all(dialog.may_close() for dialog in self._open.values() if dialog.winfo_exists())

    def redraw(self) -> None:
        """Rebuild the open dialogs in the current language and appearance; those that are busy stay as they are.

        What the user has entered stays, and so does their place.
        """
        for name, dialog in self._open.items():
            if not dialog.winfo_exists():
                continue
            if dialog.stays or is_asking(dialog):
                # Its widgets are ttk's, and restyle themselves.
                dialog.configure(background=style.now.colours.background)
                continue
            entered, place = dialog.entered(), dialog.place
            if dialog.job:
                dialog.job.cancel()
            dialog.destroy()
            self._open[name] = new = self._make[name]()
            new.put(place)
            new.enter(entered)

    def _own(self) -> list[Drawing]:
        """Return the saved drawings with their labels, newest first. Raises UserError."""
        samples = self._window.session.samples
        return [each.drawing for each in samples.some(samples.ids())]

    def _learn_changed(self) -> None:
        """Learn what has changed in My drawings; what the answer said about a correction may be out of date."""
        self._window.attempt(self._window.learning.changed)
        self._window.editor.show_answer()

    def _others(self) -> list[tuple[str, str]]:
        """Return the models that aren't in use, by display name, and their keys."""
        used = self._bundle().path
        return [(each.name, each.key) for each in models.everything() if each.bundle and each.bundle.path != used]

    def _there(self, name: str) -> Dialog | None:
        dialog = self._open.get(name)
        return dialog if dialog and dialog.winfo_exists() else None

    def _install(self, doing: str, then: Callable[[], object]) -> Dialog:
        """Open the dialog that installs TensorFlow and then does something. Raises UserError in a bundle."""
        if FROZEN:
            raise UserError(needs_tensorflow(_(doing)))
        before = self._there("install")
        if before is None or not before.busy:
            then_or_why_not = partial(self._window.attempt, then)
            self._make["install"] = lambda: InstallDialog(self._window.root, doing, then_or_why_not)
            if before:
                before.destroy()  # it would continue with something else
        return self.open("install")

    def _bundle(self) -> Bundle:
        """Return the model in use. Raises UserError."""
        return self._window.session.recognizer.bundle
