"""How likely each digit is, and each of the user's signs, as bars that stand on keys.

A click on one says that it's the right one. A bar that matters has its percentage above it,
unless the answer is rejected.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter.font import Font

from app.ui.kit import style

LEAST_HIGH, MOST_HIGH = 62, 260  # pixels
NAMES = 23  # pixels at the bottom, for the keys: the digits themselves
ABOVE_NAMES = 3  # pixels between a bar and its key
LEAST = 2  # pixels of a bar: even an unlikely one can be seen
GAP = 2  # pixels on each side of a bar
WIDEST = 34  # pixels of a key
TOP = 15  # pixels above the highest bar, for its percentage
MATTERS = 0.05  # likelier digits show their percentage


class DigitBars(tk.Canvas):
    """Ten bars, from 0 to 9, and one for each sign; ``choose`` gets the digit or sign that was clicked."""

    def __init__(self, parent: tk.Misc, choose: Callable[[str], None]):
        super().__init__(parent, width=10, background=style.now.colours.background, highlightthickness=0)
        self._high = style.text_px(LEAST_HIGH)
        self.configure(height=self._high, cursor="hand2")
        self._choose = choose
        self._likely: tuple[float, ...] = ()
        self._percents_told = True
        self._under = -1  # the place of the bar under the pointer
        self._chosen = ""
        family = style.family(self)
        self._plain, self._bold = Font(self, (family, style.points(10))), Font(self, (family, style.points(10), "bold"))
        self._small = Font(self, (family, style.points(8)))
        self._texts: tuple[str, ...] = ()  # what each bar stands for
        self._tops: list[float] = []  # where each bar ends, as it's shown,
        self._told: list[str] = []  # and the text above it
        self.bind("<Configure>", lambda _event: self._place())
        self.bind("<Motion>", lambda event: self._point_at(self._place_at(event.x)))
        self.bind("<Leave>", lambda _event: self._point_at(-1))
        self.bind("<ButtonRelease-1>", self._clicked)
        self._have(tuple("0123456789"))

    def show(self, choices: Sequence[tuple[str, float]], chosen: str, *, percents: bool) -> None:
        """Show how likely the digits and the signs are, with percentages if ``percents``, and mark the chosen one."""
        self._percents_told = percents
        texts, self._likely = zip(*choices, strict=True)
        if texts != self._texts:
            self._have(texts)
        self._move()
        if chosen != self._chosen:
            self._chosen = chosen
            self._colour()

    def fit(self, share: float) -> None:
        """Take this height in the screen's pixels, within what's good for bars."""
        high = min(max(round(share), style.text_px(LEAST_HIGH)), style.px(MOST_HIGH))
        if high != self._high:
            self._high = high
            self.configure(height=high)
            self._place()

    def _have(self, texts: tuple[str, ...]) -> None:
        """Have a bar for each of these texts."""
        self.delete("all")
        self._texts = texts
        self._keys = [self.create_rectangle(0, 0, 0, 0, width=style.px(1)) for _ in texts]
        self._bars = [self.create_rectangle(0, 0, 0, 0, width=0) for _ in texts]
        self._names = [self.create_text(0, 0, text=text) for text in texts]
        self._percents = [self.create_text(0, 0, anchor="s") for _ in texts]
        self._told = [""] * len(texts)
        self._colour()
        self._place()

    def _move(self) -> None:
        """Make each bar as high as its digit is likely; change only those that differ, since this follows the pen."""
        floor = self._high - style.text_px(NAMES) - style.px(ABOVE_NAMES)
        for digit, probability in enumerate(self._likely):
            top = round(floor - max(style.px(LEAST), probability * (floor - style.text_px(TOP))))
            if top != self._tops[digit]:
                self._tops[digit] = top
                left, right = self._sides(digit)
                self.coords(self._bars[digit], left, top, right, floor)
                self.coords(self._percents[digit], (left + right) / 2, top)
            told = str(min(99, round(probability * 100))) if self._percents_told and probability > MATTERS else ""
            if told != self._told[digit]:
                self._told[digit] = told
                self.itemconfigure(self._percents[digit], text=told)

    def _place(self) -> None:
        bottom = self._high - style.px(1)  # so that its outline is visible, too
        top = bottom - style.text_px(NAMES)
        for digit in range(len(self._texts)):
            left, right = self._sides(digit)
            self.coords(self._keys[digit], left, top, right, bottom)
            self.coords(self._names[digit], (left + right) / 2, (top + bottom) / 2)
        self._tops = [-1.0] * len(self._texts)
        self._move()

    def _colour(self) -> None:
        """Show which digit is chosen, and which one the pointer is on."""
        colours = style.now.colours
        for percent in self._percents:
            self.itemconfigure(percent, fill=colours.muted, font=self._small)
        for digit, (key, bar, name) in enumerate(zip(self._keys, self._bars, self._names, strict=True)):
            chosen, under = self._texts[digit] == self._chosen, digit == self._under
            self.itemconfigure(key, fill=colours.hover if under else colours.paper)
            self.itemconfigure(key, outline=colours.accent if chosen or under else colours.edge)
            self.itemconfigure(bar, fill=colours.accent if chosen else colours.faint)
            self.itemconfigure(name, fill=colours.ink if chosen else colours.muted)
            self.itemconfigure(name, font=self._bold if chosen else self._plain)

    def _sides(self, digit: int) -> tuple[float, float]:
        """Return the left and right edges of a digit's bar and key."""
        wide = self.winfo_width() / len(self._texts)
        half = min(wide / 2 - style.px(GAP), style.px(WIDEST) / 2)
        return round((digit + 0.5) * wide - half), round((digit + 0.5) * wide + half)

    def _place_at(self, x: float) -> int:
        count = len(self._texts)
        return min(max(int(x * count / max(self.winfo_width(), 1)), 0), count - 1)

    def _point_at(self, place: int) -> None:
        if place != self._under:
            self._under = place
            self._colour()

    def _clicked(self, event: tk.Event[tk.Misc]) -> None:
        if 0 <= event.x < self.winfo_width() and 0 <= event.y < self.winfo_height():
            self._choose(self._texts[self._place_at(event.x)])
