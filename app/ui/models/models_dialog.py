"""Model ▸ Models…: lists all models and everything you can do with one."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tkinter import messagebox, ttk
from typing import Any

from app.facts import card_text
from app.jobs.job import Job
from app.kept import models, settings
from app.kept.models import BUNDLED
from app.ui.kit import style
from app.ui.kit.background import Slices, Timer
from app.ui.kit.dialog import Dialog
from app.ui.kit.file_dialogs import SAVE, ask_for_folder, ask_for_images
from app.ui.kit.menus import post_at
from app.ui.models import drawn_digits
from app.ui.models.export_menu import WHOLE, export_menu
from app.ui.models.models_list import CardView, ModelsList
from model.base import events
from model.base.errors import UserError
from model.base.language import N_, _
from model.bundle.others import EXPORTED

LIST_WIDTH = 900  # pixels of 1/96 inch of the list, at most
MORE = 140  # pixels of 1/96 inch for more models than the least list has


class ModelsDialog(Dialog):
    """Lists the models, and lets the user choose, rename, copy, judge and delete them.

    ``use`` makes the window read with the model of a key, or say why it doesn't; ``with_tensorflow`` does what it is
    called and given, at once or when TensorFlow is installed; ``renamed`` is called when one has another name.
    """

    def __init__(
        self,
        parent: tk.Misc,
        use: Callable[[str], None],
        with_tensorflow: Callable[[str, Callable[[], object]], None],
        renamed: Callable[[], object],
    ):
        super().__init__(parent, _("Models"), more=MORE)
        self._use_model, self._with_tensorflow, self._renamed = use, with_tensorflow, renamed
        self._models: dict[str, models.Model] = {}
        self._problems: dict[str, str] = {}  # of the models that were checked
        self._looking, self._reading = Timer(self), Slices(self, self.tell)
        inside = self.body.inside
        self.list = ModelsList(inside, self._show, self._use, self._delete, self._rename)
        self.first = self.list.tree
        self.list.fit(self.room(LIST_WIDTH))
        self.card = CardView(inside)
        self.list.pack(fill="both", expand=True)
        self.card.pack(fill="x", pady=(style.px(14), 0))
        self._buttons = {
            text: self.buttons.add(_(text), command, "Accent.TButton" if text == "Use" else "TButton")
            for text, command in (
                (N_("Use"), self._use),
                (N_("Rename…"), self.list.edit_name),
                (N_("Export…"), self._export),
                (N_("Report"), self._report),
                (N_("Delete"), self._delete),
            )
        }
        self._back = ttk.Button(self.buttons, text=_("Use the built-in one"), command=lambda: self._use(BUNDLED))
        self.add_close()
        self._choose = ttk.Button(self, text=_("Choose MNIST…"), command=self._choose_data, style="Small.TButton")
        self._forms = tk.Menu(self)
        self._judged: models.Model | None = None  # whose report was begun last
        self._judging = self._exporting = False  # it is being made; a model is being written
        self.refresh()

    @property
    def stays(self) -> bool:
        """Whether it goes on as it is when the language or the look changes: it does while a report is made."""
        return self.busy or self._judging or self._exporting

    def entered(self) -> dict[str, Any]:
        """Return which model is chosen."""
        return {"key": self.list.key}

    def enter(self, entered: dict[str, Any]) -> None:
        """Choose the same model."""
        self.refresh(entered["key"])

    def refresh(self, choose: str | None = None) -> None:
        """Show the current models, and choose one: by default the chosen one, or else the one in use."""
        there = models.everything()
        self._models = {model.key: model for model in there}
        self.list.show(there, self.list.key if choose is None else choose)
        for key, problem in self._problems.items():
            if problem:
                self.list.mark_damaged(key)
        self.buttons.hide(self._back)
        if not self._models[BUNDLED].in_use:
            self.buttons.show(self._back)
        self._look_through()
        self._show()

    def _look_through(self) -> None:
        """Find the damaged models one by one: each takes up to a tenth of a second, and the window isn't to wait."""
        key = next((key for key in self._models if key not in self._problems), None)

        def look() -> None:
            if key is not None and self._problem(key):
                self.list.mark_damaged(key)
                self._show()
            self._look_through()

        if key is not None:
            self._looking.start(1, look)
        else:
            whole = [model for key, model in self._models.items() if not self._problems[key]]
            self._reading.start(drawn_digits.find(whole, self.list.show_drawn))

    def _problem(self, key: str) -> str:
        """Return why a model can't be used; nothing when it can."""
        if key not in self._problems:
            self._problems[key] = models.problem(key)
        return self._problems[key]

    def _show(self) -> None:
        """Show the chosen model's card, and grey out what can't be done with it."""
        key = self.list.key
        model = self._models.get(key) if key is not None else None
        if model is None or key is None:
            return
        problem = self._problem(key)
        if problem or model.bundle is None:
            self.card.show_problem(problem)
        else:
            self.card.show(card_text.lines(model.bundle.card, models.base(model.bundle)))
        own = key != BUNDLED
        working = self._judging or self._exporting
        judged = self._judging and self._judged is not None and self._judged.key == key
        for text, possible in (
            ("Use", not problem and not model.in_use),
            ("Rename…", own and model.bundle is not None),
            ("Export…", not problem and not working),
            ("Report", not problem and (judged or not working)),
            ("Delete", own and not judged),
        ):
            self._buttons[text].state(["!disabled" if possible else "disabled"])
        self._buttons["Report"].configure(text=_("Stop") if judged else _("Report"))

    def _can(self, text: str) -> bool:
        """Return whether a button's action is possible: keys must not do what the button may not."""
        return bool(self._buttons[text].instate(["!disabled"]))

    def _use(self, key: str | None = None) -> None:
        if key is None and self._can("Use"):
            key = self.list.key
        if key is None:
            return
        self._use_model(key)
        self._problems.pop(key, None)  # it has just been read again
        self.say("")
        self.refresh(key)
        if not self._models[key].in_use:
            self.say(_("This model can't be used; the window says why."), problem=True)

    def _rename(self, key: str, name: str) -> None:
        if self.attempt(lambda: models.rename(key, name)):
            self.say("")
            self._renamed()
        self.refresh()

    def _export(self) -> None:
        self._forms.destroy()
        self._forms = export_menu(self, self._export_as)
        post_at(self._forms, self._buttons["Export…"])

    def _export_as(self, form: str) -> None:
        title, key = _("The folder to put a copy of the model in"), self.list.key
        folder = ask_for_folder(self, title, SAVE)
        if not folder or key is None:
            return
        if form == WHOLE:
            said = _("The model was copied to {path}")
            self.attempt(lambda: self.say(said.format(path=models.export(key, Path(folder)))))
        elif form == "tflite":
            self._convert(key, form, Path(folder))
        else:
            doing = N_("Exporting a model")
            self.attempt(lambda: self._with_tensorflow(doing, lambda: self._convert(key, form, Path(folder))))

    def _convert(self, key: str, form: str, folder: Path) -> None:
        """Have a child write a model for other programs."""
        model = self._models.get(key) if self.winfo_exists() else None
        if model is None or model.bundle is None:
            return
        target = models.exported_place(key, folder, EXPORTED[form])
        words = ["export", "--model", str(model.bundle.path), "--format", form, "--output", str(target)]
        notes: list[str] = []

        def told(event: events.Event) -> None:
            match event:
                case events.Stage():
                    self.say(_("Exporting {name}: {doing}…").format(name=model.name, doing=event.doing))
                case events.Noted():
                    notes.append(event.note)
                case events.Finished():
                    written = _("The model is written to {path}.").format(path=event.output)
                    self.say(" ".join([written, *notes]))
                case events.Failed():
                    self.say(event.message, problem=True)
            self._exporting = not isinstance(event, events.LAST)
            self._show()

        def begin() -> None:
            job = Job(words)
            self._exporting = True
            self.say(_("Exporting {name}: {doing}…").format(name=model.name, doing=_("starting")))
            self.follow(job, told)
            self._show()

        self.attempt(begin)

    def _report(self) -> None:
        key = self.list.key
        if key is None:
            return
        if self._judging and self.job:
            self.job.cancel()  # what it has measured is lost
        elif models.report(key):
            self._open_report(key)
        else:
            self.attempt(lambda: self._with_tensorflow(N_("Making a report"), lambda: self._make_report(key)))
        self._show()

    def _make_report(self, key: str) -> None:
        model = self._models.get(key) if self.winfo_exists() else None
        if model is None or model.bundle is None:  # it takes a while to install what a report needs
            return
        self._choose.pack_forget()
        place, data = models.report_place(key), settings.load().data
        words = ["evaluate", "--model", str(model.bundle.path), "--output", str(place)]
        try:
            job = Job([*words, "--data", data] if data else words, output=place)
        except UserError as error:
            self.tell(error)
            return
        self._judged, self._judging = model, True
        self._say_doing(model, _("starting"))
        self._show()
        self.follow(job, partial(self._told, model))

    def _told(self, model: models.Model, event: events.Event) -> None:
        match event:
            case events.Stage():
                self._say_doing(model, event.doing)
            case events.Downloading():
                doing = _("downloading MNIST, {done:.1f} of {total:.1f} MB")
                self._say_doing(model, doing.format(done=event.done / 1e6, total=event.total / 1e6))
        if not isinstance(event, events.LAST):
            return
        self._judging = False
        self.say("")
        self._show()
        if isinstance(event, events.Finished):
            self._open_report(model.key)
        elif isinstance(event, events.Failed):
            self.say(event.message, problem=True)
            if event.instead == "data":  # offered below the sentence
                self._choose.pack(side="bottom", anchor="w", pady=(style.px(8), 0), before=self.pack_slaves()[-1])

    def _say_doing(self, model: models.Model, doing: str) -> None:
        self.say(_("Making the report on {name}: {doing}…").format(name=model.name, doing=doing))

    def _choose_data(self) -> None:
        path = ask_for_images(self, _("Choose MNIST"))
        if path and self._judged and self.attempt(lambda: settings.change(data=path)):
            self._make_report(self._judged.key)

    def _open_report(self, key: str) -> None:
        path = models.report(key)
        if path is not None:
            self.refresh()  # what was measured is known now
            self.open_outside(path, _("The report is saved as {path}").format(path=path))

    def _delete(self) -> None:
        key = self.list.key
        if key is None or not self._can("Delete"):
            return
        model = self._models[key]
        detail = (
            _("It's in use; the built-in model will take its place.") if model.in_use else _("This can't be undone.")
        )
        question = _("Delete {name}?").format(name=model.name)
        if not messagebox.askokcancel(
            _("Delete"), question, detail=detail, icon="warning", default="cancel", parent=self
        ):
            return
        keys = list(self._models)
        neighbour = [*keys[keys.index(key) + 1 :], keys[keys.index(key) - 1]][0]
        if model.in_use:
            self._use_model(BUNDLED)
        if self.attempt(lambda: models.delete(key)):
            self.say("")
        self._problems.pop(key, None)
        self.refresh(neighbour)
