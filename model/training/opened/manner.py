"""How a network of somebody else's reads: found by letting it read the probe in each manner that there is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from model.base.language import _
from model.training.files.allowed import OpenError
from model.training.opened.probe import probe

SCALES = (1, 255)
INKS = ("bright", "dark")

WELL_ABOVE_CHANCE = 0.5  # of the probe read right: below it, nothing can be told
CLEARLY = 0.2  # of the probe: so much better must the one polarity be than the other
ABOUT = 0.05  # of the probe: scales that are no further apart are equally good
SURE = 0.3  # the mean largest probability; barely trained networks had 0.5 at their own scale, others at a 255th 0.16

Array: TypeAlias = npt.NDArray[np.float32]


class UnclearError(OpenError):
    """How a network reads could not be told; the user may know."""

    instead = "ask"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user said of how a network reads; None: find out."""

    scale: int | None = None
    ink: str | None = None
    outputs: str | None = None


@dataclass(frozen=True, slots=True)
class Manner:
    """How a network reads: how large ink is, whether it is bright or dark, and what its answers are."""

    scale: int
    ink: str
    outputs: str


@dataclass(frozen=True, slots=True)
class _Try:
    manner: Manner
    right: float  # fraction of the probe
    sure: float  # the mean largest probability


def find(answer: Callable[[Array], Array], asked: Asked) -> Manner:
    """Return how a network reads.

    Args:
        answer: what the network makes of images (n, 28, 28), scaled its way: (n, 10).
        asked: what is known; the rest is found out.

    Raises:
        UnclearError: it cannot be told.
    """
    scales = SCALES if asked.scale is None else (asked.scale,)
    inks = INKS if asked.ink is None else (asked.ink,)
    tries = {ink: [_tried(answer, scale, ink, asked.outputs) for scale in scales] for ink in inks}
    if len(scales) == len(inks) == 1:
        return tries[inks[0]][0].manner  # there is nothing to tell
    best = {ink: max(one.right for one in tried) for ink, tried in tries.items()}
    ink, *other = sorted(inks, key=lambda ink: -best[ink])
    if best[ink] < WELL_ABOVE_CHANCE:
        raise UnclearError(
            _(
                "It could not be told how this network wants its images: it reads at most {share:.0%} of the digits "
                "that it was tried with; if you know, say it with --ink and --scale."
            ),
            share=best[ink],
        )
    if other and best[ink] - best[other[0]] < CLEARLY:
        raise UnclearError(
            _(
                "It could not be told whether this network wants its ink bright or dark: it reads {bright:.0%} "
                "and {dark:.0%} of the digits that it was tried with; say it with --ink and --scale."
            ),
            bright=best["bright"],
            dark=best["dark"],
        )
    good = [one for one in tries[ink] if one.right >= best[ink] - ABOUT]
    # Trained on 0 to 255, a network is unsure of all that is within 0 to 1; trained on 0 to 1, it is all too sure of
    # what goes to 255. So the small scale is right unless it leaves the network unsure.
    return next((one for one in good if one.sure >= SURE), good[-1]).manner


def _tried(answer: Callable[[Array], Array], scale: int, ink: str, outputs: str | None) -> _Try:
    images, digits = probe()
    answers = answer((images if ink == "bright" else 1 - images) * np.float32(scale))
    if not np.isfinite(answers).all():
        return _Try(Manner(scale, ink, outputs or "logits"), 0.0, 0.0)
    kind = outputs or _kind(answers)
    return _Try(Manner(scale, ink, kind), float((answers.argmax(1) == digits).mean()), _sureness(answers, kind))


def _kind(answers: Array) -> str:
    """Return what a network's answers are, (n, 10)."""
    sums = answers.sum(1)
    if answers.min() >= 0 and np.abs(sums - 1).max() < 1e-3:
        return "probabilities"
    if answers.min() >= 0 and answers.max() <= 1:
        return "scores"
    # Of a network that was taught zeros and ones by squares: about there, and about one together.
    near = (answers > -0.5) & (answers < 1.5)
    return "scores" if near.mean() > 0.99 and np.abs(sums - 1).mean() < 0.25 else "logits"


def _sureness(answers: Array, kind: str) -> float:
    """Return the mean largest probability that the answers make."""
    likely = np.exp(answers - answers.max(1, keepdims=True)) if kind == "logits" else np.maximum(answers, 1e-7)
    return float((likely.max(1) / likely.sum(1)).mean())
