"""The box that lets Inkling learn from what is corrected on a page."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from tkinter import ttk

from app.page.corrections import Corrections
from app.page.document import Document
from app.ui.kit import tooltip
from app.ui.kit.background import Slices
from app.ui.kit.dialog import Dialog
from model.base.language import _, ngettext
from model.base.work import Work
from model.reading.eye import Eye


@dataclass(frozen=True, slots=True)
class Learns:
    """What lets Inkling learn from corrections."""

    corrections: Corrections
    eye: Callable[[], Eye]  # that sees the digits on the page; raises UserError if there's none
    changed: Callable[[], str]  # learns what is saved now, and returns what is to be said of that; raises UserError


class LearnBox(ttk.Checkbutton):
    """Lets what is corrected in a dialog's document be saved, as long as it's ticked."""

    def __init__(self, dialog: Dialog, document: Document, learns: Learns):
        self._ticked = tk.BooleanVar(dialog, learns.corrections.are_wanted)
        text = _("Learn from my corrections")
        super().__init__(dialog.buttons, text=text, variable=self._ticked, command=self._turned)
        self._dialog, self._document, self._learns = dialog, document, learns
        self._saving = Slices(self, dialog.tell)
        what = _("Saves the digits that you correct in My drawings; Inkling learns them from there")
        tooltip.of(dialog).explain(self, what)

    def save(self) -> None:
        """Save what is corrected now, and take back what no longer is, a little at a time."""
        if self._learns.corrections.are_wanted or self._learns.corrections.count:
            self._saving.start(self._save())

    def finish(self) -> None:
        """Save all of it at once."""
        self.save()
        self._saving.go_on(float("inf"))

    def _turned(self) -> None:
        self._learns.corrections.are_wanted = self._ticked.get()
        self._saving.start(self._save())

    def _save(self) -> Work[None]:
        corrections = self._learns.corrections
        if (yield from corrections.saving(self._document.pages, self._learns.eye())):
            count = corrections.count
            line = ngettext(
                "{count:,} digit is saved in My drawings.", "{count:,} digits are saved in My drawings.", count
            ).format(count=count)
            none = _("The digits that you corrected are no longer saved.")
            self._dialog.say(f"{line if count else none} {self._learns.changed()}".rstrip())
