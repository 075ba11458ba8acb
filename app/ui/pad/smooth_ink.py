"""Ink with smooth edges, which Tk's own lines don't have; it's made while no pen is down."""

from __future__ import annotations

import io
import tkinter as tk
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product
from math import ceil, floor
from time import perf_counter
from typing import TYPE_CHECKING

from app.ui.kit import style
from app.ui.kit.background import Timer

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

TILE = 128  # pixels a side of a stroke's pictures; those without ink are left out
TOGETHER = 16  # segments drawn at once
MOST_POINTS = 5_000  # in a stroke; a longer one stays a line: each of its pictures would have to check all of them
PAUSE = 150  # milliseconds without a pen before it begins
BUDGET = 0.003  # seconds at a time: a pen that comes down meanwhile doesn't wait
REST = 10  # milliseconds between pieces of work: what was made gets painted
MOST_PIXELS = 2_000_000  # all pictures together: 8 MB, and as much in the X server; anything more stays lines

Place = tuple[float, float]  # the screen's pixels on the canvas


@dataclass(slots=True)
class _Stroke:
    tag: str
    line: int  # the canvas item that shows the stroke until it's smooth
    places: Sequence[Place]
    width: float
    pictures: list[tk.PhotoImage] = field(default_factory=list)


class SmoothInk:
    """Replaces a canvas' lines with pictures, a few milliseconds at a time.

    Args:
        canvas: where the lines are.
        is_busy: whether a pen is down, so that this has to wait.
    """

    def __init__(self, canvas: tk.Canvas, is_busy: Callable[[], bool]):
        self._canvas = canvas
        self._is_busy = is_busy
        self._strokes: dict[str, _Stroke] = {}  # all of them, by tag
        self._waiting: deque[str] = deque()
        self._work: Iterator[None] | None = None  # on the current stroke
        self._timer = Timer(canvas)
        # macOS draws smooth lines itself, as finely as the screen can show.
        self._off = canvas.tk.call("tk", "windowingsystem") == "aqua"

    @property
    def is_done(self) -> bool:
        """Whether everything is smooth."""
        return self._work is None and not self._waiting

    def add(self, tag: str, line: int, places: Sequence[Place], width: float) -> None:
        """Make a stroke smooth soon: the canvas item ``line``, through these places, ``width`` pixels wide."""
        if not self._off and len(places) <= MOST_POINTS:
            self._strokes[tag] = _Stroke(tag, line, places, width)
            self._waiting.append(tag)
            self._timer.start(PAUSE, self._go_on)

    def drop(self, tag: str) -> None:
        """Forget a stroke and its pictures; the caller deletes their canvas items, which have its tag."""
        self._strokes.pop(tag, None)

    def _go_on(self) -> None:
        if self._is_busy():
            self._timer.start(PAUSE, self._go_on)
            return
        end = perf_counter() + BUDGET
        while perf_counter() < end:
            if self._work is None:
                if not self._waiting:
                    return
                stroke = self._strokes.get(self._waiting.popleft())
                if stroke is None:
                    continue
                self._work = self._make(stroke)
            if next(self._work, self) is self:
                self._work = None
        self._timer.start(REST, self._go_on)

    def _make(self, stroke: _Stroke) -> Iterator[None]:
        """Make a stroke's pictures, piece by piece, and remove its line once all are there."""
        room = MOST_PIXELS - sum(TILE**2 * len(each.pictures) for each in self._strokes.values())
        for left, top in _tiles(stroke):
            ink = Ink(TILE, stroke.width)
            for number, (start, end) in enumerate(_segments(stroke, left, top), 1):
                ink.draw((start[0] - left, start[1] - top), (end[0] - left, end[1] - top))
                if number % TOGETHER == 0:
                    yield
                    if stroke.tag not in self._strokes:
                        return
            if ink.is_blank:
                continue
            room -= TILE**2
            if room < 0:
                return
            photo = tk.PhotoImage(master=self._canvas, data=ink.png())
            stroke.pictures.append(photo)  # Tk drops a picture that nothing in Python references
            item = self._canvas.create_image(left, top, image=photo, anchor="nw", tags=(stroke.tag, "dry"))
            self._canvas.tag_raise(item, stroke.line)  # in the line's place: what's above it stays above it
            yield
            if stroke.tag not in self._strokes:
                return
        self._canvas.delete(stroke.line)


class Ink:
    """A transparent square with ink, ``side`` pixels a side, drawn with a round pen ``width`` pixels wide.

    How much of a pixel is covered depends on the distance from its middle to the nearest line, so an edge is as even
    as the hand was, wherever its points are.
    """

    def __init__(self, side: int, width: float):
        import numpy as np  # noqa: PLC0415  (neither it nor Pillow is needed to open the window)

        self._np, self._side = np, side
        self._radius = max(width, 1.0) / 2  # thinner only on a pad that doesn't have a size yet
        self._nearest: npt.NDArray[np.float32] = np.full((side, side), np.inf, np.float32)  # squared distances

    @property
    def is_blank(self) -> bool:
        """Whether nothing that was drawn is in it."""
        return bool(self._nearest.min() > (self._radius + 0.5) ** 2)

    def draw(self, start: Place, end: Place) -> None:
        """Draw a line between two places, or a dot if they're the same."""
        np, (x, y), (u, v) = self._np, start, end
        reach = self._radius + 1
        left, right = (min(max(floor(at), 0), self._side) for at in (min(x, u) - reach, max(x, u) + reach + 1))
        top, bottom = (min(max(floor(at), 0), self._side) for at in (min(y, v) - reach, max(y, v) + reach + 1))
        across = np.arange(left, right, dtype=np.float32) + np.float32(0.5 - x)
        down = np.arange(top, bottom, dtype=np.float32)[:, None] + np.float32(0.5 - y)
        wide, high = np.float32(u - x), np.float32(v - y)
        if wide or high:
            along = np.clip((across * wide + down * high) / (wide * wide + high * high), 0, 1)
            across, down = across - along * wide, down - along * high
        part = self._nearest[top:bottom, left:right]
        np.minimum(part, across * across + down * down, out=part)

    def png(self) -> bytes:
        """Return it as PNG, in the current ink colour."""
        from PIL import Image  # noqa: PLC0415

        covered = self._np.clip(self._radius + 0.5 - self._np.sqrt(self._nearest), 0, 1)
        picture = Image.new("RGB", covered.shape, style.now.colours.ink)
        picture.putalpha(Image.fromarray((covered * 255).round().astype("uint8")))
        file = io.BytesIO()
        picture.save(file, "PNG", compress_level=1)
        return file.getvalue()


def _tiles(stroke: _Stroke) -> Iterator[tuple[int, int]]:
    """Yield the left and top of each tile that a stroke's box covers."""
    edge = stroke.width / 2 + 1
    sides = []
    for axis in (0, 1):
        values = [place[axis] for place in stroke.places]
        low, high = floor(min(values) - edge), ceil(max(values) + edge)
        sides.append(range(low, high, TILE))
    yield from product(*sides)


def _segments(stroke: _Stroke, left: int, top: int) -> Iterator[tuple[Place, Place]]:
    """Yield the segments of a stroke whose ink can be in a tile; the first one is a dot at the stroke's first place."""
    edge = stroke.width / 2 + 1
    right, bottom = left + TILE + edge, top + TILE + edge
    for (x, y), (u, v) in pairwise([stroke.places[0], *stroke.places]):
        if max(x, u) >= left - edge and min(x, u) <= right and max(y, v) >= top - edge and min(y, v) <= bottom:
            yield (x, y), (u, v)
