"""Pictures as the eye takes them, with 256 greys and no larger than it needs, and measurements on such greys."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from PIL import Image

from model.base.errors import UserError
from model.base.language import _

LARGEST_SIDE = 1024  # pixels: larger pictures are reduced first, to keep the work short
TILE_SIDE = 1024  # pixels of what is reduced at once

Grey = npt.NDArray[np.uint8]  # (height, width)
Counts = npt.NDArray[np.int64] | npt.NDArray[np.float64]  # (n,): how often each number from 0 on is there


class PictureError(UserError):
    """A picture whose colours can't be read."""


def greys(picture: Image.Image, most: int = LARGEST_SIDE) -> Iterator[Grey]:
    """Yield a picture's greys, no side longer than that: a transparent one's on white paper, then on black.

    Raises PictureError.
    """
    seen = reduced(picture, "RGBA" if picture.has_transparency_data else "L", most)
    if seen.mode != "RGBA":
        yield np.asarray(seen)
        return
    for paper in (255, 0):  # white ink on transparent paper shows on black
        sheet = Image.new("RGBA", seen.size, (paper, paper, paper, 255))
        yield np.asarray(Image.alpha_composite(sheet, seen).convert("L"))


def factor(picture: Image.Image, most: int = LARGEST_SIDE) -> int:
    """Return how many of the picture's pixels, each way, make one of its greys."""
    return max(1, -(-max(picture.size) // most))


def percentile(counts: Counts, share: float) -> float:
    """Return what `np.percentile` returns for the counted numbers 0, 1, 2, …; ``share`` is 0 to 1."""
    upto = counts.cumsum()
    place = (upto[-1] - 1) * share
    low, high = np.searchsorted(upto, (np.floor(place), np.ceil(place)), side="right")
    return float(low + (high - low) * (place % 1))


def resized(ink: Grey, scale: float) -> Image.Image:
    """Return ink at another scale, as a Pillow image of mode ``L``, keeping thin lines."""
    size = [max(1, round(side * scale)) for side in reversed(ink.shape)]
    if scale <= 0.5:
        ink = _reduced_by_strongest(ink, int(1 / scale))  # an average would let thin lines fade away
    return Image.fromarray(ink).resize((size[0], size[1]), Image.Resampling.BICUBIC)


def ink_width(image: Image.Image) -> float:
    """Return the mean width of the ink, in pixels; 0 when there's none.

    A ribbon of length l and width w has the area l w and a perimeter of about 2 l. The perimeter is counted in pixel
    edges, of which a line crosses 4/pi times its length on average over all directions (Cauchy and Crofton).
    """
    ink = np.asarray(image) > 127
    edges = np.count_nonzero(ink[1:] != ink[:-1]) + np.count_nonzero(ink[:, 1:] != ink[:, :-1])
    edges += sum(np.count_nonzero(side) for side in (ink[0], ink[-1], ink[:, 0], ink[:, -1]))  # those of the picture
    return float(2 * np.count_nonzero(ink) / (edges * np.pi / 4)) if edges else 0.0


def reduced(picture: Image.Image, mode: str, most: int = LARGEST_SIDE) -> Image.Image:
    """Return a picture in a mode; if a side is longer, it's reduced by a whole factor. Raises PictureError.

    Greys of more than 8 bits, or of floating point, become 256 greys, whatever the mode. It works a tile at a time, so
    that a large picture isn't in memory twice.
    """
    in_numbers = picture.mode.startswith(("I", "F"))
    mode = "F" if in_numbers else mode
    by = factor(picture, most)
    side = max(1, TILE_SIDE // by) * by
    width, height = picture.size
    try:
        whole = Image.new(mode, (-(-width // by), -(-height // by)))
        for top in range(0, height, side):
            for left in range(0, width, side):
                tile = picture.crop((left, top, min(left + side, width), min(top + side, height)))
                whole.paste(tile.convert(mode).reduce(by), (left // by, top // by))
    except ValueError as error:
        sentence = _("The picture's colours ({mode}) can't be read; save it as RGB or grey.")
        raise PictureError(sentence, mode=picture.mode) from error
    return _from_levels(np.asarray(whole)) if in_numbers else whole


def _from_levels(levels: npt.NDArray[np.float32]) -> Image.Image:
    """Return levels of 16 bits or floating point as 256 greys; what fits neither is stretched from least to most."""
    levels = np.nan_to_num(levels, posinf=0.0, neginf=0.0).astype(np.float64)
    low, high = levels.min(), levels.max()
    whites = [white for white in (1.0, 255.0, 65535.0) if low >= 0 and high <= white]
    if whites:
        low, high = 0.0, whites[0]
    return Image.fromarray(np.asarray((levels - low) * (255 / (high - low or 1.0)), np.uint8))


def _reduced_by_strongest(ink: Grey, factor: int) -> Grey:
    padded = np.pad(ink, [(0, -side % factor) for side in ink.shape])
    rows, columns = (side // factor for side in padded.shape)
    strongest = padded.reshape(rows, factor, -1).max(1)  # rows first: they lie together in memory
    return np.ascontiguousarray(strongest.reshape(rows, columns, factor).max(2))
