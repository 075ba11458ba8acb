"""The digits that are drawn in the screenshots: each a few places that a pen goes through, smoothly."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, dist

Place = tuple[float, float]  # x and y, in pixels of a drawing
Strokes = list[list[Place]]

WIDE, HIGH = 100, 140  # of the box that a digit is drawn in
STEP = 14  # pixels from point to point

# A digit's strokes; a stroke's lines, each smooth in itself, with a corner where the next one begins.
DIGITS: dict[str, tuple[tuple[tuple[Place, ...], ...], ...]] = {
    "0": ((((58, 6), (26, 26), (12, 75), (28, 126), (58, 134), (86, 98), (86, 44), (60, 8), (46, 9)),),),
    "1": ((((28, 38), (56, 6)), ((56, 6), (55, 70), (52, 136))),),
    "2": ((((16, 36), (34, 8), (68, 8), (80, 38), (58, 80), (16, 131)), ((16, 131), (52, 127), (92, 130))),),
    "3": ((((18, 18), (50, 4), (76, 26), (64, 54), (40, 64)), ((40, 64), (76, 78), (80, 112), (48, 136), (14, 122))),),
    "4": ((((42, 6), (28, 48), (12, 88)), ((12, 88), (50, 86), (92, 83))), (((68, 50), (65, 95), (62, 138)),)),
    "5": (
        (((30, 10), (27, 36), (22, 62)), ((22, 62), (54, 52), (80, 76), (72, 118), (42, 136), (12, 122))),
        (((30, 10), (58, 10), (86, 6)),),
    ),
    "6": ((((68, 6), (36, 44), (18, 92), (34, 131), (66, 128), (78, 98), (56, 80), (24, 98)),),),
    "7": ((((14, 14), (52, 12), (86, 11)), ((86, 11), (64, 64), (44, 136))),),
    "8": (
        (
            (
                (72, 22),
                (48, 5),
                (26, 28),
                (46, 60),
                (74, 92),
                (64, 128),
                (34, 131),
                (22, 104),
                (46, 66),
                (74, 34),
                (68, 16),
            ),
        ),
    ),
    "9": ((((76, 34), (50, 8), (24, 34), (38, 64), (66, 58), (78, 32)), ((78, 32), (74, 84), (60, 136))),),
    "flat 1": ((((0, 28), (30, 18), (56, 6)), ((56, 6), (54, 70), (52, 138))),),  # with an upstroke like a 7's bar
    "?": (
        (((10, 70), (30, 20), (44, 110), (58, 30), (70, 120), (90, 60)),),
        (((20, 30), (50, 80), (88, 120)),),
    ),  # none
}


@dataclass(frozen=True, slots=True)
class Hand:
    """How somebody writes."""

    high: float = HIGH  # pixels, of a digit
    apart: float = 26  # between digits, in pixels of a digit that is as high as its box
    slant: float = 0.0  # to the right, as a part of the height
    wider: float = 1.0
    tremor: float = 0.0  # pixels, at most, that a place is missed by, each way
    seed: int = 0  # of the tremor

    @classmethod
    def of(cls, number: int, high: float = HIGH, apart: float = 26) -> Hand:
        """Return the hand of that number; number 0 writes as in a book."""
        chance = random.Random(number)  # noqa: S311  (a hand, no secret)
        if not number:
            return cls(high, apart)
        return cls(high, apart, chance.uniform(-0.14, 0.14), chance.uniform(0.86, 1.12), 4, number)


def drawn(text: Sequence[str], left: float, top: float, hand: Hand) -> Strokes:
    """Return the strokes of digits side by side, by their names, from a place on, as a hand writes them."""
    chance = random.Random(hand.seed)  # noqa: S311  (as above)
    scale, strokes = hand.high / HIGH, Strokes()

    def placed(place: Place, start: float) -> Place:
        x, y = (part + chance.uniform(-hand.tremor, hand.tremor) for part in place)
        return start + scale * (x * hand.wider + hand.slant * (HIGH / 2 - y)), top + scale * y

    for number, digit in enumerate(text):
        start = left + number * scale * (WIDE + hand.apart)
        for lines in DIGITS[digit]:
            places = [[placed(place, start) for place in line] for line in lines]
            for before, after in pairwise(places):
                after[0] = before[-1]
            strokes.append([point for line in places for point in _smooth(line)])
    return strokes


def _smooth(places: list[Place]) -> list[Place]:
    """Return points close to each other on a curve through all places (a Catmull-Rom spline)."""
    around = [places[0], *places, places[-1]]
    points = [places[0]]
    for before, start, end, after in zip(around, around[1:], around[2:], around[3:], strict=False):
        steps = ceil(dist(start, end) / STEP)
        for step in range(1, steps + 1):
            t = step / steps
            weights = -t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, t**3 - t**2
            ends = before, start, end, after
            x, y = (sum(w * place[axis] for w, place in zip(weights, ends, strict=True)) / 2 for axis in (0, 1))
            points.append((x, y))
    return points
