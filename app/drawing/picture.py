"""A picture that is worked on in the window, as a value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from model.reading.picture import LARGEST_SIDE, from_levels, in_numbers, reduced


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A picture of mode ``L``, ``RGB`` or ``RGBA``, which nobody changes, and what people call it."""

    image: Image.Image
    name: str

    @classmethod
    def of(cls, image: Image.Image, name: str) -> Picture:
        """Return a picture as it is read: larger than the reader looks at, it is reduced, and what it shows stays.

        Raises PictureError where its colours cannot be read.
        """
        factor = max(1, -(-max(image.size) // LARGEST_SIDE))
        if in_numbers(image):
            return cls(from_levels(np.asarray(reduced(image, "F", factor))), name)
        kind = "RGBA" if image.has_transparency_data else "L" if image.mode in ("1", "L") else "RGB"
        return cls(reduced(image, kind, factor), name)
