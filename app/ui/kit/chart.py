"""Curves over an axis, with words around them."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from tkinter.font import Font
from typing import NamedTuple

from app.ui.kit import style
from app.ui.kit.line_breaks import broken
from app.ui.kit.numbers import share

SIZE = 9  # points
BETWEEN = 14  # pixels between two words above the curves


class Curve(NamedTuple):
    """Places, across and up, each from 0 to 1, and how they're shown: as a line, or as dots."""

    places: Sequence[tuple[float, float]]
    colour: str
    dash: tuple[int, ...] = ()
    has_dots: bool = False


class Shown(NamedTuple):
    """What a chart shows."""

    curves: Sequence[Curve] = ()
    levels: Sequence[tuple[float, str]] = ()  # how high they are, from 0 to 1, and what's written next to them
    heads: Sequence[tuple[str, str]] = ()  # words above the curves, and their colours
    ends: tuple[str, str] = ("", "")  # below the ends of the axis
    note: str = ""  # below that
    now: float | None = None  # a place on the axis
    hint: str = ""  # in the middle, as long as there aren't any curves


class Chart(tk.Canvas):
    """Draws curves in the room that it has."""

    def __init__(self, parent: tk.Misc, wide: int = 1, high: int = 1):
        colours = style.now.colours
        super().__init__(parent, background=colours.paper, width=wide, height=high, highlightthickness=style.px(1))
        self.configure(highlightbackground=colours.edge)
        self._shown = Shown()
        self.bind("<Configure>", lambda _event: self.show(self._shown))

    def show(self, shown: Shown) -> None:
        """Show something else."""
        self._shown = shown
        self.delete("all")
        px, colours, font = style.px, style.now.colours, Font(self, (style.family(self), style.points(SIZE)))
        line, room = font.metrics("linespace"), self.winfo_width()
        left, right = font.measure(share(0.999, 1)) + px(12), room - px(12)
        top, bottom = line * 3 // 2 + px(10), self.winfo_height() - line * (2 if shown.note else 1) - px(10)

        def place(across: float, up: float) -> tuple[float, float]:
            return left + (right - left) * across, bottom - (bottom - top) * up

        def write(x: float, y: float, text: str, anchor: str, colour: str = colours.muted) -> int:
            return self.create_text(x, y, text=text, anchor=anchor, font=font, fill=colour)  # type: ignore[call-overload,no-any-return]

        for up, text in shown.levels:
            write(left - px(5), place(0, up)[1], text, "e")
            self.create_line(*place(0, up), *place(1, up), fill=colours.hover)
        self.create_line(*place(0, 0), *place(1, 0), fill=colours.edge)
        if shown.now is not None:
            self.create_line(*place(shown.now, 0), *place(shown.now, 1), fill=colours.edge, width=px(2))
        write(left, bottom + px(4), shown.ends[0], "nw")
        write(right, bottom + px(4), shown.ends[1], "ne")
        write(room - px(5), bottom + px(4) + line, shown.note, "ne")  # there's more room than under the curves
        start = px(10)
        for text, colour in shown.heads:
            start = self.bbox(write(start, px(6), text, "nw", colour))[2] + px(BETWEEN)
        for curve in shown.curves:
            places = [place(*each) for each in curve.places]
            if len(places) > 1 and not curve.has_dots:
                self.create_line(*places, fill=curve.colour, width=px(2), dash=curve.dash)
            for x, y in places if curve.has_dots or len(places) == 1 else ():
                self.create_oval(x - px(3), y - px(3), x + px(3), y + px(3), fill=curve.colour, outline=colours.paper)
        if not shown.curves and right > left:
            hint = write(*place(0.5, 0.5), broken(shown.hint, right - left, font.measure), "center")
            self.itemconfigure(hint, width=right - left, justify="center")
