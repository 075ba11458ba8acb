"""How likely each of the ten digits is, as bars side by side; a click on one says that it is the right one."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter.font import Font

from app.ui import style

HIGH = 92  # pixels
NAMES = 18  # pixels at the bottom, for the digits themselves
LEAST = 2  # pixels of a bar: even what is not likely can be seen


class DigitBars(tk.Canvas):
    """Ten bars, from 0 to 9.

    Args:
        parent: the widget around it.
        choose: is given the digit that was clicked.
    """

    def __init__(self, parent: tk.Misc, choose: Callable[[str], None]):
        super().__init__(
            parent, height=HIGH, width=10, background=style.colours.background, highlightthickness=0, cursor="hand2"
        )
        self._choose = choose
        self._probabilities: tuple[float, ...] = (0.0,) * 10
        self._under = -1  # the digit under the pointer
        self._chosen = ""
        family = style.family(self)
        self._plain, self._bold = Font(self, (family, 10)), Font(self, (family, 10, "bold"))
        self._grounds = [self.create_rectangle(0, 0, 0, 0, width=0) for _ in range(10)]
        self._bars = [self.create_rectangle(0, 0, 0, 0, width=0) for _ in range(10)]
        self._names = [self.create_text(0, 0, text=str(digit)) for digit in range(10)]
        self.bind("<Configure>", lambda _event: self._place())
        self.bind("<Motion>", lambda event: self._point_at(self._digit_at(event.x)))
        self.bind("<Leave>", lambda _event: self._point_at(-1))
        self.bind("<ButtonRelease-1>", self._clicked)

    def show(self, probabilities: Sequence[float], chosen: str) -> None:
        """Show ten probabilities, and which digit it is taken to be."""
        self._probabilities, self._chosen = tuple(probabilities), chosen
        self._place()

    def _place(self) -> None:
        wide = self.winfo_width() / 10
        floor = HIGH - NAMES
        for digit, probability in enumerate(self._probabilities):
            left, right = digit * wide, (digit + 1) * wide
            chosen = str(digit) == self._chosen
            self.coords(self._grounds[digit], left, 0, right, HIGH)
            self.coords(self._bars[digit], left + 2, floor - max(LEAST, probability * (floor - 4)), right - 2, floor)
            self.coords(self._names[digit], (left + right) / 2, HIGH - NAMES / 2)
            self.itemconfigure(
                self._grounds[digit], fill=style.colours.hover if digit == self._under else style.colours.background
            )
            self.itemconfigure(self._bars[digit], fill=style.colours.accent if chosen else style.colours.faint)
            self.itemconfigure(
                self._names[digit],
                fill=style.colours.ink if chosen else style.colours.muted,
                font=self._bold if chosen else self._plain,
            )

    def _digit_at(self, x: float) -> int:
        return min(max(int(x * 10 / max(self.winfo_width(), 1)), 0), 9)

    def _point_at(self, digit: int) -> None:
        if digit != self._under:
            self._under = digit
            self._place()

    def _clicked(self, event: tk.Event[tk.Misc]) -> None:
        if 0 <= event.x < self.winfo_width() and 0 <= event.y < self.winfo_height():
            self._choose(str(self._digit_at(event.x)))
