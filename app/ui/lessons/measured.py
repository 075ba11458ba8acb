"""The values for a lesson's {names}, measured when they're shown: of the drawing, the network and the digits."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from app.ui.kit.numbers import plain, share
from model.inside.touched import zeros

if TYPE_CHECKING:
    from app.ui.laboratory.laboratory import Laboratory
    from model.inside.ways import Seen


def _likely(seen: Seen, rank: int) -> tuple[int, float, float]:
    """Return the digit at a rank, where 0 is the likeliest, with its probability and its score."""
    digit = int(np.argsort(-seen.traced.probabilities)[rank])
    return digit, float(seen.traced.probabilities[digit]), float(seen.answers(-1)[digit])


def _loss(probability: float) -> float:
    return -math.log(max(probability, 1e-30))


def _pinned(seen: Seen, laboratory: Laboratory) -> float | None:
    thing = laboratory.thing
    return float(seen.answers(thing.column)[thing.unit]) if thing else None


def _count(number: float) -> str:
    return f"{number:,.0f}"


def _percent(part: float) -> str:
    return share(part, 1 if 0.001 <= part <= 0.999 else 2)


Measure = Callable[["Seen", "Laboratory"], float | None]  # None: not known

MEASURES: dict[str, tuple[Measure, Callable[[float], str]]] = {
    "inked": (lambda seen, _lab: int(np.count_nonzero(seen.traced.values[0])), _count),  # pixels of the image
    "answer": (lambda seen, _lab: _likely(seen, 0)[0], _count),
    "sure": (lambda seen, _lab: _likely(seen, 0)[1], _percent),
    "score": (lambda seen, _lab: _likely(seen, 0)[2], plain),
    "loss": (lambda seen, _lab: _loss(_likely(seen, 0)[1]), plain),
    "second": (lambda seen, _lab: _likely(seen, 1)[0], _count),
    "second_sure": (lambda seen, _lab: _likely(seen, 1)[1], _percent),
    "second_score": (lambda seen, _lab: _likely(seen, 1)[2], plain),
    "second_loss": (lambda seen, _lab: _loss(_likely(seen, 1)[1]), plain),
    "units": (lambda seen, _lab: len(seen.answers(1)), _count),  # of the first hidden layer
    "silent": (lambda seen, _lab: float((seen.answers(1) <= 0).mean()), _percent),  # the part of them that answers 0
    "weights": (lambda seen, _lab: zeros(seen.traced.chain)[1], _count),
    "pinned": (_pinned, plain),  # what the pinned unit answers
    "right": (lambda _seen, lab: lab.touching.right, _percent),  # of 500 digits, as the network is touched
    "right_before": (lambda _seen, lab: lab.touching.before, _percent),
    "bears": (lambda _seen, lab: lab.damaging.bears(0), _percent),  # of 100 digits, damaged as they are
    "other_bears": (lambda _seen, lab: lab.damaging.bears(1), _percent),
}


def measured(names: set[str], laboratory: Laboratory | None) -> dict[str, float]:
    """Return the known values among these names."""
    if laboratory is None or laboratory.seen is None:
        return {}
    found = {name: MEASURES[name][0](laboratory.seen, laboratory) for name in names}
    return {name: value for name, value in found.items() if value is not None}


def filled(text: str, values: dict[str, float]) -> str:
    """Return a text with its measured values filled in, in the usual notation."""
    said = {name: MEASURES[name][1](values[name]) if name in values else "…" for name in MEASURES}
    return text.format_map(said)
