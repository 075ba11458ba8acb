"""What a network read before it was taught, and whether it still does."""

from __future__ import annotations

import base64
import zlib

import numpy as np
import numpy.typing as npt

from model.data.data import Mnist
from model.training.taught.pupil import Pupil, softmax
from model.training.taught.rehearsal import Shown, rehearsal

FORGOTTEN = 0.0005  # of a check's images: by no more may it be read worse than before …
FORGOTTEN_IN_ALL = 0.0015  # … and by no more than before the very first teaching
SURE = 0.55  # the least probability of an answer that the network is sure of
UNSURE = 10  # stands where it is sure of no digit


class Memory:
    """What a network read before it was taught, and whether it still does.

    A drawn image counts as long as its answer is the one that the network was sure of, one of MNIST's when it is right.

    Args:
        pupil: the network, before it learns.
        data: MNIST, where it is on the computer.
        first: the answers of the model that was taught first, as `packed`, which many small losses must not lead away
            from; None: it is this one.
    """

    def __init__(self, pupil: Pupil, data: Mnist | None, first: str | None) -> None:
        material = rehearsal(data)
        # What is misread as it was drawn must not be held: a new way of writing may be among it.
        images = np.concatenate([part.images for part in material.rehearsed])
        right = pupil.digits(images) == np.concatenate([part.labels for part in material.rehearsed])
        self.rehearsed = images[right] if right.any() else images
        self._drawn, *self._others = material.checks
        self._answers = _sure_digits(pupil, self._drawn)
        self._first = _unpacked(first, len(self._answers)) if first else self._answers
        self._before = self._scores(pupil)

    @property
    def packed(self) -> str:
        """The first model's answers, for the card."""
        return base64.b64encode(zlib.compress(self._first.tobytes(), 9)).decode()

    @property
    def images(self) -> int:
        """How many images are checked."""
        return int((self._answers < UNSURE).sum()) + sum(len(other.labels) for other in self._others)

    @property
    def before(self) -> float:
        """The fraction of them that was read as it should be."""
        return self._mean(self._before)

    def after(self, pupil: Pupil) -> float:
        """Return the same of the network as it is now."""
        return self._mean(self._scores(pupil))

    def holds(self, pupil: Pupil) -> bool:
        """Return whether no check is read worse by more than what may be forgotten."""
        now = self._scores(pupil)
        worse = max(old - new for old, new in zip(self._before, now, strict=True))
        return worse <= FORGOTTEN and 1 - _kept(self._first, pupil.digits(self._drawn.images)) <= FORGOTTEN_IN_ALL

    def _scores(self, pupil: Pupil) -> list[float]:
        others = [float((pupil.digits(other.images) == other.labels).mean()) for other in self._others]
        return [_kept(self._answers, pupil.digits(self._drawn.images)), *others]

    def _mean(self, scores: list[float]) -> float:
        counts = [(self._answers < UNSURE).sum(), *(len(other.labels) for other in self._others)]
        return float(np.average(scores, weights=counts))


def _sure_digits(pupil: Pupil, shown: Shown) -> npt.NDArray[np.uint8]:
    """Return the (n,) digits that a network is sure of, `UNSURE` where it is not."""
    probabilities = softmax(pupil.logits(shown.images))
    return np.where(probabilities.max(1) >= SURE, probabilities.argmax(1), UNSURE).astype(np.uint8)


def _kept(sure: npt.NDArray[np.uint8], digits: npt.NDArray[np.intp]) -> float:
    """Return the fraction of the digits that somebody was sure of that are read the same; 1 where there is none."""
    known = sure < UNSURE
    return float((sure == digits)[known].mean()) if known.any() else 1.0


def _unpacked(packed: str, count: int) -> npt.NDArray[np.uint8]:
    """Return the answers that a card holds; of another rehearsal's, or damaged: nothing that anybody is sure of."""
    try:
        unpacked = zlib.decompressobj().decompress(base64.b64decode(packed), count + 1)  # a card can come from anybody
        answers = np.frombuffer(unpacked, np.uint8)
    except (ValueError, zlib.error):
        answers = np.empty(0, np.uint8)
    return answers if len(answers) == count else np.full(count, UNSURE, np.uint8)
