"""Which parts of a picture's ink are its number, and which are only around it, judged by size and position.

A picture of paper shows more than digits: the sides of a cell, a ring, halves of neighbouring digits, points, dashes.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import numpy as np

from model.ink.ink import Box
from model.reading.connected import Mask
from model.reading.layout import around, margins
from model.reading.reading import Reason

RIM = 0.08  # of the picture's shorter side: a cell's side lies that near to the edge, what is well inside doesn't
TOUCHING = 1.5  # pixels: what's that near to the edge may go on beyond it
THROUGH = 0.75  # of the picture's side: a cell's side, or two of them, go along so much of it
NEARLY = 0.96  # of a part's ink, a few pixels of JPEG's aside
SLICE = 0.3  # heights of the digits: what the edge cuts off is hardly wider than this, a digit is, but a 1
SHORT = 0.7  # heights of the digits: what the edge cuts off is hardly taller than this, a 1 is
OUTLINE = 0.8  # of the way from its middle outwards: there a frame's or a ring's ink begins
WITHIN = 0.33  # heights of a frame or a ring: a number in it is taller

DIGIT = 0.5  # heights of the tallest digit: another is as tall at least
CRUMB = 0.22  # heights of the tallest digit, as the next: a point, a comma's dot or a spot is smaller
FLAT = 0.3  # a dash, or a comma, is less tall
BESIDE = 0.35  # of a dash's or a comma's width: so much of it lies over or under a digit at most
FOOT = 0.22  # heights of a digit: nearer to its foot stand points and commas

MOST_LEFT = 8  # parts that are left out: more of them are a pattern, of which something may be taken for a digit


def of_number(boxes: Sequence[Box], masks: Sequence[Mask], sheet: Box) -> tuple[list[int], Reason]:
    """Return the indices of the parts that are a number, at least one, and the reason to doubt that.

    Boxes and masks show the parts' ink; the sheet is the box around the picture.
    """
    kept, is_whole = _off_the_edge(boxes, masks, sheet)
    kept = _within_outline(boxes, masks, kept)
    tallest = max(boxes[place].height for place in kept)
    digits = [boxes[place] for place in kept if boxes[place].height >= DIGIT * tallest]
    kept = [place for place in kept if boxes[place] in digits or not _is_mark(boxes[place], digits, tallest)]
    if _are_stacked(digits):
        return kept, "lines"
    if not is_whole:
        return kept, "edge"
    return kept, "unclear" if len(boxes) - len(kept) > MOST_LEFT else ""


def _off_the_edge(boxes: Sequence[Box], masks: Sequence[Mask], sheet: Box) -> tuple[list[int], bool]:
    """Return the places of the parts but those along the picture's edge, where something better centred is."""
    every = list(range(len(boxes)))
    rim = max(TOUCHING, RIM * min(sheet.width, sheet.height))
    inner = [box for box in boxes if min(margins(box, sheet)) > rim]
    if not inner or len(inner) == len(boxes):
        return every, True
    tallest = max(box.height for box in inner)
    group = around([box for box in inner if box.height >= DIGIT * tallest])
    sides = {place for place in every if _lies_along(boxes[place], masks[place], sheet, rim)}
    slices = {place for place in every if _is_slice(boxes[place], group, sheet, tallest)}
    cut_off = {place for place in slices if boxes[place].height < SHORT * tallest}
    # A tall one may be a 1 as well: it's read, but what is read isn't to be believed.
    return [place for place in every if place not in sides | cut_off], slices <= sides | cut_off


def _lies_along(box: Box, mask: Mask, sheet: Box, rim: float) -> bool:
    """Return whether a part is a cell's side, or several: long, and all of it near the picture's edge."""
    if box.width < THROUGH * sheet.width and box.height < THROUGH * sheet.height:
        return False
    left, top, right, bottom = (max(0, ceil(rim - margin)) for margin in margins(box, sheet))
    inside = mask[top : max(0, mask.shape[0] - bottom), left : max(0, mask.shape[1] - right)]
    return bool(inside.sum() <= (1 - NEARLY) * mask.sum())


def _is_slice(box: Box, group: Box, sheet: Box, tallest: float) -> bool:
    """Return whether a part next to a group, or above or below, may be one whose edge alone is in the picture."""
    left, top, right, bottom = margins(box, sheet)
    if min(left, right) <= TOUCHING and box.width < SLICE * tallest:
        return box.right <= group.left or box.left >= group.right
    if min(top, bottom) <= TOUCHING and box.height < SLICE * tallest:
        return box.bottom <= group.top or box.top >= group.bottom
    return False


def _within_outline(boxes: Sequence[Box], masks: Sequence[Mask], kept: list[int]) -> list[int]:
    """Return the places without that of a frame or a ring around all other parts."""
    outer = max(kept, key=lambda place: boxes[place].width * boxes[place].height)
    others = [place for place in kept if place != outer]
    if not others:
        return kept
    group, box = around([boxes[place] for place in others]), boxes[outer]
    is_around = min(margins(group, box)) > 0 and group.height >= WITHIN * box.height
    return others if is_around and _is_outline(masks[outer]) else kept


def _is_outline(mask: Mask) -> bool:
    """Return whether nearly all ink lies along the box, or along the ellipse in it."""
    places = np.argwhere(mask)
    across = np.abs(2 * places + 1 - mask.shape) / mask.shape  # from the middle, of the way to the box
    in_frame, outwards = across.max(1) > OUTLINE, np.hypot(*across.T)
    in_ring = (outwards > OUTLINE) & (outwards < 2 - OUTLINE)
    return bool(max(in_frame.mean(), in_ring.mean()) >= NEARLY)


def _are_stacked(digits: Sequence[Box]) -> bool:
    """Return whether digits stand above each other, so that there are several lines of them."""
    return any(
        one.bottom <= other.top and min(one.right, other.right) > max(one.left, other.left)
        for one in digits
        for other in digits
    )


def _is_mark(box: Box, digits: Sequence[Box], tallest: float) -> bool:
    """Return whether a part that is too small for a digit is none's stroke either: a point, a comma, a dash, a spot."""
    over = max(min(box.right, digit.right) - max(box.left, digit.left) for digit in digits) / box.width
    digit = min(digits, key=lambda digit: max(digit.left - box.right, box.left - digit.right))  # the nearest
    middle = ((box.top + box.bottom) / 2 - digit.top) / digit.height  # 0 at the digit's top, 1 at its foot
    at_foot = middle > 1 - FOOT
    if max(box.width, box.height) < CRUMB * tallest:
        return over < BESIDE or at_foot or middle < 0
    if box.height < FLAT * tallest and over < BESIDE:
        return at_foot or (box.width > box.height and middle > FOOT)
    apart = box.top > digit.bottom or box.bottom < digit.top
    return box.height < CRUMB * tallest and apart  # of a line above or below
