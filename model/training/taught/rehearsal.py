"""What a network rehearses while it learns from its user, so as not to forget: drawn digits, and MNIST where it is.

Robins: Catastrophic Forgetting, Rehearsal and Pseudorehearsal (Connection Science 1995): what stands in for the data
that a network has learned from need not be that data, if the network itself says what it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.data.data import Labels, Mnist, scaled
from model.ink.ink import Drawing, Point, Stroke
from model.training.learn import styles
from model.training.learn.augment import deform
from model.training.opened.probe import shapes
from model.training.pinned import tf

SEED = 7  # of what is drawn: the same at each teaching, so that scores can be compared
REDRAWN = (1600, 800)  # skeletons redrawn, to rehearse and to check with: they are rehearsed, or check, as they are …
DEFORMED = (2, 2)  # … this often deformed as for a training, because drawing costs and deforming does not …
DISTORTED = (4, 4)  # … and this often distorted: far from what is drawn, so that the answers stay wide around it
DISTORTION = 1.8
SLIGHTLY = 0.6  # MNIST's images that check are deformed by so much of what a training deforms them by
FROM_MNIST = 6000  # training images that are rehearsed as well, as they are and deformed
CHECKED = 10_000  # of MNIST's training images, the last ones (a sixth where there are fewer): they check

Float28 = npt.NDArray[np.float32]  # (n, 28, 28), 0 paper to 1 ink


@dataclass(frozen=True, slots=True)
class Shown:
    """Images, and the digits that they show."""

    name: str
    images: Float28
    labels: Labels


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What is rehearsed, and what tells whether that was enough: nothing is learned from it."""

    rehearsed: tuple[Shown, ...]
    checks: tuple[Shown, ...]  # the drawn one first


def rehearsal(data: Mnist | None) -> Rehearsal:
    """Return the rehearsal, the same at each call; MNIST's training images join it, never its test images."""
    rehearsed, checks = (
        [_drawn(*size, part)] for part, size in enumerate(zip(REDRAWN, DEFORMED, DISTORTED, strict=True))
    )
    if data is not None:
        checked = min(CHECKED, len(data.train_images) // 6)
        images, labels = data.train_images[:-checked], data.train_labels[:-checked]
        chosen = np.random.default_rng(SEED).permutation(len(images))[:FROM_MNIST]
        both = np.concatenate([scaled(images[chosen]), deformed(images[chosen], SEED)])
        rehearsed.append(Shown("MNIST", both, np.tile(labels[chosen], 2)))
        # As they are, a network knows nearly all by heart; a little deformed, they tell as much as new ones.
        checks.append(
            Shown("MNIST", deformed(data.train_images[-checked:], SEED, SLIGHTLY), data.train_labels[-checked:])
        )
    return Rehearsal(tuple(rehearsed), tuple(checks))


def redrawn(drawings: Sequence[Drawing], copies: int, times: int, seed: int) -> tuple[Float28, Labels]:
    """Return labelled drawings redrawn so often, as `styles.varied` does, and each of those deformed so often."""
    images, labels = styles.varied(drawings, copies, np.random.default_rng(seed))
    parts = [scaled(images), *(deformed(images, seed + number) for number in range(times))]
    return np.concatenate(parts), np.tile(labels, times + 1)


def deformed(images: npt.NDArray[np.uint8], seed: int, strongest: float = 1.0) -> Float28:
    """Return images deformed as those of a training are, or more."""
    parts = (images[first : first + _TOGETHER] for first in range(0, len(images), _TOGETHER))
    how = tf.constant(strongest)
    tensors = [_deform(part, tf.constant([seed, number]), how) for number, part in enumerate(parts)]
    return np.concatenate([tensor.numpy() for tensor in tensors])


def skeletons() -> list[Drawing]:
    """Return digits as bare lines, some shapes of each, labelled."""
    return [
        Drawing(tuple(Stroke(tuple(Point(*point) for point in path.tolist())) for path in strokes), label=str(digit))
        for digit, strokes in shapes()
    ]


def _drawn(number: int, times: int, distorted: int, part: int) -> Shown:
    """Return about so many redrawn skeletons, so often deformed, so often distorted."""
    bare = skeletons()
    seed = SEED + 100 * part
    images, labels = styles.varied(bare, max(1, number // len(bare)), np.random.default_rng(seed))
    parts = [scaled(images), *(deformed(images, seed + time) for time in range(times))]
    parts += [deformed(images, seed + times + time, DISTORTION) for time in range(distorted)]
    return Shown("drawn digits", np.concatenate(parts), np.tile(labels, len(parts)))


_TOGETHER = 800  # images deformed at once
_deform = tf.function(deform, reduce_retracing=True)
