"""A frame that scrolls where it gets less room than what is in it takes."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import Any

from app.ui.kit import style

BESIDE = 4  # pixels between what is in it and a bar
LINE, NOTCH = 24, 40  # pixels that an arrow key scrolls by, and the wheel
TAG = "InklingScrolled"  # of all widgets in one: their wheel and their keys scroll it
OWN_WHEEL = ("Text", "Treeview", "Listbox", "TCombobox", "TSpinbox")  # classes; of others, those that have bound it


class Scrolled(ttk.Frame):
    """Holds ``inside``, a frame to put widgets on; a bar comes where that is wider or higher than there is room.

    The wheel and the page keys scroll it, and the keyboard brings into sight what it comes to.

    Args:
        parent: the widget around it.
        more: pixels of the screen that it asks for beyond the height of what is in it, which fills it then.
        asks: the width and the height that it asks for instead, in pixels of the screen.
        keys: the keyboard comes to the frame itself, and arrow keys scroll it.
        padding: pixels of the screen around what is in it.
    """

    def __init__(
        self,
        parent: tk.Misc,
        *,
        more: int | None = None,
        asks: tuple[int, int] | None = None,
        keys: bool = False,
        padding: int = 0,
    ):
        super().__init__(parent)
        self._more, self._wide, self._asks = more or 0, 0, asks
        # The ring is the frame's: what lies on a canvas would hide its own.
        ring = tk.Frame(self, highlightthickness=style.px(1) if keys else 0, takefocus=False)
        ring.configure(highlightbackground=style.now.colours.background, highlightcolor=style.now.colours.accent)
        self.view = tk.Canvas(ring, background=style.now.colours.background, highlightthickness=0, takefocus=keys)
        self.view.configure(xscrollincrement=1, yscrollincrement=1)
        self.view.pack(fill="both", expand=True)
        # As large as what is in it, and never smaller than the view.
        self._whole = ttk.Frame(self.view)
        self.inside = ttk.Frame(self._whole, padding=padding)
        self.inside.grid(sticky="new" if more is None else "nsew")
        self._whole.columnconfigure(0, weight=1)
        self._whole.rowconfigure(0, weight=1)
        self.view.create_window(0, 0, window=self._whole, anchor="nw")
        ring.grid(row=0, column=0, sticky="nsew")
        beside = 0 if asks else style.px(BESIDE)
        self._add_bar("y", ttk.Scrollbar(self, command=self.view.yview)).grid(
            row=0, column=1, sticky="ns", padx=(beside, 0)
        )
        across = ttk.Scrollbar(self, orient="horizontal", command=self.view.xview)
        self._add_bar("x", across).grid(row=1, column=0, sticky="ew", pady=(beside, 0))
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self._whole.bind("<Configure>", lambda _event: self._measure())
        self.inside.bind("<Configure>", lambda _event: self._measure())
        self.view.bind("<Configure>", lambda _event: self._stretch())
        if not self.bind_class(TAG):
            _bind(self)
        if keys:
            for key, lines in (("<Up>", -1), ("<Down>", 1)):
                self.view.bind(key, lambda _event, lines=lines: self.scroll(style.px(LINE) * lines))  # type: ignore[misc]
            self.view.bind("<Home>", lambda _event: self.view.yview_moveto(0))
            self.view.bind("<End>", lambda _event: self.view.yview_moveto(1))
            colours = style.now.colours
            for event, colour in (("<FocusIn>", colours.accent), ("<FocusOut>", colours.background)):
                self.view.bind(event, lambda _event, colour=colour: ring.configure(highlightbackground=colour))  # type: ignore[misc]

    def focus_set(self) -> None:
        """Give the keyboard to what scrolls."""
        self.view.focus_set()

    def ask_wide(self, pixels: int) -> None:
        """Ask for so much width, where what is in it takes less."""
        self._wide = pixels
        self._measure()

    def ask_more(self, pixels: int) -> None:
        """Ask for so much more height than what is in it takes."""
        self._more = pixels
        self._measure()

    def scroll(self, pixels: int) -> None:
        """Scroll down by so many pixels of the screen, up where they are negative."""
        if self._whole.winfo_reqheight() > self.view.winfo_height():  # else Tk would scroll beyond its edges
            self.view.yview_scroll(pixels, "units")

    def bring(self, widget: tk.Misc) -> None:
        """Scroll a widget that the keyboard came to into sight."""
        top = widget.winfo_rooty() - self.view.winfo_rooty()
        below = top + widget.winfo_height() - self.view.winfo_height()
        self.scroll(top if top < 0 else max(0, min(below, top)))  # what is too high is seen from its top

    def _add_bar(self, way: str, bar: ttk.Scrollbar) -> ttk.Scrollbar:
        def scrolled(first: str, last: str) -> None:
            bar.set(float(first), float(last))
            bar.grid_remove() if float(first) <= 0 and float(last) >= 1 else bar.grid()

        options: dict[str, Any] = {f"{way}scrollcommand": scrolled}
        self.view.configure(**options)
        return bar

    def _measure(self) -> None:
        """Ask for as much room as there is to show."""
        asks = max(self.inside.winfo_reqwidth(), self._wide), self.inside.winfo_reqheight() + self._more
        wide, high = self._asks or asks
        self.view.configure(width=wide, height=high)
        self.view.configure(scrollregion=(0, 0, self._whole.winfo_reqwidth(), self._whole.winfo_reqheight()))
        for widget in _with_children(self.view):
            if TAG not in widget.bindtags():
                widget.bindtags((TAG, *widget.bindtags()))

    def _stretch(self) -> None:
        """Let what is inside fill the view."""
        self._whole.columnconfigure(0, minsize=self.view.winfo_width())
        self._whole.rowconfigure(0, minsize=self.view.winfo_height())


def _bind(widget: tk.Misc) -> None:
    """Bind the wheel and the keys once in a program: what is bound to a tag outlives the widgets that have it."""

    def scroll(event: tk.Event[tk.Misc], notches: int) -> None:
        around, widget = _around(event.widget), event.widget
        if around and widget.winfo_class() not in OWN_WHEEL and not widget.bind("<MouseWheel>"):
            around.scroll(style.px(NOTCH) * notches)

    def bring(event: tk.Event[tk.Misc]) -> None:
        around = _around(event.widget)
        # All that the widget lies in hears of it, too.
        if around and event.widget is not around.view and str(around.tk.call("focus")) == str(event.widget):
            around.bring(event.widget)

    for sequence, notches in (("<Button-4>", -1), ("<Button-5>", 1), ("<Prior>", -6), ("<Next>", 6)):
        widget.bind_class(TAG, sequence, lambda event, by=notches: scroll(event, by))  # type: ignore[misc]
    widget.bind_class(TAG, "<MouseWheel>", lambda event: scroll(event, -1 if event.delta > 0 else 1))
    widget.bind_class(TAG, "<FocusIn>", bring)


def _around(widget: Any) -> Scrolled | None:
    """Return the frame that a widget scrolls in."""
    while isinstance(widget, tk.Misc) and not isinstance(widget, Scrolled):
        widget = widget.master
    return widget if isinstance(widget, Scrolled) else None


def _with_children(widget: tk.Misc) -> list[tk.Misc]:
    return [widget, *(each for child in widget.winfo_children() for each in _with_children(child))]
