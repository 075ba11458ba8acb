"""Which strokes an eraser touches; knows no toolkit."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import hypot

from model.ink.ink import Box, Point

Place = tuple[float, float]  # pixels, x and y


def box_of(points: Sequence[Point]) -> Box:
    """Return the box around a stroke's points, without the pen's width. Raises ValueError where there is none."""
    xs, ys = [point.x for point in points], [point.y for point in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def touches(points: Sequence[Point], box: Box, start: Place, end: Place, reach: float) -> bool:
    """Return whether the way from start to end comes within so many pixels of a stroke's line, or of its dot.

    Args:
        points: the stroke's, at least one.
        box: around them.
        start: where the eraser was.
        end: where it is; the same place where it only stands.
        reach: pixels; a stroke's width is to be in it.
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
