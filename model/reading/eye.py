"""The eye: which pixels of a picture are handwritten digits, which are their signs, and how high the digits are.

It's a network that takes pictures of any size and works best with digits about 40 pixels high, so it looks twice if it
has to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from PIL import Image, ImageChops, ImageFilter

from model.bundle.bundle import EYE_LITERT_FILE, Bundle
from model.ink.ink import Box
from model.reading.certainty import weights_of
from model.reading.connected import Mask, box_of
from model.reading.litert import PictureNetwork
from model.reading.picture import Grey, factor, greys, percentile
from model.reading.sight import FEWEST, LIKELY, NEAR, Floats, Sight

PLANES, ANSWERS = 3, 3  # of each pixel: what the eye is given, and what it answers
SCALE = 16  # pixels: its pictures' sides are multiples of this
MARGIN = 12  # pixels around a picture that are given as outside of it
AROUND = 20  # pixels of even paper that are looked at around what is written on it
USUAL = 32.0  # pixels: the height of digits whose answered logarithm is 0
FLATTEST = 24.0  # grey levels between light and dark: a picture of fewer isn't stretched further

GLANCES = (12_000, 48_000, 192_000)  # pixels of a whole picture, at first and where nothing is clear in fewer
FINEST = 1.7  # times its own size, a picture is enlarged at most
LOWEST, WANTED, HIGHEST = 18.0, 38.0, 60.0  # pixels of the digits: outside of this it looks again
LARGEST = 400_000  # pixels that it looks at: with what LiteRT needs for them, 150 MB
TILE, OVERLAP = 384, 64  # pixels each way of a page that are looked at, at once, and around them
MIDDLING = 35.0  # pixels that most digits of a page are high, as the eye takes them for ink
ALIKE = 1.25  # times as high digits are seen no better
EVEN = 0.6  # of a picture, and of its edge, is of one grey, where its paper is even
AGAIN = 27.0, 52.0  # pixels of the digits, when it looks again to see whether that changes what is read
CLEAR = 0.6  # the mean probability of what may be ink, at which nothing needs to be seen finer


class Eye:
    """Sees with a bundle's network. Raises what `Recognizer` does."""

    def __init__(self, bundle: Bundle):
        self._network = PictureNetwork(bundle, EYE_LITERT_FILE)
        self.certain = weights_of(bundle.card.eye.get("certainty"))

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

    def look_again(self, sight: Sight) -> Iterator[Sight]:
        """Yield what is seen of a sight's picture at the scales of `AGAIN`; nothing where its paper is even.

        What is read only at one scale may be wrong. On even paper, another scale shows nothing else.
        """
        scale = 1 / sight.high * max(sight.grey.shape) / max(sight.whole.shape)
        for high in () if _is_even(sight.whole) else AGAIN:
            other = self._at(sight.whole, min(high * scale, _scale_to(LARGEST, sight.whole)))
            yield other.completed() if other.high else other

    def look_at_page(self, grey: Grey, most: int, outside: Mask | None = None) -> Sight:
        """Return what is written on a page, in this many pixels, at the scale that's best for most digits.

        ``outside`` shows where the page isn't: there nothing is written.
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
        return Sight(seen, digits, signs, tall, max(grey.shape) / max(high, wide), grey)

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
    """Return the eye's input for a picture, (height, width, 2): its stretched grey, and its local contrast."""
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

    It's so long at least: where all digits have as large a window, the network need not be made ready again.
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
