"""A frame that scrolls, with its contents below each other, or side by side if it's wide."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from app.ui.kit import style
from app.ui.kit.scrolled import Scrolled

WIDTH = 276  # of each widget in it, as of all lengths here in pixels of 1/96 inch
GAP = 14  # between them
LEAST_HEIGHT = 200


class Column(Scrolled):
    """Holds widgets of one width, whose parent is the frame ``inside``."""

    def __init__(self, parent: tk.Misc):
        self._shown: tuple[ttk.Widget, ...] = ()
        self._beside = 0  # widgets side by side
        super().__init__(parent, asks=(style.px(WIDTH), style.px(LEAST_HEIGHT)))
        (bar,) = self.grid_slaves(row=0, column=1)
        self.columnconfigure(1, minsize=bar.winfo_reqwidth())  # kept free: nothing moves when the bar comes
        self.view.bind("<Configure>", lambda _event: self._lay_out(self._shown), add="+")

    def show(self, *widgets: ttk.Widget) -> None:
        """Show these, in this order, and no others."""
        if widgets != self._shown:
            for widget in self._shown:
                widget.grid_remove()
            self._lay_out(widgets)

    def _lay_out(self, widgets: tuple[ttk.Widget, ...]) -> None:
        beside = max(1, self.view.winfo_width() // (style.px(WIDTH) + style.px(GAP)))
        if (widgets, beside) == (self._shown, self._beside):
            return
        self._shown, self._beside = widgets, beside
        for number, widget in enumerate(widgets):
            row, column = divmod(number, beside)
            right = 0 if column == beside - 1 else style.px(GAP)
            widget.grid(row=row, column=column, sticky="nw", padx=(0, right), pady=(0, style.px(GAP)))
