"""Several digits on one canvas told apart: of the ways to part the ink, the one that reads best.

The ink comes in pieces: strokes, or parts of a picture. A segmentation groups them, each group a digit. It is worth
the sum of log likelihood ratios: of each group, that it is a digit and not something else, by the network's doubt; of
each two neighbours, that they stand as digits do and not as parts of one (`model.reading.layout`). A group that the
segmentation does not take needs no term, because a ratio stands for it; so segmentations of different length compare.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import combinations, pairwise
from math import log
from typing import NamedTuple

from model.ink.ink import Box
from model.reading.layout import around, beside, is_believable
from model.reading.normalize import Image28
from model.reading.reading import Digit, Prediction, Reading

MOST_PIECES = 24  # so that the work ends
MOST_READS = 80  # of groups, for the same reason
SUREST, WORST = 4.0, -8.0  # the log likelihood ratios of a digit that doubt can give at most and at least
SUREST_ONE = 2.0  # of a 1: a stem of a 4 or 9 looks like one too
LATE = -0.5  # the log likelihood ratio of a group whose strokes were not written one after the other, each time
PATHS_KEPT = 16  # that are followed from each piece on
REACH = 5  # of the pieces that follow a group's first one, so many may belong to it
SKIPPED = 2  # of them may belong to others
WIDEST_DIGIT = 2.0  # times the height of the tallest piece
WIDEST_GAP = 0.3  # times that height, between the parts of one digit

SURE = 0.05  # doubt: up to here a part of a picture is not cut

Members = tuple[int, ...]  # a group, as its pieces' numbers
Read = Callable[[Image28], Prediction]


@dataclass(frozen=True, slots=True)
class Pieces:
    """Ink in pieces, `MOST_PIECES` at most, in the order of their middles from left to right."""

    boxes: tuple[Box, ...]  # around each piece's ink, in canvas pixels
    pen: float  # the width of the line, in pixels
    read: Callable[[Members], Prediction]  # tells what some pieces show together
    written: tuple[tuple[int, ...], ...] = ()  # each piece's places in the order of writing; none for a picture
    origins: tuple[int, ...] = ()  # the connected part that each piece is of; none for strokes, which are never cut


@dataclass(frozen=True, slots=True)
class Group:
    """Pieces that are read as one digit, and the box around their ink."""

    members: Members
    box: Box
    prediction: Prediction


def reading_of(
    groups: Sequence[Group],
    place: Callable[[Box], Box],
    strokes: Callable[[Members], tuple[int, ...]] = lambda _: (),
    *,
    believable: bool = True,
) -> Reading:
    """Return groups, from left to right, as a reading.

    ``place`` makes of a group's box one on the canvas, ``strokes`` tells the places of its strokes in the drawing, and
    ``believable`` whether they can be digits, as far as is known without a look at how they stand.
    """
    digits = tuple(Digit(group.prediction, place(group.box), strokes(group.members)) for group in groups)
    return Reading(digits, believable and is_believable([group.box for group in groups]))


def is_sure(prediction: Prediction) -> bool:
    """Return whether a prediction says a digit so surely that nothing else need be tried."""
    return prediction.doubt < SURE


def evidence(prediction: Prediction) -> float:
    """Return the log likelihood ratio of a digit against anything else that a prediction stands for."""
    doubt = min(max(prediction.doubt, 1e-6), 1 - 1e-6)
    surest = SUREST_ONE if prediction.digit == 1 else SUREST
    return max(min(log((1 - doubt) / doubt), surest), WORST) + log(max(prediction.confidence, 1e-6))


class _Path(NamedTuple):
    """The best way known to group some of the pieces."""

    worth: float
    groups: tuple[Members, ...]


class _Search:
    """Looks for the best segmentation and reads no more groups than it must.

    What has not been read counts as read at its best. While groups of the best segmentation are unread, they are read
    and it is looked for again: so what is found in the end is the best of all (the idea of A*).
    """

    def __init__(self, pieces: Pieces):
        self._pieces = pieces
        self._tallest = max(box.height for box in pieces.boxes)
        self._boxes: dict[Members, Box] = {}
        self._candidates: dict[int, list[tuple[Members, int]]] = {}
        self._neighbours: dict[tuple[Members, Members], float] = {}
        self._worths: dict[Members, float] = {}
        self._predictions: dict[Members, Prediction] = {}

    def best(self) -> tuple[Group, ...]:
        while True:
            groups = self._likeliest()
            unread = [group for group in groups if group not in self._predictions]
            if not unread:
                return tuple(Group(group, self._box(group), self._predictions[group]) for group in groups)
            for group in unread:
                prediction = self._predictions[group] = self._pieces.read(group)
                self._worths[group] = evidence(prediction) + self._lateness(group)

    def _box(self, group: Members) -> Box:
        if group not in self._boxes:
            self._boxes[group] = around([self._pieces.boxes[piece] for piece in group])
        return self._boxes[group]

    def _likeliest(self) -> tuple[Members, ...]:
        """Return the best segmentation as far as is known: dynamic programming, with a bound on what is kept."""
        count = len(self._pieces.boxes)
        unread = SUREST if len(self._predictions) < MOST_READS else WORST
        # By the first piece that is free: the paths there, by their pieces (bits of a number) and their last group.
        stages: list[dict[tuple[int, Members], _Path]] = [{} for _ in range(count + 1)]
        stages[0][0, ()] = _Path(0.0, ())
        for stage in stages[:-1]:
            for (used, last), path in nlargest(PATHS_KEPT, stage.items(), key=lambda state: state[1].worth):
                for group, after in self._starting(used):
                    worth = path.worth + self._beside(last, group) + self._worths.get(group, unread)
                    reached = stages[(~after & (after + 1)).bit_length() - 1]  # the first bit that is not set
                    known = reached.get((after, group))
                    if known is None or known.worth < worth:
                        reached[after, group] = _Path(worth, (*path.groups, group))
        return max(stages[-1].values(), key=lambda path: path.worth).groups

    def _starting(self, used: int) -> list[tuple[Members, int]]:
        """Return the groups that can start at the first piece that is not used, with all that is used after them."""
        if used not in self._candidates:
            free = tuple(piece for piece in range(len(self._pieces.boxes)) if not used >> piece & 1)
            groups = list(self._within_reach(free[0], free[1 : REACH + 1]))
            if not used and free not in groups:
                groups.append(free)  # one digit, however many strokes it was drawn with
            self._candidates[used] = [(group, used | sum(1 << piece for piece in group)) for group in groups]
        return self._candidates[used]

    def _within_reach(self, first: int, others: Members) -> Iterator[Members]:
        yield (first,)
        for count in range(1, len(others) + 1):
            for more in combinations(others, count):
                skipped = others.index(more[-1]) + 1 - count
                if skipped <= SKIPPED and self._is_compact((first, *more)):
                    yield (first, *more)

    def _is_compact(self, group: Members) -> bool:
        boxes = sorted(self._pieces.boxes[piece] for piece in group)
        right = boxes[0].right
        for box in boxes:
            if box.left - right > WIDEST_GAP * self._tallest:
                return False
            right = max(right, box.right)
        return right - boxes[0].left <= WIDEST_DIGIT * self._tallest

    def _lateness(self, group: Members) -> float:
        if not self._pieces.written:
            return 0.0
        places = sorted(place for piece in group for place in self._pieces.written[piece])
        return LATE * sum(later - earlier > 1 for earlier, later in pairwise(places))

    def _beside(self, last: Members, group: Members) -> float:
        if not last:
            return 0.0
        pair = last, group
        if pair not in self._neighbours:
            origins = self._pieces.origins
            touching = bool(origins) and any(origins[one] == origins[other] for one in last for other in group)
            self._neighbours[pair] = beside(self._box(last), self._box(group), self._pieces.pen, touching=touching)
        return self._neighbours[pair]


def search(pieces: Pieces) -> tuple[Group, ...]:
    """Return the groups of the segmentation that reads best, from left to right. Needs at least one piece."""
    return _Search(pieces).best()
