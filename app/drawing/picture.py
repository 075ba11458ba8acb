"""The open picture, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image

from model.base.work import finish
from model.ink.ink import Box, Drawing
from model.reading.picture import reduced
from model.reading.picture_digit import PictureDigit

if TYPE_CHECKING:
    from model.reading.eye import Eye


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

    def ink(self, box: Box, eye: Eye) -> Drawing:
        """Return the ink of the digit in a box as a drawing; a blank one if an eye sees none, or no lines in it."""
        from model.reading.traced_digit import following  # noqa: PLC0415  (after the first paint)

        def part(box: Box, size: tuple[int, int]) -> Image.Image:
            return self.image.resize(size, Image.Resampling.BILINEAR, box=(*box,), reducing_gap=2.0)

        return finish(following(part, self.image.size, box, eye))

    def digit(self, box: Box | None) -> PictureDigit:
        """Return the digit in a box; if no digit is separated there, everything that's written."""
        return PictureDigit(self.image, box)
