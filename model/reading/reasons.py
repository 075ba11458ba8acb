"""Why what is on paper cannot be read for sure: in a word that helps."""

from __future__ import annotations

from model.reading.eye import Sight
from model.reading.reading import Reading, Reason


def of_nothing(sight: Sight) -> Reason:
    return "blank"


def of(sight: Sight, reading: Reading) -> Reason:
    return ""
