"""What a network does with one drawing, in values that can be shown.

How its 28x28 image is made, the hidden units that respond most strongly and what they vote for, and which of its ink
spoke for and against each digit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from model.base.work import Work
from model.ink.ink import Box, Drawing, Point, Stroke
from model.ink.render import render
from model.inside.chain import Column, Trace
from model.inside.steps import Array, Dense
from model.reading.normalize import PEN, SIDE, Image28, centred, fit_drawing, fit_ink
from model.reading.picture_digit import PictureDigit
from model.reading.sight import Floats, Sight

FINER = 6  # how many times larger than the 28x28 image the stages before it are drawn
PATCH, STRIDE = 3, 2  # pixels: a patch of paper that's laid on the ink, and how far it moves each time
LEAST_INK = 0.3  # of a pixel: a patch that covers less says nothing
TINY = 1e-30  # instead of probabilities of 0, which have no logarithm

_OTHERS = 1 - np.eye(10)  # sums all the other digits for each digit

Maps = npt.NDArray[np.float64]  # (10, 28, 28), one for each digit


@dataclass(frozen=True, slots=True)
class Stage:
    """A drawing or a digit of a picture on its way to the 28x28 image."""

    name: str  # "drawn", or "picture", "written" and "ink"; "fitted", "moved"
    picture: Image.Image  # of mode L, 0 paper to 255 ink; a "picture" and the "written" one are as opened
    centre: tuple[float, float] | None = None  # of mass, in fractions of width and height; None: it's irrelevant
    marks: tuple[Image.Image, ...] = ()  # of mode L, of the whole picture: what the eye took for digits and for signs
    box: Box | None = None  # around the digit, in fractions of the width and the height


def stages(subject: Drawing | PictureDigit, sight: Sight | None = None) -> tuple[Stage, ...]:
    """Return the stages up to the 28x28 image; empty if it's blank. A picture's sight is what the eye saw in it."""
    if isinstance(subject, Drawing):
        return () if subject.is_blank else (Stage("drawn", _inked(subject)), *_stages_fitted(subject))
    return _stages_of_picture(subject, sight) if sight else ()


def _stages_of_picture(digit: PictureDigit, sight: Sight) -> tuple[Stage, ...]:
    ink = digit.ink(sight)
    if ink is None:
        return ()
    fitted = fit_ink(ink)
    moved = centred(fitted)
    wide, high = digit.picture.size
    box = digit.box and Box(*(side / whole for side, whole in zip(digit.box, (wide, high) * 2, strict=True)))
    return (
        Stage("picture", digit.picture),
        Stage("written", digit.picture, marks=(_mask(sight.digits), _mask(sight.signs)), box=box),
        Stage("ink", Image.fromarray(ink)),
        Stage("fitted", fitted, _centre(fitted)),
        Stage("moved", moved, _centre(moved)),
    )


def _mask(probabilities: Floats) -> Image.Image:
    return Image.fromarray((probabilities * 255).astype(np.uint8))


def _stages_fitted(drawing: Drawing) -> Iterator[Stage]:
    fitted, canvas = fit_drawing(drawing), (SIDE * FINER, SIDE * FINER)
    for name, place in (("fitted", np.array([SIDE / 2, SIDE / 2])), ("moved", fitted.place)):
        starts, ends = ((fitted.starts + place) * FINER).tolist(), ((fitted.ends + place) * FINER).tolist()
        lines = tuple(Stroke((Point(*start), Point(*end))) for start, end in zip(starts, ends, strict=True))
        x, y = ((fitted.centre + place) / SIDE).tolist()
        yield Stage(name, _inked(Drawing(lines, PEN * FINER, canvas)), (x, y))


def _inked(drawing: Drawing) -> Image.Image:
    """Return a picture of a drawing, 0 paper to 255 ink."""
    return ImageOps.invert(render(drawing))


def _centre(field: Image.Image) -> tuple[float, float]:
    """Return the centre of mass of a square picture, in fractions of its side."""
    mass = np.asarray(field, np.float64)
    places = (np.arange(len(mass)) + 0.5) / len(mass)
    return float(mass.sum(0) @ places / mass.sum()), float(mass.sum(1) @ places / mass.sum())


def log_odds(probabilities: Sequence[float] | Array) -> npt.NDArray[np.float64]:
    """Return the logarithm of how many times likelier each digit is than all others together, (10,).

    A probability hardly moves when it's nearly 0 or 1, but this does. The other probabilities are summed, because 1
    minus the digit's own would lose all of their precision.
    """
    answers = np.asarray(probabilities, np.float64)
    return np.asarray(np.log(answers + TINY) - np.log(_OTHERS @ answers + TINY))


def slope_of(traced: Trace, digit: int) -> Array:
    """Return the gradient of a digit's log odds with respect to the probabilities, (1, 10).

    Simonyan, Vedaldi, Zisserman: Deep Inside Convolutional Networks (2014), section 3, of the log odds.
    """
    answers = traced.probabilities.astype(np.float64)
    slope = -_OTHERS[digit] / (_OTHERS[digit] @ answers + TINY)
    slope[digit] = 1 / (answers[digit] + TINY)
    return np.asarray(slope[None])


def seen_by(traced: Trace, column: Column, number: int) -> Work[Array]:
    """Return, in pieces of work, the weights that a unit sees the image with, where its answer is strongest.

    They're the gradient of its sum by the image. So they include anything that scales the image or the sum on the way,
    and in a deeper layer, what the previous layers make of this image.
    """
    before = column.end - (column.end > column.weights + 1)  # before its activation
    sums = traced.values[before]
    slope: Array = np.zeros(sums.shape, np.float32)
    slope.reshape(-1, sums.shape[-1])[int(sums[..., number].argmax()), number] = 1
    slope = yield from traced.back(slope, before, column.weights + 1)
    weights = (yield from traced.back_from(column, number, slope, 0)).reshape(SIDE, SIDE)
    if any(isinstance(each, Dense) for each in traced.chain.steps[: column.weights + 1]):
        return weights
    rows, columns = np.flatnonzero(weights.any(1)), np.flatnonzero(weights.any(0))  # the part that a filter sees
    return weights[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] if rows.size else weights[:1, :1]


def attribution(read: Callable[[Image28], Sequence[float]], image: Image28) -> Work[Maps]:
    """Return, in pieces of work, by how much the ink in each pixel raises each digit's log odds; 0 without ink.

    A patch of paper is laid on the ink in one place after another, and the network reads the rest: what's lost is what
    the ink there had contributed (Zeiler, Fergus: Visualizing and Understanding Convolutional Networks, 2014, section
    4.2). Each pixel under a patch gets a share of that in proportion to its ink, and in the end the mean of its shares.
    """
    whole = log_odds(read(image))
    yield
    sums, counts = np.zeros((10, SIDE, SIDE)), np.zeros((SIDE, SIDE))
    for top in range(1 - PATCH, SIDE, STRIDE):
        for left in range(1 - PATCH, SIDE, STRIDE):
            under = slice(max(top, 0), top + PATCH), slice(max(left, 0), left + PATCH)
            covered = float(image[under].sum())
            if covered < LEAST_INK:
                continue
            rest = image.copy()
            rest[under] = 0
            sums[:, *under] += ((whole - log_odds(read(rest))) / covered)[:, None, None]
            counts[under] += 1
            yield
    return np.asarray(sums / np.maximum(counts, 1) * image)


def third_of_most(amounts: npt.NDArray[np.floating], image: Image28) -> tuple[int, int]:
    """Return where most of some amounts (28, 28) is: the third of the ink's box, (row, column), 0 to 2 each."""
    rows, columns = np.flatnonzero(image.any(1)), np.flatnonzero(image.any(0))
    inked = amounts[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    parts = [[part.sum() for part in np.array_split(row, 3, axis=1)] for row in np.array_split(inked, 3)]
    row, column = divmod(int(np.argmax(parts)), 3)
    return row, column
