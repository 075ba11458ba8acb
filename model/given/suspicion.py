"""Detects data that isn't what it seems: a model reads a sample first and finds out what's wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from model.base.language import N_, _
from model.data.data import Images, Labels, Mnist, scaled
from model.reading.recognizer import Recognizer

SAMPLE = 200  # images that are read
WELL = 0.7  # of them are read right: then nothing is the matter
CERTAIN = 0.8  # of them are read right when they are repaired: then that is the matter
FEW = 1_000  # images to train with: a network of them reads others' handwriting badly

_MENDED: tuple[tuple[str, Callable[[Images], Images]], ...] = (
    (N_("The images were dark on bright; they were turned into bright on dark."), lambda images: 255 - images),
    (
        N_("The images lay on their side, as EMNIST's do; rows and columns were swapped."),
        lambda images: np.ascontiguousarray(images.swapaxes(1, 2)),
    ),
    (
        N_("The images were dark on bright and lay on their side; both was corrected."),
        lambda images: np.ascontiguousarray(255 - images.swapaxes(1, 2)),
    ),
)


def mended(mnist: Mnist, recognizer: Recognizer) -> Mnist:
    """Return data with its images corrected if it's certain how, and notes on that and on what's odd."""
    random = np.random.default_rng(0)
    chosen = random.permutation(len(mnist.train_images))[:SAMPLE]
    images, labels = mnist.train_images[chosen], mnist.train_labels[chosen]
    as_it_is = _right(images, labels, recognizer)
    notes = list(mnist.notes)
    if as_it_is < WELL:
        rights = [_right(mend(images), labels, recognizer) for _sentence, mend in _MENDED]
        best = int(np.argmax(rights))
        if rights[best] >= CERTAIN:
            sentence, mend = _MENDED[best]
            train, test = mend(mnist.train_images), mend(mnist.test_images)
            return replace(mnist, train_images=train, test_images=test, notes=(*notes, _(sentence), *_few(mnist)))
        sentence = _(
            "The current model reads only {right:.0%} of a sample of these images. Make sure that the labels "
            "are right, and that the images are digits, upright and bright on dark."
        )
        notes.append(sentence.format(right=as_it_is))
    return replace(mnist, notes=(*notes, *_few(mnist)))


def _few(mnist: Mnist) -> list[str]:
    count = len(mnist.train_images)
    if count >= FEW:
        return []
    sentence = _(
        "There are only {count:,} images to learn from. A network that learns from so few reads other "
        "people's digits badly."
    )
    return [sentence.format(count=count)]


def _right(images: Images, labels: Labels, recognizer: Recognizer) -> float:
    answers: npt.NDArray[np.intp] = np.array([np.argmax(recognizer.probabilities(each)) for each in scaled(images)])
    return float((answers == labels).mean())
