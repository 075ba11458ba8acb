"""Turns the pages of a document, and says which one is shown."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from tkinter import ttk

from app.ui.kit import style, tooltip
from model.base.language import _


class Turns(ttk.Frame):
    """Two buttons and a line between them, packed where there are several pages; ``turn`` is given how far to turn."""

    def __init__(self, parent: tk.Misc, turn: Callable[[int], object]):
        super().__init__(parent)
        self._which = ttk.Label(self, style="Caption.TLabel")
        self.back, self.on = (
            ttk.Button(self, text=text, command=partial(turn, by), style="Small.TButton", width=2)
            for text, by in (("\N{LEFTWARDS ARROW}", -1), ("\N{RIGHTWARDS ARROW}", 1))
        )
        for widget in (self.back, self._which, self.on):
            widget.pack(side="left", padx=style.px(3))
        tooltip.of(self).explain(self.back, _("Previous page"), "Mod+Prior")
        tooltip.of(self).explain(self.on, _("Next page"), "Mod+Next")

    def show(self, index: int, count: int) -> None:
        """Say which page is shown, counted from 0, of how many."""
        if count > 1:
            self._which.configure(text=_("Page {number} of {count}").format(number=index + 1, count=count))
            self.back.state(["!disabled" if index > 0 else "disabled"])
            self.on.state(["!disabled" if index + 1 < count else "disabled"])
            self.pack(side="right", anchor="se", padx=style.px(12))
