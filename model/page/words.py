"""Tells words from numbers on a page: the eye sees only some of their letters, and few look like digits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import median

import numpy as np

from model.ink.ink import Box
from model.reading.connected import Numbers
from model.reading.layout import around
from model.reading.normalize import Image28, normalize_ink
from model.reading.sight import LIKELY, Sight

WORD, NUMBER = 0.6, 0.2  # of the doubt of letters: a word has more; most numbers have less, and all less than a word
BESIDE = 0.4  # heights of the digits on either side, in which a word's other letters are
MISSED = 3.0  # times the share of the ink that the eye didn't take, against most: it counts as so much doubt
FEWEST = 2  # letters: one part that isn't a digit may be digits that touch

Parts = Sequence[int]


def doubts_of(
    groups: Sequence[Parts],
    sight: Sight,
    numbers: Numbers,
    boxes: Mapping[int, Box],
    doubt: Callable[[Image28], float],
) -> list[float]:
    """Return for groups of parts of a page's ink the mean doubt that they show digits, and what the eye missed."""
    ink, dark = sight.levels(), sight.darkness > LIKELY

    def doubted(part: int) -> float:
        left, top, right, bottom = map(int, boxes[part])
        here = slice(top, bottom), slice(left, right)
        return doubt(normalize_ink(np.where(numbers[here] == part, ink[here], 0).astype(np.uint8)))

    def seen(parts: Parts) -> float:
        box, beside = around([boxes[part] for part in parts]), int(BESIDE * sight.high)
        here = slice(int(box.top), int(box.bottom)), slice(max(0, int(box.left) - beside), int(box.right) + beside)
        return float(sight.digits[here][dark[here]].mean()) if dark[here].any() else 0.0

    shares = list(map(seen, groups))
    usual = max(median(shares), LIKELY) if shares else 1.0
    return [
        sum(map(doubted, parts)) / max(len(parts), FEWEST) + MISSED * max(0.0, 1 - share / usual)
        for parts, share in zip(groups, shares, strict=True)
    ]
