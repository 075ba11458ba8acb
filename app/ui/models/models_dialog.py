"""Model ▸ Models…: what models there are, and all that can be done with one."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from tkinter import filedialog, messagebox, ttk
from typing import Any

from app.facts import card_text
from app.facts.open_file import open_file
from app.kept import models
from app.kept.models import BUNDLED
from app.ui.kit import style
from app.ui.kit.dialog import Dialog
from app.ui.models.card_view import CardView
from app.ui.models.models_list import ModelsList
from app.ui.models.report_maker import ReportMaker
from model.base.errors import UserError
from model.base.language import N_, _

WIDEST = 900  # pixels of 1/96 inch of the list
MORE = 140  # pixels of 1/96 inch for more models than the least list has
SOON = 1500  # milliseconds after which an opener that failed has told so


class ModelsDialog(Dialog):
    """Lists the models, and lets the user choose, rename, copy, judge and delete them.

    Args:
        parent: the window.
        use: makes the window read with the model of a key, or say why it does not.
        with_tensorflow: does what it is called and given, at once or when TensorFlow is installed.
    """

    def __init__(
        self,
        parent: tk.Misc,
        use: Callable[[str], None],
        with_tensorflow: Callable[[str, Callable[[], object]], None],
    ):
        super().__init__(parent, _("Models"), more=MORE)
        self._use_model, self._with_tensorflow = use, with_tensorflow
        self._models: dict[str, models.Model] = {}
        self._problems: dict[str, str] = {}  # of the models that were looked through
        self._waiting: set[str] = set()  # Tk's names for what is to be done later
        inside = self.body.inside
        self.list = ModelsList(inside, self._show, self._use, self._delete, self._rename)
        self.list.fit(self.room(WIDEST))
        self.card = CardView(inside)
        self.list.pack(fill="both", expand=True)
        self.card.pack(fill="x", pady=(style.px(14), 0))
        self._buttons = {
            text: ttk.Button(
                self.buttons, text=_(text), command=command, style="Accent.TButton" if text == "Use" else "TButton"
            )
            for text, command in (
                (N_("Use"), self._use),
                (N_("Rename…"), self.list.edit_name),
                (N_("Export…"), self._export),
                (N_("Report"), self._report),
                (N_("Delete"), self._delete),
            )
        }
        for button in self._buttons.values():
            self.buttons.show(button)
        self._back = ttk.Button(self.buttons, text=_("Use the bundled one"), command=lambda: self._use(BUNDLED))
        self._reports = ReportMaker(self, self._open_report, self._show)
        self.refresh()

    @property
    def stays(self) -> bool:
        """Whether it goes on as it is when the language or the look changes: it does while a report is made."""
        return self.busy or self._reports.key is not None

    def entered(self) -> dict[str, Any]:
        """Return which model is chosen."""
        return {"key": self.list.key}

    def enter(self, entered: dict[str, Any]) -> None:
        """Choose the same model."""
        self.refresh(entered["key"])

    def focus_set(self) -> None:
        """Give the keyboard to the list."""
        self.list.tree.focus_set()

    def destroy(self) -> None:
        """Take the dialog away, with what it waits for."""
        for name in self._waiting:
            self.after_cancel(name)
        super().destroy()

    def refresh(self, choose: str | None = None) -> None:
        """Show the models as they are now, and choose one: by default the one that is chosen, or else that in use."""
        there = models.everything()
        self._models = {model.key: model for model in there}
        used = next((model.key for model in there if model.in_use), BUNDLED)
        self.list.show(there, next(key for key in (choose, self.list.key, used) if key is not None))
        for key, problem in self._problems.items():
            if problem:
                self.list.mark_damaged(key)
        self.buttons.hide(self._back)
        if not self._models[BUNDLED].in_use:
            self.buttons.show(self._back, right=True)
        self._look_through([key for key in self._models if key not in self._problems])
        self._show()

    def _later(self, milliseconds: int, action: Callable[[], None]) -> None:
        def run() -> None:
            self._waiting.discard(name)
            action()

        name = self.after(milliseconds, run)
        self._waiting.add(name)

    def _look_through(self, keys: list[str]) -> None:
        """Find the damaged models one by one: each takes up to a tenth of a second, and the window is not to wait."""

        def look() -> None:
            if self._problem(keys[0]):
                self.list.mark_damaged(keys[0])
                self._show()
            self._look_through(keys[1:])

        if keys:
            self._later(1, look)

    def _problem(self, key: str) -> str:
        """Return why a model cannot be used; nothing when it can."""
        if key not in self._problems:
            self._problems[key] = models.problem(key)
        return self._problems[key]

    def _show(self) -> None:
        """Show the chosen model's card, and grey out what cannot be done with it."""
        key = self.list.key
        model = self._models.get(key) if key is not None else None
        if model is None or key is None:
            return
        problem = self._problem(key)
        if problem or model.bundle is None:
            self.card.show_problem(problem)
        else:
            self.card.show(card_text.lines(model.bundle.card))
        own = key != BUNDLED
        judged = self._reports.key == key  # its report is being made
        for text, possible in (
            ("Use", not problem and not model.in_use),
            ("Rename…", own and model.bundle is not None),
            ("Export…", not problem),
            ("Report", not problem and self._reports.key in (None, key)),
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
        self._problems.pop(key, None)  # it has just been read anew
        self.say("")
        self.refresh(key)
        if not self._models[key].in_use:
            self.say(_("This model cannot be used; the window says why."), problem=True)

    def _rename(self, key: str, name: str) -> None:
        try:
            models.rename(key, name)
        except UserError as error:
            self.tell(error)
        else:
            self.say("")
        self.refresh()

    def _export(self) -> None:
        folder = filedialog.askdirectory(
            parent=self, title=_("The folder to put a copy of the model in"), mustexist=True
        )
        if folder and self.list.key is not None:
            try:
                place = models.export(self.list.key, Path(folder))
            except UserError as error:
                self.tell(error)
            else:
                self.say(_("The model is copied to {path}").format(path=place))

    def _report(self) -> None:
        key = self.list.key
        if key is None:
            return
        if self._reports.key is not None:
            self._reports.stop()
        elif models.report(key):
            self._open_report(key)
        else:
            try:
                self._with_tensorflow(N_("Making a report"), lambda: self._make_report(key))
            except UserError as error:
                self.tell(error)
        self._show()

    def _make_report(self, key: str) -> None:
        if self.winfo_exists() and key in self._models:  # it takes a while to install what a report needs
            self._reports.make(self._models[key])

    def _open_report(self, key: str) -> None:
        path = models.report(key)
        if path is None:
            return
        self.refresh()  # what was measured is known now
        try:
            failure = open_file(path)
        except UserError as error:
            self.tell(error)
            return
        self.say(_("The report is {path}").format(path=path))
        self._later(SOON, lambda: self.say(failure(), problem=True) if failure() else None)

    def _delete(self) -> None:
        key = self.list.key
        if key is None or not self._can("Delete"):
            return
        model = self._models[key]
        detail = _("It is in use; the bundled model reads then.") if model.in_use else _("This cannot be undone.")
        question = _("Delete {name}?").format(name=model.name)
        if not messagebox.askokcancel(_("Delete"), question, detail=detail, icon="warning", parent=self):
            return
        keys = list(self._models)
        neighbour = [*keys[keys.index(key) + 1 :], keys[keys.index(key) - 1]][0]
        if model.in_use:
            self._use_model(BUNDLED)
        try:
            models.delete(key)
        except UserError as error:
            self.tell(error)
        else:
            self.say("")
        self._problems.pop(key, None)
        self.refresh(neighbour)
