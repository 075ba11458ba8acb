"""Random contents of pictures: ink, noise, gratings, blobs, photographs of nothing but light, as Pillow images."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

Chance = np.random.Generator
Size = tuple[int, int]

WHITE = 255


def scene(name: str, size: Size, seed: int) -> Image.Image:
    """Return a picture of mode ``L`` with the scene of a name in `SCENES`, different for each seed."""
    return SCENES[name](size, np.random.default_rng(seed))


def _blank(size: Size, chance: Chance) -> Image.Image:
    return Image.new("L", size, int(chance.integers(0, 256)))


def _strokes(size: Size, chance: Chance) -> Image.Image:
    """Draw a few curved lines, like digits."""
    picture = Image.new("L", size, WHITE)
    pen = ImageDraw.Draw(picture)
    for _ in range(int(chance.integers(1, 9))):
        middle = chance.uniform(0, 1, 2) * size
        points = middle + chance.normal(0, 0.15, (int(chance.integers(1, 7)), 2)) * min(size)
        pen.line([(float(x), float(y)) for x, y in points], 0, int(chance.integers(1, 2 + max(1, min(size) // 12))))
    return picture


def _rings(size: Size, chance: Chance) -> Image.Image:
    """Draw a row of rings that touch, or nearly do."""
    picture = Image.new("L", size, WHITE)
    pen = ImageDraw.Draw(picture)
    count = int(chance.integers(1, 40))
    width, height = size[0] / count, size[1]
    reach = float(chance.uniform(0.6, 1.3))
    for place in range(count):
        box = (place * width, height * 0.2, place * width + width * reach, max(height * 0.2, height * 0.8))
        pen.ellipse(box, outline=0, width=max(1, int(width / 8)))
    return picture


def _blobs(size: Size, chance: Chance) -> Image.Image:
    """Draw hundreds of dots and dashes."""
    picture = Image.new("L", size, WHITE)
    pen = ImageDraw.Draw(picture)
    for x, y in chance.uniform(0, 1, (int(chance.integers(20, 800)), 2)) * size:
        dx, dy = chance.uniform(0, 1 + max(size) / 30, 2)
        pen.rectangle((float(x), float(y), float(x + dx), float(y + dy)), fill=int(chance.integers(0, 128)))
    return picture


def _noise(size: Size, chance: Chance) -> Image.Image:
    """Scatter black pixels, from few to many."""
    share = float(chance.uniform(0, 1)) ** 2
    return Image.fromarray(np.where(chance.random(size[::-1]) < share, 0, WHITE).astype(np.uint8))


def _grain(size: Size, chance: Chance) -> Image.Image:
    return Image.fromarray(chance.integers(0, 256, size[::-1], np.uint8))


def _clouds(size: Size, chance: Chance) -> Image.Image:
    """Paint soft spots in all greys, like a photograph out of focus."""
    small = chance.integers(0, 256, (int(chance.integers(1, 30)), int(chance.integers(1, 30))), np.uint8)
    return Image.fromarray(small).resize(size, Image.Resampling.BICUBIC)


def _hatching(size: Size, chance: Chance) -> Image.Image:
    """Draw parallel lines, in one direction or both."""
    picture = Image.new("L", size, WHITE)
    pen = ImageDraw.Draw(picture)
    step = int(chance.integers(2, 2 + max(2, max(size) // 4)))
    thick = max(1, step // int(chance.integers(2, 9)))
    ways = int(chance.integers(1, 4))
    lean = int(chance.integers(-step, step + 1))
    for place in range(0, max(size), step):
        if ways & 1:
            pen.line((place, 0, place + lean, size[1]), 0, thick)
        if ways & 2:
            pen.line((0, place, size[0], place + lean), 0, thick)
    return picture


def _zigzag(size: Size, chance: Chance) -> Image.Image:
    """Draw one line that winds back and forth, which can be cut anywhere."""
    picture = Image.new("L", size, WHITE)
    count = int(chance.integers(2, 200))
    points = zip(np.linspace(0, size[0], count).tolist(), (chance.random(count) * size[1]).tolist(), strict=True)
    ImageDraw.Draw(picture).line(list(points), 0, int(chance.integers(1, 8)))
    return picture


def _shadow(size: Size, chance: Chance) -> Image.Image:
    """Draw strokes on paper in uneven light, out of focus."""
    light = np.asarray(_clouds(size, chance), np.float32) / 255 * 0.7 + 0.3
    ink = np.asarray(_strokes(size, chance).filter(ImageFilter.GaussianBlur(1)), np.float32)
    return Image.fromarray(np.clip(ink * light + chance.normal(0, 4, ink.shape), 0, WHITE).astype(np.uint8))


SCENES: dict[str, Callable[[Size, Chance], Image.Image]] = {
    "blank": _blank,
    "strokes": _strokes,
    "rings": _rings,
    "blobs": _blobs,
    "noise": _noise,
    "grain": _grain,
    "clouds": _clouds,
    "hatching": _hatching,
    "zigzag": _zigzag,
    "shadow": _shadow,
}
