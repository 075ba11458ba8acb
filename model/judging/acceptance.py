"""What is accepted, and how much of that is wrong: pure functions on confidences, doubts and labels."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from sklearn import metrics

from model.reading.recognizer import THRESHOLD

ENOUGH = 98  # percent of the digits that are to be accepted, where what is none is to be rejected
BOTH = "confidence × (1 − doubt)"

Values = npt.NDArray[np.float64]  # (n,)


@dataclass(frozen=True, slots=True)
class Doubts:
    """How much examples are doubted, 0 to 1."""

    digits: Values
    others: Values = field(default_factory=lambda: np.zeros(0))  # of what is none, where there's any
    mislabelled: tuple[int, ...] = ()  # the digits, by their indices, that are left out in a second look


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many are read wrong of those that are accepted, when the surest are accepted first."""

    order: str  # what says how sure an answer is, for people
    count: int
    area: float  # under the curve: the mean of the share wrong, over all shares accepted
    wrong: dict[int, float]  # percent accepted, 1 to 100 -> the share of those that is read wrong


@dataclass(frozen=True, slots=True)
class Rejection:
    """How well doubt tells digits from non-digits."""

    count: int  # of what is none
    auroc: float  # how often one of them is doubted more than a digit is
    rejected: float  # share of them, as the threshold is set
    rejected_at_enough: float  # and where `ENOUGH` of the digits are accepted


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What a threshold of doubt accepts, and what accepting the surest would."""

    accepted: float  # share of the digits, as the threshold is set
    wrong: float | None  # share of those that is read wrong; None where none is accepted
    coverages: tuple[Coverage, ...]
    rejection: Rejection | None  # None where there was nothing but digits


def accept(confidences: Values, doubts: Doubts, right: npt.NDArray[np.bool_]) -> Acceptance:
    """Return how many digits are accepted, some of them read right, and how many non-digits are rejected.

    An answer's certainty is the probability that it's right: that it's a digit, times that it's then this one.
    Rejecting by that is optimal (Chow: On optimum recognition error and reject tradeoff, 1970), as far as both are
    calibrated. Confidence alone is the softmax response of Geifman and El-Yaniv: Selective Classification for Deep
    Neural Networks (NIPS 2017); doubt alone is what the program's threshold is of.
    """
    taken = doubts.digits <= THRESHOLD
    sure = confidences * (1 - doubts.digits)
    orders = {BOTH: sure, "confidence alone": confidences, "doubt alone": -doubts.digits}
    coverages = [coverage(order, values, right) for order, values in orders.items()]
    if doubts.mislabelled:
        kept = np.delete(np.arange(len(right)), doubts.mislabelled)
        coverages.append(coverage(f"{BOTH}, without the {len(doubts.mislabelled)}", sure[kept], right[kept]))
    return Acceptance(
        accepted=float(taken.mean()),
        wrong=float((~right[taken]).mean()) if taken.any() else None,
        coverages=tuple(coverages),
        rejection=reject(doubts.digits, doubts.others) if len(doubts.others) else None,
    )


def coverage(order: str, sure: Values, right: npt.NDArray[np.bool_]) -> Coverage:
    """Return the risk-coverage curve: the share that's wrong among all that are at least that sure.

    El-Yaniv and Wiener: On the Foundations of Noise-free Selective Classification (JMLR 2010); the area: Geifman, Uziel
    and El-Yaniv: Bias-Reduced Uncertainty Estimation (ICLR 2019). Those who are equally sure are as wrong as their
    mean, so that their order in the data doesn't count.
    """
    _, alike = np.unique(-sure, return_inverse=True)
    mean = np.bincount(alike, ~right) / np.bincount(alike)
    count = len(right)
    wrong = np.cumsum(mean[np.sort(alike)]) / np.arange(1, count + 1)
    places = {percent: -(-count * percent // 100) - 1 for percent in range(1, 101)}
    return Coverage(order, count, float(wrong.mean()), {each: float(wrong[place]) for each, place in places.items()})


def reject(digits: Values, others: Values) -> Rejection:
    """Return how far apart the doubts of digits and of non-digits are."""
    auroc = metrics.roc_auc_score([False] * len(digits) + [True] * len(others), np.concatenate([digits, others]))
    least = np.quantile(digits, ENOUGH / 100, method="inverted_cdf")  # threshold that accepts so many
    return Rejection(len(others), float(auroc), *(float((others > each).mean()) for each in (THRESHOLD, least)))
