"""What a network rehearses while it learns from its user, and whether it still reads what it read before.

Drawn digits are rehearsed, and MNIST where it is. Robins: Catastrophic Forgetting, Rehearsal and Pseudorehearsal
(Connection Science 1995): what stands in for the data that a network has learned from need not be that data, if the
network itself says what it is.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from model.data.data import Labels, Mnist, scaled
from model.ink.ink import Drawing
from model.training.learn.augment import deform
from model.training.opened.probe import skeletons
from model.training.pinned import tf
from model.training.synthetic import styles
from model.training.taught.pupil import Float28, Pupil, Shown

SEED = 7  # of what is drawn: the same at each teaching, so that scores can be compared
REDRAWN = (1600, 800)  # skeletons redrawn, to rehearse and to check with: they are rehearsed, or check, as they are …
DEFORMED = 2  # … this often deformed as for a training, because drawing costs and deforming does not …
DISTORTED = 4  # … and this often distorted: far from what is drawn, so that the answers stay wide around it
DISTORTION = 1.8
SLIGHTLY = 0.6  # MNIST's images that check are deformed by so much of what a training deforms them by
FROM_MNIST = 6000  # training images that are rehearsed as well, as they are and deformed
CHECKED = 10_000  # of MNIST's training images, the last ones (a sixth where there are fewer): they check
DEFORMED_AT_ONCE = 800  # images

FORGOTTEN = 0.0005  # of a check's images: by no more may it be read worse than before …
FORGOTTEN_IN_ALL = 0.0015  # … and by no more than before the very first teaching
SURE = 0.55  # the least probability of an answer that the network is sure of
UNSURE = 10  # stands where it is sure of no digit

_deform = tf.function(deform, reduce_retracing=True)


def rehearsal(data: Mnist | None) -> tuple[list[Shown], list[Shown]]:
    """Return what is rehearsed, and what checks whether that was enough: nothing is learned from it.

    The drawn digits come first, the same at each call; MNIST's training images follow, never its test images.
    """
    bare = skeletons()
    rehearsed, checks = (
        [redrawn(bare, number // len(bare), DEFORMED, SEED + 100 * part, DISTORTED)]
        for part, number in enumerate(REDRAWN)
    )
    if data is not None:
        checked = min(CHECKED, len(data.train_images) // 6)
        images, labels = data.train_images[:-checked], data.train_labels[:-checked]
        chosen = np.random.default_rng(SEED).permutation(len(images))[:FROM_MNIST]
        both = np.concatenate([scaled(images[chosen]), deformed(images[chosen], SEED)])
        rehearsed.append(Shown(both, np.tile(labels[chosen], 2)))
        # As they are, a network knows nearly all by heart; a little deformed, they tell as much as new ones.
        checks.append(Shown(deformed(data.train_images[-checked:], SEED, SLIGHTLY), data.train_labels[-checked:]))
    return rehearsed, checks


def redrawn(drawings: Sequence[Drawing], copies: int, times: int, seed: int, distorted: int = 0) -> Shown:
    """Return labelled drawings redrawn so often, as `styles.varied` does, and each deformed and distorted so often."""
    images, labels = styles.varied(drawings, copies, np.random.default_rng(seed))
    strengths = [1.0] * times + [DISTORTION] * distorted
    parts = [scaled(images), *(deformed(images, seed + number, each) for number, each in enumerate(strengths))]
    return Shown(np.concatenate(parts), np.tile(labels, len(parts)))


def deformed(images: npt.NDArray[np.uint8], seed: int, strongest: float = 1.0) -> Float28:
    """Return images deformed as those of a training are, or more."""
    parts = (images[first : first + DEFORMED_AT_ONCE] for first in range(0, len(images), DEFORMED_AT_ONCE))
    how = tf.constant(strongest)
    tensors = [_deform(part, tf.constant([seed, number]), how) for number, part in enumerate(parts)]
    return np.concatenate([tensor.numpy() for tensor in tensors])


class Memory:
    """What a network read before it was taught, and whether it still does.

    A drawn image counts as long as its answer is the one that the network was sure of, one of MNIST's when it is right.
    Many small losses must not lead away from the ``first`` model that was taught: its answers, as `packed`; None: it is
    this one.
    """

    def __init__(self, pupil: Pupil, data: Mnist | None, first: str | None) -> None:
        rehearsed, (self._drawn, *self._others) = rehearsal(data)
        # What is misread as it was drawn must not be held: a new way of writing may be among it.
        images, labels = (np.concatenate(each) for each in zip(*rehearsed, strict=True))
        right = pupil.digits(images) == labels
        self.rehearsed = images[right] if right.any() else images
        probabilities = pupil.probabilities(self._drawn.images)
        answers = np.where(probabilities.max(1) >= SURE, probabilities.argmax(1), UNSURE)
        self._answers: Labels = answers.astype(np.uint8)
        self._first = unpacked(first, len(answers)) if first else self._answers
        self.packed = base64.b64encode(zlib.compress(self._first.tobytes(), 9)).decode()  # for the card
        self._counts = [int((self._answers < UNSURE).sum()), *(len(other.labels) for other in self._others)]
        self.images = sum(self._counts)  # that are checked
        self._before = self._scores(pupil)
        self.before = float(np.average(self._before, weights=self._counts))  # the fraction read as it should be

    def after(self, pupil: Pupil) -> float:
        """Return the fraction of the checked images that is read as it should be now."""
        return float(np.average(self._scores(pupil), weights=self._counts))

    def holds(self, pupil: Pupil) -> bool:
        """Return whether no check is read worse by more than what may be forgotten."""
        worse = max(old - new for old, new in zip(self._before, self._scores(pupil), strict=True))
        return worse <= FORGOTTEN and 1 - _kept(self._first, pupil.digits(self._drawn.images)) <= FORGOTTEN_IN_ALL

    def _scores(self, pupil: Pupil) -> list[float]:
        others = [float((pupil.digits(other.images) == other.labels).mean()) for other in self._others]
        return [_kept(self._answers, pupil.digits(self._drawn.images)), *others]


def _kept(sure: Labels, digits: npt.NDArray[np.intp]) -> float:
    """Return the fraction of the digits that somebody was sure of that are read the same; 1 where there is none."""
    known = sure < UNSURE
    return float((sure == digits)[known].mean()) if known.any() else 1.0


def unpacked(packed: str, count: int) -> Labels:
    """Return the answers that a card holds; of another rehearsal's, or damaged: nothing that anybody is sure of."""
    try:
        content = zlib.decompressobj().decompress(base64.b64decode(packed), count + 1)  # a card can come from anybody
    except (ValueError, zlib.error):
        content = b""
    return np.frombuffer(content, np.uint8) if len(content) == count else np.full(count, UNSURE, np.uint8)
