"""Geometry of points: which part of a path is on the canvas, what an eraser touches, a line's tremor."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import dist, exp, hypot

from model.ink.ink import Box, Point

SIGMA = 3.0  # pixels along the stroke: 0.8 mm; a tremble of 8 to 12 a second is finer than twice that in slow writing
REACH = 2.5  # times SIGMA; beyond it nothing weighs
MOST_WEIGHED = 60  # points around one; where a pen reports hundreds to a pixel, some of them are enough

Place = tuple[float, float]  # pixels, x and y


def part_on_canvas(start: Point, end: Point, right: float, bottom: float) -> tuple[Point, Point] | None:
    """Return where a path enters and leaves a canvas, from 0 to ``right`` and ``bottom``; None if it never does.

    An end that lies on the canvas is returned as it is; where the edge is crossed, to a tenth, and the time, which
    both ends have, to a whole millisecond. (Liang and Barsky, 1984.)
    """
    (x, y), (dx, dy) = start[:2], (end.x - start.x, end.y - start.y)
    first, last = 0.0, 1.0  # of the way, as parts of it
    for along, room in ((-dx, x), (dx, right - x), (-dy, y), (dy, bottom - y)):
        if along == 0 and room < 0:
            return None
        if along < 0:
            first = max(first, room / along)
        elif along > 0:
            last = min(last, room / along)
    if first > last:
        return None

    def at(part: float) -> Point:
        time = (start.t or 0.0) + part * ((end.t or 0.0) - (start.t or 0.0))
        return Point(round(x + part * dx, 1), round(y + part * dy, 1), round(time))

    return start if first == 0 else at(first), end if last == 1 else at(last)


def touches(points: Sequence[Point], box: Box, start: Place, end: Place, reach: float) -> bool:
    """Return whether a way, or a place that is both its ends, comes within this many pixels of a stroke's line or dot.

    The box is around the points, and the stroke's width is to be in ``reach``.
    """
    (ax, ay), (bx, by) = start, end
    left, right = min(ax, bx) - reach, max(ax, bx) + reach
    top, bottom = min(ay, by) - reach, max(ay, by) + reach
    if box.left > right or box.right < left or box.top > bottom or box.bottom < top:
        return False
    for one, other in pairwise(points) if len(points) > 1 else ((points[0], points[0]),):
        x, y, u, v = one.x, one.y, other.x, other.y
        # Most segments are nowhere near: these comparisons are what a long stroke costs.
        if (x > right and u > right) or (x < left and u < left) or (y > bottom and v > bottom) or (y < top and v < top):
            continue
        if _distance((x, y), (u, v), start, end) <= reach:
            return True
    return False


def _distance(a: Place, b: Place, c: Place, d: Place) -> float:
    """Return how far apart two segments are, in pixels."""
    if _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0:
        return 0.0
    return min(_to_segment(a, c, d), _to_segment(b, c, d), _to_segment(c, a, b), _to_segment(d, a, b))


def _side(a: Place, b: Place, c: Place) -> float:
    """Return on which side of the line from a to b the place c lies, by the sign."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _to_segment(place: Place, a: Place, b: Place) -> float:
    along_x, along_y = b[0] - a[0], b[1] - a[1]
    squared = along_x**2 + along_y**2
    part = ((place[0] - a[0]) * along_x + (place[1] - a[1]) * along_y) / squared if squared else 0.0
    part = min(max(part, 0.0), 1.0)
    return hypot(place[0] - a[0] - part * along_x, place[1] - a[1] - part * along_y)


def without_tremble(points: Sequence[Point]) -> tuple[Point, ...]:
    """Return a stroke's points, each moved to the mean of the points around it on the stroke.

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
        step = (last - first) // MOST_WEIGHED + 1
        for number in range(first + (last - first - 1) % step // 2, last, step):  # as many left out at both ends
            weight = stands_for[number] * exp(-(((along[number] - place) / SIGMA) ** 2) / 2)
            total += weight
            x += weight * points[number].x
            y += weight * points[number].y
        smooth.append(point._replace(x=round(x / total, 1), y=round(y / total, 1)))
    return tuple(smooth)
