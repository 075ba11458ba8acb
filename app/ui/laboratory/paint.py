"""A network drawn as pictures: units as discs, maps as tiles, and ways as lines that add up.

NumPy draws them: Tk's own lines are jagged, and a canvas of a thousand discs is slow.
"""

from __future__ import annotations

import functools
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from app.ui.inside.pixels import rgb, sides
from app.ui.kit import style
from model.inside.steps import Array

Picture = npt.NDArray[np.uint8]  # (rows, columns, 3)

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

    def place(self, unit: int) -> tuple[float, float]:
        """Return the middle of a unit's square, x and y."""
        row, column = divmod(unit, self.columns)
        return (column + 0.5) * self.side, (row + 0.5) * self.side

    def at(self, x: float, y: float, units: int) -> int | None:
        """Return the unit at this place; None if there isn't one."""
        row, column = int(y // self.side), int(x // self.side)
        unit = row * self.columns + column
        return unit if 0 <= column < self.columns and 0 <= row < self.rows and unit < units else None


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
    cover = _disc(place.side)
    whole = np.zeros(place.rows * place.columns, np.float32)
    whole[: len(answers)] = answers
    colours = _coloured(whole)  # (n, 3)
    colours[len(answers) :] = _ground()
    squares = _ground() + (colours - _ground())[:, None, None] * cover[..., None]
    return _laid(squares, place)


def tiles(maps: Array, place: Grid) -> Picture:
    """Return maps of numbers from -1 to 1, (units, rows, columns), as tiles."""
    inner = max(1, place.side - GAP)
    across = np.arange(inner) * maps.shape[2] // inner
    down = np.arange(inner) * maps.shape[1] // inner
    shown = maps[:, down][:, :, across]
    squares = np.empty((place.rows * place.columns, place.side, place.side, 3), np.float32)
    squares[:] = _ground()
    squares[: len(maps), :inner, :inner] = _coloured(shown)
    return _laid(squares, place)


def lines(ways: npt.NDArray[np.floating], width: int, height: int) -> Picture:
    """Return ways from the left edge to the right one. Each row of ``ways``, (n, 3), has start, end and strength.

    The start and the end are heights. Strengths go from -1, against, to 1, for. They add up where lines cross.
    """
    part = np.linspace(0, 1, width + height, dtype=np.float32)  # enough points for every pixel of a steep line
    bent = part * part * (3 - 2 * part)  # level at both ends
    across = part * (width - 1)
    rise = ways[:, 1:2] - ways[:, :1]
    step = np.hypot(width, rise * 6 * part * (1 - part)) / len(part)  # pixels between two points
    size = np.abs(ways[:, 2:])
    sums = np.zeros(2 * height * width)  # for, and against
    first = (ways[:, 2:] < 0) * (height * width)
    pen = style.now.factor * PEN
    for by in np.linspace(-pen, pen, 2 * round(style.now.factor)):
        down = np.clip(ways[:, :1] + rise * bent + by * (0.4 + size), 0, height - 1.01)
        cover = step * (FAINTEST + (1 - FAINTEST) * size)
        row, column = down.astype(np.intp), np.minimum(across.astype(np.intp), width - 2)
        low, left = down - row, across - column
        for below, of_rows in ((0, 1 - low), (1, low)):
            for right, of_columns in ((0, 1 - left), (1, left)):
                flat = (first + (row + below) * width + column + right).ravel()
                sums += np.bincount(flat, (cover * of_rows * of_columns).ravel(), len(sums))
    inks = 1 - np.exp(-DENSE * sums.reshape(2, height, width).astype(np.float32))
    colours = np.empty((height, width, 3), np.float32)
    colours[:] = _ground()
    for ink, colour in zip(inks[::-1], (sides().less, sides().more), strict=True):
        colours += (np.array(rgb(colour), np.float32) - colours) * ink[..., None]
    return colours.astype(np.uint8)


def ppm(picture: Picture) -> bytes:
    """Return a picture in a format that Tk reads."""
    return b"P6 %d %d 255\n" % (picture.shape[1], picture.shape[0]) + picture.tobytes()


def _laid(squares: npt.NDArray[np.floating], place: Grid) -> Picture:
    parts = squares.astype(np.uint8).reshape(place.rows, place.columns, place.side, place.side, 3)
    return parts.swapaxes(1, 2).reshape(place.rows * place.side, place.columns * place.side, 3)


def _coloured(numbers: Array) -> npt.NDArray[np.float32]:
    """Return colours for numbers from -1 to 1: 0 is nearly the ground's colour, just visible."""
    colours = style.now.colours
    ground = np.array(rgb(colours.paper), np.float32)
    rest = ground + (np.array(rgb(colours.ink), np.float32) - ground) * REST
    parts = np.sqrt(np.clip(np.abs(numbers), 0, 1))[..., None].astype(np.float32)
    far = np.where((numbers < 0)[..., None], np.array(rgb(sides().less), np.float32), rgb(sides().more))
    return np.asarray(rest + (far - rest) * parts, np.float32)


def _ground() -> npt.NDArray[np.float32]:
    return np.array(rgb(style.now.colours.paper), np.float32)


@functools.lru_cache(maxsize=32)
def _disc(side: int) -> npt.NDArray[np.float32]:
    """Return how much of each pixel of a square a disc covers."""
    if side < 4:
        cover = np.ones((side, side), np.float32)
        cover[-1] = cover[:, -1] = 0 if side > 1 else 1
        return cover
    away = np.arange(side) + 0.5 - side / 2
    return np.asarray(np.clip(DISC * side + 0.5 - np.hypot(away[:, None], away), 0, 1), np.float32)
