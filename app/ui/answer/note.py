"""The note below the bars: how to correct an answer, what was saved, with an undo button, or what went wrong."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from tkinter import ttk

from app.ui.kit import style
from app.ui.kit.short_label import ShortLabel
from model.base.language import _

NAME, LINK, PROBLEM = "Note.TLabel", "Link.Note.TLabel", "Warning.Note.TLabel"
LINES = 2
BESIDE = 6  # pixels between the line and its button


@dataclass(frozen=True, slots=True)
class Note:
    """A short line, or a problem, which can be longer."""

    text: str = ""
    more: str = ""  # details, shown on demand
    undo: object = None  # what its button undoes; None: it doesn't have a button
    is_problem: bool = False


NONE = Note()


class NoteLine(ttk.Frame):
    """Shows a note in a place that always has the same height, except for a long problem.

    Attributes:
        undo: gets what the note's button should undo.
        explain: gets a note with details when it's clicked.
    """

    def __init__(self, parent: tk.Misc):
        super().__init__(parent)
        self.undo: Callable[[object], None] = lambda _what: None
        self.explain: Callable[[Note], None] = lambda _note: None
        self.note = NONE
        self._room = 0  # for a problem
        self._label = ShortLabel(self, LINES, NAME)
        self._label.bind("<Configure>", lambda _event: self._make_room(), add="+")
        self._label.configure(anchor="center", justify="center")
        self._undo = ttk.Button(self, text=_("Undo"), command=self._take_back, style="Small.TButton")
        self._high = max(self._label.most, self._undo.winfo_reqheight())
        self.configure(height=self._high)
        self.grid_propagate(False)
        self.rowconfigure(0, weight=1)
        self.columnconfigure(0, weight=1)
        self._label.grid(row=0, column=0, sticky="ew")
        self._undo.grid(row=0, column=1, padx=(style.px(BESIDE), 0))
        self._undo.grid_remove()
        self._undo.state(["disabled"])
        self._label.bind("<Button-1>", lambda _event: self.explain(self.note) if self.note.more else None)

    def show(self, note: Note) -> None:
        """Show a note; with an empty one, show nothing."""
        if note == self.note:
            return  # the usual case, while the pen moves
        self.note = note
        self._undo.grid() if note.undo else self._undo.grid_remove()
        self._undo.state(["!disabled" if note.undo else "disabled"])
        if note.undo:
            self._label.configure(anchor="w", justify="left")
        else:
            self._label.configure(anchor="center", justify="center")
        self._say()

    def fit(self, room: float) -> None:
        """Reserve this many of the screen's pixels for a problem."""
        if self._room != round(room):
            self._room = round(room)
            self._say()

    def _say(self) -> None:
        note = self.note
        name = PROBLEM if note.is_problem else LINK if note.more else NAME
        self._label.configure(style=name, cursor="hand2" if note.more else "")
        self._label.say(note.text, note.more, self._room if note.is_problem else 0)
        self._make_room()

    def _make_room(self) -> None:
        """Grow to the height of a long problem."""
        self.configure(height=max(self._high, self._label.winfo_reqheight()))

    def _take_back(self) -> None:
        self.undo(self.note.undo)
