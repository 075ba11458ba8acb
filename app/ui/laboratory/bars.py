"""Ten answers as bars, one below the other, with the pinned answer as a line."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence

from app.ui.kit import style
from app.ui.kit.numbers import share

NAME, TOLD = 16, 40  # pixels of 1/96 inch, for a digit and for its percentage
HIGHEST = 30  # pixels of a row
LEAST = 0.005  # the smallest probability with a percentage


class Bars:
    """Draws ten bars into a rectangle of a canvas."""

    def __init__(self, canvas: tk.Canvas, left: float, top: float, width: float, height: float):
        self._canvas, self._left = canvas, left
        self._row = min(height / 10, style.px(HIGHEST))
        self._top = top + (height - 10 * self._row) / 2
        self._start, self._end = left + style.px(NAME + 4), left + width - style.px(TOLD)
        self.right, self.middle = left + width, left + width / 2
        colours, family = style.now.colours, style.family(canvas)
        size = style.points(10)
        self._fonts = (family, size), (family, size, "bold")
        self._names, self._bars, self._told, self._marks = [], [], [], []
        half, start = self._row * 0.3, self._start
        for digit in range(10):
            y = self.place(digit)[1]
            canvas.create_rectangle(start, y - half, self._end, y + half, fill=colours.background, width=0)
            self._bars.append(canvas.create_rectangle(start, y - half, start, y + half, width=0))
            self._marks.append(canvas.create_line(0, 0, 0, 0, fill=colours.ink, width=style.px(2), state="hidden"))
            x = left + style.px(NAME / 2)
            self._names.append(canvas.create_text(x, y, text=str(digit), font=self._fonts[0], fill=colours.ink))
            self._told.append(canvas.create_text(self._end + style.px(4), y, anchor="w", font=self._fonts[0]))

    def show(self, probabilities: Sequence[float], pinned: Sequence[float] | None = None, *, sure: bool = True) -> None:
        """Show ten probabilities, and the pinned ones; all 0 means no answer."""
        colours, canvas, start, wide = style.now.colours, self._canvas, self._start, self._end - self._start
        chosen = max(range(10), key=lambda digit: probabilities[digit]) if any(probabilities) else -1
        for digit, part in enumerate(probabilities):
            y, half, is_chosen = self.place(digit)[1], self._row * 0.3, digit == chosen
            canvas.coords(self._bars[digit], start, y - half, start + max(1, part * wide), y + half)
            fill = colours.accent if is_chosen and sure else colours.faint
            canvas.itemconfigure(self._bars[digit], fill=fill)
            canvas.itemconfigure(self._names[digit], font=self._fonts[is_chosen])
            told = share(min(part, 0.99)) if part >= LEAST else ""
            canvas.itemconfigure(self._told[digit], text=told, fill=colours.ink if is_chosen else colours.muted)
            if pinned is not None:
                mark, half = start + pinned[digit] * wide, self._row * 0.4
                canvas.coords(self._marks[digit], mark, y - half, mark, y + half)
            canvas.itemconfigure(self._marks[digit], state="hidden" if pinned is None else "normal")

    def place(self, digit: int) -> tuple[float, float]:
        """Return where a digit's row begins: the middle of its left edge."""
        return self._left, self._top + (digit + 0.5) * self._row

    def ring(self, digit: int, colour: str, width: int = 1) -> None:
        """Frame a digit's row."""
        (x, y), half = self.place(digit), self._row / 2
        edge = max(1, style.px(width))
        self._canvas.create_rectangle(x, y - half, self.right, y + half, outline=colour, width=edge, tags=("ring",))

    def at(self, x: float, y: float) -> int | None:
        """Return the digit whose row is there; None if there isn't one."""
        digit = int((y - self._top) // self._row)
        return digit if self._left <= x < self.right and 0 <= digit < 10 else None
