"""Straightens a page: its lines say how it lay in front of the camera, and the picture is turned back.

Lines that are parallel on paper meet in one point of a photograph: the slope of each grows evenly with its height. So
two numbers tell all lines of one direction: the slope in the middle, and how it changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import product

import numpy as np
import numpy.typing as npt
from PIL import Image

from model.ink.ink import Box
from model.page.rules import ruling
from model.reading.connected import Mask, all_boxes, connected_parts
from model.reading.picture import Grey
from model.reading.sight import LIKELY, Sight

STEEPEST, MEETING = 0.25, 0.35  # slopes that are tried, and their change from the middle to an edge
LEAN, LEANING = 0.12, 0.2  # slopes that are tried on either side of a right angle, of rules and of columns
FEW, FREER = 12, 0.8  # digits tell that, and the part of the covered width that's left: else there's a right angle
DIGIT = 0.5  # of the digits' height: what is as high is a digit
MOST_POINTS = 8000  # of ink that are held against lines, so that the work ends
FEWEST, MANY = 100, 1000  # points tell a direction, and more of them how it changes
BIN = 4.0  # pixels of a digit 38 pixels high: lines are told apart that finely
KEPT, FINER = 6, 5  # of the lines that were tried, and how many around each are tried next, each way
TURNED, FAR = 1.25, 1.3  # times the worth of a page as it lies, or without a change; else that is how it lies
LONG = 3.0  # heights of the digits: no stroke is that long
THICK = 0.2  # heights of the digits: no rule is as wide, the shadow of a page's edge can be
LEAST = 0.08  # heights of the digits: what is out of place by less is left alone

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Straight:
    """How a straight page, so wide and high, lies in its picture."""

    matrix: Floats  # (3, 3): from a place on the straight page to that in the picture, in homogeneous coordinates
    size: tuple[int, int]

    @classmethod
    def of(cls, size: tuple[int, int]) -> Straight:
        """Return how a picture that is straight lies in itself."""
        return cls(np.eye(3), size)

    @cached_property
    def is_same(self) -> bool:
        """Whether nothing is out of place."""
        return bool((self.matrix == np.eye(3)).all())

    def picture(self, grey: Grey) -> tuple[Grey, Mask | None]:
        """Return the straight page, and where the picture doesn't show it; None: it shows all of it."""
        if self.is_same:
            return grey, None
        coefficients = tuple((self.matrix / self.matrix[2, 2]).ravel()[:8])
        turn, paper = (Image.Transform.PERSPECTIVE, coefficients), int(np.median(grey[::8, ::8]))
        there = Image.new("1", (grey.shape[1], grey.shape[0]), 1).transform(self.size, *turn)
        turned = Image.fromarray(grey).transform(self.size, *turn, Image.Resampling.BICUBIC, fillcolor=paper)
        return np.asarray(turned), ~np.asarray(there)

    def place(self, box: Box) -> Box:
        """Return the box in the picture around a box on the straight page."""
        if self.is_same:
            return box
        corners = [(x, y, 1) for x in (box.left, box.right) for y in (box.top, box.bottom)]
        x, y, far = self.matrix @ np.array(corners, np.float64).T
        return Box(*(float(side) for side in (min(x / far), min(y / far), max(x / far), max(y / far))))


def straightened(sight: Sight, size: tuple[int, int]) -> Straight:
    """Return how to turn a page straight that is so wide and high, by what an eye has seen of it."""
    high, wide = sight.grey.shape
    half = max(high, wide) / 2
    if not sight.high:
        return Straight.of(size)
    bins = BIN / 38 * sight.high / half
    rules = (_points(_ruled(sight)) - (wide / 2, high / 2)) / half
    text = (_points(sight.digits > LIKELY) - (wide / 2, high / 2)) / half
    both = np.concatenate([rules, text])
    slope, change = _pencil(both[:, 1], both[:, 0], bins, (0.0, STEEPEST), changes=len(rules) > MANY)
    # Digits' stems slant as their writer does: rules tell how far the other direction is from a right angle, or
    # columns of digits.
    right = _pencil(rules[:, 0], rules[:, 1], bins, (-slope, LEAN), changes=len(rules) > MANY)
    digits = [box for box in all_boxes(connected_parts(sight.digits > LIKELY)) if box.height > DIGIT * sight.high]
    lean, more = _leaning((np.array(digits).reshape(-1, 2, 2) - (wide / 2, high / 2)) / half, right)
    reach = (abs(slope) + abs(change) + abs(lean) + abs(more)) * half
    if reach < LEAST * sight.high:
        return Straight.of(size)
    return _turned(np.array([slope, change, lean, more]), (size[0], size[1]))


def _ruled(sight: Sight) -> Mask:
    """Return where there are thin lines of none of the digits that hang together over more than any of them."""
    dark = ruling(sight) & (sight.digits < LIKELY)
    thick = 2 * round(THICK * sight.high / 2) + 1
    solid = _all_around(_all_around(dark, thick, np.logical_and), thick + 2, np.logical_or)
    numbers = connected_parts(dark & ~solid)
    boxes = all_boxes(numbers)
    long = [part for part, box in enumerate(boxes, 1) if max(box.width, box.height) > LONG * sight.high]
    return np.isin(numbers, long)


def _all_around(mask: Mask, side: int, way: Callable[[Mask, Mask], Mask]) -> Mask:
    """Return for each pixel whether all around it, in a square with an odd side, are marked, or any of them.

    Pillow's filters do the same in fifty times as long, and let no other thread work meanwhile.
    """
    padded = np.pad(mask, side // 2, mode="edge")
    high, wide = mask.shape
    rows = reduce(way, (padded[start : start + high] for start in range(side)))
    return reduce(way, (rows[:, start : start + wide] for start in range(side)))


def _points(mask: Mask) -> Floats:
    """Return the places of a mask's pixels, (n, 2) as x and y, not too many, spread evenly."""
    places = np.flatnonzero(mask)
    places = places[:: max(1, len(places) // MOST_POINTS)]
    return np.stack([places % mask.shape[1], places // mask.shape[1]], 1).astype(np.float64)


def _pencil(
    across: Floats, along: Floats, bins: float, slopes: tuple[float, float], *, changes: bool
) -> tuple[float, float]:
    """Return the slope of lines through points, and its change: across = at + along * (slope + change * at).

    The sharper the counts of points from line to line, the better: a page's text and its rules agree in that. Slopes
    are looked for around one, so far each way; that one it is where none is clearly better.
    """
    usual, most = slopes
    if len(across) < FEWEST:
        return usual, 0.0

    def worth(lines: tuple[float, float], coarse: int = 1) -> float:
        (slope, change), few = lines, along[::coarse]
        at = (across[::coarse] - few * slope) / (1 + few * change)
        places = ((at + 2) / (bins * coarse)).astype(np.int64)
        return float((np.diff(np.bincount(places.clip(0, int(4 / bins)))) ** 2).sum())

    def searched(best: tuple[float, float], reach: tuple[float, float], steps: tuple[int, int]) -> tuple[float, float]:
        kept = [best]
        for coarse in (4, 2, 1):
            tried = {
                lines
                for slope, change in kept
                for lines in product(*(each.tolist() for each in _around(slope, change, reach, steps)))
            }
            kept = sorted(tried, key=lambda lines: worth(lines, coarse))[-KEPT:]
            reach = reach[0] * 2 / (steps[0] - 1), reach[1] * 2 / max(1, steps[1] - 1)
            steps = min(steps[0], FINER), min(steps[1], FINER)
        return kept[-1]

    found = usual, 0.0
    searches = ((most, 0.0), (41, 1), TURNED), ((most / 2, MEETING), (17, 29), FAR)
    for reach, steps, enough in searches[: 1 + changes]:
        better = searched(found, reach, steps)
        if worth(better) > enough * worth(found):
            found = better
    return found


def _leaning(boxes: Floats, usual: tuple[float, float]) -> tuple[float, float]:
    """Return the slope of columns of digits, and its change, as `_pencil` does: like that, most between them is free.

    A box, (2, 2), has its left top corner and its right bottom one.
    """
    if len(boxes) < FEW:
        return usual
    middles = boxes[:, :, 1].mean(1, keepdims=True)

    def covered(lines: tuple[float, float]) -> float:
        """Return how much of a line across the page is below digits, as a part of their widths."""
        slope, change = lines
        starts, ends = ((boxes[:, :, 0] - middles * slope) / (1 + middles * change)).T
        order = starts.argsort()
        upto = np.maximum.accumulate(ends[order])
        new = upto[1:] - np.maximum(starts[order][1:], upto[:-1])
        return float((upto[0] - starts.min() + new.clip(0).sum()) / (ends - starts).sum())

    best, reach = usual, (LEANING, MEETING)
    for steps in ((25, 15), (FINER, FINER)):
        tried = product(*(each.tolist() for each in _around(*best, reach, steps)))
        best = min(tried, key=covered)
        reach = reach[0] / 12, reach[1] / 7
    return best if covered(best) < FREER * covered(usual) else usual


def _around(slope: float, change: float, reach: tuple[float, float], steps: tuple[int, int]) -> tuple[Floats, Floats]:
    """Return slopes and changes around others, so far each way and so many."""
    return slope + reach[0] * np.linspace(-1, 1, steps[0]), change + reach[1] * np.linspace(-1, 1, steps[1])


def _turned(lines: Floats, size: tuple[int, int]) -> Straight:
    """Return how a page lies whose lines have these slopes and changes of them, along and down."""
    slope, change, lean, more = lines
    half, middle = max(size) / 2, np.array(size) / 2

    def seen(x: float, y: float) -> tuple[float, float]:
        down, right = slope + change * y, lean + more * x
        there = (x + right * y) / (1 - down * right)
        return there, y + down * there

    square = [(x, y) for x in (-0.5, 0.5) for y in (-0.5, 0.5)]
    matrix = _between(square, [seen(*corner) for corner in square])
    scaled = np.array([[half, 0, middle[0]], [0, half, middle[1]], [0, 0, 1.0]])  # from halves of the side to pixels
    corners = np.array([(x, y, 1) for x in (0, size[0]) for y in (0, size[1])], np.float64).T
    x, y, far = np.linalg.inv(scaled @ matrix @ np.linalg.inv(scaled)) @ corners
    left, top = min(x / far), min(y / far)
    moved = np.array([[1, 0, left], [0, 1, top], [0, 0, 1.0]])
    wide, high = max(x / far) - left, max(y / far) - top
    return Straight(scaled @ matrix @ np.linalg.inv(scaled) @ moved, (max(1, round(wide)), max(1, round(high))))


def _between(here: list[tuple[float, float]], there: list[tuple[float, float]]) -> Floats:
    """Return the (3, 3) projection that takes four places to four others."""
    rows, values = [], []
    for (x, y), (u, v) in zip(here, there, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return np.append(np.linalg.solve(np.array(rows), np.array(values)), 1).reshape(3, 3)
