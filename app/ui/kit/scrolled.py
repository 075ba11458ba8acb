"""A frame that scrolls if it has too little room, with bars that appear when they're needed."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from tkinter import ttk
from typing import Any

from app.ui.kit import style

BESIDE = 4  # pixels between what is in a frame and a bar
ARROW_STEP, WHEEL_STEP = 24, 40  # pixels that an arrow key scrolls by, and the wheel
TAG = "InklingScrolled"  # of all widgets in a frame that scrolls: their wheel and their keys scroll it
OWN_WHEEL = ("Text", "Treeview", "Listbox", "TCombobox", "TSpinbox")  # classes; of others, those that have bound it


def add_bar(view: tk.Text | tk.Canvas | ttk.Treeview, moved: Callable[[], object] = lambda: None) -> ttk.Scrollbar:
    """Let what scrolls fill its frame, and return a bar next to it, shown if not all is seen; ``moved`` is called."""
    frame = view.master
    bar = ttk.Scrollbar(frame, command=view.yview)
    view.grid(row=0, column=0, sticky="nsew")
    bar.grid(row=0, column=1, sticky="ns")
    frame.columnconfigure(0, weight=1)
    frame.rowconfigure(0, weight=1)

    def scrolled(first: str, last: str) -> None:
        move_bar(bar, first, last)
        moved()

    view.configure(yscrollcommand=scrolled)  # type: ignore[arg-type]  # Tk hands over text
    return bar


def move_bar(bar: ttk.Scrollbar, first: str, last: str) -> None:
    """Let a bar in a grid show what is seen, as Tk tells it, and hide it while that is all."""
    bar.set(float(first), float(last))
    bar.grid_remove() if float(first) <= 0 and float(last) >= 1 else bar.grid()


class Scrolled(ttk.Frame):
    """Holds ``inside``, a frame to put widgets on; a bar comes where that is wider or higher than there is room.

    The wheel and the page keys scroll it, and the keyboard brings into sight what it comes to.

    Args:
        parent: the widget around it.
        more: pixels of the screen that it asks for beyond the height of what is in it, which fills it then.
        asks: the width and the height that it asks for instead, in pixels of the screen.
        keys: the keyboard comes to the frame itself, and arrow keys scroll it.
    """

    def __init__(
        self, parent: tk.Misc, *, more: int | None = None, asks: tuple[int, int] | None = None, keys: bool = False
    ):
        super().__init__(parent)
        self._more, self._wide, self._asks = more or 0, 0, asks
        colours = style.now.colours
        # The ring is the frame's: widgets on a canvas would hide its own.
        ring = tk.Frame(self, highlightthickness=style.px(1) if keys else 0)
        ring.configure(highlightbackground=colours.background, highlightcolor=colours.accent)
        self.view = view = tk.Canvas(ring, background=colours.background, highlightthickness=0, takefocus=keys)
        view.pack(fill="both", expand=True)
        # As large as what is in it, and never smaller than the view.
        self._whole = ttk.Frame(view)
        self.inside = ttk.Frame(self._whole)
        self.inside.grid(sticky="new" if more is None else "nsew")
        view.create_window(0, 0, window=self._whole, anchor="nw")
        down = ttk.Scrollbar(self, command=view.yview)
        across = ttk.Scrollbar(self, command=view.xview, orient="horizontal")
        beside = 0 if asks else style.px(BESIDE)
        ring.grid(row=0, column=0, sticky="nsew")
        down.grid(row=0, column=1, sticky="ns", padx=(beside, 0))
        across.grid(row=1, column=0, sticky="ew", pady=(beside, 0))
        commands: dict[str, Any] = {
            "xscrollcommand": partial(move_bar, across),
            "yscrollcommand": partial(move_bar, down),
        }
        view.configure(xscrollincrement=1, yscrollincrement=1, **commands)
        for frame in (self, self._whole):
            frame.columnconfigure(0, weight=1)
            frame.rowconfigure(0, weight=1)
        self._whole.bind("<Configure>", lambda _event: self._measure())
        self.inside.bind("<Configure>", lambda _event: self._measure())
        view.bind("<Configure>", lambda _event: self._stretch())
        if not self.bind_class(TAG):
            _bind(self)
        if keys:
            view.bind("<Up>", lambda _event: self.scroll(-style.px(ARROW_STEP)))
            view.bind("<Down>", lambda _event: self.scroll(style.px(ARROW_STEP)))
            view.bind("<Home>", lambda _event: view.yview_moveto(0))
            view.bind("<End>", lambda _event: view.yview_moveto(1))
            view.bind("<FocusIn>", lambda _event: ring.configure(highlightbackground=colours.accent))
            view.bind("<FocusOut>", lambda _event: ring.configure(highlightbackground=colours.background))

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
        """Scroll down by this many pixels of the screen, up where they are negative."""
        if self._whole.winfo_reqheight() > self.view.winfo_height():  # else Tk would scroll beyond its edges
            self.view.yview_scroll(pixels, "units")

    def bring(self, widget: tk.Misc) -> None:
        """Scroll a widget into view when it gets the keyboard."""
        top = widget.winfo_rooty() - self.view.winfo_rooty()
        below = top + widget.winfo_height() - self.view.winfo_height()
        self.scroll(top if top < 0 else max(0, min(below, top)))  # what is too high is seen from its top

    def _measure(self) -> None:
        asks = max(self.inside.winfo_reqwidth(), self._wide), self.inside.winfo_reqheight() + self._more
        wide, high = self._asks or asks
        whole = (0, 0, self._whole.winfo_reqwidth(), self._whole.winfo_reqheight())
        self.view.configure(width=wide, height=high, scrollregion=whole)
        for widget in _with_children(self.view):
            if TAG not in widget.bindtags():
                widget.bindtags((TAG, *widget.bindtags()))

    def _stretch(self) -> None:
        self._whole.columnconfigure(0, minsize=self.view.winfo_width())
        self._whole.rowconfigure(0, minsize=self.view.winfo_height())


def _bind(widget: tk.Misc) -> None:
    """Bind the wheel and the keys once in a program: what is bound to a tag outlives the widgets that have it."""

    def scroll(notches: int, event: tk.Event[tk.Misc]) -> None:
        around, widget = _around(event.widget), event.widget
        if around and widget.winfo_class() not in OWN_WHEEL and not widget.bind("<MouseWheel>"):
            around.scroll(style.px(WHEEL_STEP) * notches)

    def bring(event: tk.Event[tk.Misc]) -> None:
        around = _around(event.widget)
        # All that the widget lies in hears of it, too.
        if around and event.widget is not around.view and str(around.tk.call("focus")) == str(event.widget):
            around.bring(event.widget)

    for sequence, notches in (("<Button-4>", -1), ("<Button-5>", 1), ("<Prior>", -6), ("<Next>", 6)):
        widget.bind_class(TAG, sequence, partial(scroll, notches))
    widget.bind_class(TAG, "<MouseWheel>", lambda event: scroll(-1 if event.delta > 0 else 1, event))
    widget.bind_class(TAG, "<FocusIn>", bring)


def _around(widget: Any) -> Scrolled | None:
    while isinstance(widget, tk.Misc) and not isinstance(widget, Scrolled):
        widget = widget.master
    return widget if isinstance(widget, Scrolled) else None


def _with_children(widget: tk.Misc) -> list[tk.Misc]:
    return [widget, *(each for child in widget.winfo_children() for each in _with_children(child))]
