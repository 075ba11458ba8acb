"""The eye: which pixels of a picture are written digits, which their signs, and how high the digits are.

It is a network that takes pictures of any size, best with digits some 40 pixels high; so it looks twice where it must.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops, ImageFilter

from model.bundle.bundle import EYE_LITERT_FILE, Bundle
from model.ink.ink import Box
from model.reading.connected import Mask, all_boxes, box_of, connected_parts
from model.reading.layout import margins
from model.reading.litert import PictureNetwork
from model.reading.picture import Grey, factor, greys, percentile

PLANES, ANSWERS = 3, 3  # of each pixel: what the eye is given, and what it answers
SCALE = 16  # pixels: its pictures' sides are multiples of this
MARGIN = 12  # pixels around a picture that are given as outside of it
AROUND = 20  # pixels of even paper that are looked at around what is written on it
USUAL = 32.0  # pixels: the height of digits whose answered logarithm is 0
NEAR = 12  # pixels each way: the neighbourhood that a pixel is held against
FLATTEST = 24.0  # grey levels between light and dark: a picture of fewer is not stretched further

GLANCES = (12_000, 48_000, 192_000)  # pixels of a whole picture, at first and where nothing is clear in fewer
FINEST = 1.7  # times its own size, a picture is enlarged at most
LOWEST, WANTED, HIGHEST = 18.0, 38.0, 60.0  # pixels of the digits: outside of this it looks again
LARGEST = 400_000  # pixels that it looks at: with what LiteRT needs for them, 150 MB
TILE, OVERLAP = 384, 64  # pixels each way of a page that are looked at, at once, and around them
MIDDLING = 35.0  # pixels that most digits of a page are high, as the eye takes them for ink
MOST = 3.0, 8.0  # heights of most digits: higher, or wider, is no digit, nor several that touch
ALIKE = 1.25  # times as high digits are seen no better
EVEN = 0.6  # of a picture, and of its edge, is of one grey, where its paper is even
FEWEST = 10  # pixels of ink tell how high digits are
CLEAR = 0.6  # the mean probability of what may be ink, at which nothing needs to be seen finer
LIKELY, POSSIBLE = 0.5, 0.2  # the probability of ink that is, and that may be
PAPER, NEARLY = 0.15, 0.3  # the probability of ink that surely is none, and of ink beside which there may be its edge
LEAST_SHARE, LEAST_DEPTH = 5.0, 6.0  # of 255 around a pixel that is paper, and grey levels of ink: for no division by 0
SEEN, BEYOND = 0.35, 0.1  # of a stroke: it is one, where no more than that many heights of it are beyond what is seen
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
        """Return a box in the ink's own pixels as it stands in the picture's."""
        left, right = ((self.left + x) * self.factor for x in (box.left, box.right))
        top, bottom = ((self.top + y) * self.factor for y in (box.top, box.bottom))
        return Box(left, top, right, bottom)


@dataclass(frozen=True, eq=False)
class Sight:
    """A picture as the eye has seen it, each (height, width), at the scale that it chose."""

    grey: Grey
    digits: Floats  # the probability that a pixel is ink of a digit
    signs: Floats  # as much of a sign: a point, a comma, a dash
    high: float  # pixels of the digits; 0 where there are none
    factor: float  # so many pixels of the picture, each way, are one of these

    def place(self, box: Box) -> Box:
        """Return a box in the picture's pixels as it stands in the sight's own."""
        left, top, right, bottom = (side / self.factor for side in box)
        return Box(left, top, right, bottom)

    @property
    def clearness(self) -> float:
        """The mean probability of what may be ink of digits; 0 where nothing may."""
        possible = self.digits[self.digits > POSSIBLE]
        return float(possible.mean()) if possible.size and self.high else 0.0

    def ink(self) -> Ink | None:
        """Return the digits' ink, fine enough to be read; None where there is none."""
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
        """How many grey levels the ink of the digits is darker than the paper; of chalk on a board less than 0."""
        ink = self.digits > LIKELY
        depth = float(np.median(self.around[ink] - self.grey[ink])) if ink.any() else 0.0
        return max(depth, LEAST_DEPTH) if depth >= 0 else min(depth, -LEAST_DEPTH)

    @cached_property
    def darkness(self) -> Floats:
        """How far each pixel is from paper to the digits' ink, 0 to 1."""
        return np.asarray(np.clip((self.around - self.grey) / self.depth, 0, 1), np.float32)

    def levels(self) -> Grey:
        """Return the ink of the digits, 0 to 255: where it is the eye tells, and how much of it the picture."""
        ink = np.sqrt(self.darkness * self.digits) * (grown(self.digits) > NEARLY)
        return np.asarray(np.round(np.where(ink < FAINTEST, 0, ink) * 255), np.uint8)

    def with_usual_height(self) -> Sight:
        """Return the sight with the height of most digits, and without what is many times as high, or as wide.

        One large thing has as much ink as many digits, so it would tell their height, and their darkness.
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
        """Return the sight with those strokes whole of which it saw both ends: a stem can look like a frame's side."""
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


class Eye:
    """Sees with the network of a bundle. Raises what `Recognizer` does."""

    def __init__(self, bundle: Bundle):
        self._network = PictureNetwork(bundle, EYE_LITERT_FILE)

    def look(self, grey: Grey) -> Sight:
        """Return what is written in a picture, at a scale that suits it."""
        left, top, right, bottom = map(int, _written(grey))
        scale = min(FINEST, _scale_to(GLANCES[0], grey[top:bottom, left:right]), _scale_to(LARGEST, grey))
        if bottom - top < len(grey):  # no digit is higher
            scale = min(scale, WANTED / (bottom - top))
        best = self._at(grey, scale)
        for pixels in GLANCES[1:]:
            scale = min(1.0, _scale_to(pixels, grey))
            if best.clearness > CLEAR or scale * best.factor < 1.2:
                break
            finer = self._at(grey, scale)
            best = max(finer, best, key=lambda sight: sight.clearness)
        if best.high and not LOWEST <= best.high <= HIGHEST:
            scale = min(WANTED / best.high / best.factor, FINEST, _scale_to(LARGEST, grey))
            again = self._at(grey, scale)
            best = again if again.high else best
        return best.completed() if best.high else best

    def look_at_page(self, grey: Grey, most: int, outside: Mask | None = None) -> Sight:
        """Return what is written on a page in so many pixels, at a scale at which most digits are read best.

        ``outside`` shows where the page is not: there nothing is written.
        """
        best = self._at(grey, min(FINEST, _scale_to(GLANCES[-1], grey)), outside).with_usual_height()
        finest = min(FINEST, _scale_to(most, grey))
        for _time in range(2):
            scale = min(MIDDLING / best.high / best.factor, finest) if best.high else min(1.0, finest)
            if 1 / ALIKE < scale * best.factor < ALIKE:
                break
            best = self._at(grey, scale, outside).with_usual_height()
        return best

    def _at(self, grey: Grey, scale: float, outside: Mask | None = None) -> Sight:
        """Return what is written in a picture, seen at a scale."""
        high, wide = (max(8, round(side * scale)) for side in grey.shape)
        seen = np.asarray(Image.fromarray(grey).resize((wide, high), Image.Resampling.BICUBIC))
        given = np.zeros((_even(high + 2 * MARGIN), _even(wide + 2 * MARGIN), PLANES), np.float32)
        given[..., 2] = 1
        inside = slice(MARGIN, MARGIN + high), slice(MARGIN, MARGIN + wide)
        if _is_even(grey):  # a drawing that was saved: its paper goes on beyond the edge
            paper = planes(np.pad(seen, MARGIN, constant_values=grey[0, 0]))
            given[..., :2], given[..., 2] = paper[0, 0], 0
            given[: high + 2 * MARGIN, : wide + 2 * MARGIN, :2] = paper
        else:
            given[inside][..., :2] = planes(seen)
            given[inside][..., 2] = 0
        if outside is not None:
            beyond = np.asarray(Image.fromarray(outside).resize((wide, high)))
            given[inside][beyond] = 0, 0, 1
        left, top, right, bottom = map(int, _written(seen))
        rows = _window(top, bottom, high)
        window = rows, _window(left, right, wide, rows.stop - rows.start)
        answers = np.full(given.shape, -np.inf, np.float32)
        answers[window] = self._answers(given[window])
        answers = answers[inside]
        if outside is not None:
            answers[beyond] = -np.inf
        digits, signs = (_probability(answers[..., place]) for place in (0, 1))
        heights = answers[..., 2][digits > LIKELY]
        tall = float(USUAL * 2 ** np.median(heights)) if heights.size >= FEWEST else 0.0
        return Sight(seen, digits, signs, tall, max(grey.shape) / max(high, wide))

    def _answers(self, given: Floats) -> Floats:
        """Return the network's answers, of what is larger than it looks at tile by tile."""
        if given[..., 0].size <= LARGEST:
            return self._network.run(given)
        answers = np.empty_like(given)
        rows, columns = given.shape[:2]
        wide = TILE + 2 * OVERLAP
        for top in range(0, rows, TILE):
            for left in range(0, columns, TILE):
                # All tiles are as large, for which the network is made ready once.
                y, x = (max(0, min(at - OVERLAP, side - wide)) for at, side in ((top, rows), (left, columns)))
                seen = self._network.run(given[y : y + wide, x : x + wide])
                answers[top : top + TILE, left : left + TILE] = seen[top - y :, left - x :][:TILE, :TILE]
        return answers


def seen(picture: Image.Image, eye: Eye) -> Sight:
    """Return what an eye sees in a picture. Raises PictureError."""
    sight = None
    for grey in greys(picture):
        sight = eye.look(grey)
        if sight.high:
            break
    assert sight is not None
    by = factor(picture)
    return sight if by == 1 else replace(sight, factor=sight.factor * by)


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


def _blurred(values: npt.NDArray[np.generic]) -> Floats:
    image = Image.fromarray(values.astype(np.uint8)).filter(ImageFilter.BoxBlur(NEAR))
    return np.asarray(image, np.float32)


def grown(values: Plane) -> Plane:
    """Return the largest value of each pixel and its neighbours."""
    for _axis in (0, 1):
        wide = values.copy()
        np.maximum(wide[1:], values[:-1], out=wide[1:])
        np.maximum(wide[:-1], values[1:], out=wide[:-1])
        values = wide.T
    return values


def _written(grey: Grey) -> Box:
    """Return the box around all but paper that is the same grey as far as the edge; of an even picture all of it."""
    marks = grey != grey[0, 0]
    return box_of(marks if marks.any() else np.ones_like(marks))


def _is_even(grey: Grey) -> bool:
    """Return whether a picture and its edge are mostly of exactly one grey, as no paper is before a camera."""
    edge = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    return bool(np.mean(edge == grey[0, 0]) > EVEN and np.mean(grey == grey[0, 0]) > EVEN)


def _window(first: int, last: int, side: int, least: int = 0) -> slice:
    """Return what is looked at of a side, with margins, for what is written from a first pixel to before a last.

    It is so long at least: where all digits have as large a window, the network need not be made ready anew.
    """
    first, last = max(first - AROUND, -MARGIN), min(last + AROUND, side + MARGIN)
    long = min(max(_even(last - first), least), _even(side + 2 * MARGIN))
    first = min(first + MARGIN, _even(side + 2 * MARGIN) - long)
    return slice(first, first + long)


def _even(side: int) -> int:
    """Return the next side that the network can halve."""
    return -(-side // SCALE) * SCALE


def _scale_to(pixels: int, grey: Grey) -> float:
    return float((pixels / grey.size) ** 0.5)


def _probability(logits: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-logits)), np.float32)
