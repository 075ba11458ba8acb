"""Dry strokes with smooth edges, which Tk's own lines have not: drawn by Pillow while no pen is down."""

from __future__ import annotations

import io
import tkinter as tk
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product
from math import ceil, floor
from time import perf_counter

from app.ui.kit import style
from app.ui.kit.background import Timer
from app.ui.pad.pad_marks import around

FINER = 4  # times as large it is drawn, and then scaled down
TILE = 128  # pixels a side of the pictures that a stroke is made of; those without ink are left out
TOGETHER = 64  # segments drawn at once
MOST_POINTS = 5_000  # of a stroke; a longer one stays a line: each of its pictures would take a look at all of them
PAUSE = 150  # milliseconds without a pen before it begins
BUDGET = 0.003  # seconds at a time: a pen that comes down meanwhile does not wait
REST = 10  # milliseconds between: what was made gets painted
MOST_PIXELS = 2_000_000  # of all pictures together: 8 MB, and as much at the X server; what is more stays lines

Place = tuple[float, float]  # the screen's pixels on the canvas


@dataclass(slots=True)
class _Stroke:
    tag: str
    line: int  # the canvas item that shows it until it is smooth
    places: Sequence[Place]
    width: float
    pictures: list[tk.PhotoImage] = field(default_factory=list)


class SmoothInk:
    """Takes the lines of a canvas and puts pictures in their places, a few milliseconds at a time.

    Args:
        canvas: where the lines are.
        is_busy: whether a pen is down, so that it has to wait.
    """

    def __init__(self, canvas: tk.Canvas, is_busy: Callable[[], bool]):
        self._canvas = canvas
        self._is_busy = is_busy
        self._strokes: dict[str, _Stroke] = {}  # all, by their tags
        self._waiting: deque[str] = deque()
        self._work: Iterator[None] | None = None  # the stroke that is being made
        self._timer = Timer(canvas)
        # macOS draws lines smoothly itself, as finely as the screen can.
        self._off = canvas.tk.call("tk", "windowingsystem") == "aqua"

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to be made smooth."""
        return self._work is None and not self._waiting

    def add(self, tag: str, line: int, places: Sequence[Place], width: float) -> None:
        """Make a stroke smooth soon: the canvas item ``line``, through these places, so many pixels wide."""
        if not self._off and len(places) <= MOST_POINTS:
            self._strokes[tag] = _Stroke(tag, line, places, width)
            self._waiting.append(tag)
            self._timer.start(PAUSE, self._go_on)

    def drop(self, tag: str) -> None:
        """Forget a stroke and its pictures; their canvas items, which have its tag, are deleted by who added it."""
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
        """Make a stroke's pictures, piece by piece, and take its line away when all are there."""
        from PIL import Image, ImageDraw  # noqa: PLC0415  (Pillow is not needed to open the window)

        room = MOST_PIXELS - sum(TILE**2 * len(each.pictures) for each in self._strokes.values())
        for left, top in _tiles(stroke):
            ink = Image.new("L", (TILE * FINER, TILE * FINER))
            pen = ImageDraw.Draw(ink)
            width = max(1, round(stroke.width * FINER))  # thinner only on a pad that has no size yet
            radius = (width - 1) / 2  # of ends and joints, exactly as wide as Pillow's line: wider ones look like beads
            for number, segment in enumerate(_segments(stroke, left, top), 1):
                ends = [((x - left) * FINER, (y - top) * FINER) for x, y in segment]
                pen.line(ends, fill=255, width=width)
                pen.ellipse(around(*ends[-1], radius), fill=255)
                if number % TOGETHER == 0:
                    yield
                    if stroke.tag not in self._strokes:
                        return
            if not ink.getbbox():
                continue
            room -= TILE**2
            if room < 0:
                return
            picture = Image.new("RGB", (TILE, TILE), style.now.colours.ink)
            picture.putalpha(ink.reduce(FINER))
            file = io.BytesIO()
            picture.save(file, "PNG", compress_level=1)
            photo = tk.PhotoImage(master=self._canvas, data=file.getvalue())
            stroke.pictures.append(photo)  # Tk forgets a picture that nobody in Python holds
            item = self._canvas.create_image(left, top, image=photo, anchor="nw", tags=(stroke.tag, "dry"))
            self._canvas.tag_raise(item, stroke.line)  # in the line's place: what is over it stays over it
            yield
            if stroke.tag not in self._strokes:
                return
        self._canvas.delete(stroke.line)


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
    """Yield the segments of a stroke whose ink can be in a tile; the first is from its first place to itself."""
    edge = stroke.width / 2 + 1
    right, bottom = left + TILE + edge, top + TILE + edge
    for (x, y), (u, v) in pairwise([stroke.places[0], *stroke.places]):
        if max(x, u) >= left - edge and min(x, u) <= right and max(y, v) >= top - edge and min(y, v) <= bottom:
            yield (x, y), (u, v)
