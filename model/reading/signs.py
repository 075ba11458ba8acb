"""The signs in a number on paper, recognized by their shape and their place next to the digits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from model.ink.ink import Box
from model.reading.connected import Mask, all_boxes, connected_parts
from model.reading.layout import around
from model.reading.reading import Signs
from model.reading.sight import LIKELY, Sight, grown

SHARED = 0.6  # of a sign's pixels, at most, are next to a digit's ink
SMALLEST = 0.03  # heights of a digit, each way: what is smaller isn't a sign
LEVEL, DASH = 1.4, 0.12  # times its height a dash is wide, and heights of a digit
FOOT, TOP = (
    0.68,
    0.25,
)  # of the way from the digits' top to their foot: points and commas stand below, apostrophes above
BELOW, SLIM = 1.235, 0.15  # of that way: a comma reaches further down, less far where it is slim: times how slim it is
LOWEST = 1.3  # of that way: the middle of a comma isn't as low
AROUND = 1.2  # heights of the digits on either side, and a half above and below: what's farther isn't their sign
MIDDLE, DOT = "·", 0.2  # a point half-way up, which alone is no sign, and heights of a digit that it has at most
STACKED = {"--": "=", f".{MIDDLE}": ":", f"{MIDDLE}.": ":", f",{MIDDLE}": ":", f"{MIDDLE},": ":"}  # above each other


class Mark(NamedTuple):
    """A sign, with what it was recognized by."""

    place: int  # how many digits stand before it
    sign: str
    box: Box  # around its ink


def signs_of(sight: Sight, digits: Sequence[Box], marks: Sequence[Box] = ()) -> Signs:
    """Return the signs between digits, from left to right. Boxes are in the sight's pixels.

    ``marks`` are around ink that looks like digits', and is of none of them.
    """
    likely = sight.signs > LIKELY
    if not digits or not (likely.any() or marks):
        return ()
    return tuple((mark.place, mark.sign) for mark in told([*boxes_of_signs(sight, likely), *marks], digits))


def told(boxes: Iterable[Box], digits: Sequence[Box]) -> list[Mark]:
    """Return which signs the ink in boxes is, from left to right, next to at least one digit."""
    tallest = max(box.height for box in digits)
    found: list[Mark] = []
    last = Box(0, 0, 0, 0)
    for box in _joined(sorted(boxes)):
        middle = (box.left + box.right) / 2
        place = sum((digit.left + digit.right) / 2 < middle for digit in digits)
        beside = [digits[each] for each in (place - 1, place) if 0 <= each < len(digits)]
        sign = _sign(box, beside, tallest)
        if not sign or (place == 0 and sign != "-"):  # before the first digit stands a minus, or a speck
            continue
        before = found[-1].sign if found and found[-1].place == place and last.right > box.left else ""
        if before + sign in STACKED:
            found[-1] = Mark(place, STACKED[before + sign], around([found[-1].box, box]))
        else:
            found.append(Mark(place, sign, box))
        last = box
    return [mark for mark in found if mark.sign != MIDDLE]


def _joined(boxes: Sequence[Box]) -> list[Box]:
    """Return boxes from left to right, those that touch as one: of a comma, half may look like a digit's ink."""
    joined: list[Box] = []
    for box in boxes:
        if joined and _touch(joined[-1], box):
            joined[-1] = around([joined[-1], box])
        else:
            joined.append(box)
    return joined


def _touch(one: Box, other: Box) -> bool:
    across = max(one.left, other.left) <= min(one.right, other.right)
    return across and max(one.top, other.top) <= min(one.bottom, other.bottom)


def boxes_of_signs(sight: Sight, likely: Mask) -> list[Box]:
    """Return the boxes around signs that the eye saw, without the ends of digits' strokes."""
    numbers = connected_parts(likely)
    sizes = np.bincount(numbers.ravel())
    shared = np.bincount(numbers[grown(sight.digits) > LIKELY], minlength=len(sizes))
    return [
        box
        for number, box in enumerate(all_boxes(numbers), 1)
        # A dash that touches a digit is its bar.
        if shared[number] <= (0 if box.width > LEVEL * box.height else SHARED * sizes[number])
    ]


def _sign(box: Box, beside: Sequence[Box], tallest: float) -> str:
    """Return the sign that a mark in a box is, next to one or two digits; empty if it isn't one."""
    top, foot = min(digit.top for digit in beside), max(digit.bottom for digit in beside)
    apart = min(max(digit.left - box.right, box.left - digit.right) for digit in beside)
    if max(box.width, box.height) < SMALLEST * tallest or apart > AROUND * tallest:
        return ""
    middle, lowest = (((y - top) / (foot - top)) for y in ((box.top + box.bottom) / 2, box.bottom))
    if box.width > LEVEL * box.height and box.width > DASH * tallest and TOP < middle < 1 - TOP / 2:
        return "-"
    if FOOT < middle < LOWEST:
        return "," if lowest + SLIM * box.height / box.width > BELOW else "."
    if TOP <= middle <= FOOT and max(box.width, box.height) < DOT * tallest:
        return MIDDLE
    return "'" if -TOP < middle < TOP and len(beside) == 2 else ""  # between thousands
