"""How digits stand side by side, by their boxes alone: what speaks for two digits, and what isn't a row."""

from itertools import pairwise

import numpy as np
import pytest

from model.ink.ink import Box
from model.reading.layout import (
    CUTS,
    GAPS,
    LEAST_RATIO,
    LINE_SPREAD,
    SIZE_SPREAD,
    SLACK,
    around,
    beside,
    clipped,
    is_believable,
)

LEFT = Box(0, 0, 20, 100)
PEN = 10.0
EVEN = 5.0  # the worth of neighbours far apart, of one size and on one line


def at(gap: float, height: float = 100, lower: float = 0) -> Box:
    """Return a neighbour of `LEFT` with this gap from line to line, this height, and its middle this much lower."""
    left = LEFT.right - PEN + gap
    return Box(left, 50 + lower - height / 2, left + 20, 50 + lower + height / 2)


@pytest.mark.parametrize(("gap", "worth"), GAPS)
def test_the_gap_between_the_lines_tells_in_heights(gap: float, worth: float) -> None:
    assert beside(LEFT, at(gap * 100), PEN) == pytest.approx(worth)


@pytest.mark.parametrize(("wide", "worth"), [(0.4, CUTS[0][1]), *CUTS, (3, CUTS[-1][1])])
def test_ink_that_hangs_together_is_two_digits_sooner_the_wider_it_is(wide: float, worth: float) -> None:
    left, right = Box(0, 0, 50 * wide, 100), Box(50 * wide, 0, 100 * wide, 100)
    assert beside(left, right, 0, touching=True) == pytest.approx(worth)


@pytest.mark.parametrize(("gap", "worth"), [(0, 0.0), *[gap for gap in GAPS if gap[1] < 0]])
def test_digits_that_touch_may_overlap_a_little_and_more_speaks_against_them(gap: float, worth: float) -> None:
    over = 200 * (SLACK - gap)  # of boxes twice as wide as tall, which are wide enough for two however they overlap
    left, right = Box(0, 0, 200, 100), Box(200 - over, 0, 400 - over, 100)
    assert beside(left, right, 0, touching=True) == pytest.approx(CUTS[-1][1] + worth)


def test_wider_gaps_say_two_digits_more_and_more_up_to_a_bound() -> None:
    worths = [beside(LEFT, at(gap), PEN) for gap in range(-80, 60)]
    assert all(0 <= wider - narrower < 0.6 for narrower, wider in pairwise(worths))
    assert (worths[0], worths[-1]) == (-12, EVEN)
    assert beside(LEFT, at(2.5), PEN) == pytest.approx(1.0)  # halfway between 0 and 0.05 heights


@pytest.mark.parametrize("scale", [1e-3, 0.3, 40])
def test_the_drawing_s_size_does_not_matter(scale: float) -> None:
    for right in (at(3), at(-20, height=70), at(8, lower=25)):
        left, small = (Box(*(side * scale for side in box)) for box in (LEFT, right))
        assert beside(left, small, PEN * scale) == pytest.approx(beside(LEFT, right, PEN))


@pytest.mark.parametrize("spreads", [-1, 1, -3, 3])
def test_another_size_and_another_line_speak_against_two_digits(spreads: int) -> None:
    """As with normal distributions."""
    against = spreads**2 / 2
    assert beside(LEFT, at(80, height=100 * np.exp(spreads * SIZE_SPREAD)), PEN) == pytest.approx(EVEN - against)
    assert beside(LEFT, at(80, lower=100 * spreads * LINE_SPREAD), PEN) == pytest.approx(EVEN - against)


def test_size_and_line_never_say_more_than_so_much() -> None:
    assert beside(LEFT, at(10_000, height=2000), PEN) == EVEN + LEAST_RATIO
    assert beside(LEFT, at(10_000, lower=-900), PEN) == EVEN + LEAST_RATIO
    assert beside(LEFT, at(10_000, height=2000, lower=9000), PEN, touching=True) < 2 * LEAST_RATIO


def test_dots_of_a_pen_without_width_are_no_trouble() -> None:
    dot, far = Box(20, 30, 20, 30), Box(90, 30, 90, 30)
    assert beside(dot, far, 0) == EVEN + LEAST_RATIO
    assert beside(LEFT, Box(120, 50, 120, 50), 0) == EVEN + LEAST_RATIO


def row(gaps: int, tight: int) -> list[Box]:
    """Return boxes in a row with this many tight gaps, where the boxes touch."""
    lefts = np.cumsum([0, *([30.0] * tight + [45.0] * (gaps - tight))])
    return [Box(left, 0, left + 30, 100) for left in lefts]


@pytest.mark.parametrize(
    ("gaps", "most"), [(0, 0), (1, 1), (2, 1), (3, 2), (4, 2), (5, 2), (6, 2), (7, 3), (10, 3), (20, 5)]
)
def test_a_row_has_as_many_tight_gaps_as_chance_gives_one_row_in_fifty(gaps: int, most: int) -> None:
    """If a tenth of all gaps is tight: from tables of the binomial distribution."""
    assert [is_believable(row(gaps, tight)) for tight in range(gaps + 1)] == [True] * (most + 1) + [False] * (
        gaps - most
    )


def test_a_gap_where_ink_was_cut_is_no_tight_one() -> None:
    assert not is_believable(row(4, 4))
    assert not is_believable(row(4, 4), [False, False, False, True])
    assert is_believable(row(4, 4), [False, True, True, True])


@pytest.mark.parametrize("overlap", [25, 35])
def test_a_digit_reaches_over_its_neighbour_by_a_share_of_the_longer_one(overlap: float) -> None:
    long, short = Box(0, 0, 50, 100), Box(50 - overlap, 40, 90 - overlap, 70)
    assert is_believable([long, short]) == (overlap == 25)
    long, short = Box(40 - overlap, 0, 90 - overlap, 100), Box(0, 40, 40, 70)
    assert is_believable([short, long]) == (overlap == 25)


def test_boxes_are_joined_and_clipped() -> None:
    assert around([Box(5, 6, 7, 8)]) == (5, 6, 7, 8)
    assert around([Box(5, 6, 7, 8), Box(1, 9, 3, 11), Box(4, 2, 20, 3)]) == (1, 2, 20, 11)
    assert clipped(Box(-5, 10, 50, 300), (280, 180)) == (0, 10, 50, 180)
    assert clipped(Box(10, -5, 300, 50), (280, 180)) == (10, 0, 280, 50)
    assert clipped(Box(300, 200, 310, 210), (280, 180)) == (280, 180, 280, 180)
