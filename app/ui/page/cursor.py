"""Which cell of a page is chosen, and what's being typed there, with the keys of a spreadsheet."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from app.page.open_page import OpenPage
from app.page.table import Entry, Place
from app.ui.kit.key_events import SHIFT, bind_plain, digit_of, held
from app.ui.kit.screen import window_system
from model.reading.reading import SIGNS

WAYS = {"Left": (0, -1), "Right": (0, 1), "Up": (-1, 0), "Down": (1, 0)}


class Cursor:
    """Chooses and corrects the cells of a page; ``moved`` is called after each key."""

    def __init__(self, page: OpenPage, moved: Callable[[], object]):
        self.place: Place | None = None  # that is chosen
        self.typed: str | None = None  # what is being typed there
        self._page, self._moved = page, moved

    @property
    def entry(self) -> Entry | None:
        """What's in the chosen cell."""
        return None if self.place is None else self._page.table.at(self.place)

    def choose(self, place: Place | None) -> None:
        """Keep what is being typed, and choose a cell."""
        self.keep()
        self.place = place
        self._moved()

    def settle(self) -> None:
        """Stay inside the table, which may have fewer rows or columns now.

        At first, go where there's something to do.
        """
        table = self._page.table
        if self.place is None and self._page.is_over:
            self.place = table.next_doubt(None) or (0, 0)
        if not table.rows:
            self.place = None
        elif self.place is not None:
            self.place = min(self.place[0], len(table.rows) - 1), min(self.place[1], table.columns - 1)

    def keep(self) -> None:
        """Let the chosen cell say what was typed there."""
        typed, self.typed = self.typed, None
        if typed is not None and self.place is not None:
            self._page.change(self._page.table.corrected(self.place, typed))

    def give_up(self) -> bool:
        """Forget what is being typed, and return whether anything was."""
        was_typed = self.typed is not None
        self.typed = None
        self._moved()
        return was_typed

    def bind(self, canvas: tk.Canvas) -> None:
        """Bind the keys while a canvas has the keyboard."""

        def bound(action: Callable[[], object]) -> Callable[[object], str]:
            def act(_event: object) -> str:
                action()
                self._moved()
                return "break"

            return act

        for name, way in WAYS.items():
            bind_plain(canvas, f"<{name}>", bound(lambda way=way: self._go(*way)))  # type: ignore[misc]
        for key in ("<Return>", "<KP_Enter>"):
            bind_plain(canvas, key, bound(self._accept))
        bind_plain(canvas, "<BackSpace>", bound(lambda: self._type(self._text[:-1])))
        bind_plain(canvas, "<F2>", bound(lambda: self._type(self._text)))
        bind_plain(canvas, "<Delete>", bound(self._empty))
        bind_plain(canvas, "<Escape>", lambda _event: "break" if self.give_up() else None)
        bind_plain(canvas, "<Tab>", lambda event: self._go_to_doubt(-1 if int(event.state) & SHIFT else 1))
        if window_system(canvas) == "x11":
            bind_plain(canvas, "<ISO_Left_Tab>", lambda _event: self._go_to_doubt(-1))
        bind_plain(canvas, "<Key>", self._pressed)

    @property
    def _text(self) -> str:
        """What the chosen cell says, as it's being typed."""
        return self.typed if self.typed is not None else self.entry.text if self.entry else ""

    def _type(self, text: str) -> None:
        if self.place is not None:
            self.typed = text

    def _pressed(self, event: tk.Event[tk.Misc]) -> str | None:
        sign = digit_of(event) or (event.char if event.char and event.char in SIGNS and not held(event) else "")
        if not sign or self.place is None:
            return None
        self._type((self.typed or "") + sign)  # it begins again
        self._moved()
        return "break"

    def _empty(self) -> None:
        self._type("")
        self.keep()

    def _accept(self) -> None:
        """Accept what's in the chosen cell, typed or read, and go to the next doubt."""
        if self.typed is None and self.entry and self.entry.is_doubtful:
            self._type(self.entry.text)
        self.keep()
        self.place = self._page.table.next_doubt(self.place) or self.place

    def _go(self, down: int, right: int) -> None:
        """Choose the neighbouring cell."""
        self.keep()
        row, column = self.place or (0, 0)
        self.place = (0, 0) if self.place is None else (max(row + down, 0), max(column + right, 0))
        self.settle()

    def _go_to_doubt(self, by: int) -> str | None:
        """Choose the next doubt; where there's no other, the keyboard goes on to the buttons."""
        self.keep()
        doubt = self._page.table.next_doubt(self.place, by)
        is_other = doubt not in (None, self.place)
        self.place = doubt or self.place
        self._moved()
        return "break" if is_other else None
