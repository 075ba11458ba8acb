"""Doubt gives way: what the user has taught is accepted as a digit from then on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from model.bundle.litert_head import Floats, Layer
from model.learning.network import Network
from model.learning.pupil import probabilities
from model.learning.rehearsal import DIGIT, NONE, of_doubt

STEPS = 80
LET_IN = 0.01  # of what isn't a digit: the most that may be accepted in addition …
LOST = 0.0025  # … and of digits, the most that may be doubted in addition


def trust(network: Network, taught: Floats, kept: Path | None) -> float:
    """Let a doubt network learn that images, (n, 28, 28), are digits, and return how far it went; 0: not at all.

    Its answers to scribbles, rows of digits and drawn digits are held in place. It goes as far as it can while, on
    other such images, it accepts hardly any more non-digits and doubts hardly any more digits.
    """
    rehearsal = of_doubt(network.head, kept)
    digits = rehearsal.checked_labels == DIGIT

    def doubted(answers: Floats) -> tuple[float, float]:
        found = answers[:, NONE] > 0.5
        return float(found[~digits].mean()), float(found[digits].mean())

    refused, lost = doubted(probabilities(rehearsal.checked_sums))

    def holds(layers: Sequence[Layer]) -> bool:
        refused_now, lost_now = doubted(network.answers(rehearsal.checked, layers))
        return refused_now >= refused - LET_IN and lost_now <= lost + LOST

    labels = np.full(len(taught), DIGIT, np.uint8)
    new = network.learn((network.features.of(taught), labels), (rehearsal.rehearsed, rehearsal.rehearsed_sums), STEPS)
    return network.hold_back(new, holds)
