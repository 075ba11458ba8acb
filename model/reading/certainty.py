"""How likely a picture was read right, by what the networks say, how unsure the eye was, and what other looks read.

It's a logistic regression on five measures, fitted where the truth is known (Platt: Probabilistic Outputs for Support
Vector Machines and Comparisons to Regularized Likelihood Methods, 1999, section 2).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.ink.ink import Box
from model.reading.reading import Digit, Reading
from model.reading.sight import FAINTEST, POSSIBLE, Floats, Sight

MEASURES = 5  # of a reading; their weights follow the constant term
ENOUGH = 0.88  # the probability that all was read right, at least, where an answer is accepted
AT_ONCE = 0.96  # the probability from which on nothing is looked at again
NO_NUMBER = ("blank", "lines", "letters")  # reasons for which another look is of no use
SURE_ENOUGH = 0.7  # the confidence of each of its digits, at least
EDGE = 1  # pixels around a digit's box that are still its own
LEAST = 1e-4, 1e-3, 1e-2  # for no logarithm of 0: of one digit in error, of doubt, and of ink
MOST_WEIGHT = 1e3  # of a card's weights: no network's answer counts for more


def how_sure(weights: Sequence[float] | None, sight: Sight, reading: Reading, others: int = 0) -> float:
    """Return the probability that a sight's reading is right, if it may be accepted; otherwise 0.

    ``others`` is how many further looks read something else. Without weights, nothing speaks against it.
    """
    if not reading.accepted:
        return 0.0
    return 1.0 if weights is None else certainty(weights, measures(sight, reading.digits, others))


def is_worth_another(weights: Sequence[float] | None, sight: Sight, reading: Reading) -> bool:
    """Return whether another look at a picture may tell more: one is enough if it's clear, or if there's no number."""
    is_number = reading.believable and reading.reason not in NO_NUMBER
    return is_number and how_sure(weights, sight, reading) < AT_ONCE


def certainty(weights: Sequence[float], measured: Floats) -> float:
    """Return the probability that a reading with these `measures` is right; ``weights`` are 1 + `MEASURES`."""
    logit = weights[0] + float(np.dot(weights[1:], measured))
    return float(1 / (1 + np.exp(-np.clip(logit, -50, 50))))


def measures(sight: Sight, digits: Sequence[Digit], others: int = 0) -> Floats:
    """Return the measures that speak against a reading, (`MEASURES`,).

    They are logarithms of the least sure digit's probability of error and doubt, of how unsure the eye was of the ink,
    and of how much it may have left out, in shares of the digits' ink; and ``others``, how many further looks read
    something else.
    """
    error = 1 - min(digit.prediction.confidence for digit in digits)
    doubt = max(digit.prediction.doubt for digit in digits)
    ours = np.zeros(sight.digits.shape, np.bool_)
    for digit in digits:
        ours[_pixels(sight.place(digit.box))] = True
    seen = np.where(sight.digits > FAINTEST, sight.digits, 0)
    ink = float(seen[ours & (seen > POSSIBLE)].sum()) + LEAST[2]
    unsure, left = float((seen * (1 - seen)).sum()) / ink, float(seen[~ours].sum()) / ink
    shares = max(error, LEAST[0]), max(doubt, LEAST[1]), unsure + LEAST[2], left + LEAST[2]
    return np.append(np.log(np.array(shares, np.float32)), np.float32(others))


def weights_of(noted: object) -> tuple[float, ...] | None:
    """Return the weights on a card; None if they can't be used."""
    weights = noted if isinstance(noted, list) else []
    known = [float(each) for each in weights if isinstance(each, int | float) and abs(each) <= MOST_WEIGHT]
    return tuple(known) if len(known) == len(weights) == 1 + MEASURES else None


def _pixels(box: Box) -> tuple[slice, slice]:
    left, top = (max(0, int(side) - EDGE) for side in (box.left, box.top))
    return slice(top, int(np.ceil(box.bottom)) + EDGE), slice(left, int(np.ceil(box.right)) + EDGE)
