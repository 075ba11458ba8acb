"""A digit of a picture as a drawing: the eye looks at it again from near, and its ink is followed as strokes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from PIL import Image

from model.base.work import Work
from model.ink.ink import Box, Drawing
from model.reading.eye import Eye, seen
from model.reading.picture_digit import PictureDigit
from model.reading.traced import traced

AROUND = 0.75  # of a digit's longer side, that the eye sees around it
FINE = 160.0  # pixels of that side, at most

Part: TypeAlias = "Callable[[Box, tuple[int, int]], Image.Image]"


def following(part: Part, size: tuple[int, int], box: Box, eye: Eye) -> Work[Drawing]:
    """Return the ink of a digit in a picture as a drawing, in pieces of work; a blank one if the eye sees none.

    Args:
        part: returns a part of the picture, a box in its pixels, in another size.
        size: of the picture: its width and height in pixels.
        box: around the digit, in the picture's pixels.
        eye: sees what's written.
    """
    side = max(box.width, box.height)
    around, by = AROUND * side, min(1.0, FINE / max(side, 1.0))
    left, top = max(0.0, box.left - around), max(0.0, box.top - around)
    right, bottom = min(size[0], box.right + around), min(size[1], box.bottom + around)
    near = part(Box(left, top, right, bottom), (max(1, round((right - left) * by)), max(1, round((bottom - top) * by))))
    own = Box(*((at - corner) * by for at, corner in zip(box, (left, top, left, top), strict=True)))
    sight = seen(near, eye)
    yield
    ink = PictureDigit(near, own).ink(sight)
    return Drawing() if ink is None else traced(ink)
