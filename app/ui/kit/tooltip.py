"""Tooltips: what a widget is for and its keys, shown while the pointer rests on it or Tab has brought the keyboard."""

from __future__ import annotations

import tkinter as tk
from functools import partial
from tkinter import ttk
from weakref import WeakKeyDictionary

from app.ui.kit import style
from app.ui.kit.background import Timer
from app.ui.kit.keys import shown
from app.ui.kit.screen import window_system

REST, STAY = 600, 1200  # milliseconds that the pointer rests, or the keyboard stays, before it comes
BELOW, GAP = 22, 4  # pixels under the pointer's tip, where its own picture ends, and next to a widget
TAG = "tooltip"  # of all widgets that have one
BUTTONS = 0x1F00  # in an event's state: any of the mouse's five is down


class Tooltip(tk.Toplevel):
    """The single tooltip of a program's windows, shown where it's needed; it never takes the keyboard."""

    def __init__(self, root: tk.Misc):
        super().__init__(root, name="tooltip")
        self.withdraw()
        self.overrideredirect(True)
        match window_system(self):
            case "aqua":
                self.tk.call("::tk::unsupported::MacWindowStyle", "style", self, "help", "noActivates")
            case "x11":
                self.attributes("-type", "tooltip")
        self._texts: WeakKeyDictionary[tk.Misc, tuple[str, str]] = WeakKeyDictionary()  # of widgets, with their keys
        self._about: tk.Misc | None = None  # the widget that is, or is to be, explained
        self._timer = Timer(self)
        self._labels = ttk.Label(self, style="Tip.TLabel"), ttk.Label(self, style="Keys.Tip.TLabel")
        for sequence in ("<Leave>", "<ButtonPress>", "<Unmap>", "<Destroy>"):
            root.bind_class(TAG, sequence, self.hide)
        root.bind_class(TAG, "<Enter>", self._wait)
        root.bind_class(TAG, "<Motion>", lambda event: self._wait(event) if self._timer.waits else None)
        root.bind_class(
            TAG, "<<TraverseIn>>", self._wait
        )  # by Tab; a click brings the keyboard too, but who clicks knows
        # That the keyboard leaves one widget is told after it has come to the next.
        root.bind_class(TAG, "<FocusOut>", lambda event: self.hide() if event.widget is self._about else None)

    def explain(self, widget: tk.Misc, text: str, keys: str = "") -> None:
        """Say something of a widget, from now on or again, with keys that do the same, as in ``Mod+S``.

        With neither nothing is said any more.
        """
        self._texts[widget] = text, keys
        if TAG not in widget.bindtags():
            widget.bindtags((TAG, *widget.bindtags()))  # first: a widget's own bindings may end with a break

    def hide(self, _event: tk.Event[tk.Misc] | None = None) -> None:
        """Hide it."""
        self._timer.stop()
        if self.winfo_exists() and self.state() != "withdrawn":
            self.withdraw()

    def _wait(self, event: tk.Event[tk.Misc]) -> None:
        self.hide()
        self._about, at_pointer = event.widget, event.type != tk.EventType.VirtualEvent
        if any(self._texts[event.widget]) and not int(event.state) & BUTTONS:
            self._timer.start(REST if at_pointer else STAY, partial(self._show, event.widget, at_pointer=at_pointer))

    def _show(self, widget: tk.Misc, *, at_pointer: bool) -> None:
        """Say what there is to say under the pointer or under the widget, or above where the screen ends."""
        if not widget.winfo_viewable():
            return
        text, keys = self._texts[widget]
        for label, said in zip(self._labels, (text, shown(keys, self)), strict=True):
            label.configure(text=said)
            label.pack(side="left") if said else label.pack_forget()
        colours = style.now.colours
        self.configure(background=colours.paper, highlightthickness=style.px(1), highlightbackground=colours.edge)
        self.update_idletasks()  # now its size is known
        x, y, below = widget.winfo_rootx(), widget.winfo_rooty(), widget.winfo_height() + style.px(GAP)
        if at_pointer:
            (x, y), below = widget.winfo_pointerxy(), style.px(BELOW)
        # The whole desktop: on Windows the screen is only the first of several.
        left, top, high = widget.winfo_vrootx(), widget.winfo_vrooty(), self.winfo_reqheight()
        x = max(left, min(x, left + widget.winfo_vrootwidth() - self.winfo_reqwidth()))
        fits = y + below + high <= top + widget.winfo_vrootheight()
        self.geometry(f"+{x}+{y + below if fits else max(top, y - style.px(GAP) - high)}")
        self.deiconify()
        self.lift()


def of(widget: tk.Misc) -> Tooltip:
    """Return the tooltip of a widget's program."""
    root = widget.nametowidget(".")
    there = root.children.get("tooltip")
    return there if isinstance(there, Tooltip) else Tooltip(root)
