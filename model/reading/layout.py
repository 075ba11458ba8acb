"""How digits are arranged: whether two neighbours' boxes speak for two digits or for two parts of one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise, repeat
from math import comb, inf, log
from typing import TypeAlias

from model.ink.ink import Box

Ratios: TypeAlias = "tuple[tuple[float, float], ...]"  # each at a place, by which they're sorted

# Log likelihood ratios of two digits against two parts of one, by the gap between their lines in heights of the taller:
# of the strokes of a digit 19 in 20 overlap by more than 0.09, and about one number's gap in ten is near nothing.
GAPS: Ratios = ((-0.6, -12), (-0.3, -8), (-0.12, -4), (-0.05, -0.5), (0, 0.5), (0.05, 1.5), (0.12, 3.5), (0.3, 5))
# The same of two digits in ink that hangs together, by the width of both in heights of the taller.
CUTS: Ratios = ((0.9, -5.5), (1.5, -3.0))
SLACK = 0.15  # heights: as far the boxes of digits that touch may overlap
SIZE_SPREAD = 0.3  # of the logarithm of two neighbours' sizes
LINE_SPREAD = 0.15  # of the height between their middles
LEAST_RATIO = -6.0  # what sizes or the line can say against two digits
TIGHT_SHARE = 0.1  # of the gaps in numbers are so tight that the ink's boxes touch
DEEPEST = 0.3  # times the longer one's length: no digit is believed to reach further over its neighbour
BELIEVABLE = 0.02  # the probability of this many tight gaps at which a row of them is still taken for a number


def beside(left: Box, right: Box, pen: float, *, touching: bool = False) -> float:
    """Return the log likelihood ratio of two neighbouring digits against parts of one digit.

    The boxes are around their ink, the pen is its line's width, in pixels. If they're ``touching``, cut from one part
    of a picture's ink, the gap says something only where they overlap much.
    """
    sizes = max(left.width, left.height), max(right.width, right.height)
    height = max(*sizes, 1e-9)
    gap = (right.left - left.right + pen) / height
    size = log(sizes[0] / sizes[1]) / SIZE_SPREAD if min(sizes) > 0 else float("inf")
    line = (left.top + left.bottom - right.top - right.bottom) / 2 / height / LINE_SPREAD
    if touching:
        wide = (max(left.right, right.right) - left.left) / max(left.height, right.height, 1e-9)
        apart = _interpolated(CUTS, wide) + min(_interpolated(GAPS, gap + SLACK), 0.0)
    else:
        apart = _interpolated(GAPS, gap)
    return apart + max(-(size**2) / 2, LEAST_RATIO) + max(-(line**2) / 2, LEAST_RATIO)


def _interpolated(ratios: Ratios, at: float) -> float:
    """Return the ratio at a place between others; a search asks thousands of times, for which NumPy takes longer."""
    place = bisect_right(ratios, (at, inf))
    if place in (0, len(ratios)):
        return ratios[min(place, len(ratios) - 1)][1]
    (left, low), (right, high) = ratios[place - 1], ratios[place]
    return (high - low) / (right - left) * (at - left) + low


def is_believable(boxes: Sequence[Box], touching: Sequence[bool] = ()) -> bool:
    """Return whether digits can be arranged like this, from left to right.

    They hardly overlap, unlike the strokes of a letter, and a row of gaps that are nearly all tight is hatching.
    ``touching`` says for each two neighbours whether they were cut from one part of the ink: that's no tight gap.
    """
    for left, right in pairwise(boxes):
        if left.right - right.left > DEEPEST * max(left.width, left.height, right.width, right.height):
            return False
    free = [pair for pair, cut in zip(pairwise(boxes), touching or repeat(False), strict=False) if not cut]
    gaps = len(free)
    tight = sum(right.left <= left.right for left, right in free)
    chance = sum(
        comb(gaps, count) * TIGHT_SHARE**count * (1 - TIGHT_SHARE) ** (gaps - count) for count in range(tight, gaps + 1)
    )
    return chance >= BELIEVABLE


def around(boxes: Sequence[Box]) -> Box:
    """Return the box around at least one box."""
    left, top, right, bottom = zip(*boxes, strict=True)
    return Box(min(left), min(top), max(right), max(bottom))


def clipped(box: Box, size: tuple[int, int]) -> Box:
    """Return the part of a box that's on a canvas of this size; if none is, the nearest part of its edge."""
    left, right = (min(max(x, 0), size[0]) for x in (box.left, box.right))
    top, bottom = (min(max(y, 0), size[1]) for y in (box.top, box.bottom))
    return Box(left, top, right, bottom)


def margins(box: Box, sheet: Box) -> tuple[float, float, float, float]:
    """Return how far a box is from a sheet's left, top, right and bottom."""
    return box.left - sheet.left, box.top - sheet.top, sheet.right - box.right, sheet.bottom - box.bottom
