"""The open picture, as a value."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from model.ink.ink import Box
from model.reading.picture import reduced
from model.reading.picture_digit import PictureDigit


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A picture of mode ``L``, ``RGB`` or ``RGBA``, which nobody changes, and what people call it."""

    image: Image.Image
    name: str
    source: tuple[str, int] | None = None  # a file and the place in it, where it came from one

    @classmethod
    def of(cls, image: Image.Image, name: str, source: tuple[str, int] | None = None) -> Picture:
        """Return a picture as it's read: reduced if it's larger than the reader needs.

        Raises PictureError if its colours can't be read.
        """
        mode = "RGBA" if image.has_transparency_data else "L" if image.mode in ("1", "L") else "RGB"
        return cls(reduced(image, mode), name, source)

    def part(self, box: Box, size: tuple[int, int]) -> Image.Image:
        """Return a part of the picture, a box in its pixels, in another size."""
        return self.image.resize(size, Image.Resampling.BILINEAR, box=(*box,), reducing_gap=2.0)

    def digit(self, box: Box | None) -> PictureDigit:
        """Return the digit in a box; if no digit is separated there, everything that's written."""
        return PictureDigit(self.image, box)
