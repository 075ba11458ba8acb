"""Each measured number next to one computed by hand."""

import math

import numpy as np
import pytest

from model.base.errors import UserError
from model.judging.acceptance import Doubts, Rejection, accept, coverage, reject
from model.judging.measure import Bin, Mistake, Probabilities, Subset, calibrate, calibration_error, measure


def table(*rows: dict[int, float]) -> Probabilities:
    """Return rows of ten probabilities, given by digit."""
    return np.array([[row.get(digit, 0) for digit in range(10)] for row in rows], np.float32)


ZEROS_AND_ONES = table({0: 0.9, 1: 0.1}, {0: 0.2, 1: 0.8}, {0: 0.4, 1: 0.6}, {1: 1})
LABELS = np.array([0, 0, 1, 1], np.uint8)


def test_four_examples_give_what_a_pencil_gives() -> None:
    report = measure(ZEROS_AND_ONES, LABELS)
    assert (report.count, report.accuracy) == (4, 0.75)
    assert report.loss == pytest.approx(-(math.log(0.9) + math.log(0.2) + math.log(0.6) + math.log(1)) / 4)
    zero, one, two, *_ = report.scores
    # One of the two zeros is read as 0, and nothing else. Of the four pairs of a 0 and a 1, 0.2 and 0.4 are misordered.
    assert (zero.count, zero.precision, zero.recall, zero.auc) == (2, 1, 0.5, 0.75)
    assert zero.f1 == pytest.approx(2 / 3)
    assert (one.count, one.recall, one.auc) == (2, 1, 0.75)
    assert (one.precision, one.f1) == pytest.approx((2 / 3, 0.8))
    assert (two.count, two.precision, two.recall, two.f1, two.auc) == (0, None, None, None, None)
    assert [row[:3] for row in report.confusion[:3]] == [(1, 1, 0), (0, 2, 0), (0, 0, 0)]
    assert sum(map(sum, report.confusion)) == 4
    assert report.mistakes == (Mistake(1, label=0, answer=1, confidence=float(np.float32(0.8))),)
    assert [part.accuracy for part in report.bins] == [1, 0, 1, 1]  # for confidences of 0.6, 0.8, 0.9 and 1
    assert report.calibration_error == pytest.approx((0.4 + 0.8 + 0.1 + 0) / 4)


def test_a_digit_that_is_never_read_has_no_precision_and_no_recall() -> None:
    report = measure(table({1: 1}, {1: 1}), np.array([1, 2], np.uint8))
    two = report.scores[2]
    assert (two.count, two.precision, two.recall, two.f1) == (1, None, 0, 0)


def test_one_digit_alone_has_no_curve() -> None:
    assert measure(table({7: 1}), np.array([7], np.uint8)).scores[7].auc is None


def test_the_bins_are_fifteen_of_equal_count_from_the_least_sure() -> None:
    confidences = np.linspace(0.5, 0.79, 30)
    right = np.arange(30) % 2 == 0
    mixed = np.random.default_rng(0).permutation(30)
    bins = calibrate(confidences[mixed], right[mixed])
    assert [part.count for part in bins] == [2] * 15
    assert [part.accuracy for part in bins] == [0.5] * 15
    assert [part.confidence for part in bins] == pytest.approx([0.505 + 0.02 * number for number in range(15)])
    assert calibration_error(bins) == pytest.approx(0.005 + 0.02 * 7)  # the mean of 0.005, 0.025, ..., 0.285


def test_counts_that_do_not_divide_differ_by_one_and_weigh_so() -> None:
    bins = calibrate(np.linspace(0.1, 1, 31), np.ones(31, np.bool_))
    assert sorted(part.count for part in bins) == [2] * 14 + [3]
    assert calibration_error([Bin(1, 0.5, 1.0), Bin(3, 1.0, 0.9)]) == pytest.approx((0.5 + 3 * 0.1) / 4)


def test_the_worst_mistakes_are_the_surest_and_at_most_forty() -> None:
    sure = np.linspace(0.6, 0.99, 50)
    rows = table(*({3: p, 5: 1 - p} for p in sure), {3: 1.0})
    report = measure(rows, np.array([5] * 50 + [3], np.uint8))
    assert [mistake.index for mistake in report.mistakes] == list(range(49, 9, -1))
    assert report.mistakes[0] == Mistake(49, label=5, answer=3, confidence=float(np.float32(0.99)))


def test_placements_and_writers_stand_worst_first() -> None:
    report = measure(ZEROS_AND_ONES, LABELS, ("small", "small", "tall", None), ("ann", "bob", "ann", "ann"))
    assert report.placements == (Subset("small", 2, 0.5), Subset(None, 1, 1), Subset("tall", 1, 1))
    assert report.writers == (Subset("bob", 1, 0), Subset("ann", 3, 1))


def test_the_surest_are_accepted_first_and_those_equally_sure_are_equally_wrong() -> None:
    curve = coverage("", np.array([0.9, 0.8, 0.8, 0.1]), np.array([True, False, True, False]))
    assert (curve.wrong[25], curve.wrong[50], curve.wrong[75], curve.wrong[100]) == pytest.approx(
        (0, 1 / 4, 1 / 3, 1 / 2)
    )
    assert (curve.wrong[1], curve.wrong[26]) == pytest.approx((0, 1 / 4))  # at least one is accepted, then two
    assert curve.area == pytest.approx((0 + 1 / 4 + 1 / 3 + 1 / 2) / 4)
    assert coverage("", np.array([0.9, 0.8, 0.8, 0.1]), np.array([True, True, False, False])) == curve


def test_what_is_sure_to_be_a_digit_and_to_be_this_one_is_accepted_first() -> None:
    confidences, right = np.array([1.0, 0.9, 0.6]), np.array([False, True, True])
    accepted = accept(confidences, Doubts(np.array([0.6, 0.1, 0.5]), mislabelled=(0,)), right)
    assert (accepted.accepted, accepted.wrong, accepted.rejection) == (2 / 3, 0, None)
    both, confidence, doubt, without = accepted.coverages
    assert [each.wrong[34] for each in (both, confidence, doubt)] == [0.5, 0.5, 0]  # of the first two: 0.81, 0.4, 0.3
    assert [each.wrong[1] for each in (both, confidence, doubt)] == [0, 1, 0]
    assert (without.count, without.area, both.count) == (2, 0, 3)
    assert accept(confidences, Doubts(np.ones(3)), right).wrong is None


def test_doubt_is_judged_by_what_it_rejects() -> None:
    digits, others = np.linspace(0.01, 0.5, 50), np.array([0.2, 0.495, 0.6, 0.9])
    # In 200 pairs: 30 digits are doubted more than the 0.2, one as much (half a point), and one more than the 0.495.
    told = reject(digits, others)
    assert told == Rejection(4, told.auroc, 0.5, 0.75)
    assert told.auroc == pytest.approx((200 - 30 - 0.5 - 1) / 200)


@pytest.mark.parametrize("row", [{0: math.nan}, {0: 3, 1: -2}, {0: 0.5}, {0: math.inf}])
def test_what_is_no_probability_gets_a_sentence(row: dict[int, float]) -> None:
    with pytest.raises(UserError, match="aren't probabilities"):
        measure(table(row), np.array([0], np.uint8))
