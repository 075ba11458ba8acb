"""Doubt gives way: what the user has taught is accepted as that digit from then on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from model.bundle.litert_head import Floats, Layer
from model.data.data import Labels
from model.learning.network import Network
from model.learning.pupil import probabilities
from model.learning.rehearsal import of_doubt
from model.reading.doubt import NONE, doubts
from model.reading.recognizer import THRESHOLD

STEPS = 80
LET_IN = 0.01  # of what isn't a digit: the most that may be accepted in addition …
LOST = 0.0025  # … and of digits, the most that may be doubted in addition


def trust(network: Network, taught: Floats, labels: Labels, kept: Path | None) -> float:
    """Let a doubt network learn images, (n, 28, 28), and return how far it went; 0: not at all.

    Its answers to scribbles, rows of digits and drawn digits are held in place. It goes as far as it can while, on
    other such images, it accepts hardly any more non-digits and doubts hardly any more digits.
    """
    rehearsal = of_doubt(network.head, kept)
    digits = rehearsal.checked_labels != NONE

    def doubted(answers: Floats) -> tuple[float, float]:
        found = doubts(answers, rehearsal.checked_labels) > THRESHOLD
        return float(found[~digits].mean()), float(found[digits].mean())

    refused, lost = doubted(probabilities(rehearsal.checked_sums))

    def holds(layers: Sequence[Layer]) -> bool:
        refused_now, lost_now = doubted(network.answers(rehearsal.checked, layers))
        return refused_now >= refused - LET_IN and lost_now <= lost + LOST

    new = network.learn((network.features.of(taught), labels), (rehearsal.rehearsed, rehearsal.rehearsed_sums), STEPS)
    return network.hold_back(new, holds)
