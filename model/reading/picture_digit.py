"""A digit of a picture, as a value, for looking at one of several."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from model.ink.ink import Box
from model.reading.connected import box_of, connected_parts
from model.reading.picture import Grey
from model.reading.sight import Sight

MOSTLY = 0.5  # of a part of the ink, or of all ink in the box


@dataclass(frozen=True, slots=True, eq=False)
class PictureDigit:
    """A digit of a picture, which stays whole: the eye needs what's around the digit."""

    picture: Image.Image
    box: Box | None = None  # around the digit, in the picture's pixels; None: all that is written is one digit

    def ink(self, sight: Sight) -> Grey | None:
        """Return the box around the digit's ink in what an eye has seen of the picture; None if there's none.

        What reaches into the digit's box, such as a neighbour's tail, isn't its ink.
        """
        ink = sight.ink()
        if ink is None or not self.box:
            return None if ink is None or not ink.grey.any() else ink.grey
        left, right = (max(0, round(x / ink.factor - ink.left)) for x in (self.box.left, self.box.right))
        top, bottom = (max(0, round(y / ink.factor - ink.top)) for y in (self.box.top, self.box.bottom))
        numbers = connected_parts(ink.grey > 0)
        inside = numbers[top:bottom, left:right]
        sizes = np.bincount(numbers.ravel())
        counts = np.bincount(inside[inside > 0], minlength=len(sizes))
        own = (counts >= MOSTLY * sizes) | (counts >= MOSTLY * counts.sum())  # or much of two digits that touch
        mask = own[inside] & (inside > 0)
        if not mask.any():
            return None
        left_most, top_most, right_most, bottom_most = map(int, box_of(mask))
        cut = np.where(mask, ink.grey[top:bottom, left:right], 0)
        return cut[top_most:bottom_most, left_most:right_most]
