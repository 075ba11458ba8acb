"""A network drawn as pictures: units as discs, maps as tiles, and ways as lines that add up.

NumPy draws them: Tk's own lines are jagged, and a canvas of a thousand discs is slow.
"""

from __future__ import annotations

import functools
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from app.ui.inside.pixels import Colours, Picture, mixed, rgb, sides
from app.ui.kit import style
from model.base.work import Work
from model.inside.steps import Array

DISC = 0.42  # a disc's radius, as a part of the unit's room
GAP = 2  # pixels between two maps
DENSE = 0.9  # how soon overlapping lines reach full darkness
PEN, FAINTEST = 0.45, 0.15  # pixels of half a line's width; and the strength of the weakest line
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
    return _laid(mixed(style.now.colours.paper, coloured(answers)[:, None, None], _disc(place.side)), place)


def tiles(maps: Array, place: Grid) -> Picture:
    """Return maps of numbers from -1 to 1, (units, rows, columns), as tiles."""
    inner = max(1, place.side - GAP)
    down, across = (np.arange(inner) * length // inner for length in maps.shape[1:])
    return _laid(coloured(maps)[:, down][:, :, across], place)


def lines(ways: npt.NDArray[np.floating], width: int, height: int) -> Work[Picture]:
    """Return, in pieces of work, ways from the left edge to the right one.

    Each row of ``ways``, (n, 3), has start, end and strength. The start and the end are heights. Strengths go from -1,
    against, to 1, for. They add up where lines cross.
    """
    part = np.linspace(0, 1, width + height, dtype=np.float32)  # enough points for every pixel of a steep line
    bent = part * part * (3 - 2 * part)  # level at both ends
    across = part * (width - 1)
    column = np.minimum(across.astype(np.intp), width - 2)
    right = across - column
    rise = ways[:, 1:2] - ways[:, :1]
    step = np.hypot(width, rise * 6 * part * (1 - part)) / len(part)  # pixels between two points
    size = np.abs(ways[:, 2:])
    cover = step * (FAINTEST + (1 - FAINTEST) * size)
    first = (ways[:, 2:] < 0) * (height * width) + column
    sums = np.zeros(2 * height * width)  # for, and against
    pen = style.now.factor * PEN
    for by in np.linspace(-pen, pen, 2 * round(style.now.factor)):
        yield
        down = np.clip(ways[:, :1] + rise * bent + by * (0.4 + size), 0, height - 1.01)
        row = down.astype(np.intp)
        low, place = (down - row) * cover, first + row * width
        high = cover - low
        shares = np.stack([high * (1 - right), high * right, low * (1 - right), low * right])
        places = np.stack([place, place + 1, place + width, place + width + 1])
        yield
        sums += np.bincount(places.ravel(), shares.ravel(), len(sums))
    yield
    drawn = np.flatnonzero(sums.reshape(2, -1).any(0))
    more, less = 1 - np.exp(-DENSE * sums.reshape(2, -1)[:, drawn])
    picture = np.full((height * width, 3), rgb(style.now.colours.paper), np.uint8)
    picture[drawn] = mixed(mixed(style.now.colours.paper, sides().less, less), sides().more, more)
    return picture.reshape(height, width, 3)


def coloured(numbers: Array) -> Colours:
    """Return colours for numbers from -1 to 1: 0 is nearly the ground's colour, just visible."""
    colours = style.now.colours
    rest = mixed(mixed(colours.paper, colours.ink, REST), sides().more, np.sqrt(numbers.clip(0)))
    return mixed(rest, sides().less, np.sqrt((-numbers).clip(0)))


def _laid(shown: Colours, place: Grid) -> Picture:
    """Return units' pictures, (units, rows, columns, 3), each at the corner of its square."""
    rows, columns, side = place
    squares = np.full((rows * columns, side, side, 3), rgb(style.now.colours.paper), np.uint8)
    squares[: len(shown), : shown.shape[1], : shown.shape[2]] = shown
    return squares.reshape(rows, columns, side, side, 3).swapaxes(1, 2).reshape(rows * side, columns * side, 3)


@functools.lru_cache(maxsize=32)
def _disc(side: int) -> npt.NDArray[np.float32]:
    """Return how much of each pixel of a square a disc covers."""
    if side < 4:
        cover = np.ones((side, side), np.float32)
        cover[-1] = cover[:, -1] = 0 if side > 1 else 1
        return cover
    away = np.arange(side) + 0.5 - side / 2
    return np.asarray(np.clip(DISC * side + 0.5 - np.hypot(away[:, None], away), 0, 1), np.float32)
