"""A frame that is scrolled where it is higher than its place."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import Literal

from app.ui import style


class Scrolled(ttk.Frame):
    """Holds ``inside``, a frame to put widgets on; pointer wheel, arrow and page keys scroll it.

    Args:
        parent: the widget around it.
        highest: pixels of the screen that it asks for at most.
    """

    def __init__(self, parent: tk.Misc, highest: int):
        super().__init__(parent)
        self._highest = highest
        self._canvas = tk.Canvas(
            self,
            background=style.colours.background,
            highlightthickness=max(1, style.px(1)),
            highlightbackground=style.colours.background,
            highlightcolor=style.colours.accent,
            takefocus=True,
            yscrollincrement=style.px(24),
        )
        self.inside = ttk.Frame(self._canvas, padding=style.px(10))
        self._bar = ttk.Scrollbar(self, command=self._canvas.yview)
        self._canvas.create_window(0, 0, window=self.inside, anchor="nw")
        self._canvas.grid(row=0, column=0, sticky="nsew")
        self._bar.grid(row=0, column=1, sticky="ns")
        self._canvas.configure(yscrollcommand=self._scrolled)  # type: ignore[arg-type]  # Tk hands over text
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self.inside.bind("<Configure>", lambda _event: self._measure())
        for key, number in (("<Up>", -1), ("<Down>", 1)):
            self._canvas.bind(key, lambda _event, number=number: self._scroll(number, "units"))  # type: ignore[misc]
        for key, number in (("<Prior>", -1), ("<Next>", 1)):
            self._canvas.bind(key, lambda _event, number=number: self._scroll(number, "pages"))  # type: ignore[misc]
        self._canvas.bind("<Home>", lambda _event: self._canvas.yview_moveto(0))
        self._canvas.bind("<End>", lambda _event: self._canvas.yview_moveto(1))
        # What lies on it is turned too, so the wheel is heard by the whole window.
        window = self.winfo_toplevel()
        window.bind("<MouseWheel>", lambda event: self._scroll(-1 if event.delta > 0 else 1, "units"))
        window.bind("<Button-4>", lambda _event: self._scroll(-1, "units"))
        window.bind("<Button-5>", lambda _event: self._scroll(1, "units"))

    def focus_set(self) -> None:
        """Give the keyboard to what scrolls."""
        self._canvas.focus_set()

    def _measure(self) -> None:
        """Ask for as much room as there is to show, if that is not too much."""
        wide, high = self.inside.winfo_reqwidth(), self.inside.winfo_reqheight()
        self._canvas.configure(width=wide, height=min(high, self._highest), scrollregion=(0, 0, wide, high))

    def _scrolled(self, first: str, last: str) -> None:
        self._bar.set(float(first), float(last))
        self._bar.grid_remove() if float(first) <= 0 and float(last) >= 1 else self._bar.grid()

    def _scroll(self, number: int, what: Literal["units", "pages"]) -> None:
        if self._canvas.yview() != (0.0, 1.0):
            self._canvas.yview_scroll(number, what)
