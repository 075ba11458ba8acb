"""The ink in a picture: told apart from the paper, cropped, as uint8 arrays of how much ink is at each pixel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops, ImageFilter

from model.base.errors import UserError
from model.base.language import _
from model.ink.ink import Box
from model.reading.paper import Grey, evened, percentile, sheet_within

FAINTEST = 24  # grey levels of 255: what differs less from the paper is no ink
GRAIN = 64  # pixels: in pictures with a longer side than this, ink is more than one pixel by itself
FULL = 0.75  # of all ink is no darker than what counts as full ink
FLOOR = 0.1  # of full ink: what is fainter is the paper's grain, a shadow, or a JPEG's ripples
LARGEST_SIDE = 1024  # pixels: larger pictures are reduced first, to keep the work short
SMALLEST_SIDE = 100  # pixels: pictures whose shorter side is less are enlarged, as their ink is hardly more than grain
TINY = 36  # pixels of the shorter side: but not MNIST's own images, with a margin too
TILE_SIDE = 1024  # pixels of what is reduced at once


class PictureError(UserError):
    """A picture whose colours cannot be read."""


@dataclass(frozen=True, slots=True)
class Ink:
    """The ink of a picture: cut out, 0 paper to 255 ink, and where that was."""

    grey: Grey
    left: int  # this and the next in pixels of the ink
    top: int
    factor: float  # so many pixels of the picture, each way, are one of the ink
    sheet: Box  # around all that was looked at, in the ink's own pixels

    def place(self, box: Box) -> Box:
        """Return a box in the ink's own pixels as it stands in the picture's."""
        left, right = ((self.left + x) * self.factor for x in (box.left, box.right))
        top, bottom = ((self.top + y) * self.factor for y in (box.top, box.bottom))
        return Box(left, top, right, bottom)


def find_ink(picture: Image.Image) -> Ink | None:
    """Return all ink of a picture with the box around it; None when the picture is blank.

    Transparent paper is white; dark ink on light paper and the reverse are told apart; every part of the ink is kept.
    Raises PictureError.
    """
    grey, factor = _grey(picture, paper=255), _factor(picture)
    whole = (0, 0, grey.shape[1], grey.shape[0])
    sheet = sheet_within(grey)
    ink = _ink_on(grey, sheet, factor)
    if ink is None and sheet != whole:
        ink = _ink_on(grey, whole, factor)  # there was nothing but what lies along the edges
    if ink is None and picture.has_transparency_data:
        ink = _ink_on(_grey(picture, paper=0), whole, factor)  # white ink on transparent paper shows on black
    return ink


def _ink_on(grey: Grey, sheet: tuple[int, int, int, int], factor: int) -> Ink | None:
    """Return the ink on a sheet, which is left, top, right and bottom in pixels of a picture's grey."""
    left, top, right, bottom = sheet
    image = Image.fromarray(grey[top:bottom, left:right])
    zoom = 1
    if min(image.size) > TINY:
        zoom = max(1, min(-(-SMALLEST_SIDE // min(image.size)), LARGEST_SIDE // max(image.size)))
    if zoom > 1:
        image = image.resize((image.width * zoom, image.height * zoom), Image.Resampling.BICUBIC)
    found = _contrast(evened(np.asarray(image)))
    box = Image.fromarray(found).getbbox()
    if box is None:
        return None
    left, top, right, bottom = box
    around = Box(-left, -top, image.width - left, image.height - top)
    return Ink(found[top:bottom, left:right], left + sheet[0] * zoom, top + sheet[1] * zoom, factor / zoom, around)


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
    ink = np.asarray(image) > 127
    edges = np.count_nonzero(ink[1:] != ink[:-1]) + np.count_nonzero(ink[:, 1:] != ink[:, :-1])
    edges += sum(np.count_nonzero(side) for side in (ink[0], ink[-1], ink[:, 0], ink[:, -1]))  # those of the picture
    return float(2 * np.count_nonzero(ink) / (edges * np.pi / 4)) if edges else 0.0


def _grey(picture: Image.Image, paper: int) -> Grey:
    seen = reduced(picture, "RGBA" if picture.has_transparency_data else "L")
    if seen.mode == "RGBA":
        seen = Image.alpha_composite(Image.new("RGBA", seen.size, (paper, paper, paper, 255)), seen).convert("L")
    return np.asarray(seen)


def _factor(picture: Image.Image) -> int:
    return max(1, -(-max(picture.size) // LARGEST_SIDE))


def reduced(picture: Image.Image, mode: str) -> Image.Image:
    """Return a picture in a mode, a larger one than is read reduced by a whole factor. Raises PictureError.

    Greys of more than 8 bits, or of floating point, come as 256 greys, whatever the mode. It is done a tile at a time,
    so that a large picture is not in the memory twice.
    """
    in_numbers = picture.mode.startswith(("I", "F"))
    mode = "F" if in_numbers else mode
    factor = _factor(picture)
    side = max(1, TILE_SIDE // factor) * factor
    width, height = picture.size
    try:
        whole = Image.new(mode, (-(-width // factor), -(-height // factor)))
        for top in range(0, height, side):
            for left in range(0, width, side):
                tile = picture.crop((left, top, min(left + side, width), min(top + side, height)))
                whole.paste(tile.convert(mode).reduce(factor), (left // factor, top // factor))
    except ValueError as error:
        sentence = _("The picture's colours ({mode}) cannot be read; save it as RGB or grey.")
        raise PictureError(sentence, mode=picture.mode) from error
    return _from_levels(np.asarray(whole)) if in_numbers else whole


def _from_levels(levels: npt.NDArray[np.float32]) -> Image.Image:
    """Return levels of 16 bits or floating point as 256 greys; what fits neither is stretched from least to most."""
    levels = np.nan_to_num(levels, nan=0.0, posinf=0.0, neginf=0.0).astype(np.float64)
    low, high = levels.min(), levels.max()
    whites = [white for white in (1.0, 255.0, 65535.0) if low >= 0 and high <= white]
    if whites:
        low, high = 0.0, whites[0]
    return Image.fromarray(np.asarray((levels - low) * (255 / (high - low)), np.uint8))


def _contrast(grey: Grey) -> Grey:
    """Return how far each pixel is from the paper on the ink's side, full ink as 255."""
    edge = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    difference = np.arange(256) - int(percentile(np.bincount(edge), 0.5))  # of each grey, as all below
    image = Image.fromarray(grey)
    # A camera's grain is as strong as faint ink, but not with its neighbours: they decide where there is ink.
    smooth = image.filter(ImageFilter.BoxBlur(1)) if max(grey.shape) > GRAIN else image
    clear = smooth.point(np.where(np.abs(difference) < FAINTEST, 0, 255).tolist())
    counts = np.array(image.histogram(clear))
    ink = np.abs(difference) * (np.sign(difference) == np.sign(difference @ counts))
    counts[ink == 0] = 0
    if not counts.any():
        return np.zeros_like(grey)
    # Neither the edges of the strokes, which are fainter, nor a black speck in pencil tell how dark the ink is.
    levels = ink / percentile(np.bincount(ink, counts), FULL)
    levels[levels < FLOOR] = 0
    table = np.asarray(np.minimum(levels, 1) * 255, np.uint8)
    return np.asarray(ImageChops.darker(image.point(table.tolist()), clear))


def _reduced_by_strongest(ink: Grey, factor: int) -> Grey:
    padded = np.pad(ink, [(0, -side % factor) for side in ink.shape])
    rows, columns = (side // factor for side in padded.shape)
    strongest = padded.reshape(rows, factor, -1).max(1)  # rows first: they lie together in memory
    return np.ascontiguousarray(strongest.reshape(rows, columns, factor).max(2))
