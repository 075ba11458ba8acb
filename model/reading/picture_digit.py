"""A digit of a picture, as a value, for looking at one of several."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from model.ink.ink import Box
from model.reading.picture import Grey
from model.reading.sight import Sight


@dataclass(frozen=True, slots=True, eq=False)
class PictureDigit:
    """A digit of a picture, which stays whole: the eye needs what's around the digit."""

    picture: Image.Image
    box: Box | None = None  # around the digit, in the picture's pixels; None: all that is written is one digit

    def ink(self, sight: Sight) -> Grey | None:
        """Return the box around the digit's ink in what an eye has seen of the picture; None if there's none."""
        ink = sight.ink()
        if ink is None:
            return None
        within = ink.grey
        if self.box:
            left, right = (max(0, round(x / ink.factor - ink.left)) for x in (self.box.left, self.box.right))
            top, bottom = (max(0, round(y / ink.factor - ink.top)) for y in (self.box.top, self.box.bottom))
            within = within[top:bottom, left:right]
        return within if within.any() else None
