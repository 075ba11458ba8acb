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
        self.right = left + width
        self._tag = f"bars{left}"

    def show(self, probabilities: Sequence[float], pinned: Sequence[float] | None = None, *, sure: bool = True) -> None:
        """Show ten probabilities, and the pinned ones; all 0 means no answer."""
        colours, canvas, start, wide = style.now.colours, self._canvas, self._start, self._end - self._start
        plain = (style.family(canvas), style.points(10))
        chosen = max(range(10), key=lambda digit: probabilities[digit]) if any(probabilities) else -1
        canvas.delete(self._tag)

        def bar(y: float, end: float, fill: str) -> None:
            half = self._row * 0.3
            canvas.create_rectangle(start, y - half, end, y + half, fill=fill, width=0, tags=self._tag)

        for digit, part in enumerate(probabilities):
            y, is_chosen = self.place(digit)[1], digit == chosen
            bar(y, self._end, colours.background)
            bar(y, start + max(1, part * wide), colours.accent if is_chosen and sure else colours.faint)
            if pinned is not None:
                x, half = start + pinned[digit] * wide, self._row * 0.4
                canvas.create_line(x, y - half, x, y + half, fill=colours.ink, width=style.px(2), tags=self._tag)
            x, font = self._left + style.px(NAME / 2), (*plain, "bold") if is_chosen else plain
            canvas.create_text(x, y, text=str(digit), font=font, fill=colours.ink, tags=self._tag)
            if part >= LEAST:
                x, ink = self._end + style.px(4), colours.ink if is_chosen else colours.muted
                told = share(min(part, 0.99))
                canvas.create_text(x, y, anchor="w", text=told, font=plain, fill=ink, tags=self._tag)

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
