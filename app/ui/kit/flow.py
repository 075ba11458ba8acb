"""Buttons in a row, or in several rows where one is too narrow for them."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from weakref import WeakSet

from app.ui.kit import style

BETWEEN = 8  # pixels
UNBOUND = 32_767  # pixels: X has no wider window


class Flow(ttk.Frame):
    """Shows its buttons from left to right, as far as they fit, and goes on below; it asks for at most ``widest``."""

    def __init__(self, parent: tk.Misc):
        super().__init__(parent)
        self.widest = UNBOUND
        self._left: list[tk.Widget] = []
        self._right: list[tk.Widget] = []
        self._heard: WeakSet[tk.Widget] = WeakSet()  # whose size it hears of: a binding stays when a child is hidden
        self.bind("<Configure>", lambda _event: self._lay_out())

    def add(self, text: str, command: Callable[[], object], name: str = "TButton") -> ttk.Button:
        """Make a button in a ttk style, show it after the others, and return it."""
        button = ttk.Button(self, text=text, command=command, style=name)
        self.show(button)
        return button

    def show(self, button: tk.Widget, *, right: bool = False) -> None:
        """Show a child after the others, or at the right end where all are in one row."""
        (self._right if right else self._left).append(button)
        if button not in self._heard:
            self._heard.add(button)
            button.bind("<Configure>", lambda _event: self._lay_out(), add="+")
        self._lay_out()

    def hide(self, button: tk.Widget) -> None:
        """Take a child away, to be shown again or not."""
        for side in (self._left, self._right):
            if button in side:
                side.remove(button)
                button.place_forget()
        self._lay_out()

    def clear(self) -> None:
        """Destroy all children."""
        self._left, self._right = [], []
        for child in self.winfo_children():
            child.destroy()
        self._lay_out()

    def _lay_out(self) -> None:
        gap, room = style.px(BETWEEN), self.winfo_width()
        room = room if room > 1 else self.widest  # it isn't laid out yet
        children = [*self._left, *self._right]
        whole = sum(child.winfo_reqwidth() + gap for child in children) - gap
        tall = max((child.winfo_reqheight() for child in children), default=0)
        fits = whole <= room
        x = y = 0
        for child in children:
            wide, is_first_right = child.winfo_reqwidth(), child in self._right[:1]
            if fits and is_first_right:
                x = max(x, room - (whole - x))
            elif not fits and x and (x + wide > room or is_first_right):
                x, y = 0, y + tall + gap
            child.place(x=x, y=y + (tall - child.winfo_reqheight()) // 2)
            x += wide + gap
        self.configure(width=max(min(whole, self.widest), 1), height=max(y + tall, 1))
