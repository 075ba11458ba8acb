"""Reads numbers in ink: its strokes, with those that cross joined from the start."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from model.base.work import Work, finish
from model.ink.ink import Box, Drawing, Point, Stroke
from model.reading.layout import around, clipped
from model.reading.normalize import normalizing
from model.reading.reading import Prediction, Reading
from model.reading.segmentation import MOST_PIECES, Members, Pieces, Read, reading_of, searching

SHARED = 0.6  # of the narrower one's width lies over the other, where strokes that touch are surely of one digit
STEPS, FEWEST_STEPS = 48, 6  # places along a stroke at which it's compared with another, and if there are thousands
MOST_STEPS = 10_000  # of all strokes together: more than two hundred strokes aren't a number, and get fewer each

_Floats = npt.NDArray[np.float64]
_Which = tuple[int, ...]  # some strokes, by their ids


class Known:
    """What groups of strokes were read as in the previous drawing, usually this one without its last stroke."""

    def __init__(self) -> None:
        self._before: dict[_Which, tuple[tuple[Stroke, ...], Prediction]] = {}  # with them, so their ids stay theirs
        self._now = dict(self._before)

    def next(self) -> None:
        """Move on to another drawing, and forget what this one didn't use."""
        self._before, self._now = self._now, {}

    def read(self, strokes: tuple[Stroke, ...], read: Read) -> Work[Prediction]:
        """Return what strokes were read as in this drawing or the previous one, or read them, in pieces of work."""
        which = tuple(map(id, strokes))
        found = self._now.get(which) or self._before.get(which)
        prediction = found[1] if found else read((yield from normalizing(Drawing(strokes))))
        self._now[which] = strokes, prediction
        return prediction


def read_drawing(drawing: Drawing, read: Read, known: Known | None = None) -> Reading:
    """Return what a drawing shows, from left to right; ``known`` is of the same ``read``."""
    return finish(reading(drawing, read, known))


def reading(drawing: Drawing, read: Read, known: Known | None = None) -> Work[Reading]:
    """Return that in pieces of work; the next one knows what an unfinished one has read."""
    if drawing.is_blank:
        return Reading()
    known = known or Known()
    pieces = yield from pieces_of(drawing, read, known)
    inked = [place for place, stroke in enumerate(drawing.strokes) if stroke.points]

    def on_canvas(box: Box) -> Box:
        return box if drawing.canvas is None else clipped(box, drawing.canvas)

    def strokes_of(members: Members) -> tuple[int, ...]:
        return tuple(sorted(inked[number] for member in members for number in pieces.written[member]))

    groups = yield from searching(pieces)
    known.next()
    return reading_of(groups, on_canvas, strokes_of)


def pieces_of(drawing: Drawing, read: Read, known: Known) -> Work[Pieces]:
    """Return a drawing's ink in pieces of work: single strokes, or several that surely belong to one digit."""
    strokes = [stroke for stroke in drawing.strokes if stroke.points]
    edge = drawing.width / 2
    boxes = []
    for stroke in strokes:
        left, top, right, bottom = Box.around(stroke.points)
        boxes.append(Box(left - edge, top - edge, right + edge, bottom + edge))
        yield
    groups = yield from _joined(strokes, boxes, drawing.width)
    groups.sort(key=lambda group: sum(around([boxes[number] for number in group])[::2]))  # by their middles
    yield from _join_closest(groups, boxes)

    def read_members(members: Members) -> Work[Prediction]:
        numbers = sorted(number for member in members for number in groups[member])
        return known.read(tuple(strokes[number] for number in numbers), read)

    return Pieces(
        boxes=tuple(around([boxes[number] for number in group]) for group in groups),
        pen=drawing.width,
        read=read_members,
        written=tuple(tuple(group) for group in groups),
    )


def _joined(strokes: list[Stroke], boxes: list[Box], pen: float) -> Work[list[list[int]]]:
    """Return, in pieces of work, the strokes' numbers in groups.

    In a group are those that touch, one of them mostly above, below or across the other.
    """
    count = len(strokes)
    if count == 1:  # there's nothing to compare it with
        return [[0]]
    steps = min(STEPS, max(FEWEST_STEPS, MOST_STEPS // count))
    lines, is_known = np.empty((count, steps, 2)), np.zeros(count, np.bool_)
    group_of = np.arange(count)
    sides = np.array(boxes)
    together = max(1, MOST_STEPS // count)
    for first in range(0, count, together):
        across = _lie_across(sides, sides[first : first + together, None], pen)
        for second, row in enumerate(np.tril(across, first - 1), first):
            if not row.any():
                continue
            near = np.flatnonzero(row)
            for number in (second, *near[~is_known[near]]):
                lines[number] = _resampled(strokes[number].points, steps)
                is_known[number] = True
            touching = near[_touch(lines[near], lines[second], pen)]
            group_of[np.isin(group_of, group_of[touching])] = group_of[second]
            yield
        yield
    groups: dict[int, list[int]] = {}
    for number, group in enumerate(group_of.tolist()):
        groups.setdefault(group, []).append(number)
    return list(groups.values())


def _lie_across(boxes: _Floats, others: _Floats, pen: float) -> npt.NDArray[np.bool_]:
    """Return which of the boxes, (n, 4), lie mostly above, below or across others, (m, 1, 4), and may touch their ink.

    It is (m, n).
    """
    left, top = np.moveaxis(np.maximum(boxes[:, :2], others[..., :2]), -1, 0)
    right, bottom = np.moveaxis(np.minimum(boxes[:, 2:], others[..., 2:]), -1, 0)
    narrower = np.minimum(boxes[:, 2] - boxes[:, 0], others[..., 2] - others[..., 0])
    across = right - left - pen >= SHARED * (narrower - pen)
    return np.asarray(across & (bottom >= top))


def _touch(lines: _Floats, other: _Floats, pen: float) -> npt.NDArray[np.bool_]:
    """Return which lines, (m, n, 2), touch another, (n, 2)."""
    squared = (lines[:, :, None, 0] - other[:, 0]) ** 2 + (lines[:, :, None, 1] - other[:, 1]) ** 2
    return np.asarray(squared.min((1, 2), initial=np.inf) <= pen**2)


def _resampled(points: tuple[Point, ...], steps: int) -> _Floats:
    """Return so many places at even distances along a stroke, (n, 2)."""
    line = np.array([point[:2] for point in points])
    along = np.concatenate([[0], np.hypot(*np.diff(line, axis=0).T).cumsum()])
    places = np.linspace(0, along[-1], steps)
    return np.stack([np.interp(places, along, line[:, axis]) for axis in (0, 1)], axis=1)


def _join_closest(groups: list[list[int]], boxes: list[Box]) -> Work[None]:
    """Join, in pieces of work, the two neighbours that are the closest, until there are `MOST_PIECES` groups.

    Those that overlap the most are closer still.
    """
    around_each = [around([boxes[number] for number in group]) for group in groups]
    while len(groups) > MOST_PIECES:
        gaps = [right.left - left.right for left, right in pairwise(around_each)]
        place = gaps.index(min(gaps))
        two = slice(place, place + 2)
        groups[two] = [groups[place] + groups[place + 1]]
        around_each[two] = [around(around_each[two])]
        yield
