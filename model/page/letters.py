"""The ink of words that the eye rightly left out, so that a table's headings and names become cells."""

from __future__ import annotations

import numpy as np

from model.ink.ink import Box
from model.page.rules import Rules
from model.reading.connected import all_boxes, connected_parts
from model.reading.layout import around
from model.reading.sight import LIKELY, POSSIBLE, Sight, grown

LOW, TALL, WIDE = 0.25, 1.8, 3.0  # heights of the digits: of a letter, and how wide some that touch are
GAP = 0.6  # of that height: what is further apart is another word
FEWEST, SHORT = 2, 0.8  # letters of a word, or heights that it is long
ON_RULE = 0.12  # of that height: what is so near to a rule is a piece of it


def words_of(sight: Sight, rules: Rules) -> list[Box]:
    """Return the boxes around words of which the eye took hardly any ink for digits, from left to right."""
    dark = (rules.cleared(sight.darkness, ON_RULE * sight.high) > LIKELY) & (grown(sight.digits) < POSSIBLE)
    boxes = np.array(all_boxes(connected_parts(dark)), np.float64).reshape(-1, 4)
    wide, tall = (boxes[:, 2:] - boxes[:, :2]).T
    letters = boxes[(tall > LOW * sight.high) & (tall < TALL * sight.high) & (wide < WIDE * sight.high)]
    words: list[list[Box]] = []
    near: list[list[Box]] = []  # words that the next letter may go on
    for letter in (Box(*each) for each in sorted(letters.tolist())):
        near = [word for word in near if letter.left - word[-1].right < GAP * sight.high]
        word = next((word for word in near if _are_level(word[-1], letter)), None)
        if word is None:
            words.append([])
            near.append(words[-1])
        (words[-1] if word is None else word).append(letter)
    found = [around(word) for word in words if len(word) >= FEWEST]
    return [box for box in found if box.width > SHORT * sight.high]


def _are_level(one: Box, other: Box) -> bool:
    common = min(one.bottom, other.bottom) - max(one.top, other.top)
    return common > min(one.height, other.height) / 2
