"""How a network reads 1,000 drawn digits, epoch after epoch: a map, a confusion matrix, and its first units."""

from __future__ import annotations

import base64
import colorsys
import functools
import tkinter as tk
from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from app.jobs.training import MOST_WATCHED, TrainingProgress
from app.ui.kit import style
from app.ui.kit.background import Slices
from app.ui.laboratory import paint
from app.ui.laboratory.paint import Grid
from app.ui.laboratory.squares import Squares
from app.ui.laboratory.things import Things
from app.ui.laboratory.words import COLOURS, Told
from model.base.events import Grids, Watched
from model.base.language import _
from model.base.work import Work

HEIGHT, HEAD, GAP, NEAR = 290, 20, 12, 8  # pixels of 1/96 inch; the last is how close the pointer has to be to a point
MAP, MATRIX = 0.42, 0.31  # of the width
FAR = 1.9  # from the middle to the map's edge
DARK = 0.3  # of a row: a cell darker than this has a bright number
TOGETHER = 100  # points that are moved in one piece of work
KINDS = ("point", "cell", "unit")

Numbers = npt.NDArray[np.floating]


class Thing(NamedTuple):
    """What's pointed at: a drawn digit, a cell of the matrix, or one of the units on display."""

    kind: str
    number: int


class WatchView(Things[Thing]):
    """Shows a network at an epoch; ``tell`` gets what's pointed at, ``choose`` the drawing that's clicked."""

    def __init__(
        self, parent: tk.Misc, wide: int, tell: Callable[[Told | None], object], choose: Callable[[int], object]
    ):
        super().__init__(parent)
        self.configure(width=wide, height=style.px(HEIGHT))
        self._tell, self._choose = tell, choose
        self._work = Slices(self, lambda _error: None)
        self._progress = TrainingProgress()
        self._chosen = 0
        self._points: list[int] = []  # the map's digits, on the canvas
        self._places: Numbers = np.zeros((0, 2))  # of the digits, on the map
        self._digits: Numbers = np.zeros(0)
        gap, head, high = style.px(GAP), style.px(HEAD), style.px(HEIGHT)
        self._side = min(int(MAP * wide), high - head - gap)
        cell = min(int(MATRIX * wide), high - head - gap) // 11
        left = self._side + 2 * gap
        self.matrix = Squares(self, (left + cell, head + cell), Grid(10, 10, cell))
        left += 11 * cell + gap
        self._room = (max(1, wide - left - gap), (high - 2 * head - gap) // 2)
        tops = (head, 2 * head + self._room[1])
        self._units = [Squares(self, (left, top), Grid(1, 1, 1)) for top in tops]  # their weights, and their answers
        self._font = (style.family(self), 8)
        self._title = self._write((gap, head / 2), "", "w")
        self._write((left - 10 * cell - gap, head / 2), _("Digit (row), read as (column)"), "w")
        self._captions = [self._write((left, top - head / 2), "", "w") for top in tops]
        for digit in range(10):
            x, y = self.matrix.place(11 * digit)
            self._write((left - 10.5 * cell - gap, y), str(digit))
            self._write((x, head + cell / 2), str(digit))
        self._counts = [self._write(self.matrix.place(number), "") for number in range(100)]
        self._empty = self._write((gap + self._side / 2, high / 2), _("The map comes with the first epoch."))

    def show(self, progress: TrainingProgress, place: float) -> None:
        """Show a moment of the training, from 0, before it, to 1, now; between two epochs, points move."""
        self._progress = progress
        if progress.watched and progress.drawn:
            self._work.start(self._draw(place * (len(progress.watched) - 1)))

    @property
    def is_working(self) -> bool:
        """Whether there's still something to show."""
        return self._work.busy

    def _draw(self, at: float) -> Work[None]:
        watched, drawn = self._progress.watched, self._progress.drawn
        assert drawn
        first, self._now = watched[int(at)], watched[round(at)]
        self._digits = np.array(list(map(int, drawn.digits)))
        self._read = np.array(list(map(int, self._now.read)))
        yield from self._draw_units(self._now)
        counts = np.bincount(self._digits * 10 + self._read, minlength=100).reshape(10, 10)
        parts = counts / np.maximum(counts.sum(1, keepdims=True), 1) * (2 * np.eye(10) - 1)
        self.matrix.show(parts.reshape(-1, 1, 1))
        looks = style.now.colours
        for item, count, part in zip(self._counts, counts.ravel().tolist(), abs(parts).ravel(), strict=True):
            self.itemconfigure(item, text=str(count) if count else "", fill=looks.paper if part > DARK else looks.ink)
        yield
        self.delete(self._empty)
        if not self._points:
            self._points = [self.create_text(0, 0, text=digit, font=self._font) for digit in drawn.digits]
        here, there = _places(first), _places(watched[min(int(at) + 1, len(watched) - 1)])
        self._places = self._on_map(here + (there - here) * (at - int(at)))
        ink, colours = style.now.colours.ink, _colours()
        right = self._read == self._digits
        title = _("{right} of {count:,} drawn digits are read right").format(right=right.sum(), count=len(right))
        self.itemconfigure(self._title, text=title)
        for start in range(0, len(self._points), TOGETHER):
            for number in range(start, min(start + TOGETHER, len(self._points))):
                self.coords(self._points[number], *self._places[number].tolist())
                fill = colours[self._digits[number]] if right[number] else ink
                self.itemconfigure(self._points[number], fill=fill)
            yield
        self.told()

    def _draw_units(self, now: Watched) -> Work[None]:
        weights, answers = _numbers(now.weights), _numbers(now.answers)
        last = now.unit + len(weights)
        about = _("Weights of units {first} to {last} of {count}")
        about = about.format(first=now.unit + 1, last=last, count=now.units)
        for caption, text in zip(self._captions, (about, _("Answers to the ringed digit")), strict=True):
            self.itemconfigure(caption, text=text)
        for squares, numbers in zip(self._units, (weights, answers), strict=True):
            squares.grid = paint.grid(len(numbers), *self._room, self._room[1] // 2)
            squares.show(numbers)
            yield

    def _write(self, place: tuple[float, float], text: str, anchor: Literal["w", "center"] = "center") -> int:
        fill = style.now.colours.muted
        x, y = place
        return self.create_text(x, y, text=text, anchor=anchor, font=self._font, fill=fill)

    def _on_map(self, places: Numbers) -> Numbers:
        middle = np.array([style.px(GAP) + self._side / 2, style.px(HEAD) + self._side / 2])
        return np.asarray(middle + np.clip(places / FAR, -0.99, 0.99) * self._side / 2)

    def at(self, x: float, y: float) -> Thing | None:
        """Return the thing at this place."""
        for kind, squares in zip(("cell", "unit", "unit"), (self.matrix, *self._units), strict=True):
            if (number := squares.at(x, y)) is not None:
                return Thing(kind, number)
        away = np.hypot(*(self._places - (x, y)).T)
        return Thing("point", int(away.argmin())) if away.size and away.min() <= style.px(NEAR) else None

    def beside(self, across: int, down: int) -> Thing | None:
        """Return the next thing of this kind, or the first of another kind."""
        if not self._points:
            return None
        kind, number = self.under or Thing("point", self._chosen - across)
        if down:
            kind, number = KINDS[(KINDS.index(kind) + down) % len(KINDS)], -across
        count = {"point": len(self._points), "cell": 100, "unit": self._now.weights.count}[kind]
        return Thing(kind, (number + across) % count)

    def press(self) -> None:
        """Choose the drawing that's pointed at, so that the units show what they make of it."""
        if self.under and self.under.kind == "point":
            self._chosen = self.under.number
            self._choose(self._chosen)

    def told(self) -> None:
        """Say what's pointed at, and highlight it and what belongs to it."""
        if self._points:
            self.delete("ring")
            self.ring(self._places[self._chosen], style.px(NEAR), style.now.colours.accent)
            about = {"point": self._of_point, "cell": self._of_cell, "unit": self._of_unit}
            self._tell(about[self.under.kind](self.under.number) if self.under else None)

    def _of_point(self, number: int) -> Told:
        """Show a drawing's path over the epochs, and return what to say about it."""
        way = [self._on_map(_places(each)[number]).tolist() for each in self._progress.watched]
        if len(way) > 1:
            self.create_line(*way, fill=style.now.colours.ink, width=style.px(1), tags=("ring",))
        self.ring(self._places[number], style.px(NEAR), style.now.colours.ink)
        title = _("A drawn {digit}, read as {read}").format(digit=self._digits[number], read=self._read[number])
        before = _("Before training it was read as {read}.").format(read=self._progress.watched[0].read[number])
        click = _("A click shows what the units make of it.")
        return Told(title, f"{before} {click}", self._image(number), [])

    def _of_cell(self, number: int) -> Told:
        """Ring the drawings that a cell counts, and return what to say about them."""
        digit, read = divmod(number, 10)
        those = np.flatnonzero((self._digits == digit) & (self._read == read))
        for each in those.tolist():
            self.ring(self._places[each], style.px(NEAR * 0.8), style.now.colours.ink)
        self.matrix.ring(number, style.now.colours.ink)
        title = _("{digit} read as {read}").format(digit=digit, read=read)
        every = int((self._digits == digit).sum())
        text = _("{count} of {all} drawings.")
        picture = self._image(those[0]) if len(those) else None
        return Told(title, text.format(count=len(those), all=every), picture, [])

    def _of_unit(self, number: int) -> Told:
        weights = _numbers(self._now.weights)[number]
        for squares in self._units:
            squares.ring(number, style.now.colours.ink)
        title = _("Unit {unit} of the first hidden layer").format(unit=self._now.unit + number + 1)
        return Told(title, _(COLOURS), weights, [])

    def _image(self, number: int) -> Numbers:
        assert self._progress.drawn
        return np.asarray(_images(self._progress.drawn.images)[number] / 255)


@functools.lru_cache(maxsize=MOST_WATCHED)
def _places(watched: Watched) -> Numbers:
    """Return the drawings' places, (n, 2)."""
    return np.frombuffer(base64.b64decode(watched.places), "<f4").reshape(-1, 2)


@functools.lru_cache(maxsize=1)
def _images(packed: str) -> npt.NDArray[np.uint8]:
    return np.frombuffer(base64.b64decode(packed), np.uint8).reshape(-1, 28, 28)


def _numbers(grids: Grids) -> Numbers:
    """Return grids of numbers from -1 to 1."""
    flat = np.frombuffer(base64.b64decode(grids.numbers), np.int8)
    return flat.reshape(grids.count, grids.rows, grids.columns) / 127


def _colours() -> list[str]:
    """Return a colour for each digit, with hues as far apart as possible."""
    light = 0.36 if style.now.colours is style.LIGHT else 0.7
    hues = ((round(part * 255) for part in colorsys.hls_to_rgb(digit / 10, light, 0.75)) for digit in range(10))
    return ["#{:02x}{:02x}{:02x}".format(*hue) for hue in hues]
