"""A network built and trained as a recipe says: bytes in, deformed and learned from in TensorFlow's graph.

Keras' `fit` comes back to Python at every batch, which for networks this small costs more than the batch.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from model.base.errors import UserError
from model.base.events import EpochDone, Event, Progress, Started
from model.base.language import _
from model.data import architectures
from model.data.data import scaled
from model.data.recipe import Recipe
from model.training.learn.augment import as_they_are, deform
from model.training.learn.checkpoint import Checkpoint
from model.training.learn.material import Labelled, Material
from model.training.pinned import keras, tf

CALL_SECONDS = 0.1  # of training between two reports: smooth for an eye, cheap for a pipe
READ_AT_ONCE = 1000  # images, where nothing is learned
HEEDED = 0.7  # the teacher's part of the loss
SOFTNESS = 2.0  # the temperature at which its answers are learned
WARM_UP = 1  # epochs in which a cosine's learning rate rises from nothing


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told what while a network is trained."""

    report: Callable[[Event], None]  # is called with Started, Progress and EpochDone; what it raises stops the training
    show: Callable[..., object] = print  # prints the data's shapes and the layers, as the tutorials do
    checkpoint: Checkpoint | None = None  # where the state is kept, and gone on from
    device: str = ""  # its name for people


def fit(  # noqa: PLR0913  (what there is to know of a training)
    recipe: Recipe,
    material: Material,
    watch: Watch,
    teachers: Sequence[keras.Model] | None = None,
    *,
    role: str = "network",
    start: keras.Model | None = None,
) -> tuple[keras.Model, list[EpochDone]]:
    """Build a network, train it as the recipe says, and return it with its epochs; ``role`` as in Started.

    It learns from the teachers' answers too; they are trained first, unless they are given. With ``start`` that network
    is trained on, and none is built.
    """
    teachers = teachers_of(recipe, material, watch) if teachers is None else teachers
    keras.utils.set_random_seed(recipe.seed)
    devices = tf.distribute.get_strategy().num_replicas_in_sync
    if min(recipe.batch_size, len(material.train)) < devices:
        sentence = _("{count} devices share each batch; use more images, a larger --batch-size, or one --device.")
        raise UserError(sentence, count=devices)
    way = (recipe.network, recipe.activation, recipe.initializer)
    network = start or architectures.build(keras, *way, mixed=bool(recipe.mixed))
    for name, part in (("training", material.train), ("validation", material.validation), ("test", material.test)):
        images = part.images
        watch.show(f"{name} images: {images.shape}, {images.dtype}, {images.min()} to {images.max()}")
    network.summary(print_fn=watch.show)
    trainer = Trainer(network, recipe, material.train, teachers)
    watch.report(
        Started(
            network=recipe.network,
            weights=network.count_params(),
            device=watch.device,
            train_images=len(material.train),
            validation_images=len(material.validation),
            test_images=len(material.test),
            epochs=recipe.epochs,
            steps=trainer.steps,
            role=role,
        )
    )
    history = trainer.restore(watch.checkpoint, role) if watch.checkpoint else []
    for number in range(len(history) + 1, recipe.epochs + 1):
        began = time.monotonic()
        learned, right = trainer.epoch(number, watch.report)
        validation = trainer.judge(material.validation)
        done = EpochDone(number, learned, right, *validation, round(time.monotonic() - began, 3))
        if not np.isfinite(learned):
            raise UserError(_("The loss is no number any more, so nothing can be learned; lower --learning-rate."))
        history.append(done)
        watch.report(done)
        if recipe.keep == "best" and _is_best(history, recipe.monitor):
            trainer.best = network.get_weights()
        if watch.checkpoint is not None:
            watch.checkpoint.save(role, history, trainer.arrays, last=number == recipe.epochs)
    if trainer.best:
        network.set_weights(trainer.best)
    if recipe.mixed and start is None:
        weights = network.get_weights()
        network = architectures.build(keras, *way)
        network.set_weights(weights)
    return network, history


def teachers_of(
    recipe: Recipe, material: Material, watch: Watch, starts: Sequence[keras.Model] = ()
) -> list[keras.Model]:
    """Return the networks that a recipe's is to learn from, trained as their own recipe says.

    With ``starts`` the first of them are trained on, for half as long, and not built.
    """
    teachers = []
    for number in range(recipe.teachers if recipe.teacher != "none" else 0):
        seed = int(np.random.SeedSequence((recipe.seed, number)).generate_state(1)[0])  # nobody else's
        its_own = Recipe.of(recipe.teacher, epochs=recipe.teacher_epochs, seed=seed)
        start = starts[number] if number < len(starts) else None
        epochs = its_own.epochs if start is None else -(-its_own.epochs // 2)
        its_own = replace(its_own, epochs=epochs, deform=recipe.deform, mixed=recipe.mixed, teacher="none")
        teachers.append(fit(its_own, material, watch, role=f"teacher {number + 1}", start=start)[0])
    return teachers


def _is_best(history: list[EpochDone], monitor: str) -> bool:
    """Return whether the last epoch has the highest accuracy, or the lowest loss; Keras' names say of what."""
    values = [getattr(epoch, monitor.replace("val_", "validation_")) for epoch in history]
    *earlier, last = [-value for value in values] if monitor.endswith("loss") else values
    return bool(last > max(earlier, default=-np.inf))


def predict(network: keras.Model, images: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Return a network's (n, 10) answers to (n, 28, 28) images, 0 to 255."""
    return np.asarray(network.predict(scaled(images), batch_size=READ_AT_ONCE, verbose=0))


def accuracy(network: keras.Model, part: Labelled) -> float:
    """Return the fraction of a part that a network reads right."""
    return float((predict(network, part.images).argmax(1) == part.labels).mean())


class Trainer:
    """Trains a network, an epoch at a time; what chance decides follows from the seed, the epoch and the step.

    Args:
        network: Keras network, (n, 28, 28) float32 in 0 to 1 -> (n, 10) probabilities.
        recipe: how it learns; the last batch of an epoch takes what is left.
        part: what is learned.
        teachers: networks whose answers are learned beside the labels.
    """

    def __init__(
        self, network: keras.Model, recipe: Recipe, part: Labelled, teachers: Sequence[keras.Model] = ()
    ) -> None:
        self._network, self._recipe, self._teachers = network, recipe, teachers
        self._images, self._labels = tf.constant(part.images), tf.constant(part.labels)
        self.steps = -(-len(part) // recipe.batch_size)  # of an epoch
        self._optimizer = _optimizer(recipe, network, self.steps)
        self._variables = [*network.variables, *self._optimizer.variables]
        self.best: list[Any] = []  # the best weights so far, where they are to be kept
        self._loss = keras.losses.get(architectures.LOSSES[recipe.loss])
        self._strategy = tf.distribute.get_strategy()
        self._steps_a_call = 1
        alone = self._strategy.num_replicas_in_sync == 1
        # The compiler fuses what goes over every weight; the matrix products it does not make faster, and what goes
        # over every pixel only on a GPU.
        self._deform = tf.function(deform, jit_compile=alone and "GPU" in self._images.device)
        self._update = tf.function(self._apply, jit_compile=True) if alone else self._apply
        of_any_size = [tf.TensorSpec((None, None), tf.int32), tf.TensorSpec((), tf.int32)]  # or each would be traced
        self._run = tf.function(self._steps, input_signature=of_any_size)

    def epoch(self, number: int, report: Callable[[Event], None]) -> tuple[float, float]:
        """Train for one epoch, counted from 1, and return its mean loss and the fraction that was read right."""
        order = np.random.default_rng((self._recipe.seed, number)).permutation(len(self._labels)).astype(np.int32)
        size = self._recipe.batch_size
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
            first = (number - 1) * self.steps + done
            totals += self._run(tf.constant(np.array(some)), tf.constant(first)).numpy()
            done += len(some)
            seen += len(some) * len(some[0])
            report(Progress(number, done, *(float(total / seen) for total in totals)))
            fitting = round(len(some) * CALL_SECONDS / max(time.monotonic() - began, 1e-9))
            self._steps_a_call = max(1, min(2 * self._steps_a_call, fitting))  # at most doubled, for the first is slow
        loss, accuracy = totals / seen
        return float(loss), float(accuracy)

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
    """Return the recipe's optimizer for the network, at so many steps an epoch."""
    optimizer = keras.optimizers.get(recipe.optimizer)
    rate = float(optimizer.learning_rate) if recipe.learning_rate is None else recipe.learning_rate
    schedule: Any = rate
    if recipe.schedule == "cosine":
        warm_up = min(WARM_UP * steps, recipe.epochs * steps // 2)
        schedule = keras.optimizers.schedules.CosineDecay(
            0.0, recipe.epochs * steps - warm_up, warmup_target=rate, warmup_steps=warm_up
        )
    # None spares the others the work; adamw would take its own for it.
    decay = recipe.weight_decay or (0.0 if recipe.optimizer == "adamw" else None)
    optimizer = type(optimizer)(learning_rate=schedule, weight_decay=decay)
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    optimizer.build(network.trainable_variables)
    return optimizer
