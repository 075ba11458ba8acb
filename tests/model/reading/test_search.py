"""The segmentation that reads best, for pieces without ink: a table says how each group of them is read."""

from collections.abc import Iterator
from itertools import pairwise
from math import exp, log

import numpy as np
import pytest

from model.ink.ink import Box
from model.reading.layout import around, beside
from model.reading.reading import BLANK, Prediction
from model.reading.segmentation import (
    LATE,
    REACH,
    SKIPPED,
    SURE,
    SUREST,
    SUREST_ONE,
    WORST,
    Members,
    Pieces,
    evidence,
    is_sure,
    search,
)


def read_as(digit: int, doubt: float, confidence: float = 1.0) -> Prediction:
    shares = [(1 - confidence) / 9] * 10
    shares[digit] = confidence
    return Prediction(tuple(shares), doubt)


def row(*gaps: float, width: float = 20) -> tuple[Box, ...]:
    """Return boxes of height 100 with these gaps."""
    lefts = np.cumsum([0, *(gap + width for gap in gaps)])
    return tuple(Box(float(left), 0, float(left) + width, 100) for left in lefts)


def test_evidence_is_the_odds_of_a_digit_within_bounds() -> None:
    assert evidence(read_as(7, 0.5)) == pytest.approx(0)
    assert evidence(read_as(7, 0.9)) == pytest.approx(-log(9))
    assert evidence(read_as(1, 0.2)) == pytest.approx(log(4))
    assert evidence(read_as(7, 0.2, confidence=0.5)) == pytest.approx(log(4) + log(0.5))
    assert [evidence(read_as(digit, 0)) for digit in (7, 1)] == [SUREST, SUREST_ONE]
    assert [evidence(read_as(digit, 1)) for digit in (7, 1)] == [WORST, WORST]
    assert -25 < evidence(BLANK) < -9


def test_a_part_that_reads_well_is_not_cut() -> None:
    assert is_sure(read_as(3, SURE / 2))
    assert not is_sure(read_as(3, SURE * 2))


def every_grouping(free: Members, used: Members = ()) -> Iterator[tuple[Members, ...]]:
    """Yield all groupings that `search` may choose; each next group has the first free piece."""
    if not free:
        yield ()
        return
    others = free[1 : REACH + 1]
    for bits in range(2 ** len(others)):
        more = tuple(other for place, other in enumerate(others) if bits >> place & 1)
        group = (free[0], *more)
        skipped = others.index(more[-1]) + 1 - len(more) if more else 0
        if skipped <= SKIPPED or (not used and group == free):
            rest = tuple(piece for piece in free if piece not in group)
            for groups in every_grouping(rest, (*used, *group)):
                yield (group, *groups)


@pytest.mark.parametrize("seed", range(12))
def test_what_is_found_is_the_best_of_all_and_few_groups_are_read_for_it(seed: int) -> None:
    chance = np.random.default_rng(seed)
    count = int(chance.integers(2, 7))
    boxes = tuple(
        Box(left, top, left + chance.uniform(5, 40), top + chance.uniform(90, 100))
        for left, top in zip(sorted(chance.uniform(0, 26, count)), chance.uniform(0, 40, count), strict=True)
    )
    order = [int(place) for place in chance.permutation(count)]
    doubts: dict[Members, float] = {}
    read: list[Members] = []

    def look(members: Members) -> Prediction:
        """Read a group, which looks like a digit at random; most don't."""
        read.append(members)
        if members not in doubts:
            own = np.random.default_rng([seed, *members])
            doubts[members] = own.uniform(0, 0.3) if own.random() < 0.4 else own.uniform(0.7, 1)
        return read_as(sum(members) % 10, doubts[members], confidence=0.9)

    written = tuple((place,) for place in order) if seed % 3 else ()  # in a picture the order is unknown
    found = search(Pieces(boxes, 10, look, written, tuple(place // 2 for place in order)))
    known = list(read)

    def late(group: Members) -> int:
        if not written:
            return 0
        places = sorted(order[piece] for piece in group)
        return sum(later != earlier + 1 for earlier, later in pairwise(places))

    def worth(groups: tuple[Members, ...]) -> float:
        total = sum(evidence(look(group)) + LATE * late(group) for group in groups)
        for one, other in pairwise(groups):
            touching = not {order[piece] // 2 for piece in one}.isdisjoint(order[piece] // 2 for piece in other)
            one_box, other_box = (around([boxes[piece] for piece in group]) for group in (one, other))
            total += beside(one_box, other_box, 10, touching=touching)
        return total

    groupings = list(every_grouping(tuple(range(count))))
    best = max(groupings, key=worth)
    assert tuple(group.members for group in found) == best
    assert [group.box for group in found] == [around([boxes[piece] for piece in group]) for group in best]
    assert [group.prediction for group in found] == [look(group) for group in best]
    assert len(known) == len(set(known))
    assert count < 5 or len(known) < len({group for groups in groupings for group in groups})


def only(*digits: Members, gap: float = 5) -> Pieces:
    """Return pieces in a row of which only these groups look like digits."""
    boxes = row(*[gap] * max(piece for members in digits for piece in members))
    return Pieces(boxes, 10, lambda members: read_as(8, 0.01 if members in digits else 0.99))


@pytest.mark.parametrize(
    "digits",
    [
        ((0, 1, 2, 3, 4, 5), (6,)),
        ((0, 3), (1, 2)),
        ((0, 2), (1, 3)),
        ((0,), (1, 2), (3, 5), (4,)),
    ],
)
def test_pieces_of_a_digit_need_not_be_beside_each_other(digits: tuple[Members, ...]) -> None:
    assert tuple(group.members for group in search(only(*digits, gap=-15))) == digits


@pytest.mark.parametrize(
    "digits",
    [
        (tuple(range(REACH + 2)), (REACH + 2,)),
        ((0,), tuple(range(1, REACH + 3))),
        ((0, SKIPPED + 2), tuple(range(1, SKIPPED + 2))),
    ],
)
def test_digits_of_more_pieces_or_further_apart_are_not_looked_for(digits: tuple[Members, ...]) -> None:
    """So that the search ends."""
    groups = [group.members for group in search(only(*digits, gap=-18))]
    assert sorted(piece for group in groups for piece in group) == sorted(piece for group in digits for piece in group)
    assert tuple(groups) != digits


def test_all_pieces_can_be_one_digit_however_many_there_are() -> None:
    (group,) = search(only(tuple(range(11))))
    assert group.members == tuple(range(11))
    assert group.box == (0, 0, 270, 100)


@pytest.mark.parametrize(
    ("written", "together"), [((), True), (((0,), (1,)), True), (((1,), (0,)), True), (((0,), (2,)), False)]
)
def test_strokes_that_were_not_written_after_each_other_are_less_one_digit(
    written: tuple[tuple[int, ...], ...], *, together: bool
) -> None:
    """If the order is unknown, as in a picture, it says nothing."""
    pieces = Pieces(row(25), 10, lambda members: read_as(8, 0.2 if len(members) == 2 else 0.88), written)
    assert (len(search(pieces)) == 1) == together


@pytest.mark.parametrize(("better", "together"), [(0.49, False), (0.51, True)])
def test_strokes_out_of_order_are_one_digit_where_that_reads_better_by_half_a_unit(
    better: float, *, together: bool
) -> None:
    """In log likelihood, which means by a factor of `exp(0.5)`."""
    left, right = row(25)
    apart = evidence(read_as(8, 0.7)) * 2 + beside(left, right, 10)
    doubt = 1 / (1 + exp(apart + better))

    def read(members: Members) -> Prediction:
        return read_as(8, doubt if len(members) == 2 else 0.7)

    assert (len(search(Pieces((left, right), 10, read, ((0,), (2,))))) == 1) == together


@pytest.mark.parametrize(("gap", "together"), [(29, True), (31, False)])
def test_parts_of_a_digit_stand_no_further_apart_than_a_share_of_its_height(gap: float, *, together: bool) -> None:
    boxes = (*row(gap, 60)[:2], Box(500, 0, 520, 100))
    pieces = Pieces(boxes, 0, lambda members: read_as(8, 0.01 if members != (0,) else 0.9999))
    assert (search(pieces)[0].members == (0, 1)) == together


@pytest.mark.parametrize(("width", "together"), [(69.9, True), (70, True), (70.1, False)])
def test_a_digit_is_no_wider_than_twice_its_height(width: float, *, together: bool) -> None:
    boxes = (*row(-5, -5, width=width), Box(900, 0, 920, 100))
    pieces = Pieces(boxes, 0, lambda members: read_as(8, 0.01 if members in ((0, 1, 2), (3,)) else 0.99))
    assert (search(pieces)[0].members == (0, 1, 2)) == together


def test_many_paths_are_followed() -> None:
    """The best reading can look bad for a long time: here each piece except the last is doubted alone."""
    digits = ((0, 1), (2, 3), (4, 5), (6, 7), (8, 9))
    assert tuple(group.members for group in search(only(*digits))) == digits
