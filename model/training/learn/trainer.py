"""Trains a network in TensorFlow's graph, an epoch at a time: bytes go in and are deformed there.

Keras' `fit` returns to Python at every batch, which for networks this small costs more than the batch.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from model.base.events import Control, EpochDone, Event, Progress
from model.data import architectures
from model.data.data import scaled
from model.data.recipe import Recipe
from model.training.learn.augment import as_they_are, deform
from model.training.learn.checkpoint import Checkpoint
from model.training.learn.material import Labelled
from model.training.pinned import keras, tf

CALL_SECONDS = 0.1  # of training between two reports: smooth for an eye, cheap for a pipe
READ_AT_ONCE = 1000  # images, where nothing is learned
HEEDED = 0.7  # the teacher's part of the loss
SOFTNESS = 2.0  # the temperature at which its answers are learned
WARM_UP = 1  # epochs in which a cosine's learning rate rises from nothing


def predict(network: keras.Model, images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Return a network's (n, 10) answers to (n, 28, 28) images, 0 to 255."""
    return np.asarray(network.predict(scaled(images), batch_size=READ_AT_ONCE, verbose=0))


class Trainer:
    """Trains a network, an epoch at a time; what chance decides follows from the seed, the epoch and the step.

    Args:
        network: Keras network, (n, 28, 28) float32 in 0 to 1 -> (n, 10) probabilities.
        recipe: how it learns; the last batch of an epoch takes what is left.
        part: what is learned.
        teachers: networks whose answers are learned along with the labels.
    """

    def __init__(
        self, network: keras.Model, recipe: Recipe, part: Labelled, teachers: Sequence[keras.Model] = ()
    ) -> None:
        self._network, self._recipe, self._teachers = network, recipe, teachers
        self._images, self._labels = tf.constant(part.images), tf.constant(part.labels)
        self._strategy = tf.distribute.get_strategy()
        self.batch_size, self.epochs = recipe.batch_size, recipe.epochs
        self.pace = 0.0  # steps a second, at most; 0: as many as it can
        self._optimizer = _optimizer(recipe, network, self.steps)
        self._variables = [*network.variables, *self._optimizer.variables]
        self.best: list[Any] = []  # the best weights so far, where they are to be kept
        self._loss = keras.losses.get(architectures.LOSSES[recipe.loss])
        self._steps_a_call = 1
        self._dropping = [layer for layer in network.layers if isinstance(layer, keras.layers.Dropout)]
        self._is_held = False  # its learning rate, once it was turned and was planned before
        self._trace()

    @property
    def steps(self) -> int:
        """Batches in an epoch."""
        return -(-len(self._labels) // self.batch_size)

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next step."""
        return float(np.asarray(self._optimizer.learning_rate))

    @property
    def dropout(self) -> float | None:
        """The share of units that is dropped at each step, by the last layer that drops any; None: there's none."""
        return self._dropping[-1].rate if self._dropping else None

    def turn(self, asked: Control, done: int) -> dict[str, float]:
        """Learn as it's asked from here on, ``done`` epochs after the start; return the knobs that this has turned."""
        before = self._knobs
        is_planned = isinstance(self._optimizer._learning_rate, keras.optimizers.schedules.LearningRateSchedule)
        self.pace = asked.steps_a_second
        self.epochs = max(asked.epochs, done, 1) if asked.epochs else self.epochs
        least = self._strategy.num_replicas_in_sync
        self.batch_size = min(max(asked.batch_size or self.batch_size, least), len(self._labels))
        for layer in self._dropping if asked.dropout is not None else ():
            layer.rate = asked.dropout
        if asked.learning_rate:
            rate = asked.learning_rate
            self._optimizer.learning_rate = (lambda: tf.constant(rate)) if is_planned or self._is_held else rate
            self._is_held = self._is_held or is_planned
        turned = {name: value for name, value in self._knobs.items() if value != before[name] and value is not None}
        if is_planned and not asked.learning_rate and turned.keys() & {"epochs", "batch_size"}:
            total = int(self._optimizer.iterations) + (self.epochs - done) * self.steps
            self._optimizer.learning_rate = _planned(self._optimizer._learning_rate.warmup_target, self.steps, total)
        if turned:
            self._trace()
        return turned

    @property
    def _knobs(self) -> dict[str, float | None]:
        return {name: getattr(self, name) for name in ("epochs", "batch_size", "learning_rate", "dropout")}

    def _trace(self) -> None:
        """Let TensorFlow make its graphs of what a step is now."""
        alone = self._strategy.num_replicas_in_sync == 1
        # The compiler fuses what goes over every weight; the matrix products it doesn't make faster, and what goes
        # over every pixel only on a GPU.
        self._deform = tf.function(deform, jit_compile=alone and "GPU" in self._images.device)
        self._update = tf.function(self._apply, jit_compile=True) if alone else self._apply
        of_any_size = [tf.TensorSpec((None, None), tf.int32), tf.TensorSpec((), tf.int32)]  # or each would be traced
        self._run = tf.function(self._steps, input_signature=of_any_size)

    def epoch(
        self, number: int, report: Callable[[Event], None], heed: Callable[[float], object]
    ) -> tuple[float, float]:
        """Train for one epoch, counted from 1, and return its mean loss and the fraction that was read right.

        Before each report ``heed`` is given the seconds that are to pass; it may turn what can be turned here.
        """
        order = np.random.default_rng((self._recipe.seed, number)).permutation(len(self._labels)).astype(np.int32)
        totals = np.zeros(2)
        seen, wait = 0, 0.0
        while len(order) - seen >= self._strategy.num_replicas_in_sync:  # else one of them would have nothing to learn
            heed(wait)
            began, left = time.monotonic(), len(order) - seen
            size = min(self.batch_size, left)
            count = max(1, min(self._steps_a_call, left // size))  # the short one goes alone
            if self.pace:
                count = min(count, max(1, round(self.pace * CALL_SECONDS)))
            some = order[seen : seen + count * size].reshape(count, size)
            first = (number - 1) * self.steps + seen // self.batch_size
            totals += self._run(tf.constant(some), tf.constant(first)).numpy()
            seen += some.size
            report(Progress(number, -(-seen // self.batch_size), *(float(total / seen) for total in totals)))
            took = time.monotonic() - began
            fitting = round(count * CALL_SECONDS / max(took, 1e-9))
            self._steps_a_call = max(1, min(2 * self._steps_a_call, fitting))  # at most doubled, for the first is slow
            wait = max(0.0, count / self.pace - took) if self.pace else 0.0
        loss, accuracy = totals / seen
        return float(loss), float(accuracy)

    def _steps(self, batches: Any, first: Any) -> Any:
        """Take a step for each row of indices, and return the sums of losses and of right answers, (2,)."""
        totals = tf.zeros(2, tf.float64)  # exact, so that it doesn't matter how many steps a call takes
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
        seed = tf.stack([tf.constant(self._recipe.seed % 2**31), number * 64 + replica])
        images = self._deform(images, seed) if self._recipe.deform else as_they_are(images)
        advice = self._advice(images, seed) if self._teachers else None
        with tf.GradientTape() as tape:
            answers = self._network(images, training=True)
            losses = self._loss(self._targets(labels), answers)
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
        teachers = [functools.partial(teacher, moved, training=False) for teacher in self._teachers]
        return tf.switch_case(which % len(teachers), teachers)

    def judge(self, part: Labelled) -> tuple[float, float]:
        """Return the network's mean loss on a part, its images as they are, and the fraction that it reads right."""
        answers = predict(self._network, part.images)
        losses = self._loss(self._targets(part.labels), tf.constant(answers)).numpy()
        return float(losses.mean()), float((answers.argmax(1) == part.labels).mean())

    def arrays(self) -> list[Any]:
        """Return all that the training goes on from: the network, the optimizer, and the best weights."""
        return [np.asarray(variable) for variable in self._variables] + self.best

    def restore(self, checkpoint: Checkpoint, role: str) -> list[EpochDone]:
        """Set the state that a checkpoint kept, and return the epochs that led to it."""
        shapes, best = ([tuple(each.shape) for each in some] for some in (self._variables, self._network.weights))
        history, arrays = checkpoint.restore(role, shapes, best)
        if history:
            for variable, array in zip(self._variables, arrays, strict=False):
                variable.assign(array)
            self.best = list(arrays[len(self._variables) :])
        return history

    def _targets(self, labels: Any) -> Any:
        """Return what the network is to answer: the digits for the sparse loss, else (n, 10) one-hot rows."""
        if self._loss is keras.losses.sparse_categorical_crossentropy:
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


def _optimizer(recipe: Recipe, network: keras.Model, steps: int) -> keras.Optimizer:
    """Return the recipe's optimizer for the network, at this many steps an epoch."""
    optimizer = keras.optimizers.get(recipe.optimizer)
    rate = float(optimizer.learning_rate) if recipe.learning_rate is None else recipe.learning_rate
    schedule: Any = rate
    if recipe.schedule == "cosine":
        schedule = _planned(rate, steps, recipe.epochs * steps)
    # None spares the others the work; adamw would take its own for it.
    decay = recipe.weight_decay or (0.0 if recipe.optimizer == "adamw" else None)
    optimizer = type(optimizer)(learning_rate=schedule, weight_decay=decay)
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    optimizer.build(network.trainable_variables)
    return optimizer


def _planned(rate: float, steps: int, total: int) -> Any:
    """Return a learning rate that rises to ``rate`` in an epoch of this many steps, and falls to 0 in ``total``."""
    warm_up = min(WARM_UP * steps, total // 2)
    return keras.optimizers.schedules.CosineDecay(0.0, total - warm_up, warmup_target=rate, warmup_steps=warm_up)
