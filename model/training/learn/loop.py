"""The training loop: bytes in, deformed and learned from in TensorFlow's graph, many steps to a call.

Keras' `fit` comes back to Python at every batch, which for networks this small costs more than the batch.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from model.base.events import Event, Progress
from model.data.data import scaled
from model.training.learn.augment import as_they_are, deform
from model.training.learn.material import Part
from model.training.pinned import keras, tf

CALL_SECONDS = 0.1  # of training between two reports: smooth for an eye, cheap for a pipe
AT_ONCE = 1000  # images, where nothing is learned
HEEDED = 0.7  # the teacher's part of the loss
SOFTNESS = 2.0  # the temperature at which its answers are learned


def predict(network: keras.Model, images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Return a network's (n, 10) answers to (n, 28, 28) images, 0 to 255."""
    return np.asarray(network.predict(scaled(images), batch_size=AT_ONCE, verbose=0))


def accuracy(network: keras.Model, part: Part) -> float:
    """Return the fraction of a part that a network reads right."""
    return float((predict(network, part.images).argmax(1) == part.labels).mean())


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is learned, and how."""

    part: Part
    loss: Callable[[Any, Any], Any]  # Keras' function of targets and answers, (n, 10) each -> (n,)
    batch_size: int  # images a step; the last step of an epoch takes what is left
    seed: int  # of the order and the deformations
    deformed: bool = False  # whether each image is deformed, anew at each step
    teachers: tuple[keras.Model, ...] = ()  # networks whose answers are learned beside the labels

    @property
    def steps(self) -> int:
        """Steps of an epoch."""
        return -(-len(self.part) // self.batch_size)


class Trainer:
    """Trains a network, an epoch at a time; what chance decides follows from the seed, the epoch and the step.

    Args:
        network: Keras network, (n, 28, 28) float32 in 0 to 1 -> (n, 10) probabilities.
        optimizer: Keras optimizer, built for it.
        lesson: what it is to learn.
    """

    def __init__(self, network: keras.Model, optimizer: keras.Optimizer, lesson: Lesson) -> None:
        self._network, self._optimizer, self._lesson = network, optimizer, lesson
        self._images, self._labels = tf.constant(lesson.part.images), tf.constant(lesson.part.labels)
        self._strategy = tf.distribute.get_strategy()
        self._steps_a_call = 1
        alone = self._strategy.num_replicas_in_sync == 1
        # The compiler fuses what goes over every weight or pixel; the matrix products it does not make faster.
        self._deform = tf.function(deform, jit_compile=alone)
        self._update = tf.function(self._apply, jit_compile=True) if alone else self._apply
        self._run = tf.function(self._steps, reduce_retracing=True)

    def epoch(self, number: int, report: Callable[[Event], None]) -> tuple[float, float]:
        """Train for one epoch, counted from 1, and return its mean loss and the fraction that was read right."""
        order = np.random.default_rng((self._lesson.seed, number)).permutation(len(self._labels)).astype(np.int32)
        size = self._lesson.batch_size
        whole = len(order) // size * size
        batches = list(order[:whole].reshape(-1, size))
        if len(order) - whole >= self._strategy.num_replicas_in_sync:  # else one of them would have nothing to learn
            batches.append(order[whole:])
        totals = np.zeros(2)
        done = seen = 0
        while done < len(batches):
            began = time.monotonic()
            some = batches[done : done + self._steps_a_call]
            if len(some[-1]) < len(some[0]):
                some = some[:-1]  # the short one goes alone
            first = (number - 1) * self._lesson.steps + done
            totals += self._run(tf.constant(np.array(some)), tf.constant(first)).numpy()
            done += len(some)
            seen += len(some) * len(some[0])
            report(Progress(number, done, *(float(total / seen) for total in totals)))
            self._steps_a_call = self._fitting(len(some), time.monotonic() - began)
        loss, accuracy = totals / seen
        return float(loss), float(accuracy)

    def _fitting(self, steps: int, seconds: float) -> int:
        """Return how many steps fit into a call, from how long some took; at most doubled, for the first is slow."""
        return max(1, min(2 * self._steps_a_call, round(steps * CALL_SECONDS / max(seconds, 1e-9))))

    def _steps(self, batches: Any, first: Any) -> Any:
        """Take a step for each row of indices, and return the sums of losses and of right answers, (2,)."""
        totals = tf.zeros(2, tf.float64)  # exact, so that it does not matter how many steps a call takes
        for step in tf.range(tf.shape(batches)[0]):
            batch = batches[step]
            shares = (
                self._strategy.experimental_distribute_values_from_function(
                    lambda context, batch=batch: batch[context.replica_id_in_sync_group :: context.num_replicas_in_sync]
                )
                if self._strategy.num_replicas_in_sync > 1
                else batch
            )
            result = self._strategy.run(self._step, args=(shares, tf.size(batch), first + step))
            totals += tf.cast(self._strategy.reduce("SUM", result, axis=None), tf.float64)
        return totals

    def _step(self, batch: Any, size: Any, number: Any) -> Any:
        """Learn from the images of some indices, a part of a batch of ``size``."""
        images, labels = tf.gather(self._images, batch), tf.gather(self._labels, batch)
        replica = tf.distribute.get_replica_context().replica_id_in_sync_group
        seed = tf.stack([tf.constant(self._lesson.seed % 2**31), number * 64 + replica])
        images = self._deform(images, seed) if self._lesson.deformed else as_they_are(images)
        advice = self._advice(images, seed) if self._lesson.teachers else None
        with tf.GradientTape() as tape:
            answers = self._network(images, training=True)
            losses = self._lesson.loss(self._targets(labels), answers)
            if advice is not None:
                losses = (1 - HEEDED) * losses + HEEDED * _divergence(advice, answers)
            loss = tf.reduce_sum(losses) / tf.cast(size, tf.float32)
        self._update(tape.gradient(loss, self._network.trainable_variables))
        right = tf.equal(tf.argmax(answers, 1), tf.cast(labels, tf.int64))
        return tf.stack([tf.reduce_sum(losses), tf.reduce_sum(tf.cast(right, tf.float32))])

    def _advice(self, images: Any, seed: Any) -> Any:
        """Return what one of the teachers makes of the images moved by a pixel, or not.

        Which one and how is drawn at each step, so over the steps the network learns the mean over teachers and
        places, which is better than each, at the cost of one.
        """
        view, which = tf.unstack(tf.random.stateless_uniform([2], seed, 0, 2**30, tf.int32))
        places = tf.constant([[0, 1, 1], [0, 1, 0], [0, 1, 2], [0, 0, 1], [0, 2, 1]])  # in images padded by a pixel
        place = places[view % len(places)]
        moved = tf.slice(tf.pad(images, [[0, 0], [1, 1], [1, 1]]), place, tf.shape(images))
        teachers = [functools.partial(teacher, moved, training=False) for teacher in self._lesson.teachers]
        return tf.switch_case(which % len(teachers), teachers)

    def judge(self, part: Part) -> tuple[float, float]:
        """Return the network's mean loss on other images, as they are, and the fraction that it reads right."""
        answers = predict(self._network, part.images)
        losses = self._lesson.loss(self._targets(part.labels), tf.constant(answers)).numpy()
        return float(losses.mean()), float((answers.argmax(1) == part.labels).mean())

    def _targets(self, labels: Any) -> Any:
        """Return what the network is to answer: the digits for the sparse loss, else (n, 10) one-hot rows."""
        if self._lesson.loss is keras.losses.sparse_categorical_crossentropy:
            return labels
        return tf.one_hot(tf.cast(labels, tf.int32), 10)

    def _apply(self, gradients: Any) -> None:
        self._optimizer.apply(gradients, self._network.trainable_variables)


def _divergence(advice: Any, answers: Any) -> Any:
    """Return how far answers are from the teacher's, both softened: (n, 10) probabilities each -> (n,) nats.

    Hinton, Vinyals, Dean: Distilling the Knowledge in a Neural Network (2015), section 2.
    """
    advice, answers = (tf.nn.softmax(tf.math.log(tf.maximum(each, 1e-30)) / SOFTNESS) for each in (advice, answers))
    return SOFTNESS**2 * keras.losses.kl_divergence(advice, answers)
