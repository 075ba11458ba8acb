"""The field where the user types a sign's name after pressing ``=``, since plain letters are shortcuts."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from app.ui.kit import style
from app.ui.kit.background import on_change
from model.base.language import _
from model.reading.reading import is_label


class NameOfSign(ttk.Frame):
    """Asks which digit or sign something is, at the top of its parent; closes when that's typed or given up."""

    def __init__(self, parent: tk.Misc, say: Callable[[str], None]):
        super().__init__(parent, padding=style.px(6))
        self._say, self.name = say, tk.StringVar(self)
        ttk.Label(self, text=_("This is")).pack(side="left")
        field = ttk.Entry(self, textvariable=self.name, width=3)
        field.pack(side="left", padx=(style.px(6), 0))
        on_change(self.name, self, self._typed)
        for given_up in ("<Escape>", "<FocusOut>"):
            field.bind(given_up, lambda _event: self._end())
        self.place(relx=0.5, y=0, anchor="n")
        self.lift()
        field.focus_set()

    def _typed(self) -> None:
        name = self.name.get().strip()
        if is_label(name):
            self._end()
            self._say(name)

    def _end(self) -> str:
        if self.winfo_exists():
            self.winfo_toplevel().focus_set()
            self.destroy()
        return "break"  # Escape doesn't mean anything else here
