"""The user's drawings as a network sees them, how they're read, and the images made from them to learn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.data.data import Labels, scaled
from model.ink.ink import Drawing
from model.reading.normalize import SIDE, normalize_drawing
from model.reading.recognizer import DIGIT_OUTPUTS, THRESHOLD
from model.training.synthetic import styles

REDRAWN, COPIES = 200, 40  # images to learn from all the drawings together, and at most from one
PLAIN = 0.25  # for each of these, how many of such drawings unchanged
EASY = 100  # at most this many drawings that are already read are learned unchanged: the least sure

Floats = npt.NDArray[np.float32]
Which = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Own:
    """The user's drawings, each with its digit."""

    drawings: Sequence[Drawing]
    images: Floats  # (n, 28, 28)
    labels: Labels

    @classmethod
    def of(cls, drawings: Sequence[Drawing]) -> Own:
        """Return labelled drawings as the network sees them."""
        images = np.array([normalize_drawing(drawing) for drawing in drawings], np.float32).reshape(-1, SIDE, SIDE)
        return cls(drawings, images, np.array([int(drawing.label or "") for drawing in drawings], np.uint8))

    def redrawn(self, hard: Which) -> tuple[Floats, npt.NDArray[np.intp]]:
        """Return the hard drawings as the same hand might have drawn them at other times, and their indices.

        Each keeps its own style: a hand that doesn't cross its sevens has nothing to learn from crossed ones.
        """
        places = np.flatnonzero(hard)[-REDRAWN:]
        copies = min(COPIES, REDRAWN // max(len(places), 1))
        random = np.random.default_rng(0)
        lines = [styles.lines_of(self.drawings[place]) for place in places for _copy in range(copies)]
        images = styles.images((styles.warped(each, random) for each in lines), random)
        plain = max(1, round(PLAIN * copies))
        return (
            np.concatenate([scaled(images), *[self.images[places]] * plain]),
            np.concatenate([places.repeat(copies), *[places] * plain]),
        )


@dataclass(frozen=True, slots=True)
class Read:
    """How the user's drawings are read."""

    answers: Floats  # (n, 10) probabilities
    right: Which  # (n,)
    doubted: Which  # (n,)

    @classmethod
    def of(cls, own: Own, read: Callable[[Floats], Sequence[float]], doubt: Callable[[Floats, int], float]) -> Read:
        """Return how they're read by ``read``, which gives ten probabilities, and doubted to be their digits."""
        answers = np.array([read(image) for image in own.images], np.float32).reshape(-1, DIGIT_OUTPUTS)
        doubted = [doubt(*each) > THRESHOLD for each in zip(own.images, own.labels, strict=True)]
        return cls(answers, answers.argmax(1) == own.labels, np.array(doubted, np.bool_))

    @property
    def accepted(self) -> Which:
        """Which are read right and accepted, (n,)."""
        return self.right & ~self.doubted

    def likely(self, labels: Labels) -> Floats:
        """Return the probabilities of the right digits, (n,)."""
        return np.maximum(self.answers[np.arange(len(labels)), labels], np.float32(1e-30))

    def loss(self, labels: Labels) -> float:
        """Return the mean cross-entropy; 0 if there aren't any drawings."""
        return float(np.abs(np.log(self.likely(labels))).sum()) / max(len(labels), 1)

    def easy(self, labels: Labels) -> npt.NDArray[np.intp]:
        """Return the indices of those already read that are to be learned."""
        places = np.flatnonzero(self.right)
        return places[self.likely(labels)[places].argsort(kind="stable")[:EASY]]
