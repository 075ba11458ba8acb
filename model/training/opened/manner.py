"""Finds out how somebody else's network reads, by letting it read the probe in every possible manner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from model.base.language import _
from model.training.files.allowed import OpenError
from model.training.opened.probe import probe

NORMALIZED = "normalized"  # by keras.utils.normalize(images, axis=1): each column of a picture has length 1
SCALES = ("1", "255", NORMALIZED)
INKS = ("bright", "dark")
WELL_ABOVE_CHANCE = 0.5  # of the probe, read right: below this, we can't find out anything
CLEARLY = 0.2  # of the probe: one polarity must be this much better than the other
ABOUT = 0.05  # of the probe: scales this close together are equally good
SURE = 0.3  # the mean largest probability; barely trained networks had 0.5 at their own scale, others at a 255th 0.16
LEAST = 1e-7  # smaller probabilities count as this
TEMPERATURES = np.geomspace(0.05, 20, 25).astype(np.float32)

Array: TypeAlias = npt.NDArray[np.float32]


class UnclearError(OpenError):
    """We couldn't find out how a network reads; the user may know."""

    instead = "ask"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user said about how a network reads; None: find out."""

    scale: str | None = None
    ink: str | None = None
    outputs: str | None = None


@dataclass(frozen=True, slots=True)
class Manner:
    """How a network reads: what ink is scaled to, whether it's bright or dark, and what the answers are."""

    scale: str
    ink: str
    outputs: str


@dataclass(frozen=True, slots=True)
class _Try:
    manner: Manner
    right: float = 0.0  # fraction of the probe
    sure: float = 0.0  # the mean largest probability
    loss: float = np.inf  # the mean negative logarithm of the right answer's probability
    calibrated: float = np.inf  # the lowest such loss at any temperature (Guo et al. 2017, section 4.2)


def seen(images: Array, scale: str, ink: str, shape: tuple[int, ...]) -> Array:
    """Return images (n, 28, 28), 0 paper to 1 ink, as a network sees them: scaled, and (n, *shape)."""
    images = (images if ink == "bright" else 1 - images).reshape(-1, *shape)
    if scale != NORMALIZED:
        return images * np.float32(scale)
    length = np.sqrt(np.square(images).sum(1, keepdims=True))
    return np.asarray(images / np.where(length == 0, 1, length), np.float32)


def find(answer: Callable[[Array], Array], asked: Asked, shape: tuple[int, ...]) -> Manner:
    """Return how a network reads, finding out whatever the user didn't say.

    ``answer`` returns its answers, (n, 10), to images (n, *shape) scaled its way. Raises UnclearError.
    """
    scales = SCALES if asked.scale is None else (asked.scale,)
    inks = INKS if asked.ink is None else (asked.ink,)
    tries = {ink: [_tried(answer, scale, ink, asked.outputs, shape) for scale in scales] for ink in inks}
    if len(scales) == len(inks) == 1:
        return tries[inks[0]][0].manner  # there's nothing to find out
    best = {ink: max(one.right for one in tried) for ink, tried in tries.items()}
    ink, *other = sorted(inks, key=lambda ink: -best[ink])
    if best[ink] < WELL_ABOVE_CHANCE:
        sentence = _(
            "Inkling couldn't find out how this network wants its images: it reads at most {share:.0%} of "
            "the digits that it was tried with. It may have been trained on something other than digits. If "
            "you know how it reads, say so."
        )
        raise UnclearError(sentence, share=best[ink])
    if other and best[ink] - best[other[0]] < CLEARLY:
        sentence = _(
            "Inkling couldn't find out whether this network wants its ink bright or dark: it reads "
            "{bright:.0%} and {dark:.0%} of the digits that it was tried with. If you know, say so."
        )
        raise UnclearError(sentence, **best)
    good = [one for one in tries[ink] if one.right >= best[ink] - ABOUT]
    plain = [one for one in good if one.manner.scale != NORMALIZED]
    if not plain:
        return good[0].manner
    # A network that was trained on 0 to 255 is unsure about everything between 0 and 1; one that was trained on 0 to 1
    # is far too sure about values up to 255. So the small scale is right unless it leaves the network unsure.
    own = next((one for one in plain if one.sure >= SURE), plain[-1])
    normalized = (one for one in good if one.manner.scale == NORMALIZED)
    return next((one for one in normalized if one.loss < own.loss or one.calibrated < own.calibrated), own).manner


def _tried(answer: Callable[[Array], Array], scale: str, ink: str, outputs: str | None, shape: tuple[int, ...]) -> _Try:
    images, digits = probe()
    answers = answer(seen(images, scale, ink, shape))
    if not np.isfinite(answers).all():
        return _Try(Manner(scale, ink, outputs or "logits"))
    kind = outputs or _kind(answers)
    logits = answers if kind == "logits" else np.log(np.maximum(answers, LEAST))
    return _Try(
        Manner(scale, ink, kind),
        right=float((answers.argmax(1) == digits).mean()),
        sure=float(_softmax(logits).max(1).mean()),
        loss=_loss(logits, digits),
        calibrated=min(_loss(logits / heat, digits) for heat in TEMPERATURES),
    )


def _softmax(logits: Array) -> Array:
    likely = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(likely / likely.sum(1, keepdims=True), np.float32)


def _loss(logits: Array, digits: npt.NDArray[np.intp]) -> float:
    """Return the cross-entropy of logits (n, 10) with digits (n,)."""
    right = _softmax(logits)[np.arange(len(digits)), digits]
    return float(-np.log(np.maximum(right, LEAST)).mean())


def _kind(answers: Array) -> str:
    """Return what kind a network's answers, (n, 10), are."""
    sums = answers.sum(1)
    if answers.min() >= 0 and np.abs(sums - 1).max() < 1e-3:
        return "probabilities"
    if answers.min() >= 0 and answers.max() <= 1:
        return "scores"
    # If a network was trained on zeros and ones by squared error, its answers are about that, and sum to about one.
    near = (answers > -0.5) & (answers < 1.5)
    return "scores" if near.mean() > 0.99 and np.abs(sums - 1).mean() < 0.25 else "logits"
