"""A frame that scrolls, with its parts under each other, or beside where it is wide."""

from __future__ import annotations

import tkinter as tk

from app.ui.kit import style
from app.ui.kit.scrolled import Scrolled

GAP = 14  # between parts
HIGH = 200  # pixels, at least


class Column(Scrolled):
    """Holds parts of one width; the frame ``inside`` is their parent.

    Args:
        parent: the widget around it.
        width: of each part, in pixels of 1/96 inch.
    """

    def __init__(self, parent: tk.Misc, width: int):
        self._each = style.px(width)
        self._parts: list[tk.Misc] = []
        self._beside = 0  # parts beside each other; 0: not laid out yet
        super().__init__(parent, asks=(self._each, style.px(HIGH)))
        (bar,) = self.grid_slaves(row=0, column=1)
        self.columnconfigure(1, minsize=bar.winfo_reqwidth())  # kept free: nothing moves when the bar comes
        self.view.bind("<Configure>", lambda _event: self._lay_out(), add="+")

    def show(self, *parts: tk.Misc) -> None:
        """Show these parts, in this order, and no others."""
        for part in self._parts:
            part.grid_remove()  # type: ignore[attr-defined]  # every widget can be laid out
        self._parts, self._beside = list(parts), 0
        self._lay_out()

    def _lay_out(self) -> None:
        beside = max(1, self.view.winfo_width() // (self._each + style.px(GAP)))
        if beside == self._beside:
            return
        self._beside = beside
        for number, part in enumerate(self._parts):
            row, column = divmod(number, beside)
            right = 0 if column == beside - 1 else style.px(GAP)
            part.grid(row=row, column=column, sticky="nw", padx=(0, right), pady=(0, style.px(GAP)))  # type: ignore[attr-defined]
