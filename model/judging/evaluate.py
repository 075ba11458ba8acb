"""Measures how well a network reads MNIST's test images or labelled ink. It uses only LiteRT, not TensorFlow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from model.base.errors import UserError
from model.base.language import _
from model.base.shown import shown
from model.data.data import LOOKALIKES, Ink, Labels, Mnist, scaled
from model.ink.ink import Drawing
from model.judging.acceptance import Doubts, Values
from model.judging.measure import Names, Report, measure
from model.reading.normalize import Image28, normalize_drawing
from model.reading.recognizer import Recognizer

# Test images whose label most of five people didn't see in them, and that label: mturk/mnist_mturk.json of
# cleanlab/label-errors on GitHub, those where "given" has less than three votes; each looked at. Northcutt, Athalye,
# Mueller: Pervasive Label Errors in Test Sets Destabilize Machine Learning Benchmarks (NeurIPS 2021).
_PLACES = (947, 1621, 1901, 2130, 2462, 2597, 2654, 3520, 3558, 5937, 6651, 6783, 8527, 9679, 9729)
MISLABELLED = dict(zip(_PLACES, (8, 0, 9, 4, 2, 5, 6, 6, 5, 5, 0, 1, 4, 6, 5), strict=True))
MNIST_COUNT = 10_000  # test images


@dataclass(frozen=True, slots=True)
class NotDigits:
    """What a network is to reject, and where it came from."""

    images: Sequence[Image28]
    source: str  # for people


@dataclass(frozen=True, slots=True)
class Examples:
    """What a network is judged by, and where it came from."""

    images: npt.NDArray[np.float32]  # (n, 28, 28), 0 paper to 1 ink
    labels: Labels
    source: str  # for people: the file and which part of it
    is_ink: bool = False
    placements: Names = ()
    writers: Names = ()
    mislabelled: tuple[int, ...] = ()  # places of those whose label is in dispute
    not_digits: NotDigits | None = None


def mnist_examples(data: Mnist) -> Examples:
    """Return MNIST's test images; for the published set, it's known which are mislabelled."""
    images, labels = scaled(data.test_images), data.test_labels
    published = len(labels) == MNIST_COUNT and all(labels[place] == label for place, label in MISLABELLED.items())
    source = f"the {len(images):,} test images of {data.source}"
    return Examples(images, labels, source, mislabelled=tuple(MISLABELLED) if published else ())


def ink_examples(ink: Ink, people: str | None = None) -> Examples:
    """Return drawings as the network sees them: of one side (train, validation, judge) or of everybody.

    Raises UserError if nobody is on that side.
    """
    drawings = _of_side(ink, people)
    placements = tuple(_text(drawing.extra.get("placement")) for drawing in drawings)
    writers = tuple(_text(drawing.writer) for drawing in drawings)
    return Examples(
        images=np.stack([normalize_drawing(drawing) for drawing in _watched(drawings, "drawn")]),
        labels=np.array([int(drawing.label or "") for drawing in drawings], np.uint8),
        source=_source(drawings, ink, people),
        is_ink=True,
        placements=placements if any(placements) else (),
        writers=writers if any(writers) else (),
    )


def not_digits(ink: Ink, people: str | None = None) -> NotDigits:
    """Return one side's or everybody's letters and signs, without those that look like a digit, or raise UserError."""
    drawings = [drawing for drawing in _of_side(ink, people) if drawing.label not in LOOKALIKES]
    if not drawings:
        raise UserError(_("{source} has only signs that look like digits. Choose other ink."), source=ink.source)
    return NotDigits([normalize_drawing(drawing) for drawing in drawings], _source(drawings, ink, people))


def evaluate(recognizer: Recognizer, examples: Examples) -> Report:
    """Return a network's answers to the examples. Raises UserError if they aren't probabilities."""
    answers = [recognizer.probabilities(image) for image in _watched(examples.images, "read")]
    others = examples.not_digits.images if examples.not_digits else ()
    doubts = Doubts(_doubts(recognizer, examples.images), _doubts(recognizer, others), examples.mislabelled)
    return measure(np.array(answers, np.float32), examples.labels, examples.placements, examples.writers, doubts)


def _doubts(recognizer: Recognizer, images: Iterable[Image28]) -> Values:
    """Return how much each image is doubted; a blank one, which is never accepted, entirely."""
    return np.array([recognizer.read(image).doubt if image.any() else 1.0 for image in images], np.float64)


def _of_side(ink: Ink, people: str | None) -> Sequence[Drawing]:
    drawings: Sequence[Drawing] = getattr(ink, people or "everybody")
    if not drawings:
        sentence = _("Nobody's ink in {source} is for '{people}'. Choose other people, or name them in people.json.")
        raise UserError(sentence, source=ink.source, people=people)
    return drawings


def _source(drawings: Sequence[Drawing], ink: Ink, people: str | None) -> str:
    return f"the {len(drawings):,} drawings of {ink.source}" + (f" ({people})" if people else "")


def _text(value: object) -> str | None:
    return shown(value) if isinstance(value, str) else None


def _watched(things: Iterable[object], done: str) -> tqdm:
    """Return the things with progress on a terminal: tens of thousands take half a minute."""
    return tqdm(things, unit=f" {done}", disable=None, leave=False)
