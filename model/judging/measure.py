"""What is measured on a network's answers: pure functions on probabilities and labels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn import metrics

from model.base.errors import UserError
from model.base.language import _
from model.data.data import Labels
from model.judging.acceptance import Acceptance, Doubts, accept

BINS = 15  # of the calibration
MOST_MISTAKES = 40  # that a report shows

Probabilities = npt.NDArray[np.float32]  # (n, 10), rows that sum to 1
Names = tuple[str | None, ...]  # one an example, None where nobody said


@dataclass(frozen=True, slots=True)
class Scores:
    """How well one digit is told from the others; None if the examples don't say (0 / 0)."""

    digit: int
    count: int
    precision: float | None  # of the answers with this digit, the fraction that is right
    recall: float | None  # of the examples of this digit, the fraction that is read right
    f1: float | None  # harmonic mean of the two
    auc: float | None  # area under the ROC curve, this digit against the rest


@dataclass(frozen=True, slots=True)
class Bin:
    """Examples whose answers are about equally sure."""

    count: int
    confidence: float  # mean probability of the answer
    accuracy: float  # fraction read right


@dataclass(frozen=True, slots=True)
class Mistake:
    """A misread example."""

    index: int  # among the examples, from 0
    label: int
    answer: int
    confidence: float  # the wrong answer's probability


@dataclass(frozen=True, slots=True)
class Subset:
    """The examples of one placement or one writer; no name stands for those where nobody said."""

    name: str | None
    count: int
    accuracy: float


@dataclass(frozen=True, slots=True)
class Report:
    """All that was measured."""

    count: int
    accuracy: float
    loss: float  # cross-entropy in nats
    calibration_error: float
    scores: tuple[Scores, ...]  # digit by digit
    confusion: tuple[tuple[int, ...], ...]  # rows: what it is; columns: what it was read as
    bins: tuple[Bin, ...]  # from the least sure to the surest
    mistakes: tuple[Mistake, ...]  # the worst, surest first
    placements: tuple[Subset, ...]  # worst first
    writers: tuple[Subset, ...]  # worst first
    acceptance: Acceptance


def measure(
    probabilities: Probabilities,
    labels: Labels,
    placements: Names = (),
    writers: Names = (),
    doubts: Doubts | None = None,
) -> Report:
    """Return the report on (n, 10) probabilities, the (n,) digits that are right, and doubts, if there are any.

    Precision, recall, F1, AUC and loss are scikit-learn's. Raises UserError if the rows aren't probabilities.
    """
    sums = probabilities.sum(axis=1)
    if not (np.isfinite(sums).all() and probabilities.min() >= 0 and np.abs(sums - 1).max() < 0.001):
        raise UserError(_("The network's answers aren't probabilities, so it's broken. Train it again."))
    answers = probabilities.argmax(axis=1)
    confidences = probabilities.max(axis=1).astype(np.float64)
    right = answers == labels
    bins = calibrate(confidences, right)
    return Report(
        count=len(labels),
        accuracy=float(right.mean()),
        # float32 as they came: scikit-learn takes its tolerance, and the least probability that it logs, from the type
        loss=float(metrics.log_loss(labels, probabilities, labels=range(10))),
        calibration_error=calibration_error(bins),
        scores=_scores(probabilities, answers, labels),
        confusion=tuple(map(tuple, metrics.confusion_matrix(labels, answers, labels=range(10)).tolist())),
        bins=bins,
        mistakes=tuple(
            Mistake(int(index), int(labels[index]), int(answers[index]), float(confidences[index]))
            for index in np.argsort(-confidences, kind="stable")
            if not right[index]
        )[:MOST_MISTAKES],
        placements=_subsets(placements, right),
        writers=_subsets(writers, right),
        acceptance=accept(confidences, doubts or Doubts(np.zeros(len(labels))), right),
    )


def calibrate(confidences: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]) -> tuple[Bin, ...]:
    """Return up to `BINS` bins of equal count (to within one), from the least sure answers to the surest.

    After Nguyen and O'Connor: Posterior calibration and exploratory analysis for natural language processing models
    (EMNLP 2015). Bins of equal width would be nearly empty, all but the last.
    """
    order = np.argsort(confidences, kind="stable")  # equally sure answers stay in the order of the data
    return tuple(
        Bin(len(part), float(confidences[part].mean()), float(right[part].mean()))
        for part in np.array_split(order, min(BINS, len(order)))
    )


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return the expected calibration error of the top answer: the bins' mean of |accuracy - confidence|, by count.

    Guo, Pleiss, Sun, Weinberger: On Calibration of Modern Neural Networks (ICML 2017), equation 3.
    """
    total = sum(part.count for part in bins)
    return math.fsum(part.count * abs(part.accuracy - part.confidence) for part in bins) / total


def _scores(probabilities: Probabilities, answers: npt.NDArray[np.int64], labels: Labels) -> tuple[Scores, ...]:
    columns = metrics.precision_recall_fscore_support(labels, answers, labels=range(10), zero_division=np.nan)
    scores = []
    for digit, (*fractions, count) in enumerate(zip(*columns, strict=True)):
        precision, recall, f1 = (None if math.isnan(each) else float(each) for each in fractions)
        is_digit = labels == digit
        has_curve = is_digit.any() and not is_digit.all()
        auc = float(metrics.roc_auc_score(is_digit, probabilities[:, digit])) if has_curve else None
        scores.append(Scores(digit, int(count), precision, recall, f1, auc))
    return tuple(scores)


def _subsets(names: Names, right: npt.NDArray[np.bool_]) -> tuple[Subset, ...]:
    places: dict[str | None, list[int]] = {}
    for index, name in enumerate(names):
        places.setdefault(name, []).append(index)
    subsets = [Subset(name, len(some), float(right[some].mean())) for name, some in places.items()]
    return tuple(sorted(subsets, key=lambda subset: (subset.accuracy, subset.name or "")))
