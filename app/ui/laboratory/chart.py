"""Curves over a slider: how many digits are read right, and how many are accepted and right."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from typing import NamedTuple

from app.ui.kit import style
from app.ui.kit.numbers import share
from model.base.language import _
from model.inside.damage import Borne

LEFT, RIGHT, TOP, BELOW = 46, 12, 26, 40  # pixels of 1/96 inch around the curves
DASH = (4, 3)


class Curve(NamedTuple):
    """A model's curve, as far as it's known, over the slider's place, from 0 to 1."""

    name: str
    points: Sequence[tuple[float, Borne]]


class Chart(tk.Canvas):
    """Draws up to two curves each as two lines: solid for what's right, dashed for what's accepted and right."""

    def __init__(self, parent: tk.Misc):
        colours = style.now.colours
        super().__init__(parent, background=colours.paper, highlightthickness=style.px(1), width=10, height=10)
        self.configure(highlightbackground=colours.edge)
        self._shown: tuple[Sequence[Curve], float, tuple[str, str]] = ((), 0.0, ("", ""))
        self.bind("<Configure>", lambda _event: self.show(*self._shown))

    def show(self, curves: Sequence[Curve], now: float, ends: tuple[str, str]) -> None:
        """Show curves, where the slider is, from 0 to 1, and the names of its ends."""
        self._shown = curves, now, ends
        self.delete("all")
        colours, font = style.now.colours, (style.family(self), 9)
        for part in (0, 0.5, 1):
            (left, y), (right, _y) = self._place(0, part), self._place(1, part)
            self.create_line(left, y, right, y, fill=colours.hover)
            self.create_text(left - style.px(5), y, text=share(part), anchor="e", font=font, fill=colours.muted)
        (x, low), (_x, high) = self._place(now, 0), self._place(now, 1)
        self.create_line(x, low, x, high, fill=colours.edge, width=style.px(2))
        (left, y), (right, _y) = self._place(0, 0), self._place(1, 0)
        y += style.px(4)
        end = self.create_text(left, y, text=ends[0], anchor="nw", font=font, fill=colours.muted)
        self.create_text(right, y, text=ends[1], anchor="ne", font=font, fill=colours.muted)
        x = style.px(LEFT)
        for curve, colour in zip(curves, (colours.more, colours.less), strict=False):
            self._draw(curve, colour)
            name = self.create_text(x, style.px(TOP / 2), text=f"— {curve.name}", anchor="w", font=font, fill=colour)
            x = self.bbox(name)[2] + style.px(14)
        if curves:
            text, y = _("dashed: accepted and right"), self.bbox(end)[3]
            x = self.winfo_width() - style.px(5)  # there's more room than under the curves
            self.create_text(x, y, text=text, anchor="ne", font=font, fill=colours.muted)

    def _draw(self, curve: Curve, colour: str) -> None:
        for number, dash in enumerate(((), DASH)):
            places = [place for at, borne in curve.points for place in self._place(at, borne[number])]
            if len(places) > 2:
                self.create_line(*places, fill=colour, width=style.px(2), dash=dash)
            elif places:
                x, y, half = *places, style.px(2)
                self.create_oval(x - half, y - half, x + half, y + half, fill=colour, outline="")

    def _place(self, across: float, up: float) -> tuple[float, float]:
        wide = self.winfo_width() - style.px(LEFT) - style.px(RIGHT)
        high = self.winfo_height() - style.px(TOP) - style.text_px(BELOW)
        return style.px(LEFT) + across * wide, style.px(TOP) + (1 - up) * high
