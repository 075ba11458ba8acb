"""Numbers read in ink: its strokes, those that lie across each other joined from the start."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from model.ink.ink import Box, Drawing, Point, Stroke
from model.reading.layout import around, clipped
from model.reading.normalize import normalize_drawing
from model.reading.reading import Prediction, Reading
from model.reading.segmentation import MOST_PIECES, Members, Pieces, Read, reading_of, search

SHARED = 0.6  # of the narrower one's width lies over the other, where strokes that touch are surely of one digit
STEPS, FEWEST_STEPS = 48, 6  # places along a stroke at which it is held beside another, and where there are thousands
MOST_STEPS = 10_000  # of all strokes together: more than two hundred strokes are no number, and get fewer each

_Floats = npt.NDArray[np.float64]
_Which = tuple[int, ...]  # some strokes, by their ids


class Known:
    """What groups of strokes were read as in the drawing before, which mostly is this one without its last stroke."""

    def __init__(self) -> None:
        self._before: dict[_Which, tuple[tuple[Stroke, ...], Prediction]] = {}  # with them, so their ids stay theirs
        self._now = dict(self._before)

    def next(self) -> None:
        """Begin with another drawing, and forget what was of no use in the last one."""
        self._before, self._now = self._now, {}

    def read(self, strokes: tuple[Stroke, ...], read: Callable[[], Prediction]) -> Prediction:
        """Return what strokes were read as, in this drawing or the one before, or read them."""
        which = tuple(map(id, strokes))
        found = self._now.get(which) or self._before.get(which)
        prediction = found[1] if found else read()
        self._now[which] = strokes, prediction
        return prediction


def read_drawing(drawing: Drawing, read: Read, known: Known | None = None) -> Reading:
    """Return what a drawing shows, from left to right; ``known`` is of the same ``read``."""
    if drawing.is_blank:
        return Reading()
    pieces = pieces_of(drawing, read, known)
    inked = [place for place, stroke in enumerate(drawing.strokes) if stroke.points]

    def on_canvas(box: Box) -> Box:
        return box if drawing.canvas is None else clipped(box, drawing.canvas)

    def strokes_of(members: Members) -> tuple[int, ...]:
        return tuple(sorted(inked[number] for member in members for number in pieces.written[member]))

    return reading_of(search(pieces), on_canvas, strokes_of)


def pieces_of(drawing: Drawing, read: Read, known: Known | None = None) -> Pieces:
    """Return a drawing's ink in pieces: strokes, alone or several that are surely of one digit."""
    strokes = [stroke for stroke in drawing.strokes if stroke.points]
    edge = drawing.width / 2
    points = [Box.around(stroke.points) for stroke in strokes]
    boxes = [Box(box.left - edge, box.top - edge, box.right + edge, box.bottom + edge) for box in points]
    groups = _joined(strokes, boxes, drawing.width)
    groups.sort(key=lambda group: sum(around([boxes[number] for number in group])[::2]))  # by their middles
    _join_closest(groups, boxes)
    known = known or Known()
    known.next()

    def read_members(members: Members) -> Prediction:
        chosen = tuple(strokes[number] for number in sorted(number for member in members for number in groups[member]))
        return known.read(chosen, lambda: read(normalize_drawing(Drawing(chosen))))

    return Pieces(
        boxes=tuple(around([boxes[number] for number in group]) for group in groups),
        pen=drawing.width,
        read=read_members,
        written=tuple(tuple(group) for group in groups),
    )


def _joined(strokes: list[Stroke], boxes: list[Box], pen: float) -> list[list[int]]:
    """Return the strokes' numbers in groups: those that touch, one of them mostly above, below or across the other."""
    steps = min(STEPS, max(FEWEST_STEPS, MOST_STEPS // len(strokes)))
    lines = np.stack([_resampled(stroke.points, steps) for stroke in strokes])
    group_of = np.arange(len(strokes))
    sides = np.array(boxes)
    for second in range(1, len(strokes)):
        near = np.flatnonzero(_lie_across(sides[:second], sides[second], pen))
        near = near[group_of[near] != group_of[second]]
        touching = near[_touch(lines[near], lines[second], pen)]
        group_of[np.isin(group_of, group_of[touching])] = group_of[second]
    groups: dict[int, list[int]] = {}
    for number, group in enumerate(group_of.tolist()):
        groups.setdefault(group, []).append(number)
    return list(groups.values())


def _lie_across(boxes: _Floats, other: _Floats, pen: float) -> npt.NDArray[np.bool_]:
    """Return which of the boxes, (n, 4), lie mostly above, below or across another, (4,), and may touch its ink."""
    left, top = np.maximum(boxes[:, :2], other[:2]).T
    right, bottom = np.minimum(boxes[:, 2:], other[2:]).T
    narrower = np.minimum(boxes[:, 2] - boxes[:, 0], other[2] - other[0])
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


def _join_closest(groups: list[list[int]], boxes: list[Box]) -> None:
    """Join the two neighbours that are the closest or overlap the most, until there are `MOST_PIECES` groups."""
    around_each = [around([boxes[number] for number in group]) for group in groups]
    while len(groups) > MOST_PIECES:
        gaps = [right.left - left.right for left, right in pairwise(around_each)]
        place = gaps.index(min(gaps))
        two = slice(place, place + 2)
        groups[two] = [groups[place] + groups[place + 1]]
        around_each[two] = [around(around_each[two])]
