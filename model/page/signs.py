"""The signs in a page's numbers, recognized by their ink, because the eye misreads or misses small ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.ink.ink import Box
from model.page.rules import Rules
from model.reading.connected import all_boxes, connected_parts
from model.reading.layout import around
from model.reading.sight import LIKELY, POSSIBLE, Sight
from model.reading.signs import DASH, DOT, LEVEL, Mark, boxes_of_signs, told

ON_RULE = 0.12  # heights of the digits: what looks like a sign so near to a rule is a piece of it
LEAST, MOST = 0.05, 0.5  # heights of the digits, a sign's longer side
DARKEST = 0.75  # of the digits' ink: so dark a spot is told from the ink that it touches
BEFORE, BEHIND, ABOVE, BELOW = 1.0, 0.4, 0.2, 0.45  # heights of the digits around a number, where its signs stand
PATTERN = 3  # marks of a number: more are what paper is printed with
SEEN = 0.3  # the mean probability that ink is of a digit or a sign, at least: pieces of a paper's lines have less
LOW, HIGH = 0.68, 0.25  # of the way from the digits' top to their foot: a point begins below, a colon's upper one too
OVER = 0.2  # of a minus' width, that lies over or under a digit at most

Boxes = npt.NDArray[np.float64]  # (n, 4): left, top, right, bottom


@dataclass(frozen=True, eq=False)
class Specks:
    """What is small on a page: signs that the eye saw, ink that it saw as something, and what may be some as well."""

    signs: Boxes
    ink: Boxes
    faint: Boxes

    @classmethod
    def of(cls, sight: Sight, rules: Rules) -> Specks:
        """Return what may be signs on a page that lies straight, in the sight's pixels."""
        near = ON_RULE * sight.high
        darkness = rules.cleared(sight.darkness, near)
        dark = connected_parts(darkness > DARKEST)
        parts = connected_parts(darkness > LIKELY)
        del darkness  # a page's planes are large
        taken = connected_parts(rules.cleared(sight.digits, near) > LIKELY)
        signs = rules.cleared(sight.signs, near)
        inked = parts > 0  # a small share of the page
        chances = np.maximum(sight.digits[inked], signs[inked])
        seen = np.bincount(parts[inked], chances)[1:] / np.bincount(parts[inked])[1:]
        ink, dark_boxes, taken_boxes = (_array(all_boxes(each)) for each in (parts, dark, taken))
        clear, possible = (_array(boxes_of_signs(sight, signs > least)) for least in (LIKELY, POSSIBLE))
        faint = [_small(boxes, sight.high) for boxes in (ink, dark_boxes, taken_boxes, possible)]
        return cls(clear, _small(ink[seen > SEEN], sight.high), np.concatenate(faint))

    def marks(self, digits: Sequence[Box]) -> tuple[list[Mark], list[Mark]]:
        """Return the signs of a number, from left to right, and what else there may be some."""
        signs = [Box(*box) for box in _near(self.signs, digits).tolist()]
        clear = told([*signs, *_shaped(_near(self.ink, digits), digits)], digits)
        faint = told(_shaped(_near(self.faint, digits), digits), digits)
        faint = [mark for mark in faint if not any(_meet(mark.box, other.box) for other in clear)]
        return (clear, faint) if len(clear) + len(faint) <= PATTERN else (told(signs, digits), [])


def _array(boxes: Sequence[Box]) -> Boxes:
    return np.array(boxes, np.float64).reshape(-1, 4)


def _small(boxes: Boxes, high: float) -> Boxes:
    longer = (boxes[:, 2:] - boxes[:, :2]).max(1, initial=0)
    return np.asarray(boxes[(longer >= LEAST * high) & (longer < MOST * high)])


def _near(boxes: Boxes, digits: Sequence[Box]) -> Boxes:
    """Return the boxes where a number's signs stand."""
    left, top, right, bottom = around(digits)
    high = max(digit.height for digit in digits)
    after = (boxes[:, :2] >= (left - BEFORE * high, top - ABOVE * high)).all(1)
    before = (boxes[:, 2:] <= (right + BEHIND * high, bottom + BELOW * high)).all(1)
    return boxes[after & before]


def _shaped(boxes: Boxes, digits: Sequence[Box]) -> list[Box]:
    """Return those boxes that aren't strokes of digits: points and commas, and what's in front, as a minus is."""
    first, kept = min(digits), []
    for box in (Box(*each) for each in boxes.tolist()):
        middle = (box.left + box.right) / 2
        digit = min(digits, key=lambda each: abs(each.left + each.right - 2 * middle))
        begins = (box.top - digit.top) / digit.height
        is_dot = max(box.width, box.height) < DOT * digit.height and begins > HIGH
        is_flat = box.width > max(LEVEL * box.height, DASH * digit.height)
        if box.right < first.left + OVER * box.width if is_flat else is_dot or begins > LOW:
            kept.append(box)
    return kept


def _meet(one: Box, other: Box) -> bool:
    across = min(one.right, other.right) > max(one.left, other.left)
    return across and min(one.bottom, other.bottom) > max(one.top, other.top)
