"""A picture as the eye has seen it: which pixels are the ink of digits and of signs, and the ink that's read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from model.ink.ink import Box
from model.reading.connected import Mask, all_boxes, box_of, connected_parts
from model.reading.layout import margins
from model.reading.picture import Grey

NEAR = 12  # pixels each way: the neighbourhood that a pixel is held against
MOST = 3.0, 8.0  # heights of most digits: higher, or wider, isn't a digit, nor several that touch
FEWEST = 10  # pixels of ink tell how high digits are
LIKELY, POSSIBLE = 0.5, 0.2  # the probability of ink that is, and that may be
PAPER, NEARLY = 0.15, 0.3  # the probability of ink that surely is none, and of ink that may have its edge next to it
LEAST_SHARE, LEAST_DEPTH = 5.0, 6.0  # of 255 around a pixel that is paper, and grey levels of ink: for no division by 0
SEEN, BEYOND = 0.35, 0.1  # of a stroke: it's one, where no more than that many heights of it are beyond what is seen
FAINTEST = 0.1  # the probability of ink at the very edge of what is taken
HEIGHT, ENLARGED = 80.0, 3.0  # pixels of the digits in the ink that is read, from a sight enlarged no more than this

Floats = npt.NDArray[np.float32]
Plane = TypeVar("Plane", Floats, Mask)


@dataclass(frozen=True, slots=True)
class Ink:
    """Ink of digits, 0 paper to 255 ink, as large as the box around it."""

    grey: Grey
    likely: Grey  # how probable it is that each pixel is ink, 0 to 255
    left: float  # this and the next: where that box begins, in the ink's own pixels
    top: float
    factor: float  # so many pixels of the picture, each way, are one of the ink
    sheet: Box  # around all that was looked at, in the ink's own pixels, from where the ink's box begins

    def place(self, box: Box) -> Box:
        """Return a box in the ink's pixels as a box in the picture's."""
        left, right = ((self.left + x) * self.factor for x in (box.left, box.right))
        top, bottom = ((self.top + y) * self.factor for y in (box.top, box.bottom))
        return Box(left, top, right, bottom)


@dataclass(frozen=True, eq=False)
class Sight:
    """A picture as the eye has seen it, each (height, width), all but the whole at the scale that it chose."""

    grey: Grey
    digits: Floats  # the probability that a pixel is ink of a digit
    signs: Floats  # as much of a sign: a point, a comma, a dash
    high: float  # pixels of the digits; 0 where there are none
    factor: float  # so many pixels of the picture, each way, are one of these
    whole: Grey  # the picture itself, at its own scale or as reduced beforehand

    def place(self, box: Box) -> Box:
        """Return a box in the picture's pixels as a box in the sight's."""
        left, top, right, bottom = (side / self.factor for side in box)
        return Box(left, top, right, bottom)

    @property
    def clearness(self) -> float:
        """The mean probability over all that may be ink of digits; 0 if nothing may be."""
        possible = self.digits[self.digits > POSSIBLE]
        return float(possible.mean()) if possible.size and self.high else 0.0

    def ink(self) -> Ink | None:
        """Return the digits' ink, fine enough to be read; None if there's none."""
        if not self.high:
            return None
        likely = np.where(self.digits < FAINTEST, 0, np.round(self.digits * 255)).astype(np.uint8)
        left, top, right, bottom = Image.fromarray(likely).getbbox() or (0, 0, 1, 1)
        zoom = min(max(HEIGHT / self.high, 1.0), ENLARGED)
        size = round((right - left) * zoom), round((bottom - top) * zoom)

        def enlarged(levels: Grey) -> Grey:
            cut = Image.fromarray(np.ascontiguousarray(levels[top:bottom, left:right]))
            return np.asarray(cut.resize(size, Image.Resampling.BICUBIC))

        across, down = zoom * self.digits.shape[1], zoom * self.digits.shape[0]
        sheet = Box(-left * zoom, -top * zoom, across - left * zoom, down - top * zoom)
        return Ink(enlarged(self.levels()), enlarged(likely), left * zoom, top * zoom, self.factor / zoom, sheet)

    @cached_property
    def around(self) -> Floats:
        """How bright the paper is around each pixel, in grey levels."""
        paper = self.digits < PAPER
        share = np.maximum(_blurred(np.where(paper, 255, 0)), LEAST_SHARE)
        return np.asarray(_blurred(np.where(paper, self.grey, 0)) * (255 / share), np.float32)

    @cached_property
    def depth(self) -> float:
        """How many grey levels darker than the paper the digits' ink is; less than 0 for chalk on a board."""
        ink = self.digits > LIKELY
        depth = float(np.median(self.around[ink] - self.grey[ink])) if ink.any() else 0.0
        return max(depth, LEAST_DEPTH) if depth >= 0 else min(depth, -LEAST_DEPTH)

    @cached_property
    def darkness(self) -> Floats:
        """How far each pixel is from paper to the digits' ink, 0 to 1."""
        return np.asarray(np.clip((self.around - self.grey) / self.depth, 0, 1), np.float32)

    def levels(self) -> Grey:
        """Return the digits' ink, 0 to 255: the eye says where it is, and the picture how dark it is."""
        ink = np.sqrt(self.darkness * self.digits) * (grown(self.digits) > NEARLY)
        return np.asarray(np.round(np.where(ink < FAINTEST, 0, ink) * 255), np.uint8)

    def with_usual_height(self) -> Sight:
        """Return the sight with the height of most digits, and without anything many times as high or as wide.

        One large thing has as much ink as many digits, so it would determine their height and darkness.
        """
        numbers = connected_parts(self.digits > LIKELY)
        boxes = all_boxes(numbers)
        heights = np.array([box.height for box in boxes])
        tall = heights[heights >= FEWEST / 2]  # no crumbs
        high = float(np.median(tall[tall >= np.median(tall) / 2])) if self.high and len(tall) else 0.0
        wide = np.array([box.width for box in boxes])
        large = 1 + np.flatnonzero((heights > MOST[0] * high) | (wide > MOST[1] * high))
        return replace(self, high=high, digits=np.where(np.isin(numbers, large), np.float32(0), self.digits))

    def completed(self) -> Sight:
        """Return the sight with all of each stroke whose ends it saw: a stem can look like a frame's side."""
        taken, dark = self.digits > LIKELY, self.darkness > LIKELY
        if np.count_nonzero(dark & ~taken) < FEWEST:
            return self
        numbers = connected_parts(dark)
        sizes = np.bincount(numbers.ravel())
        counts = np.bincount(numbers[taken], minlength=len(sizes))
        counts[0] = 0
        digits = self.digits.copy()
        for number in np.flatnonzero((counts >= FEWEST) & (counts >= SEEN * sizes) & (counts < sizes)):
            part = numbers == number
            if min(margins(box_of(part), box_of(part & taken))) > -BEYOND * self.high:
                digits[part] = np.maximum(digits[part], self.darkness[part])
        return self if (digits == self.digits).all() else replace(self, digits=digits)


def grown(values: Plane) -> Plane:
    """Return, for each pixel, the largest value among it and its neighbours."""
    for _axis in (0, 1):
        wide = values.copy()
        np.maximum(wide[1:], values[:-1], out=wide[1:])
        np.maximum(wide[:-1], values[1:], out=wide[:-1])
        values = wide.T
    return values


def _blurred(values: npt.NDArray[np.generic]) -> Floats:
    image = Image.fromarray(values.astype(np.uint8)).filter(ImageFilter.BoxBlur(NEAR))
    return np.asarray(image, np.float32)
