"""How likely each of the ten digits is, as bars side by side; a click on one says that it is the right one."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter.font import Font

from app.ui.kit import style

HIGH, LOW = 92, 56  # pixels, and where there is little room
NAMES = 18  # pixels at the bottom, for the digits themselves
LEAST = 2  # pixels of a bar: even what is not likely can be seen
GAP = 2  # pixels on each side of a bar
TOP = 4  # pixels above the highest


class DigitBars(tk.Canvas):
    """Ten bars, from 0 to 9; ``choose`` is given the digit that was clicked."""

    def __init__(self, parent: tk.Misc, choose: Callable[[str], None]):
        super().__init__(parent, width=10, background=style.now.colours.background, highlightthickness=0)
        self.configure(height=style.px(HIGH), cursor="hand2")
        self._choose = choose
        self._high = style.px(HIGH)
        self._probabilities: tuple[float, ...] = (0.0,) * 10
        self._under = -1  # the digit under the pointer
        self._chosen = ""
        family = style.family(self)
        self._plain, self._bold = Font(self, (family, 10)), Font(self, (family, 10, "bold"))
        self._grounds = [self.create_rectangle(0, 0, 0, 0, width=0) for _ in range(10)]
        self._bars = [self.create_rectangle(0, 0, 0, 0, width=0) for _ in range(10)]
        self._names = [self.create_text(0, 0, text=str(digit)) for digit in range(10)]
        self._tops = [0.0] * 10  # where each bar ends, as it is shown
        self.bind("<Configure>", lambda _event: self._place())
        self.bind("<Motion>", lambda event: self._point_at(self._digit_at(event.x)))
        self.bind("<Leave>", lambda _event: self._point_at(-1))
        self.bind("<ButtonRelease-1>", self._clicked)
        self._colour()

    def show(self, probabilities: Sequence[float], chosen: str) -> None:
        """Show ten probabilities, and which digit it is taken to be."""
        self._probabilities = tuple(probabilities)
        self._move()
        if chosen != self._chosen:
            self._chosen = chosen
            self._colour()

    def be(self, *, low: bool) -> None:
        """Take less height, or as much as is good."""
        high = style.px(LOW if low else HIGH)
        if high != self._high:
            self._high = high
            self.configure(height=high)
            self._place()

    def _move(self) -> None:
        """Let each bar be as high as its digit is likely; only those that differ, since this follows the pen."""
        wide = self.winfo_width() / 10
        floor = self._high - style.px(NAMES)
        for digit, probability in enumerate(self._probabilities):
            top = round(floor - max(style.px(LEAST), probability * (floor - style.px(TOP))))
            if top != self._tops[digit]:
                self._tops[digit] = top
                left, right = digit * wide + style.px(GAP), (digit + 1) * wide - style.px(GAP)
                self.coords(self._bars[digit], left, top, right, floor)

    def _place(self) -> None:
        wide, high = self.winfo_width() / 10, self._high
        for digit in range(10):
            self.coords(self._grounds[digit], digit * wide, 0, (digit + 1) * wide, high)
            self.coords(self._names[digit], (digit + 0.5) * wide, high - style.px(NAMES) / 2)
        self._tops = [-1.0] * 10
        self._move()

    def _colour(self) -> None:
        """Show which digit it is taken to be, and which one the pointer is on."""
        colours = style.now.colours
        for digit, (ground, bar, name) in enumerate(zip(self._grounds, self._bars, self._names, strict=True)):
            chosen = str(digit) == self._chosen
            self.itemconfigure(ground, fill=colours.hover if digit == self._under else colours.background)
            self.itemconfigure(bar, fill=colours.accent if chosen else colours.faint)
            self.itemconfigure(name, fill=colours.ink if chosen else colours.muted)
            self.itemconfigure(name, font=self._bold if chosen else self._plain)

    def _digit_at(self, x: float) -> int:
        return min(max(int(x * 10 / max(self.winfo_width(), 1)), 0), 9)

    def _point_at(self, digit: int) -> None:
        if digit != self._under:
            self._under = digit
            self._colour()

    def _clicked(self, event: tk.Event[tk.Misc]) -> None:
        if 0 <= event.x < self.winfo_width() and 0 <= event.y < self.winfo_height():
            self._choose(str(self._digit_at(event.x)))
