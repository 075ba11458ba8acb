"""A network drawn as pictures: units as discs, maps as tiles, and ways as lines that add up.

NumPy draws them: Tk's own lines are jagged, and a canvas of a thousand discs is slow.
"""

from __future__ import annotations

import functools
import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from app.ui.inside.pixels import Picture, mixed, rgb
from app.ui.kit import style
from app.ui.kit.style import Colours
from model.base.work import Work
from model.inside.steps import Array

DISC = 0.42  # a disc's radius, as a part of the unit's room
GAP = 2  # pixels between two maps
DENSE = 0.9  # how soon overlapping lines reach full darkness
PEN, FAINTEST = 0.45, 0.15  # pixels of half a line's width; and the strength of the weakest line
INK = 2  # of the strongest line, where it's level
SHADES = 127  # of each of the two colours
REST = 0.10  # of the ink, in a disc whose unit answers 0


class Grid(NamedTuple):
    """Where units are: row by row, each in a square."""

    rows: int
    columns: int
    side: int  # pixels a side of a unit's square

    @property
    def size(self) -> tuple[int, int]:
        """The width and the height, in pixels."""
        return self.columns * self.side, self.rows * self.side


def grid(units: int, width: int, height: int, largest: int) -> Grid:
    """Return the grid with the largest squares for this many units and room, at most ``largest``."""
    for side in range(min(largest, height), 1, -1):
        rows = height // side
        columns = -(-units // rows)
        if columns * side <= width:
            return Grid(-(-units // columns), columns, side)
    return Grid(-(-units // width), width, 1)


def discs(answers: Array, place: Grid) -> Picture:
    """Return units' answers from -1 to 1, (units,), as discs."""
    return _laid(_discs(place.side, style.now.colours)[_shade(answers)], place)


def tiles(maps: Array, place: Grid) -> Picture:
    """Return maps of numbers from -1 to 1, (units, rows, columns), as tiles."""
    inner = max(1, place.side - GAP)
    down, across = (np.arange(inner) * length // inner for length in maps.shape[1:])
    return _laid(coloured(maps)[:, down][:, :, across], place)


def lines(ways: npt.NDArray[np.floating], width: int, height: int) -> Work[Picture]:
    """Return, in pieces of work, ways from the left edge to the right one.

    Each row of ``ways``, (n, 3), has start, end and strength. The start and the end are heights. Strengths go from -1,
    against, to 1, for. They add up where lines cross.

    In each column of pixels, a line's ink is a triangle over its rows: the steeper the line, the longer.
    """
    part = np.linspace(0, 1, width, dtype=np.float32)
    rise, size = ways[:, 1:2] - ways[:, :1], np.abs(ways[:, 2:])
    middle = ways[:, :1] + rise * part * part * (3 - 2 * part)  # level at both ends
    steep = rise * 6 * part * (1 - part) / width
    half = np.hypot(1 + style.now.factor * PEN * (0.4 + size), steep)
    ink = INK * style.now.factor * np.hypot(1, steep) * (FAINTEST + (1 - FAINTEST) * size) / half
    row = np.ceil(middle - half)[..., None] + np.arange(math.ceil(2 * half.max(initial=0)), dtype=np.float32)
    yield
    shares = np.maximum(0, 1 - np.abs(row - middle[..., None]) / half[..., None]) * ink[..., None]
    yield
    place = row.clip(0, height - 1).astype(np.intp) * width + np.arange(width)[:, None]
    place += (ways[:, 2:, None] < 0) * (height * width)
    yield
    inked = np.bincount(place.ravel(), shares.ravel(), 2 * height * width).reshape(2, -1)  # for, and against
    yield
    drawn = np.flatnonzero(inked.any(0))
    more, less = (SHADES * (1 - np.exp(-DENSE * inked[:, drawn]))).astype(np.intp)
    picture = _paper(height * width)
    picture[drawn] = _crossings(style.now.colours)[more, less]
    return picture.reshape(height, width, 3)


def coloured(numbers: Array) -> Picture:
    """Return colours for numbers from -1 to 1: 0 is nearly the ground's colour, just visible."""
    return _shades(style.now.colours)[_shade(numbers)]


def _shade(numbers: Array) -> npt.NDArray[np.intp]:
    """Return the indices of numbers' shades."""
    return np.asarray(SHADES * (1 + np.copysign(np.sqrt(np.abs(numbers)), numbers))).round().astype(np.intp)


@functools.lru_cache(maxsize=2)
def _shades(colours: Colours) -> Picture:
    """Return all shades, (2 * SHADES + 1, 3)."""
    parts = np.linspace(-1, 1, 2 * SHADES + 1)
    rest = mixed(mixed(colours.paper, colours.ink, REST), colours.more, parts)
    return mixed(rest, colours.less, -parts).astype(np.uint8)


@functools.lru_cache(maxsize=2)
def _crossings(colours: Colours) -> Picture:
    """Return what's seen where so much of lines for something crosses so much of lines against it."""
    parts = np.linspace(0, 1, SHADES + 1)
    return mixed(mixed(colours.paper, colours.less, parts), colours.more, parts[:, None]).astype(np.uint8)


@functools.lru_cache(maxsize=8)  # a few layers; up to 1.5 MB each
def _discs(side: int, colours: Colours) -> Picture:
    """Return a disc of each shade, (2 * SHADES + 1, side, side, 3)."""
    away = np.arange(side) + 0.5 - side / 2
    cover = np.clip(DISC * side + 0.5 - np.hypot(away[:, None], away), 0, 1).astype(np.float32)
    if side < 4:  # there's no room for a disc
        cover[:] = 1
        cover[-1] = cover[:, -1] = 0 if side > 1 else 1
    return mixed(colours.paper, _shades(colours)[:, None, None].astype(np.float32), cover).astype(np.uint8)


def _laid(shown: Picture, place: Grid) -> Picture:
    """Return units' pictures, (units, rows, columns, 3), each at the corner of its square."""
    rows, columns, side = place
    squares = _paper(rows * columns, side, side)
    squares[: len(shown), : shown.shape[1], : shown.shape[2]] = shown
    return squares.reshape(rows, columns, side, side, 3).swapaxes(1, 2).reshape(rows * side, columns * side, 3)


def _paper(*shape: int) -> Picture:
    """Return a blank picture; ``np.full`` would take thirty times as long."""
    return np.frombuffer(bytearray(bytes(rgb(style.now.colours.paper)) * math.prod(shape)), np.uint8).reshape(*shape, 3)
