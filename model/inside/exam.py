"""Many labelled images that a modified network reads again and again, and where they come from."""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from model.base.work import Work
from model.data import download
from model.data.data import scaled
from model.ink.ink import Drawing
from model.inside.chain import Chain
from model.inside.steps import Array, Convolution, Dense, Step
from model.reading.normalize import SIDE, Image28, normalize_drawing

COUNT = 500  # images
SEED = 500
TOGETHER, OF_MAPS = 100, 10  # images read in one piece of work; the same for a network with filters

Images = npt.NDArray[np.float32]
Digits = npt.NDArray[np.uint8]


class Examined(NamedTuple):
    """Images, (n, 28, 28) from 0 to 1, and their digits, (n,)."""

    images: Images
    digits: Digits


def drawn() -> Work[Examined]:
    """Return, in pieces of work, digits that the program draws, the same ones each time."""
    from model.learning import rehearsal  # noqa: PLC0415  (it and NumPy's random numbers, where they are wanted)
    from model.training.synthetic import styles  # noqa: PLC0415  (as above)

    random = np.random.default_rng(SEED)
    made = rehearsal.drawn(COUNT, random)
    return _gathered((styles.image(lines, random.choice(styles.PENS)), digit) for lines, digit in made)


def compared() -> Work[Examined]:
    """Return, in pieces of work, the digits that a training compares models with."""
    from model.training.synthetic import shapes, styles  # noqa: PLC0415  (as above)

    images, digits = shapes.one_by_one(shapes.COMPARED, np.random.default_rng(shapes.SEED))
    return _gathered(
        (scaled(styles.bytes_of([image]))[0], int(digit)) for image, digit in zip(images, digits, strict=True)
    )


def part_read(answers: Callable[[Image28], Sequence[float]], examined: Examined) -> Work[float]:
    """Return, in pieces of work, the fraction of some digits that is read right by what answers with probabilities."""
    right = 0
    for image, digit in zip(*examined, strict=True):
        right += int(np.argmax(answers(image)) == digit)
        yield
    return right / len(examined.digits)


def of_drawings(drawings: Iterable[Drawing]) -> Work[Examined]:
    """Return, in pieces of work, the labelled drawings, whose labels must be digits; at most `COUNT` of them."""
    labelled = ((drawing, drawing.label) for drawing in drawings if drawing.label)
    return _gathered((normalize_drawing(drawing), int(label)) for drawing, label in islice(labelled, COUNT))


def mnist() -> Work[Examined]:
    """Return, in pieces of work, the first of MNIST's test images, from Keras' cache; none if it isn't there."""
    pairs: Iterable[tuple[Images, int]] = ()
    with contextlib.suppress(OSError, RuntimeError, ValueError, KeyError, zipfile.BadZipFile):
        if download.is_kept():
            with np.load(download.cache(), allow_pickle=False) as file:
                pairs = zip(file["x_test"][:COUNT] / np.float32(255), file["y_test"][:COUNT], strict=True)
    return _gathered(pairs)


def _gathered(pairs: Iterable[tuple[Images, int]]) -> Work[Examined]:
    images: list[Images] = []
    digits: list[int] = []
    for image, digit in pairs:
        images.append(image)
        digits.append(digit)
        yield
    return Examined(np.array(images, np.float32).reshape(-1, SIDE, SIDE), np.array(digits, np.uint8))


class Exam:
    """Lets networks read the same images; what comes of the steps that are the same as the last time is kept."""

    def __init__(self, examined: Examined):
        self._images, self._digits = examined
        self._kept: dict[int, dict[tuple[Step, ...], Array]] = {}  # by the first image of each piece, and the steps

    def ask(self, chain: Chain, tell: Callable[[int, int], object] = lambda _right, _read: None) -> Work[float]:
        """Return, in pieces of work, the fraction that a network reads right. It reads each image once, without views.

        A network with filters is slow: ``tell`` gets how many it has read right so far, and how many it has read.
        """
        right, steps = 0, chain.steps[_after_views(chain) :]
        maps = any(isinstance(step, Convolution) for step in steps)
        together = OF_MAPS if maps else TOGETHER
        for start in range(0, len(self), together):
            digits = self._digits[start : start + together]
            answers = yield from self._answers(chain, start, len(digits))
            right += int((answers.argmax(-1) == digits).sum())
            if maps:
                tell(right, start + len(digits))
        return right / max(1, len(self))

    def __len__(self) -> int:
        return len(self._digits)

    def _answers(self, chain: Chain, start: int, count: int) -> Work[Array]:
        """Return, in pieces of work, what a network answers to ``count`` images from ``start`` on."""
        steps, first, images = chain.steps, _after_views(chain), self._images[start : start + count]
        before = self._kept.get(start, {})
        self._kept[start] = kept = {done: made for done, made in before.items() if done == steps[: len(done)]}
        place = max(map(len, kept), default=first)
        given = kept.get(steps[:place], images.reshape(-1, 1, SIDE * SIDE) if first else images)
        for at in range(place, len(steps)):
            if isinstance(steps[at], Dense):
                kept[steps[:at]] = given
            given = steps[at].forward(given)
            yield
        return given


def _after_views(chain: Chain) -> int:
    """Return the index after the convolution that makes an image's views by moving it; 0 if there isn't one."""
    first = chain.columns[1].weights
    before = [step for step in chain.steps[:first] if isinstance(step, Convolution)]
    moves = [np.isin(step.weights, (0, 1)).all() and not step.bias.any() for step in before]
    return first if moves == [True] and isinstance(chain.steps[first], Dense) else 0
