"""A canvas of things, to which the pointer and the arrow keys go."""

from __future__ import annotations

import tkinter as tk
from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import partial
from typing import Generic, TypeVar

from app.ui.kit import style
from app.ui.kit.key_events import bind_plain

RING = 2.0  # pixels of 1/96 inch, the width of a ring

Kind = TypeVar("Kind")


class Things(tk.Canvas, ABC, Generic[Kind]):
    """A canvas that knows which thing the pointer or the keyboard is on; a click or Return presses it."""

    def __init__(self, parent: tk.Misc):
        colours = style.now.colours
        super().__init__(parent, background=colours.paper, highlightthickness=style.px(1), takefocus=True)
        self.configure(highlightbackground=colours.edge, highlightcolor=colours.accent)
        self.under: Kind | None = None
        self.bind("<Motion>", lambda event: self.point(self.at(event.x, event.y)))
        self.bind("<Leave>", lambda _event: self.point(None))
        self.bind("<ButtonRelease-1>", self._clicked)
        bind_plain(self, "<Return>", lambda _event: self.press())
        for key, across, down in (("Left", -1, 0), ("Right", 1, 0), ("Up", 0, -1), ("Down", 0, 1)):
            bind_plain(self, f"<{key}>", partial(self._step, across, down))

    @abstractmethod
    def at(self, x: float, y: float) -> Kind | None:
        """Return the thing at this place."""

    @abstractmethod
    def beside(self, across: int, down: int) -> Kind | None:
        """Return the thing that's one step away from the one under the pointer or the keyboard."""

    @abstractmethod
    def told(self) -> None:
        """Say what is under the pointer or the keyboard, and highlight it."""

    @abstractmethod
    def press(self) -> None:
        """Do what a click does on what is under the pointer or the keyboard."""

    def point(self, thing: Kind | None) -> None:
        """Go to a thing, or away from all of them."""
        if thing != self.under:
            self.under = thing
            self.told()

    def ring(
        self, middle: Sequence[float], half: float, colour: str, *, width: float = RING, is_round: bool = True
    ) -> None:
        """Draw a ring, or a square one, around a place."""
        (x, y), shape = middle, self.create_oval if is_round else self.create_rectangle
        shape(x - half, y - half, x + half, y + half, outline=colour, width=max(1, style.px(width)), tags=("ring",))

    def _clicked(self, event: tk.Event[tk.Misc]) -> None:
        self.focus_set()
        self.point(self.at(event.x, event.y))
        self.press()

    def _step(self, across: int, down: int, _event: object) -> str:
        if thing := self.beside(across, down):
            self.point(thing)
        return "break"
