"""A picture in several sizes, so that any part of it can be shown quickly at any zoom."""

from __future__ import annotations

from PIL import Image

from model.ink.ink import Box
from model.reading.picture import reduced

LARGEST, SMALLEST = 4096, 512  # pixels of the longer side: no more are kept, and the coarsest has fewer


class Levels:
    """A picture on white, halved again and again. Raises PictureError if its colours can't be read."""

    def __init__(self, picture: Image.Image):
        self.size = picture.size
        self._levels = [_on_white(picture)]
        while max(self._levels[-1].size) > SMALLEST:
            self._levels.append(self._levels[-1].reduce(2))

    def part(self, box: Box, size: tuple[int, int]) -> Image.Image:
        """Return a part of the picture, a box in its pixels, in another size; what is beyond its edges is white.

        It takes milliseconds: no more than twice as many pixels as are shown are looked at, each way.
        """
        left, top, right, bottom = box
        enough = [level for level in self._levels if level.width * box.width >= size[0] * self.size[0]]
        level = enough[-1] if enough else self._levels[0]
        across, down = level.width / self.size[0], level.height / self.size[1]
        inside = Box(max(left, 0), max(top, 0), min(right, self.size[0]), min(bottom, self.size[1]))
        whole = Image.new("RGB", size, "white")
        if inside.width <= 0 or inside.height <= 0:
            return whole
        wide, high = size[0] / box.width, size[1] / box.height
        shown = max(1, round(inside.width * wide)), max(1, round(inside.height * high))
        there = (inside.left * across, inside.top * down, inside.right * across, inside.bottom * down)
        part = level.resize(shown, Image.Resampling.BILINEAR, box=there)
        whole.paste(part, (round((inside.left - left) * wide), round((inside.top - top) * high)))
        return whole


def _on_white(picture: Image.Image) -> Image.Image:
    is_clear = picture.has_transparency_data
    whole = reduced(picture, "RGBA" if is_clear else "RGB", LARGEST)
    if is_clear:
        whole = Image.alpha_composite(Image.new("RGBA", whole.size, "white"), whole)
    return whole.convert("RGB")
