"""Signs that a user taught a model in addition to the ten digits: a letter, a plus, a tick; a class each, and "none".

A logistic regression recognizes them, on features of the reading network as it was before all teaching
(a linear probe: Alain and Bengio, Understanding intermediate layers using linear classifier probes, 2016).
"""

from __future__ import annotations

import numpy as np

from model.base.language import _
from model.bundle.bundle import LITERT_FILE, SIGNS_FILE, Bundle, BundleError
from model.bundle.litert_head import Floats, Head, NoHeadError
from model.reading.features import Features
from model.reading.litert import UNSOUND, LiteRTNetwork
from model.reading.normalize import Image28
from model.reading.reading import Alternatives

LENGTH = 20.0  # of what each image is told by, so that few steps of learning go far
NUMBERS = np.dtype("<f4")  # of the file: for each sign the weights and the constant term
SURELY_DIGIT = 0.05  # of doubt: what is doubted less isn't a sign


class OwnSigns:
    """Recognizes the signs that a bundle was taught. Raises what `Recognizer` does."""

    def __init__(self, bundle: Bundle, digits: int):
        network = LiteRTNetwork(bundle, bundle.untaught(LITERT_FILE), digits)
        content = bundle.read(SIGNS_FILE)
        try:
            head = Head(network.content, digits)
            self._rows = np.frombuffer(content, NUMBERS).reshape(len(bundle.card.signs), -1)
        except (NoHeadError, ValueError) as error:
            raise BundleError(_(UNSOUND), path=bundle.path) from error
        if self._rows.shape[1] != head.layers[0].weights.shape[1] + 1 or not np.isfinite(self._rows).all():
            raise BundleError(_(UNSOUND), path=bundle.path)
        self._names, self._features = bundle.card.signs, Features(head)
        taught = bundle.card.data.get("taught")
        apart = taught.get("apart") if isinstance(taught, dict) else ""
        self._apart = np.array([isinstance(apart, str) and name in apart for name in self._names], np.bool_)

    def read(self, image: Image28, doubt: float) -> Alternatives:
        """Return how likely an image, (28, 28), is each of the signs; the rest to 1 is that it's none of them.

        An image that's hardly doubted is surely a digit, unless the sign was taught along with its user's own digits.
        """
        can_be = self._apart | (doubt >= SURELY_DIGIT)
        likely = np.zeros(len(self._names), np.float32)
        if can_be.any():
            likely = np.where(can_be, probabilities(told_by(self._features.of([image])), self._rows)[0], likely)
        return tuple(zip(self._names, likely.tolist(), strict=True))


def told_by(features: Floats) -> Floats:
    """Return the inputs of the regression, (n, inputs + 1), for the network's features of images, (n, inputs)."""
    lengths = np.maximum(np.linalg.norm(features, axis=1, keepdims=True), np.float32(1e-6))
    constant = np.full((len(features), 1), LENGTH, np.float32)
    return np.concatenate([features * (np.float32(LENGTH) / lengths), constant], 1)


def probabilities(given: Floats, rows: Floats) -> Floats:
    """Return the softmax, (n, signs), over the signs and "none", whose sum is 0."""
    sums = given @ rows.T
    highest = np.maximum(sums.max(1, keepdims=True), 0)
    powers = np.exp(sums - highest)
    return np.asarray(powers / (powers.sum(1, keepdims=True) + np.exp(-highest)), np.float32)
