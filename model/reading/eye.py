"""The eye: which pixels of a picture are written digits, which their signs, and how high the digits are."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops, ImageFilter

from model.reading.paper import Grey, percentile

PLANES, ANSWERS = 3, 3  # of each pixel: what the eye is given, and what it answers
SCALE = 16  # pixels: its pictures' sides are multiples of this
MARGIN = 12  # pixels around a picture that are given as outside of it
USUAL = 32.0  # pixels: the height of digits whose answered logarithm is 0
NEAR = 12  # pixels each way: the neighbourhood that a pixel is held against
FLATTEST = 24.0  # grey levels between light and dark: a picture of fewer is not stretched further

Floats = npt.NDArray[np.float32]


def planes(grey: Grey) -> Floats:
    """Return what the eye is given of a picture, (height, width, 2): its grey stretched, and its local contrast."""
    image = Image.fromarray(grey)
    counts = np.array(image.histogram())
    low, high = percentile(counts, 0.01), percentile(counts, 0.99)
    if high - low < FLATTEST:
        low, high = (low + high - FLATTEST) / 2, (low + high + FLATTEST) / 2
    near = image.filter(ImageFilter.BoxBlur(NEAR))
    apart = np.asarray(ImageChops.difference(image, near).filter(ImageFilter.BoxBlur(NEAR)), np.float32)
    given = np.empty((*grey.shape, 2), np.float32)
    seen = grey.astype(np.float32)
    np.clip((seen - low) * np.float32(2 / (high - low)) - 1, -1.3, 1.3, out=given[..., 0])
    np.clip((seen - np.asarray(near)) / (2.5 * apart + 8), -1.5, 1.5, out=given[..., 1])
    return given
