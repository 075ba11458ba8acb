"""A digit of a picture, as a value: what is asked about when one of several is looked at."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from model.ink.ink import Box
from model.reading.eye import Sight
from model.reading.picture import Grey


@dataclass(frozen=True, slots=True, eq=False)
class PictureDigit:
    """A digit of a picture, which stays whole: what lies around the digit tells the eye what is written."""

    picture: Image.Image
    box: Box | None = None  # around the digit, in the picture's pixels; None: all that is written is one digit

    def ink(self, sight: Sight) -> Grey | None:
        """Return the box around the digit's ink, of what an eye has seen of the picture; None where there is none."""
        ink = sight.ink()
        if ink is None:
            return None
        within = ink.grey
        if self.box:
            left, right = (max(0, round(x / ink.factor - ink.left)) for x in (self.box.left, self.box.right))
            top, bottom = (max(0, round(y / ink.factor - ink.top)) for y in (self.box.top, self.box.bottom))
            within = within[top:bottom, left:right]
        return within if within.any() else None
