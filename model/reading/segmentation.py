"""Separates several digits on one canvas: of all ways to split the ink, the one that reads best.

The ink comes in pieces: strokes, or parts of a picture. A segmentation groups them, each group a digit. Its score is a
sum of log likelihood ratios: for each group, that it's a digit and not something else, by the network's doubt; for each
pair of neighbours, that they're arranged like digits and not like parts of one (`model.reading.layout`). Because these
are ratios, groups that the segmentation doesn't use need no term, so segmentations of different lengths can be
compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise, repeat
from math import log
from operator import itemgetter
from typing import TypeAlias

from model.base.work import Work, finish
from model.ink.ink import Box
from model.reading.layout import around, beside, is_believable
from model.reading.normalize import Image28
from model.reading.reading import Digit, Prediction, Reading

MOST_PIECES = 24  # so that the work ends
MOST_READS = 80  # of groups, for the same reason
SUREST, WORST = 4.0, -8.0  # the log likelihood ratios of a digit that doubt can give at most and at least
SUREST_ONE = 2.0  # of a 1, and of a user's own sign: a stem of a 4 or 9 looks like one too
LATE = -0.5  # the log likelihood ratio of a group whose strokes weren't written one after the other, each time
PATHS_KEPT = 16  # that are followed from each piece on
REACH = 5  # of the pieces that follow a group's first one, so many may belong to it
SKIPPED = 2  # of them may belong to others
WIDEST_DIGIT = 2.0  # times the height of the tallest piece
WIDEST_GAP = 0.3  # times that height, between the parts of one digit

SURE = 0.05  # doubt: up to here a part of a picture isn't cut

Members = tuple[int, ...]  # a group, as its pieces' numbers
Read = Callable[[Image28], Prediction]


@dataclass(frozen=True, slots=True)
class Pieces:
    """Ink in pieces, `MOST_PIECES` at most, in the order of their middles from left to right."""

    boxes: tuple[Box, ...]  # around each piece's ink, in canvas pixels
    pen: float  # the width of the line, in pixels
    read: Callable[[Members], Prediction | Work[Prediction]]  # tells what some pieces show together
    written: tuple[tuple[int, ...], ...] = ()  # each piece's places in the order of writing; none for a picture
    origins: tuple[int, ...] = ()  # the connected part that each piece is of; none for strokes, which are never cut
    most: Callable[[Members], float] | None = None  # tells quickly what the evidence that they're a digit is at most


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
    touching: Sequence[bool] = (),
    believable: bool = True,
) -> Reading:
    """Return groups, from left to right, as a reading.

    ``place`` turns a group's box into one on the canvas, ``strokes`` returns the indices of its strokes in the drawing,
    ``touching`` is that of `is_believable`, and ``believable`` says whether they can be digits, apart from how they're
    arranged. Tight gaps are a hatching's only between strokes, which read as ones, or as nothing sure.
    """
    clear = [is_sure(group.prediction) and group.prediction.digit not in (1, None) for group in groups]
    apart = [cut or any(pair) for cut, pair in zip(touching or repeat(False), pairwise(clear), strict=False)]
    digits = tuple(Digit(group.prediction, place(group.box), strokes(group.members)) for group in groups)
    return Reading(digits, believable and is_believable([group.box for group in groups], apart))


def is_sure(prediction: Prediction) -> bool:
    """Return whether a prediction is so sure of a digit that nothing else has to be tried."""
    return prediction.doubt < SURE


def evidence(prediction: Prediction) -> float:
    """Return a prediction's log likelihood ratio of a digit to anything else."""
    surest = SUREST_ONE if prediction.digit in (1, None) else SUREST
    return min(most_evidence(prediction.doubt), surest) + log(max(prediction.confidence, 1e-6))


def most_evidence(doubt: float) -> float:
    """Return the largest ratio that's possible with this much doubt, whatever the digit."""
    doubt = min(max(doubt, 1e-6), 1 - 1e-6)
    return max(min(log((1 - doubt) / doubt), SUREST), WORST)


@dataclass(slots=True, eq=False)
class _Candidate:
    """A group that a segmentation may take, with what is known of it."""

    members: Members
    box: Box
    worth: float  # of it as a digit, where it isn't read at the best that it can be
    prediction: Prediction | None = None
    after: dict[_Candidate, float] = field(default_factory=dict)  # groups on its right -> what that is worth


# The best way known to group some of the pieces: its worth, the pieces as bits of a number, the last group, and the
# way without that. A bare tuple, because a search makes tens of thousands.
_Path: TypeAlias = "tuple[float, int, _Candidate | None, _Path | None]"
_worth_of = itemgetter(0)


class _Search:
    """Looks for the best segmentation and reads no more groups than it must.

    What hasn't been read counts as read at its best. While groups of the best segmentation are unread, they are read
    and it's looked for again: so what is found in the end is the best of all (the idea of A*).
    """

    def __init__(self, pieces: Pieces):
        self._pieces = pieces
        self._tallest = max(box.height for box in pieces.boxes)
        self._origins = pieces.origins or tuple(range(len(pieces.boxes)))
        self._places = [self._origins[:piece].count(origin) for piece, origin in enumerate(self._origins)]
        self._candidates: dict[Members, _Candidate] = {}
        self._starts: dict[int, list[tuple[_Candidate, int, int]]] = {}
        self._read = 0
        self._unread = SUREST  # the worth of what isn't read

    def best(self) -> Work[tuple[Group, ...]]:
        """Return the groups of the best segmentation; a piece of work is a stage, or a group that is read."""
        while True:
            found = yield from self._likeliest()
            groups = [Group(group.members, group.box, group.prediction) for group in found if group.prediction]
            if len(groups) == len(found):
                return tuple(groups)
            for group in found:
                if group.prediction is None:
                    read = self._pieces.read(group.members)
                    group.prediction = read if isinstance(read, Prediction) else (yield from read)
                    group.worth = evidence(group.prediction) + self._lateness(group.members)
                    self._read += 1
                    yield
            if self._read >= MOST_READS:
                self._take_the_rest_for_the_worst()

    def _take_the_rest_for_the_worst(self) -> None:
        self._unread = WORST
        for group in self._candidates.values():
            if group.prediction is None:
                group.worth = WORST

    def _likeliest(self) -> Work[list[_Candidate]]:
        """Return the best segmentation as far as is known: dynamic programming, with a bound on what is kept."""
        # By the first piece that is free: the paths there, by their pieces and their last group.
        stages: list[dict[tuple[int, _Candidate], _Path]] = [{} for _ in self._pieces.boxes]
        ends: dict[tuple[int, _Candidate], _Path] = {}
        reached = [*stages, ends]
        self._go_on((0.0, 0, None, None), reached)
        for stage in stages[1:]:
            yield
            for path in sorted(stage.values(), key=_worth_of, reverse=True)[:PATHS_KEPT]:
                self._go_on(path, reached)
        groups: list[_Candidate] = []
        best: _Path | None = max(ends.values(), key=_worth_of)
        while best and best[2]:
            groups.insert(0, best[2])
            best = best[3]
        return groups

    def _go_on(self, path: _Path, reached: list[dict[tuple[int, _Candidate], _Path]]) -> None:
        """Go on from a path by each group that can be next."""
        so_far, used, last, _before = path
        beside_last = last.after if last else {}
        for group, after, free in self._starting(used):
            worth = beside_last.get(group)
            if worth is None:
                worth = beside_last[group] = self._beside(last, group) if last else 0.0
            worth = so_far + worth + group.worth
            known = reached[free].get((after, group))
            if known is None or known[0] < worth:
                reached[free][after, group] = worth, after, group, path

    def _starting(self, used: int) -> list[tuple[_Candidate, int, int]]:
        """Return the groups that can start at the first piece that isn't used.

        With each come all that is used after it, and the first piece that is free then.
        """
        if used not in self._starts:
            free = tuple(piece for piece in range(len(self._pieces.boxes)) if not used >> piece & 1)
            groups = list(self._within_reach(free[0], free[1 : REACH + 1]))
            if not used and free not in groups:
                groups.append(free)  # one digit, however many strokes it was drawn with
            groups += [run for run in self._slices(free) if run not in groups]
            self._starts[used] = starts = []
            for group in groups:
                after = used | sum(1 << piece for piece in group)
                starts.append((self._candidate(group), after, (~after & (after + 1)).bit_length() - 1))
        return self._starts[used]

    def _candidate(self, group: Members) -> _Candidate:
        if group not in self._candidates:
            box = around([self._pieces.boxes[piece] for piece in group])
            most = self._pieces.most(group) if self._pieces.most else SUREST
            self._candidates[group] = _Candidate(group, box, min(most, self._unread))
        return self._candidates[group]

    def _within_reach(self, first: int, others: Members) -> Iterator[Members]:
        yield (first,)
        for count in range(1, len(others) + 1):
            for more in combinations(others, count):
                skipped = others.index(more[-1]) + 1 - count
                group = (first, *more)
                if skipped <= SKIPPED and (group in self._candidates or self._may_be_one(group)):
                    yield group

    def _slices(self, free: Members) -> Iterator[Members]:
        """Yield what starts with the first piece and has more slices of its part than are within reach, up to all."""
        own = tuple(piece for piece in free if self._origins[piece] == self._origins[free[0]])
        for count in range(REACH + 2, len(own) + 1):
            if count == len(own) or self._is_compact(own[:count]):
                yield own[:count]

    def _may_be_one(self, group: Members) -> bool:
        """Return whether pieces are near enough to be one digit, and slices of one part lie side by side."""
        if not self._is_compact(group):
            return False
        places: dict[int, list[int]] = {}
        for piece in group:
            places.setdefault(self._origins[piece], []).append(self._places[piece])
        return all(each[-1] - each[0] < len(each) for each in places.values())

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

    def _beside(self, last: _Candidate, group: _Candidate) -> float:
        touching = any(self._origins[one] == self._origins[other] for one in last.members for other in group.members)
        return beside(last.box, group.box, self._pieces.pen, touching=touching)


def searching(pieces: Pieces) -> Work[tuple[Group, ...]]:
    """Return the groups of the segmentation that reads best, from left to right, in pieces of work.

    It needs at least one piece of ink.
    """
    return _Search(pieces).best()


def search(pieces: Pieces) -> tuple[Group, ...]:
    """Return them at once."""
    return finish(searching(pieces))
