"""A digit on paper as a pen would have drawn it: its ink is thinned to lines, and these are followed.

Zhang and Suen: A fast parallel algorithm for thinning digital patterns (1984).
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
from PIL import Image

from model.ink.ink import Drawing, Point, Stroke
from model.reading.connected import Mask
from model.reading.picture import Grey, ink_width, resized

SIDE = 72  # pixels of the ink's longer side while it's followed
DARK = 110  # of 255: what is darker is ink
SPUR = 0.9  # widths of the pen: what is shorter is an uneven edge, and no stroke
BRIDGE = 3  # pixels: what is longer and joins two lines, isn't just a corner of one
BACK = 5  # pixels that tell in which direction a line goes
EVEN = 2  # pixels before and after each that its place is averaged over: a line of pixels goes in steps
APART = 2  # pixels from one point of a stroke to the next

Pixel = tuple[int, int]  # its row and column
BESIDE = ((0, 1), (1, 0), (0, -1), (-1, 0), (1, 1), (1, -1), (-1, -1), (-1, 1))
CLOCKWISE = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))  # from above
BARE = (((0, 2, 4), (2, 4, 6)), ((0, 2, 6), (0, 4, 6)))  # of these, one each is paper: in the first pass, and the next


def traced(ink: Grey) -> Drawing:
    """Return the box around a digit's ink, 0 paper to 255 ink, as a drawing; a blank one if it has no line."""
    dark = np.asarray(resized(np.pad(ink, 1), SIDE / max(ink.shape))) > DARK
    line = _thinned(dark)
    if not line.any():  # a solid square has no line, either
        return Drawing()
    pen = ink_width(Image.fromarray(dark.astype(np.uint8) * 255))
    strokes = (_stroke(path) for path in _paths(line, SPUR * pen))
    return Drawing(tuple(strokes), width=round(pen, 1))


def _thinned(ink: Mask) -> Mask:
    """Return the middle lines of ink, a pixel wide, as they hang together."""
    line = np.pad(ink, 1).astype(np.int8)
    while True:
        before = int(line.sum())
        for bare in BARE:
            around = [np.roll(line, (-down, -right), (0, 1)) for down, right in CLOCKWISE]
            count = np.sum(around, 0)
            edges = sum((one < other) for one, other in zip(around, [*around[1:], around[0]], strict=True))
            may_go = (count > 1) & (count < 7) & (edges == 1)
            for one, other, third in bare:
                may_go &= (around[one] & around[other] & around[third]) == 0
            line[may_go] = 0
        if int(line.sum()) == before:
            return line.astype(np.bool_)


def _paths(line: Mask, least: float) -> list[list[Pixel]]:
    """Return lines a pixel wide as paths, each as long and as straight as it can be followed.

    A path that leaves another one and ends before it has so many pixels is left out.
    """
    every = {(int(row), int(column)) for row, column in zip(*np.nonzero(line), strict=True)}
    left, paths = set(every), list[list[Pixel]]()
    while left:
        start = min([pixel for pixel in left if len(_beside(pixel, left)) < 2] or left)  # a ring has no end
        path = [*_beside(start, every - left)[:1], start]  # from the line that it leaves
        left.discard(start)
        while further := _beside(path[-1], left):
            path.append(_straight_on(path, further))
            left.discard(path[-1])
        end = [pixel for pixel in _beside(path[-1], every - left) if pixel not in path[-3:]][:1]  # on another line
        if not paths or len(path) > (BRIDGE if end else least):
            paths.append(path + end)
    return paths


def _beside(pixel: Pixel, among: Collection[Pixel]) -> list[Pixel]:
    """Return which pixels touch one, those that share an edge with it first."""
    near = ((pixel[0] + down, pixel[1] + right) for down, right in BESIDE)
    return [each for each in near if each in among]


def _straight_on(path: list[Pixel], further: list[Pixel]) -> Pixel:
    """Return the pixel that continues a path best: one that shares an edge, where that isn't back."""
    last, before = np.array(path[-1]), np.array(path[-min(len(path), BACK + 1)])

    def straight(pixel: Pixel) -> tuple[bool, float]:
        step = np.array(pixel) - last
        on = float(step @ (last - before)) / float(np.hypot(*step))
        return bool(np.abs(step).sum() == 1 and on >= 0), on

    return max(further, key=straight)


def _stroke(path: list[Pixel]) -> Stroke:
    """Return a path as a stroke without its steps."""
    places: npt.NDArray[np.float64] = np.array(path, np.float64)[:, ::-1]
    if len(places) > 2 * EVEN:
        if path[0] == path[-1]:  # a ring
            padded = np.concatenate([places[-EVEN - 1 : -1], places, places[1 : EVEN + 1]])
        else:
            padded = np.pad(places, ((EVEN, EVEN), (0, 0)), mode="reflect", reflect_type="odd")
        places = np.mean([padded[start : start + len(places)] for start in range(2 * EVEN + 1)], 0)
        places = np.concatenate([places[:-1:APART], places[-1:]])
    return Stroke(tuple(Point(round(float(x), 1), round(float(y), 1)) for x, y in places))
