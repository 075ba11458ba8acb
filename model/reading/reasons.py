"""Why something on paper can't be read for sure, in a word; docs/command-line.md says what each means."""

from __future__ import annotations

import numpy as np

from model.ink.ink import Box
from model.reading.connected import box_of, boxes_of, connected_parts
from model.reading.eye import planes
from model.reading.layout import around, margins
from model.reading.reading import Reading, Reason
from model.reading.sight import LIKELY, POSSIBLE, Sight, grown

SMALL = 13.0  # pixels of the picture: lower digits aren't clear
FAINT, NOISE = 26.0, 2.5  # grey levels from paper to ink, and times the paper's own unevenness: less is faint
SHARP = 0.17  # of full ink from pixel to pixel, where an edge is seen sharply
CROSSED = 0.08  # of the paper between and in the digits has as much ink as they have
STRONG = 0.9  # of local contrast: what is written differs as much from what is around it
CLEARLY = 0.75  # the mean probability of what may be ink, where the writing itself is clear
NO_DIGIT = 0.8  # the doubt of each digit, at least, where letters were taken for some
LEFT, PIECE = 0.3, 0.6  # of a stroke's pixels the eye took fewer, and of all that it took so much is of that stroke
LOW, TALL, GAP = 0.4, 1.7, 0.35  # heights of the digits: of the letters of a word, and from one to the next
MOST, FEWEST = 40, 8  # strokes that are looked at, and pixels of each
LONG, LEAST = 0.6, 0.04  # of the picture's sides: a line is longer than any letter, and a letter no smaller


def of_nothing(sight: Sight) -> Reason:
    """Return why there's no digit to read: nothing is written, or no digits."""
    high, wide = sight.grey.shape
    marks = boxes_of(np.abs(planes(sight.grey)[..., 1]) > STRONG)
    least = LEAST * min(high, wide)
    letters = [box for box in marks if box.width < LONG * wide and box.height < LONG * high and box.height > least]
    return "letters" if letters else "blank"


def of_left_out(sight: Sight, reading: Reading) -> Reason:
    """Return what the eye left out that makes a reading doubtful: the rest of a word, or of a line."""
    taken, dark = sight.digits > LIKELY, sight.darkness > LIKELY
    if np.count_nonzero(dark & (sight.digits < POSSIBLE)) < FEWEST:
        return ""
    numbers = connected_parts(dark)
    sizes = np.bincount(numbers.ravel())
    counts = np.bincount(numbers[taken], minlength=len(sizes))
    sizes[0] = 0
    left = np.flatnonzero((counts < LEFT * sizes) & (sizes >= FEWEST))
    left = left[np.argsort(-sizes[left], kind="stable")][:MOST]
    known = [sight.place(digit.box) for digit in reading.digits]
    digits, high = len(known), sight.high
    letters = []
    for number in left:
        box = box_of(numbers == number)
        if counts[number] and digits == 1 and counts[number] >= PIECE * counts[1:].sum():
            return "crossed"
        is_whole = min(margins(box, _sheet(sight))) > 0
        is_frame = any(_is_around(box, each) for each in known)
        if is_whole and not is_frame and LOW * high < box.height < TALL * high and box.width < TALL * high:
            letters.append(box)
    for box in sorted(letters, key=lambda box: min(_apart(box, each) for each in known)):
        if min(_apart(box, each) for each in known) < GAP * high:
            known.append(box)
    return "letters" if len(known) - digits >= max(2, digits) else ""


def of_unsure(sight: Sight, reading: Reading) -> Reason:
    """Return what's wrong with a reading that can't be trusted and has at least one digit."""
    found = _of_picture(sight)
    if found:
        return found
    box = around([sight.place(digit.box) for digit in reading.digits])
    if min(margins(box, _sheet(sight))) < 1:
        return "edge"
    inside = slice(int(box.top), int(np.ceil(box.bottom))), slice(int(box.left), int(np.ceil(box.right)))
    beside = grown(grown(sight.digits))[inside] < POSSIBLE
    if beside.any() and np.mean(sight.darkness[inside][beside] > LIKELY) > CROSSED:
        return "crossed"
    if all(digit.prediction.doubt > NO_DIGIT for digit in reading.digits):
        return "letters"
    return "unclear" if sight.clearness < CLEARLY else "doubt"


def _of_picture(sight: Sight) -> Reason:
    """Return what is wrong with a picture, by its ink, its size and its edges; empty where nothing is."""
    paper = sight.digits < POSSIBLE
    uneven = float(np.std(sight.grey[paper] - sight.around[paper])) if paper.any() else 0.0
    if abs(sight.depth) < max(FAINT, NOISE * uneven):
        return "faint"
    if sight.high * sight.factor < SMALL:
        return "small"
    slope = np.hypot(*np.gradient(sight.darkness))[grown(sight.digits) > LIKELY]
    return "blurred" if np.percentile(slope, 90) < SHARP else ""


def _sheet(sight: Sight) -> Box:
    high, wide = sight.grey.shape
    return Box(0.0, 0.0, float(wide), float(high))


def _is_around(box: Box, digit: Box) -> bool:
    """Return whether a digit's middle is in a box, as in a form, where a stroke may stick out of its frame."""
    return (
        box.left < (digit.left + digit.right) / 2 < box.right and box.top < (digit.top + digit.bottom) / 2 < box.bottom
    )


def _apart(one: Box, other: Box) -> float:
    """Return how far two boxes of a line are from each other; endless where they are in no line."""
    common = min(one.bottom, other.bottom) - max(one.top, other.top)
    if common < 0.3 * min(one.height, other.height):
        return float("inf")
    return max(one.left - other.right, other.left - one.right, 0.0)
