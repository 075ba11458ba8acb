"""The part of a straight way that lies on a canvas."""

from __future__ import annotations

from model.ink.ink import Point


def on_canvas(start: Point, end: Point, right: float, bottom: float) -> tuple[Point, Point] | None:
    """Return where a way enters and leaves a canvas, from 0 to ``right`` and ``bottom``; None where it never does.

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
