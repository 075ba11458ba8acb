"""The ink in a picture: told apart from the paper, cropped, as uint8 arrays of how much ink is at each pixel."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

FAINTEST = 24  # grey levels of 255: what differs less from the paper is no ink
FLOOR = 0.1  # of full ink: what is fainter is the paper's grain, a shadow, or a JPEG's ripples
LARGEST_SIDE = 1024  # pixels: larger pictures are reduced first, to keep the work short

Grey = npt.NDArray[np.uint8]


def find_ink(picture: Image.Image) -> Grey | None:
    """Return the box around all ink of a picture, 0 paper to 255 ink; None when the picture is blank.

    Pictures of any mode are taken. Transparent paper is white; dark ink on light paper and the reverse are told
    apart; every part of the ink is kept.
    """
    ink = _contrast(_grey(picture, paper=255))
    if not ink.any() and picture.has_transparency_data:
        ink = _contrast(_grey(picture, paper=0))  # white ink on transparent paper shows on black
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    if not rows.size:
        return None
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def resized(ink: Grey, scale: float) -> Image.Image:
    """Return ink at another scale, as a Pillow image of mode ``L``, thin lines kept."""
    size = [max(1, round(side * scale)) for side in reversed(ink.shape)]
    if scale <= 0.5:
        ink = _reduced_by_strongest(ink, int(1 / scale))  # an average would let thin lines fade away
    return Image.fromarray(ink).resize((size[0], size[1]), Image.Resampling.BICUBIC)


def ink_width(image: Image.Image) -> float:
    """Return the mean width of the ink, in pixels; 0 when there is none.

    A ribbon of length l and width w has the area l w and a perimeter of about 2 l. The perimeter is counted in pixel
    edges, of which a line crosses 4/pi times its length on the mean over all directions (Cauchy and Crofton).
    """
    ink = np.pad(np.asarray(image) > 127, 1)
    edges = np.count_nonzero(ink[1:] != ink[:-1]) + np.count_nonzero(ink[:, 1:] != ink[:, :-1])
    return float(2 * np.count_nonzero(ink) / (edges * np.pi / 4)) if edges else 0.0


def _grey(picture: Image.Image, paper: int) -> Grey:
    """Return a picture in 256 greys, what is transparent on paper of that grey, a large one reduced."""
    if picture.mode.startswith(("I", "F")):
        picture = Image.fromarray(_stretched(np.asarray(picture, np.float64)))
    elif picture.has_transparency_data:
        picture = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, (paper, paper, paper, 255)), picture)
    factor = max(1, -(-max(picture.size) // LARGEST_SIDE))
    return np.asarray(picture.convert("L").reduce(factor))


def _stretched(levels: npt.NDArray[np.float64]) -> Grey:
    """Return levels of any range (16 or 32 bits, floating point) as 256 greys: the least black, the most white."""
    levels = np.nan_to_num(levels, nan=0.0, posinf=0.0, neginf=0.0)
    low, high = levels.min(), levels.max()
    scale = 255 / (high - low) if high > low else 0.0
    return np.asarray((levels - low) * scale, np.uint8)


def _contrast(grey: Grey) -> Grey:
    """Return how far each pixel is from the paper on the ink's side, full ink as 255."""
    edge = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    difference = grey.astype(np.int16) - np.int16(np.median(edge))
    difference[np.abs(difference) < FAINTEST] = 0
    side = np.sign(difference.sum(dtype=np.int64))
    ink = np.abs(difference) * (np.sign(difference) == side)
    peak = ink.max()
    if not peak:
        return np.zeros_like(grey)
    full = np.median(ink[ink >= peak / 2])  # what grain or a blot adds to a few pixels does not make the rest faint
    levels = ink / full
    levels[levels < FLOOR] = 0
    return np.asarray(np.minimum(levels, 1) * 255, np.uint8)


def _reduced_by_strongest(ink: Grey, factor: int) -> Grey:
    """Return the ink reduced by a whole factor, each pixel the strongest of its block."""
    padded = np.pad(ink, [(0, -side % factor) for side in ink.shape])
    rows, columns = (side // factor for side in padded.shape)
    return np.ascontiguousarray(padded.reshape(rows, factor, columns, factor).max((1, 3)))
