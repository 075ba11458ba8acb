"""How well a network reads: measured on MNIST's test images or on labelled ink. LiteRT alone, no TensorFlow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from model.base.errors import UserError
from model.base.language import _
from model.base.shown import shown
from model.data.data import Ink, Labels, Mnist, scaled
from model.ink.ink import Drawing
from model.judging.measure import Names, Report, measure
from model.reading.normalize import normalize_drawing
from model.reading.recognizer import Recognizer


@dataclass(frozen=True, slots=True)
class Examples:
    """What a network is judged by, and where it came from."""

    images: npt.NDArray[np.float32]  # (n, 28, 28), 0 paper to 1 ink
    labels: Labels
    source: str  # for people: the file and which part of it
    is_ink: bool = False
    placements: Names = ()
    writers: Names = ()


def mnist_examples(data: Mnist) -> Examples:
    """Return MNIST's test images."""
    images = scaled(data.test_images)
    return Examples(images, data.test_labels, f"the {len(images):,} test images of {data.source}")


def ink_examples(ink: Ink, people: str | None = None) -> Examples:
    """Return drawings as the network sees them: of one side (train, validation, judge) or of everybody.

    Raises UserError when nobody is on that side.
    """
    drawings: Sequence[Drawing] = getattr(ink, people or "everybody")
    if not drawings:
        sentence = _("Nobody's ink in {source} is for '{people}'; choose other people, or name them in people.json.")
        raise UserError(sentence, source=ink.source, people=people)
    placements = tuple(_text(drawing.extra.get("placement")) for drawing in drawings)
    writers = tuple(_text(drawing.writer) for drawing in drawings)
    return Examples(
        images=np.stack([normalize_drawing(drawing) for drawing in _watched(drawings, "drawn")]),
        labels=np.array([int(drawing.label or "") for drawing in drawings], np.uint8),
        source=f"the {len(drawings):,} drawings of {ink.source}" + (f" ({people})" if people else ""),
        is_ink=True,
        placements=placements if any(placements) else (),
        writers=writers if any(writers) else (),
    )


def evaluate(recognizer: Recognizer, examples: Examples) -> Report:
    """Return what a network makes of the examples. Raises UserError when its answers are no probabilities."""
    answers = [recognizer.probabilities(image) for image in _watched(examples.images, "read")]
    return measure(np.array(answers, np.float32), examples.labels, examples.placements, examples.writers)


def _text(value: object) -> str | None:
    return shown(value) if isinstance(value, str) else None


def _watched(things: Iterable[object], done: str) -> tqdm:
    """Return the things with progress on a terminal: tens of thousands take half a minute."""
    return tqdm(things, unit=f" {done}", disable=None, leave=False)
