"""A network that learns a little more, in TensorFlow's graph, while it is held to what it answered before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from model.base.events import Progress
from model.data.data import Labels
from model.training.pinned import keras, tf

TAUGHT, REHEARSED = 64, 192  # images a step
SHARE = 0.1  # of what is taught, beside what is rehearsed
SOFTNESS = 4.0  # the temperature at which the old answers are kept
LEARNING_RATE = 2e-4  # Adam's at its highest: a tenth of what the network was trained with
WARM_UP = 10  # steps
CALL = 10  # steps between two reports
READ_AT_ONCE = 1000  # images, where nothing is learned

Float28 = npt.NDArray[np.float32]  # (n, 28, 28), 0 paper to 1 ink
Weights = list[npt.NDArray[np.float32]]


class Shown(NamedTuple):
    """Images, and the (n,) digits that they show."""

    images: Float28
    labels: Labels


class Pupil:
    """A network under further training.

    Args:
        network: layers in a row, the last a dense one with softmax. It is changed, and nothing that only training
            needs has an effect: dropout rests, batch normalisation keeps its means.
    """

    def __init__(self, network: keras.Sequential) -> None:
        self.network = network
        self._body = keras.Model(network.inputs, network.layers[-1].input)
        self._last = network.layers[-1]
        self._logits = tf.function(self._answer, reduce_retracing=True)

    @property
    def weights(self) -> Weights:
        """The weights as they are now."""
        return [np.array(weight) for weight in self.network.get_weights()]

    @weights.setter
    def weights(self, values: Weights) -> None:
        self.network.set_weights(values)

    def logits(self, images: Float28) -> npt.NDArray[np.float32]:
        """Return the (n, 10) answers to images before their softmax."""
        parts = (images[first : first + READ_AT_ONCE] for first in range(0, len(images), READ_AT_ONCE))
        return np.concatenate([self._logits(tf.constant(part)).numpy() for part in parts])

    def digits(self, images: Float28) -> npt.NDArray[np.intp]:
        """Return the (n,) digits that images are read as."""
        return np.asarray(self.logits(images).argmax(1))

    def probabilities(self, images: Float28) -> npt.NDArray[np.float32]:
        """Return the (n, 10) answers to images."""
        logits = self.logits(images)
        likely = np.exp(logits - logits.max(1, keepdims=True))
        return np.asarray(likely / likely.sum(1, keepdims=True))

    def learn(
        self, taught: Shown, rehearsed: Float28, steps: int, report: Callable[[Progress], None]
    ) -> tuple[float, float]:
        """Learn what images show while the answers to others stay, and return the last loss and accuracy.

        The answers to what is rehearsed are held by the divergence from those before: Li, Hoiem: Learning without
        Forgetting (2016), with images of its own as in Robins' pseudorehearsal. Every few steps, all in epoch 1, are
        reported.
        """
        kept = self.logits(rehearsed)
        rates = keras.optimizers.schedules.PolynomialDecay(LEARNING_RATE, steps, LEARNING_RATE / 20)
        optimizer = keras.optimizers.Adam(_WarmUp(rates), beta_2=0.99)  # few steps: the squares' mean must be quick
        optimizer.build(self.network.trainable_variables)
        numbers = (taught.images, taught.labels.astype(np.int32), rehearsed, kept)
        material = tuple(tf.constant(each) for each in numbers)

        def steps_between(first: Any, last: Any) -> Any:
            totals = tf.zeros(2)
            for step in tf.range(first, last):
                totals += self._step(material, optimizer, step)
            return totals / tf.cast(last - first, tf.float32)

        run = tf.function(steps_between)
        loss = accuracy = 0.0
        for first in range(0, steps, CALL):
            last = min(first + CALL, steps)
            loss, accuracy = map(float, run(tf.constant(first), tf.constant(last)).numpy())
            report(Progress(1, last, loss, accuracy))
        return loss, accuracy

    def _answer(self, images: Any) -> Any:
        return tf.matmul(self._body(images, training=False), self._last.kernel) + self._last.bias

    def _step(self, material: Any, optimizer: keras.Optimizer, step: Any) -> Any:
        """Take a step, and return its loss and the fraction of what is taught that was read right, (2,)."""
        images, digits, rehearsed, kept = material
        seeds = (tf.stack([0, step]), tf.stack([1, step]))
        some = tf.random.stateless_uniform([TAUGHT], seeds[0], 0, tf.shape(images)[0], tf.int32)
        others = tf.random.stateless_uniform([REHEARSED], seeds[1], 0, tf.shape(rehearsed)[0], tf.int32)
        labels = tf.gather(digits, some)
        batch = tf.concat([tf.gather(images, some), tf.gather(rehearsed, others)], 0)
        variables = self.network.trainable_variables
        with tf.GradientTape() as tape:
            logits = self._answer(batch)
            new = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits[:TAUGHT])
            loss = SHARE * tf.reduce_mean(new) + tf.reduce_mean(_divergence(tf.gather(kept, others), logits[TAUGHT:]))
        optimizer.apply(tape.gradient(loss, variables), variables)
        right = tf.equal(tf.argmax(logits[:TAUGHT], 1, tf.int32), labels)
        return tf.stack([loss, tf.reduce_mean(tf.cast(right, tf.float32))])


def between(old: Weights, new: Weights, strength: float) -> Weights:
    """Return the weights at that part of the way from old ones to new ones.

    Wortsman et al.: Robust fine-tuning of zero-shot models (CVPR 2022): between the weights before and after, much is
    learned already where little is forgotten yet.
    """
    return [start + strength * (end - start) for start, end in zip(old, new, strict=True)]


def _divergence(kept: Any, logits: Any) -> Any:
    """Return how far answers are from those that are kept, both softened: (n, 10) logits each -> (n,) nats."""
    old, new = (tf.nn.log_softmax(each / SOFTNESS) for each in (kept, logits))
    return SOFTNESS**2 * tf.reduce_sum(tf.exp(old) * (old - new), 1)


class _WarmUp(keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]  # Keras has no types
    """A schedule whose first rates rise from nothing."""

    def __init__(self, then: Callable[[Any], Any]) -> None:
        self._then = then

    def __call__(self, step: Any) -> Any:
        """Return the rate at a step, counted from 0."""
        return self._then(step) * tf.minimum(1.0, (tf.cast(step, tf.float32) + 1) / WARM_UP)
