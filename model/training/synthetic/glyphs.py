"""Printed letters of many scripts, and which marks look too much like digits to learn rejecting from."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from matplotlib import font_manager
from PIL import Image, ImageDraw, ImageFont

from model.data.data import Images
from model.reading.normalize import SIDE, Image28, normalize_ink
from model.training.synthetic import styles
from model.training.synthetic.styles import Random

FONTS = ("DejaVu Sans", "DejaVu Serif", "DejaVu Sans:bold", "DejaVu Serif:italic")  # Matplotlib brings them
SIZE = 64  # pixels
SHEAR = 0.15  # standard deviation
USUAL = 0.25  # of digits look less like others' than what is taken for one here

Looks = npt.NDArray[np.float32]  # (n, pixels), of length 1


def letters(count: int, random: Random) -> Images:
    """Return so many letters and digits of scripts from Armenian to Tifinagh as the network would be shown them."""
    made: list[Image28] = []
    while len(made) < count:
        path, codes = _fonts()[int(random.integers(len(FONTS)))]
        letter = chr(codes[int(random.integers(len(codes)))])
        font = ImageFont.truetype(path, SIZE)
        left, top, right, bottom = (round(side) for side in font.getbbox(letter))
        if right <= left or bottom <= top:
            continue
        image = Image.new("L", (2 * (right - left) + SIZE, bottom - top))
        ImageDraw.Draw(image).text(((right - left + SIZE) / 2 - left, -top), letter, 255, font)
        shear = random.normal(0, SHEAR)
        across = (1, shear, -shear * image.height / 2, 0, 1, 0)
        image = image.transform(image.size, Image.Transform.AFFINE, across, Image.Resampling.BILINEAR)
        inside = image.getbbox()
        if inside:
            made.append(normalize_ink(np.asarray(image.crop(inside))))
    return styles.bytes_of(made)


def unlike(digits: Images, others: Images) -> Callable[[Images], Images]:
    """Return what picks the images that look less like any of the ``digits`` than most of ``others``, digits too, do.

    All are (n, 28, 28). How much two look alike is the cosine between them, slightly blurred; an image is as like
    digits as it is to the nearest of them.
    """
    known = _looks(digits)
    bound = np.quantile(_nearest(_looks(others), known), USUAL)
    return lambda images: images[_nearest(_looks(images), known) < bound]


def _looks(images: Images) -> Looks:
    blurred = np.asarray(images, np.float32)
    for axis in (1, 2):
        blurred = blurred + np.roll(blurred, 1, axis) + np.roll(blurred, -1, axis)
    flat = blurred.reshape(-1, SIDE * SIDE)
    return np.asarray(flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6), np.float32)


def _nearest(looks: Looks, known: Looks) -> npt.NDArray[np.float32]:
    parts = [looks[first : first + 500] for first in range(0, len(looks), 500)]
    return np.concatenate([(part @ known.T).max(1) for part in parts]) if parts else np.zeros(0, np.float32)


@functools.cache
def _fonts() -> list[tuple[str, list[int]]]:
    """Return the fonts' files, and of each the codes of its letters."""
    found = []
    for name in FONTS:
        path = str(font_manager.findfont(name))
        codes = sorted(font_manager.get_font(path).get_charmap())
        found.append((path, [code for code in codes if unicodedata.category(chr(code)) in ("Lu", "Ll", "Lo", "Nd")]))
    return found
