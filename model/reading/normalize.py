"""Turns a drawing, or a picture's ink, into the 28x28 image that the network reads, the way MNIST was made.

LeCun, Bottou, Bengio, Haffner: Gradient-Based Learning Applied to Document Recognition (1998), section III.A: the
digit is fitted into a 20x20 box with its aspect kept, anti-aliased, and put with its centre of mass in the middle of
a 28x28 field, ink bright on 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops

from model.base.work import Work, finish
from model.ink.ink import Drawing
from model.reading.picture import Grey, ink_width, resized

SIDE = 28  # pixels of the image, each way
BOX = 20  # pixels of the longer side of the digit in it, the ink's width included
MIDDLE = 14.5  # pixels: where MNIST's centres of mass lie on average (they are whole pixels moved into pixel 14)
PEN = 2.4  # pixels: about the median width of MNIST's ink, the width that the network knows best
THINNEST, BOLDEST = 1.8, 3.2  # pixels: a picture's ink outside of this (MNIST's 8th to 84th percentile) is redrawn
BLOB = 5.0  # pixels: bolder than nearly all of MNIST, so perhaps no stroke at all; thinned no more than this is

_FINE = 8  # a picture's ink is worked on at this many times the final resolution
_FIELD = SIDE * _FINE
_RIM = 2  # pixels of the fine field
_CENTRES = np.arange(SIDE, dtype=np.float32) + 0.5  # of the pixels
_PLACES = np.arange(SIDE)
_SPARE = 0.1  # pixels, for rounding
_NO_EXTENT = 1e-9  # pixels: less is a dot, and rounding
_TOGETHER = 256  # segments measured at once, those of a length: 0.8 MB an array at most, whatever the drawing's length

Image28 = npt.NDArray[np.float32]  # (28, 28), 0 paper to 1 ink
Points = npt.NDArray[np.floating]  # (n, 2), x and y


def normalize_drawing(drawing: Drawing, pen: float = PEN) -> Image28:
    """Return a drawing as a (28, 28) float32 image, 0 to 1, drawn with a pen of this many of its pixels.

    The points are fitted and centred first and drawn afterwards with an even pen, so the drawing's size, place and pen
    width don't matter, and there's no pixel grid in between.
    """
    return finish(normalizing(drawing, pen))


def normalizing(drawing: Drawing, pen: float = PEN) -> Work[Image28]:
    """Return that in pieces of work."""
    if drawing.is_blank:
        return np.zeros((SIDE, SIDE), np.float32)
    fitted = yield from _fitting(drawing, pen)
    # Drawn again in its place: moving the pixels would blur them.
    return (yield from _drawing(fitted.starts + fitted.place, fitted.ends + fitted.place, pen))


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A drawing's segments, scaled to fit the box, in pixels from the middle of the ink's own box."""

    starts: Points
    ends: Points
    place: Points  # (2,), where that middle comes to lie in the field, so that the centre of mass is in the field's
    centre: Points  # (2,), of mass


def fit_drawing(drawing: Drawing, pen: float = PEN) -> Fitted:
    """Return a drawing that isn't blank, fitted for a pen of this many pixels of the image."""
    return finish(_fitting(drawing, pen))


def _fitting(drawing: Drawing, pen: float) -> Work[Fitted]:
    counts = np.array([len(stroke.points) for stroke in drawing.strokes if stroke.points])
    points = np.array([point[:2] for stroke in drawing.strokes for point in stroke.points])
    low, high = points.min(0), points.max(0)
    extent = (high - low).max()
    scale = (BOX - pen) / extent if extent > _NO_EXTENT else 1.0  # a dot has no size to fit
    half = (high - low) / 2 * scale
    fitted = ((points - (low + high) / 2) * scale).astype(np.float32)
    is_first, is_last = np.zeros((2, len(points)), np.bool_)  # of its stroke; a dot is both, and a segment of its own
    is_last[counts.cumsum() - 1] = is_first[counts.cumsum() - counts] = True
    starts, ends = fitted[is_first | ~is_last], fitted[is_last | ~is_first]
    mass = yield from _drawing(starts + SIDE / 2, ends + SIDE / 2, pen)
    centre = np.array([mass.sum(0) @ _CENTRES, mass.sum(1) @ _CENTRES]) / mass.sum() - SIDE / 2
    edge = half + pen / 2  # no further than the field's edge, so that no ink is lost
    return Fitted(starts, ends, np.clip(MIDDLE - centre, edge, SIDE - edge).astype(np.float32), centre)


def normalize_ink(ink: Grey) -> Image28:
    """Return the box around a digit's ink, 0 paper to 255 ink, as a (28, 28) float32 image, 0 to 1."""
    if not ink.any():
        return np.zeros((SIDE, SIDE), np.float32)
    return np.asarray(centred(fit_ink(ink)).reduce(_FINE), np.float32) / np.float32(255)


def fit_ink(ink: Grey) -> Image.Image:
    """Return the box around a digit's ink, 0 paper to 255 ink, fitted into the middle of a field of 224x224 pixels.

    Ink much thinner or bolder than MNIST's is brought closer to it.
    """
    scale = BOX * _FINE / max(ink.shape)
    fitted = resized(ink, scale)
    width = min(ink_width(fitted) / _FINE, BLOB)
    wanted = min(max(width, THINNEST), BOLDEST)
    if wanted == width:
        return _field(fitted)
    # What is fitted is the middle line of the ink: it spans the box, less the width that the ink ends up with.
    zoom = (BOX - wanted) / (BOX - width)
    return _widened(_field(resized(ink, scale * zoom)), (wanted - width * zoom) / 2 * _FINE)


def draw(starts: Points, ends: Points, pen: float) -> Image28:
    """Return segments, in pixels of the field, drawn with an even pen of this width: round ends, anti-aliased.

    A pixel's ink is how far its centre lies inside the pen's edge, half a pixel each way: the area that a straight
    edge covers, to within a few hundredths.
    """
    return finish(_drawing(starts, ends, pen))


def _drawing(starts: Points, ends: Points, pen: float) -> Work[Image28]:
    edge = pen / 2 + 0.5
    # No ink comes further from a segment, so its distances are measured in a small square around it.
    lows = np.floor(np.minimum(starts, ends) - edge - _SPARE).astype(np.int64)
    sides = np.ceil(np.maximum(starts, ends) + edge + _SPARE - lows).max(1)
    order = sides.argsort()
    nearest = np.full(SIDE * SIDE, np.inf, np.float32)  # squared distance from a pixel's centre to the pen's line
    for first in range(0, len(order), _TOGETHER):
        if first:
            yield
        these = order[first : first + _TOGETHER]
        side = min(int(sides[these[-1]]), SIDE)
        start, along = starts[these], ends[these] - starts[these]
        squared = np.maximum((along**2).sum(1), 1e-12)[:, None, None]  # a dot is a segment of no length
        places = np.minimum(np.maximum(lows[these], 0), SIDE - side)[:, :, None] + _PLACES[:side]  # (n, 2, side)
        ways = _CENTRES[places] - start[:, :, None]  # from the start to the pixels, across and down
        # Of the way from start to end, the part t at which the pen came nearest; then |way to pixel - t along|^2,
        # multiplied out, because its terms are sums over rows and columns.
        across, down = (ways * along[:, :, None]).swapaxes(0, 1)
        product = across[:, None, :] + down[:, :, None]  # (n, side, side), as all below
        part = product / squared
        np.maximum(part, 0, out=part)
        np.minimum(part, 1, out=part)
        product *= -2
        product += part * squared
        product *= part
        ways *= ways
        product += ways[:, 0, None, :]
        product += ways[:, 1, :, None]
        pixels = places[:, 0, None, :] + SIDE * places[:, 1, :, None]
        np.minimum.at(nearest, pixels.ravel(), product.ravel())
    image: Image28 = np.clip(edge - np.sqrt(np.maximum(nearest.reshape(SIDE, SIDE), 0)), 0, 1)
    return image


def _field(digit: Image.Image) -> Image.Image:
    field = Image.new("L", (_FIELD, _FIELD))
    field.paste(digit, ((_FIELD - digit.width) // 2, (_FIELD - digit.height) // 2))
    return field


def _widened(field: Image.Image, by: float) -> Image.Image:
    """Return the field with its ink grown on each side, or thinned except for parts that would vanish."""
    steps = round(abs(by))
    if by > 0:
        return _stepped(field, steps, np.maximum)
    thinned = _stepped(field, steps, np.minimum)
    lost = ImageChops.subtract(field, _stepped(thinned, steps, np.maximum))
    parts = _stepped(_stepped(lost, _RIM, np.minimum), _RIM, np.maximum)  # without the rims that any rounding leaves
    return ImageChops.lighter(thinned, parts)


def _stepped(field: Image.Image, steps: int, pick: np.ufunc) -> Image.Image:
    """Return the ink grown, or shrunk, by a pixel a step: squares and crosses in turn make nearly a round pen.

    The field's edge is blank, so that its rows can lie in one line.
    """
    ink = np.asarray(field).ravel()
    for step in range(steps):
        across = _of_three(ink, pick, 1)
        ink = pick(across, _of_three(ink, pick, _FIELD)) if step % 2 else _of_three(across, pick, _FIELD)
    return Image.fromarray(ink.reshape(_FIELD, _FIELD))


def _of_three(ink: Grey, pick: np.ufunc, apart: int) -> Grey:
    picked = ink.copy()
    for one, other in ((picked[apart:], ink[:-apart]), (picked[:-apart], ink[apart:])):
        pick(one, other, out=one)  # a hundred times as fast as Pillow's filter
    return picked


def centred(field: Image.Image) -> Image.Image:
    """Return the 224x224 field with its centre of mass in the middle."""
    mass = np.asarray(field, np.float32)
    total = mass.sum()
    left, top, right, bottom = field.getbbox() or (0, 0, _FIELD, _FIELD)
    places = np.arange(_FIELD) + 0.5
    dx = round((mass.sum(0) @ places) / total - MIDDLE * _FINE)
    dy = round((mass.sum(1) @ places) / total - MIDDLE * _FINE)
    # No further than the field's edge, so that no ink is lost.
    dx, dy = min(max(dx, right - _FIELD), left), min(max(dy, bottom - _FIELD), top)
    return field.crop((dx, dy, dx + _FIELD, dy + _FIELD))
