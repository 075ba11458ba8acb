"""A frame that scrolls where it is too high, with its parts under each other, or beside where it is wide."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from app.ui import style

GAP = 14  # between parts
TAG = "InklingColumn"  # of all widgets in one: their wheel and their keys scroll it


class Column(ttk.Frame):
    """Holds parts of one width; the frame ``inside`` is their parent.

    Args:
        parent: the widget around it.
        width: of each part, in pixels of 1/96 inch.
    """

    def __init__(self, parent: tk.Misc, width: int):
        super().__init__(parent)
        self._each = style.px(width)
        self._parts: list[tk.Misc] = []
        self._beside = 0  # parts beside each other; 0: not laid out yet
        self._view = tk.Canvas(
            self, width=self._each, height=style.px(200), background=style.colours.background, highlightthickness=0
        )
        self._bar = ttk.Scrollbar(self, command=self._view.yview)
        self._view.configure(yscrollcommand=self._scrolled)  # type: ignore[arg-type]  # Tk hands over text
        self.inside = ttk.Frame(self._view)
        self._view.create_window(0, 0, window=self.inside, anchor="nw", tags="inside")
        self._view.grid(row=0, column=0, sticky="nsew")
        self._bar.grid(row=0, column=1, sticky="ns")
        self.columnconfigure(0, weight=1)
        self.columnconfigure(1, minsize=self._bar.winfo_reqwidth())  # kept free: nothing moves when the bar comes
        self.rowconfigure(0, weight=1)
        self.inside.bind("<Configure>", lambda _event: self._measure())
        self._view.bind("<Configure>", lambda _event: self._lay_out())
        if not self.bind_class(TAG):
            _bind(self)

    def show(self, *parts: tk.Misc) -> None:
        """Show these parts, in this order, and no others."""
        for part in self._parts:
            part.grid_remove()  # type: ignore[attr-defined]  # every widget can be laid out
        self._parts, self._beside = list(parts), 0
        for widget in (self._view, *_with_children(self.inside)):
            if TAG not in widget.bindtags():
                widget.bindtags((TAG, *widget.bindtags()))
        self._lay_out()

    def _lay_out(self) -> None:
        beside = max(1, self._view.winfo_width() // (self._each + style.px(GAP)))
        if beside == self._beside:
            return
        self._beside = beside
        for number, part in enumerate(self._parts):
            row, column = divmod(number, beside)
            right = 0 if column == beside - 1 else style.px(GAP)
            part.grid(row=row, column=column, sticky="nw", padx=(0, right), pady=(0, style.px(GAP)))  # type: ignore[attr-defined]

    def _measure(self) -> None:
        self._view.configure(scrollregion=(0, 0, self.inside.winfo_reqwidth(), self.inside.winfo_reqheight()))

    def _scrolled(self, first: str, last: str) -> None:
        self._bar.set(first, last)
        self._bar.grid_remove() if float(first) <= 0 and float(last) >= 1 else self._bar.grid()

    def scroll(self, notches: int) -> None:
        """Scroll down by so many notches of a wheel, up where they are negative."""
        if self.inside.winfo_reqheight() > self._view.winfo_height():  # else Tk would scroll beyond its edges
            self._view.configure(yscrollincrement=style.px(40))
            self._view.yview_scroll(notches, "units")

    def bring(self, widget: tk.Misc) -> None:
        """Scroll a widget that the keyboard came to into sight."""
        top = widget.winfo_rooty() - self.inside.winfo_rooty()
        shown = self._view.canvasy(0)
        whole = max(self.inside.winfo_reqheight(), 1)
        if not shown <= top <= shown + self._view.winfo_height() - widget.winfo_height():
            self._view.yview_moveto(max(top - style.px(GAP), 0) / whole)


def _bind(widget: tk.Misc) -> None:
    """Bind the wheel and the keys once in a program: what is bound to a tag outlives the widgets that have it."""

    def scroll(event: tk.Event[tk.Misc], notches: int) -> None:
        column = _around(event.widget)
        if column:
            column.scroll(notches)

    def bring(event: tk.Event[tk.Misc]) -> None:
        column = _around(event.widget)
        if column:
            column.bring(event.widget)

    for sequence, notches in (("<Button-4>", -1), ("<Button-5>", 1), ("<Prior>", -6), ("<Next>", 6)):
        widget.bind_class(TAG, sequence, lambda event, by=notches: scroll(event, by))  # type: ignore[misc]
    widget.bind_class(TAG, "<MouseWheel>", lambda event: scroll(event, -1 if event.delta > 0 else 1))
    widget.bind_class(TAG, "<FocusIn>", bring)


def _around(widget: tk.Misc | None) -> Column | None:
    """Return the column that a widget is in."""
    while widget is not None and not isinstance(widget, Column):
        widget = widget.master
    return widget


def _with_children(widget: tk.Misc) -> list[tk.Misc]:
    return [widget, *(each for child in widget.winfo_children() for each in _with_children(child))]
