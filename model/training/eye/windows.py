"""What the eye learns from: windows of made-up pictures, with the truth."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from model.reading.eye import MARGIN, PLANES, USUAL, planes
from model.training.eye.network import DIGIT, HIGH, INSIDE, SIGN, WINDOW
from model.training.synthetic.paper import Example, example
from model.training.synthetic.styles import Random
from model.training.synthetic.writing import Hands

AT_MOST = 2  # windows of a picture: a large one has room for more
AROUND = 20  # pixels further than it must a window may lie beyond a picture's edge

_INSTEAD = 84.0  # steps of 8 bits that a plane's unit has

Bytes = npt.NDArray[np.uint8]
Windows = tuple[npt.NDArray[np.int8], Bytes, npt.NDArray[np.float32]]  # (n, …, planes), (n, …, 3), (n,) heights


def windows(hands: Hands, count: int, random: Random) -> Windows:
    """Return so many windows of pictures: what the eye is given, the truth of its planes, and heights in pixels."""
    given = np.zeros((count, *WINDOW, PLANES), np.int8)
    given[..., 2] = 1
    truth = np.zeros((count, *WINDOW, 3), np.uint8)
    heights = np.ones(count, np.float32)
    place = 0
    while place < count:
        made = example(hands, random)
        seen = np.clip(planes(made.grey) * _INSTEAD, -127, 127).astype(np.int8)
        large = made.grey.size > 1.4 * WINDOW[0] * WINDOW[1]
        for _ in range(min(AT_MOST if large else 1, count - place)):
            _cut(made, seen, given[place], truth[place], random)
            heights[place] = made.high
            place += 1
    return given, truth, heights


def _cut(made: Example, seen: npt.NDArray[np.int8], given: npt.NDArray[np.int8], truth: Bytes, random: Random) -> None:
    """Copy a window at a random place in a picture into its own arrays."""
    (y, x), (high, wide) = (_placed(made.grey.shape[axis], WINDOW[axis], random) for axis in (0, 1)), made.grey.shape
    here = slice(max(y, 0), min(y + high, WINDOW[0])), slice(max(x, 0), min(x + wide, WINDOW[1]))
    there = tuple(slice(part.start - start, part.stop - start) for part, start in zip(here, (y, x), strict=True))
    given[here][..., :2] = seen[there]
    given[here][..., 2] = 0
    truth[here] = np.stack([made.digits[there], made.signs[there], np.full_like(made.digits[there], 255)], -1)


def _placed(side: int, window: int, random: Random) -> int:
    """Return where in a window a picture's side begins."""
    if side + 2 * MARGIN <= window:
        return int(random.integers(0, window - side + 1))
    low, high = window - side - MARGIN, MARGIN
    return int(np.clip(random.integers(low - AROUND, high + AROUND + 1), low, high))


def batch(made: Windows, places: npt.NDArray[np.integer]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Return some windows in the network's form, and the truth in its loss's."""
    given, truth, heights = (part[places] for part in made)
    seen = given.astype(np.float32)
    seen[..., :2] /= _INSTEAD
    ink = truth.astype(np.float32) / 255
    wanted = np.zeros((*ink.shape[:3], 4), np.float32)
    wanted[..., DIGIT], wanted[..., SIGN], wanted[..., INSIDE] = ink[..., 0], ink[..., 1], ink[..., 2]
    wanted[..., HIGH] = np.log2(heights / USUAL)[:, None, None]
    return seen, wanted
