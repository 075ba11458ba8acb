"""The whole network on a canvas: image, layers and answers side by side, with the strongest ways between them."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter.font import Font
from typing import NamedTuple

import numpy as np

from app.ui.inside.pixels import put
from app.ui.kit import style
from app.ui.kit.line_breaks import filled
from app.ui.laboratory import paint
from app.ui.laboratory.bars import Bars
from app.ui.laboratory.paint import Grid
from app.ui.laboratory.squares import Pixels, Squares
from app.ui.laboratory.things import Things
from model.base.language import _, ngettext
from model.base.work import Work
from model.inside.chain import Column, Trace
from model.inside.steps import Array
from model.inside.ways import Seen, Way
from model.reading.normalize import SIDE

# Pixels of 1/96 inch.
HEAD, MARGIN, LEAST_GAP = 36, 10, 26
WIDEST, UNIT, MAP = 88, 22, 64  # of a layer; of a unit's square, and of a map's, at most
ANSWERS, LEAST_ANSWERS = 124, 84  # of a model; they take no more than half of the room, unless that's less
NEAR = 5  # from a line, for the pointer to count as on it


class Thing(NamedTuple):
    """What's pointed at: a unit of a column, a pixel of the image, an answer; or a way that ends there."""

    column: int
    unit: int
    start: int = -1  # where the way comes from; -1: it isn't a way


class NetworkView(Things[Thing]):
    """Shows a network; ``pointed`` gets what the pointer or the keyboard is on, ``pinned`` what was chosen."""

    def __init__(self, parent: tk.Misc, pointed: Callable[[Thing | None], object], pinned: Callable[[Thing], object]):
        super().__init__(parent)
        self._pointed, self._pinned = pointed, pinned
        self._shape: tuple[Column, ...] = ()
        self._squares: list[Squares] = []  # of all columns but the last
        self.bars: list[Bars] = []  # of the last column, and of other models' answers
        self.columns: Sequence[Squares | Bars] = ()
        self._gaps: list[tk.PhotoImage] = []
        self.gap = self._high = 0  # pixels between two columns, and their height
        self.ways: list[Sequence[Way]] = []  # on display

    def fit(self, shape: tuple[Column, ...], beside: Sequence[str] = ()) -> None:
        """Lay out a network's columns in the available room, with other models' answers next to them."""
        self.point(None)
        self.delete("all")
        self._shape, self.ways, self._squares, self.bars, self._gaps = shape, [], [], [], []
        left, top = style.px(MARGIN), style.text_px(HEAD)
        wide, high = self.winfo_width() - 2 * left, self.winfo_height() - style.text_px(HEAD) - style.px(MARGIN)
        answers = max(style.px(LEAST_ANSWERS), min(style.px(ANSWERS), wide // (2 * len(beside) + 2)))
        wide -= len(beside) * answers
        pixel = max(2, min(wide * 2 // 9, high) // SIDE)
        count = len(shape) - 1
        room = (wide - pixel * SIDE - answers - count * style.px(LEAST_GAP)) // max(1, count - 1)
        room = max(style.px(20), min(style.px(WIDEST), room))
        largest = (style.px(UNIT), style.px(MAP))
        hidden = (paint.grid(each.units, room, high, largest[each.has_maps]) for each in shape[1:-1])
        grids = [Grid(SIDE, SIDE, pixel), *hidden]
        taken = sum(grid.size[0] for grid in grids) + answers
        self.gap, self._high = max(style.px(8), (wide - taken) // count), high
        for head, grid in zip([_("28×28 pixels"), *map(_units, shape[1:-1])], grids, strict=True):
            across, down = grid.size
            corner = left, top + (high - down) // 2
            self._gaps.append(tk.PhotoImage(master=self))
            self.create_image(left + across, top, image=self._gaps[-1], anchor="nw")
            self._squares.append(Squares(self, corner, grid) if self._squares else Pixels(self, corner, pixel))
            room = across + (self.gap if left > style.px(MARGIN) else min(self.gap, 2 * left))
            self._write_head(head, room, left + across / 2)
            left += across + self.gap
        for head in (_("Answer"), *beside):
            self.bars.append(Bars(self, left, top, answers, high))
            self._write_head(head, answers, left + answers / 2)
            left += answers
        self.columns = [*self._squares, self.bars[0]]

    def _write_head(self, text: str, room: int, x: float) -> None:
        """Write a head in one line or two, as much of it as there's room for."""
        font, room = Font(self, (style.family(self), style.points(9))), room - style.px(6)
        first = filled(text, room, font.measure).split("\n")[0]
        lines = [first, *filter(None, [text.removeprefix(first).strip()])]
        for number, line in enumerate(lines):
            y = style.text_px(HEAD) / 2 + (number - (len(lines) - 1) / 2) * font.metrics("linespace")
            while len(line) > 1 and font.measure(line) > room:
                line = f"{line.rstrip('…')[:-1]}…"  # noqa: PLW2901  (as much as there's room for)
            self.create_text(x, y, text=line, fill=style.now.colours.muted, font=font)

    def rest(self) -> None:
        """Show the network without an image."""
        for column, squares in zip(self._shape[:-1], self._squares, strict=True):
            squares.show(np.zeros((column.units, 4, 4) if column.has_maps else column.units, np.float32))
        for photo in self._gaps:
            photo.configure(data="")
        self.delete("ring")
        self.ways = []
        for bars in self.bars:
            bars.show((0.0,) * 10)

    def show(self, seen: Seen, pinned: Trace | None) -> Work[None]:
        """Show, in pieces of work, what a network does with an image, or how that differs from what's pinned."""
        for column, squares in zip(self._shape[:-1], self._squares, strict=True):
            squares.show(_apart(column, seen.traced, pinned), are_apart=pinned is not None)
            yield
        self.bars[0].show(seen.traced.probabilities.tolist(), pinned.probabilities.tolist() if pinned else None)
        yield

    def light(self, ways: Sequence[Sequence[Way]], thing: Thing | None) -> Work[None]:
        """Show ways into each column but the first, in pieces of work; ring the thing pointed at and its partners."""
        self.ways = list(ways)
        top = style.text_px(HEAD)
        for number, some in enumerate(ways):
            most = max((abs(by) for _start, _to, by in some), default=0) or 1
            ends = [(*(y - top for y in self._heights(number, way)), way[2] / most) for way in some]
            shown = np.array(ends, np.float32).reshape(-1, 3)
            put(self._gaps[number], (yield from paint.lines(shown, self.gap, self._high)))
            yield
        self.delete("ring")
        colours = style.now.colours
        if thing:
            for number, (start, to, amount) in ((number, way) for number, some in enumerate(ways) for way in some):
                for column, unit in ((number, start), (number + 1, to)):
                    if (column, unit) != thing[:2]:
                        self.columns[column].ring(unit, colours.more if amount > 0 else colours.less)
            self.columns[thing.column].ring(thing.unit, colours.ink, 2)

    def _heights(self, number: int, way: Way) -> tuple[float, float]:
        """Return how high a way begins at column ``number``, and ends at the next one."""
        start, to, _by = way
        return self.columns[number].place(start)[1], self.columns[number + 1].place(to)[1]

    def at(self, x: float, y: float) -> Thing | None:
        """Return the thing at this place."""
        for number, column in enumerate(self.columns):
            if (unit := column.at(x, y)) is not None:
                return Thing(number, unit)
            part = (x - column.right) / max(1, self.gap)
            if 0 < part < 1 and number < len(self.ways):
                return self._way_at(number, part, y)
        return None

    def _way_at(self, number: int, part: float, y: float) -> Thing | None:
        """Return the way that passes through there, at a ``part`` of the gap after a column."""
        bent, nearest, found = part * part * (3 - 2 * part), float(style.px(NEAR)), None
        for way in self.ways[number]:
            low, high = self._heights(number, way)
            away = abs(low + (high - low) * bent - y)
            if away < nearest:
                nearest, found = away, Thing(number + 1, way[1], way[0])
        return found

    def beside(self, across: int, down: int) -> Thing | None:
        """Return the next unit in another column, or in this one."""
        if not self._shape:
            return None
        last = len(self._shape) - 1
        thing = self.under or Thing(last, 0)
        column = min(max(thing.column + across, 0), last)
        units = self._shape[column].units
        unit = min(thing.unit * units // self._shape[thing.column].units + down, units - 1)
        return Thing(column, max(unit, 0))

    def told(self) -> None:
        """Hand on what is under the pointer or the keyboard."""
        self._pointed(self.under)

    def press(self) -> None:
        """Pin what is under the pointer or the keyboard."""
        if self.under:
            self._pinned(self.under)


def _units(column: Column) -> str:
    """Return how many units a column has, in words."""
    if column.has_maps:
        return ngettext("{count} filter", "{count} filters", column.units).format(count=column.units)
    return ngettext("{count} unit", "{count} units", column.units).format(count=column.units)


def _apart(column: Column, traced: Trace, pinned: Trace | None) -> Array:
    """Return a column's answers, scaled so that the largest is 1, or how much more they are than the pinned ones.

    The image's pixels are from 0 to 1 as they are.
    """
    numbers = column.answers(traced)
    if pinned is None and not column.end:
        return numbers
    before = column.answers(pinned) if pinned else np.zeros_like(numbers)
    most = max(float(np.abs(numbers).max()), float(np.abs(before).max()), 1e-9)
    return np.asarray((numbers - before) / most)
