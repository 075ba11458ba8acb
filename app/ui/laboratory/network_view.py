"""The whole network on a canvas: image, layers and answers side by side, with the strongest ways between them."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from tkinter.font import Font
from typing import NamedTuple

import numpy as np

from app.ui.inside.pixels import ink, sides
from app.ui.kit import style
from app.ui.kit.key_events import bind_plain
from app.ui.laboratory import paint
from app.ui.laboratory.bars import Bars
from app.ui.laboratory.paint import Grid
from model.base.language import _, ngettext
from model.base.work import Work
from model.inside.chain import Trace
from model.inside.steps import Array
from model.inside.ways import PIXELS, Column, Votes, end
from model.reading.normalize import SIDE

# Pixels of 1/96 inch.
HEAD, MARGIN, LEAST_GAP = 26, 10, 26
WIDEST, UNIT, MAP = 88, 22, 64  # of a layer; of a unit's square, and of a map's, at most
ANSWERS = 124
NEAR = 5  # from a line, for the pointer to count as on it

Way = tuple[int, int, float]  # from a unit, to one of the next column, and its contribution


class Thing(NamedTuple):
    """What's pointed at: a unit of a column, a pixel of the image, an answer; or a way that ends there."""

    column: int
    unit: int
    start: int = -1  # where the way comes from; -1: it isn't a way


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What's shown of a network and an image."""

    traced: Trace
    votes: Votes
    ways: tuple[Sequence[Way], ...]  # into each column but the first


class NetworkView(tk.Canvas):
    """Shows a network; ``pointed`` gets what the pointer or the keyboard is on, ``pinned`` what was chosen."""

    def __init__(self, parent: tk.Misc, pointed: Callable[[Thing | None], object], pinned: Callable[[Thing], object]):
        colours = style.now.colours
        super().__init__(parent, background=colours.paper, highlightthickness=style.px(1), takefocus=True)
        self.configure(highlightbackground=colours.edge, highlightcolor=colours.accent)
        self._pointed, self._pinned = pointed, pinned
        self._columns: tuple[Column, ...] = ()
        self._grids: list[Grid] = []
        self._corners: list[tuple[int, int]] = []
        self._pictures: list[tk.PhotoImage] = []  # of all columns but the last
        self._gaps: list[tk.PhotoImage] = []
        self._small = tk.PhotoImage(master=self)  # the image, at one pixel each
        self._ways: list[Sequence[Way]] = []  # on display
        self._under: Thing | None = None
        self.bars: Bars | None = None
        self.others: list[Bars] = []  # of other models
        bind = ("<Motion>", self._moved), ("<Leave>", self._left), ("<ButtonRelease-1>", self._clicked)
        for sequence, action in bind:
            self.bind(sequence, action)
        for key, across, down in (("Left", -1, 0), ("Right", 1, 0), ("Up", 0, -1), ("Down", 0, 1)):
            bind_plain(self, f"<{key}>", lambda _event, by=(across, down): self._step(*by))  # type: ignore[misc]

    def fit(self, shape: tuple[Column, ...], beside: Sequence[str] = ()) -> None:
        """Lay out a network's columns in the available room, with other models' answers next to them."""
        self._point(None)
        self.delete("all")
        self._columns, self._ways = shape, []
        wide, high = self.winfo_width() - 2 * style.px(MARGIN), self.winfo_height() - style.px(HEAD + MARGIN)
        wide -= len(beside) * style.px(ANSWERS)
        cell = max(2, min(wide * 2 // 9, high) // SIDE)
        count = len(shape) - 1
        room = (wide - cell * SIDE - style.px(ANSWERS) - count * style.px(LEAST_GAP)) // max(1, count - 1)
        room = max(style.px(20), min(style.px(WIDEST), room))
        self._grids = [Grid(SIDE, SIDE, cell)]
        for each in shape[1:-1]:
            self._grids.append(paint.grid(each.units, room, high, style.px(MAP if each.has_maps else UNIT)))
        taken = sum(grid.size[0] for grid in self._grids) + style.px(ANSWERS)
        gap = max(style.px(8), (wide - taken) // count)
        left, top = style.px(MARGIN), style.px(HEAD)
        self._corners, self._pictures, self._gaps = [], [], []
        for grid in self._grids:
            x, y = left, top + (high - grid.size[1]) // 2
            self._corners.append((x, y))
            for photos, corner in ((self._pictures, (x, y)), (self._gaps, (x + grid.size[0], top))):
                photos.append(tk.PhotoImage(master=self))
                self.create_image(*corner, image=photos[-1], anchor="nw")
            left += grid.size[0] + gap
        (x, y), side = self._corners[0], self._grids[0].size[0]
        self.create_rectangle(x - 1, y - 1, x + side, y + side, outline=style.now.colours.edge, width=style.px(1))
        self._gap, self._high = gap, high
        self.bars = Bars(self, left, top, style.px(ANSWERS), high)
        self.others = [
            Bars(self, left + number * style.px(ANSWERS), top, style.px(ANSWERS), high)
            for number in range(1, len(beside) + 1)
        ]
        self._head(shape, left, beside)

    def rest(self) -> None:
        """Show the network without an image."""
        for number, (column, photo) in enumerate(zip(self._columns[:-1], self._pictures, strict=True)):
            nothing = np.zeros((column.units, 4, 4) if column.has_maps else column.units, np.float32)
            self._paint(photo, number, nothing, is_apart=False)
        for photo in self._gaps:
            photo.configure(data="")
        self.delete("ring")
        self._ways = []
        for bars in (*([self.bars] if self.bars else []), *self.others):
            bars.show((0.0,) * 10)

    def show(self, seen: Seen, pinned: Trace | None) -> Work[None]:
        """Show, in pieces of work, what a network does with an image, or how that differs from what's pinned."""
        for number, (column, photo) in enumerate(zip(self._columns[:-1], self._pictures, strict=True)):
            numbers = _apart(column, seen.traced, pinned)
            self._paint(photo, number, numbers, is_apart=pinned is not None)
            yield
        assert self.bars
        self.bars.show(seen.traced.probabilities.tolist(), pinned.probabilities.tolist() if pinned else None)
        yield

    def light(self, ways: Sequence[Sequence[Way]], thing: Thing | None) -> Work[None]:
        """Show ways into each column but the first, in pieces of work; ring the thing pointed at and its partners."""
        self._ways = list(ways)
        for number, each in enumerate(ways):
            self._draw_ways(number, each)
            yield
        self.delete("ring")
        if thing:
            for number, (start, to, amount) in ((number, way) for number, some in enumerate(ways) for way in some):
                for column, unit in ((number, start), (number + 1, to)):
                    if (column, unit) != thing[:2]:
                        self._ring(column, unit, sides().more if amount > 0 else sides().less)
            self._ring(thing.column, thing.unit, style.now.colours.ink, 2)

    def _paint(self, photo: tk.PhotoImage, number: int, numbers: Array, *, is_apart: bool) -> None:
        grid, column = self._grids[number], self._columns[number]
        if number == 0:
            if is_apart:
                photo.configure(data=paint.ppm(paint.tiles(numbers.reshape(1, SIDE, SIDE), Grid(1, 1, grid.size[0]))))
                return
            self._small.configure(data=ink(numbers.reshape(SIDE, SIDE)), format="ppm")
            photo.blank()
            photo.tk.call(photo, "copy", self._small, "-zoom", grid.side)  # faster than Tk reads large ones
            return
        made = paint.tiles(numbers, grid) if column.has_maps else paint.discs(numbers, grid)
        photo.configure(data=paint.ppm(made), format="ppm")

    def _draw_ways(self, number: int, ways: Sequence[Way]) -> None:
        """Draw ways into the column after ``number``, the strongest as dark as possible."""
        most = max((abs(way[2]) for way in ways), default=0)
        ends = [
            (self._height(number, start), self._height(number + 1, to), by / most) for start, to, by in ways if most
        ]
        shown = np.array(ends, np.float32).reshape(-1, 3)
        self._gaps[number].configure(data=paint.ppm(paint.lines(shown, self._gap, self._high)), format="ppm")

    def _height(self, column: int, unit: int) -> float:
        """Return how far a unit's middle is below the top of the columns."""
        return self._place(column, unit)[1] - style.px(HEAD)

    def _place(self, column: int, unit: int) -> tuple[float, float]:
        if column == len(self._grids):
            assert self.bars
            return self.bars.place(unit)
        (left, top), (x, y) = self._corners[column], self._grids[column].place(unit)
        return left + x, top + y

    def _ring(self, column: int, unit: int, colour: str, width: int = 1) -> None:
        if column == len(self._grids):
            return
        x, y = self._place(column, unit)
        half = self._grids[column].side / 2 + width
        shape = self.create_rectangle if column == 0 or self._columns[column].has_maps else self.create_oval
        shape(
            x - half, y - half, x + half, y + half, outline=colour, width=max(1, style.px(width) * 0.75), tags=("ring",)
        )

    def _head(self, shape: Sequence[Column], answers: float, beside: Sequence[str]) -> None:
        """Write each column's name above it."""
        texts = [_("28×28 pixels")]
        for column in shape[1:-1]:
            count = column.units
            filters, units = (
                ngettext("{count} filter", "{count} filters", count),
                ngettext("{count} unit", "{count} units", count),
            )
            texts.append((filters if column.has_maps else units).format(count=count))
        middles = [left + grid.size[0] / 2 for (left, _top), grid in zip(self._corners, self._grids, strict=True)]
        texts += [_("Answer"), *beside]
        middles += [answers + (number + 0.5) * style.px(ANSWERS) for number in range(len(beside) + 1)]
        font = Font(self, (style.family(self), 9))
        for text, x in zip(texts, middles, strict=True):
            while len(text) > 1 and font.measure(text) > style.px(ANSWERS) - style.px(6):
                text = f"{text.rstrip('…')[:-1]}…"  # noqa: PLW2901  (as much of it as there's room)
            self.create_text(x, style.px(HEAD / 2), text=text, fill=style.now.colours.muted, font=font)

    def _at(self, x: float, y: float) -> Thing | None:
        """Return the thing at this place."""
        if self.bars and (digit := self.bars.at(x, y)) is not None:
            return Thing(len(self._grids), digit)
        for number, ((left, top), grid) in enumerate(zip(self._corners, self._grids, strict=True)):
            if (unit := grid.at(x - left, y - top, self._columns[number].units)) is not None:
                return Thing(number, unit)
            part = (x - left - grid.size[0]) / max(1, self._gap)
            if 0 < part < 1 and number < len(self._ways):
                return self._way_at(number, part, y)
        return None

    def _way_at(self, number: int, part: float, y: float) -> Thing | None:
        """Return the way that passes through there, at a ``part`` of the gap after a column."""
        bent, nearest, found = part * part * (3 - 2 * part), float(style.px(NEAR)), None
        for start, to, _by in self._ways[number]:
            low, high = self._place(number, start)[1], self._place(number + 1, to)[1]
            away = abs(low + (high - low) * bent - y)
            if away < nearest:
                nearest, found = away, Thing(number + 1, to, start)
        return found

    def _moved(self, event: tk.Event[tk.Misc]) -> None:
        self._point(self._at(event.x, event.y))

    def _left(self, _event: tk.Event[tk.Misc]) -> None:
        self._point(None)

    def _point(self, thing: Thing | None) -> None:
        if thing != self._under:
            self._under = thing
            self._pointed(thing)

    def _clicked(self, event: tk.Event[tk.Misc]) -> None:
        self.focus_set()
        if thing := self._at(event.x, event.y):
            self._pinned(thing)

    def _step(self, across: int, down: int) -> str:
        """Go to another column, or to another unit of this one, by the keyboard."""
        if self._columns:
            thing = self._under or Thing(len(self._grids), 0)
            column = min(max(thing.column + across, 0), len(self._grids))
            units = self._columns[column].units
            unit = min(thing.unit * units // self._columns[thing.column].units + down, units - 1)
            self._point(Thing(column, max(unit, 0)))
        return "break"


def _apart(column: Column, traced: Trace, pinned: Trace | None) -> Array:
    """Return a column's answers, scaled so that the largest is 1, or how much more they are than the pinned ones."""
    numbers = column.own(traced.values[end(column)])
    before = column.own(pinned.values[end(column)]) if pinned else np.zeros_like(numbers)
    most = max(float(np.abs(numbers).max()), float(np.abs(before).max()), 1e-9)
    if column.units == PIXELS and column.layer is None and not pinned:
        return numbers
    return np.asarray((numbers - before) / most)
