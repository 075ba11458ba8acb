"""Why what is on paper cannot be read for sure, in a word that helps; README.md says what each means."""

from __future__ import annotations

import numpy as np

from model.ink.ink import Box
from model.reading.connected import boxes_of
from model.reading.eye import LIKELY, POSSIBLE, Sight, grown, planes
from model.reading.layout import around, margins
from model.reading.reading import Reading, Reason

SMALL = 13.0  # pixels of the picture: lower digits are not clear
FAINT, NOISE = 26.0, 2.5  # grey levels from paper to ink, and times the paper's own unevenness: less is faint
SHARP = 0.17  # of full ink from pixel to pixel, where an edge is seen sharply
CROSSED = 0.08  # of the paper between and in the digits has as much ink as they have
STRONG = 0.9  # of local contrast: what is written differs as much from what is around it
NO_DIGIT = 0.8  # the doubt of each digit, at least, where letters were taken for some
LONG, LEAST = 0.6, 0.04  # of the picture's sides: a line is longer than any letter, and a letter no smaller


def of_nothing(sight: Sight) -> Reason:
    """Return why there is no digit to be read: nothing is written at all, or no digits."""
    high, wide = sight.grey.shape
    marks = boxes_of(np.abs(planes(sight.grey)[..., 1]) > STRONG)
    least = LEAST * min(high, wide)
    letters = [box for box in marks if box.width < LONG * wide and box.height < LONG * high and box.height > least]
    return "letters" if letters else "blank"


def of_unsure(sight: Sight, reading: Reading) -> Reason:
    """Return what hinders a reading that is not to be believed; one of its digits at least."""
    ink = sight.digits > LIKELY
    darkness, paper = sight.darkness, sight.digits < POSSIBLE
    if abs(sight.depth) < max(FAINT, NOISE * float(np.std(sight.grey[paper] - sight.around[paper]))):
        return "faint"
    if sight.high * sight.factor < SMALL:
        return "small"
    down, across = np.gradient(darkness)
    if np.percentile(np.hypot(down, across)[grown(sight.digits) > LIKELY], 90) < SHARP:
        return "blurred"
    box = around([Box(*(side / sight.factor for side in digit.box)) for digit in reading.digits])
    if min(margins(box, Box(0, 0, ink.shape[1], ink.shape[0]))) < 1:
        return "edge"
    inside = slice(int(box.top), int(np.ceil(box.bottom))), slice(int(box.left), int(np.ceil(box.right)))
    beside = grown(grown(sight.digits))[inside] < POSSIBLE
    if np.mean(darkness[inside][beside] > LIKELY) > CROSSED if beside.any() else False:
        return "crossed"
    return "letters" if all(digit.prediction.doubt > NO_DIGIT for digit in reading.digits) else "unclear"
