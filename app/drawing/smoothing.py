"""A stroke as it is shown, without what the hand trembled; knows no toolkit."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import dist, exp

from model.ink.ink import Point

SIGMA = 3.0  # pixels along the stroke: 0.8 mm; a tremble of 8 to 12 a second is finer than twice that in slow writing
REACH = 2.5  # times SIGMA; beyond it nothing weighs
MOST = 60  # points around one that are weighed; where a pen reports hundreds to a pixel, some of them are enough


def without_tremble(points: Sequence[Point]) -> tuple[Point, ...]:
    """Return a stroke's points, each in the mean place of those around it on the stroke.

    The weights are a Gaussian of the way along the stroke, not of the number of points, so a pen that reports seldom
    keeps its corners and one that reports often loses its steps. There are as many points, with their times; the first
    and the last stay in their places, a corner moves by half of SIGMA, and no point by more than SIGMA.
    """
    if not points:
        return ()
    ways = [dist(one[:2], other[:2]) for one, other in pairwise(points)]
    along = list(accumulate(ways, initial=0.0))
    stands_for = [before + after for before, after in zip([0.0, *ways], [*ways, 0.0], strict=True)]  # twice its length
    smooth = []
    for point, place, own in zip(points, along, stands_for, strict=True):
        reach = min(REACH * SIGMA, place, along[-1] - place)  # as far to both sides, so that ends stay
        first, last = bisect_left(along, place - reach), bisect_right(along, place + reach)
        if last - first < 3 or not own:
            smooth.append(point)
            continue
        total = x = y = 0.0
        step = (last - first) // MOST + 1
        for number in range(first + (last - first - 1) % step // 2, last, step):  # as many left out at both ends
            weight = stands_for[number] * exp(-(((along[number] - place) / SIGMA) ** 2) / 2)
            total += weight
            x += weight * points[number].x
            y += weight * points[number].y
        smooth.append(point._replace(x=round(x / total, 1), y=round(y / total, 1)))
    return tuple(smooth)
