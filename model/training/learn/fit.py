"""A network built and trained as a recipe says, its teacher first."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from model.base.errors import UserError
from model.base.events import EpochDone, Event, Started
from model.base.language import _
from model.data import architectures
from model.data.recipe import Recipe
from model.training.learn.checkpoint import Checkpoint
from model.training.learn.loop import Lesson, Trainer
from model.training.learn.material import Material
from model.training.pinned import keras, tf

WARM_UP = 1  # epochs in which a cosine's learning rate rises from nothing


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told what while a network is trained."""

    report: Callable[[Event], None]  # is called with Started, Progress and EpochDone; what it raises stops the training
    show: Callable[..., object] = print  # prints the data's shapes and the layers, as the tutorials do
    checkpoint: Checkpoint | None = None  # where the state is kept, and gone on from
    device: str = ""  # its name for people


def fit(
    recipe: Recipe, material: Material, watch: Watch, role: str = "network", start: keras.Model | None = None
) -> tuple[keras.Model, list[EpochDone]]:
    """Build a network, train it as the recipe says, and return it with its epochs; ``role`` as in Started.

    With ``start`` that network is trained on, and none is built.
    """
    teachers = []
    for number in range(recipe.teachers if recipe.teacher != "none" else 0):
        seed = int(np.random.SeedSequence((recipe.seed, number)).generate_state(1)[0])  # nobody else's
        its_own = Recipe.of(recipe.teacher, epochs=recipe.teacher_epochs, seed=seed)
        its_own = replace(its_own, deform=recipe.deform, mixed=recipe.mixed, teacher="none")
        teachers.append(fit(its_own, material, watch, f"teacher {number + 1}")[0])
    keras.utils.set_random_seed(recipe.seed)
    devices = tf.distribute.get_strategy().num_replicas_in_sync
    if min(recipe.batch_size, len(material.train)) < devices:
        raise UserError(
            _("{count} devices share each batch; use more images, a larger --batch-size, or one --device."),
            count=devices,
        )
    way = (recipe.network, recipe.activation, recipe.initializer)
    network = start or architectures.build(keras, *way, mixed=bool(recipe.mixed))
    for name, part in (("training", material.train), ("validation", material.validation), ("test", material.test)):
        images = part.images
        watch.show(f"{name} images: {images.shape}, {images.dtype}, {images.min()} to {images.max()}")
    network.summary(print_fn=watch.show)
    loss = keras.losses.get(architectures.LOSSES[recipe.loss])
    lesson = Lesson(material.train, loss, recipe.batch_size, recipe.seed, recipe.deform, tuple(teachers))
    optimizer = _optimizer(recipe, network, lesson.steps)
    trainer = Trainer(network, optimizer, lesson)
    watch.report(
        Started(
            network=recipe.network,
            weights=network.count_params(),
            device=watch.device,
            train_images=len(material.train),
            validation_images=len(material.validation),
            test_images=len(material.test),
            epochs=recipe.epochs,
            steps=lesson.steps,
            role=role,
        )
    )
    state = _State(network, optimizer, recipe.monitor)
    history = state.restore(watch.checkpoint, role)
    for number in range(len(history) + 1, recipe.epochs + 1):
        began = time.monotonic()
        learned, right = trainer.epoch(number, watch.report)
        validation = trainer.judge(material.validation)
        done = EpochDone(number, learned, right, *validation, round(time.monotonic() - began, 3))
        if not np.isfinite(learned):
            raise UserError(_("The loss is no number any more, so nothing can be learned; lower --learning-rate."))
        history.append(done)
        watch.report(done)
        if recipe.keep == "best":
            state.offer(history)
        if watch.checkpoint is not None:
            watch.checkpoint.save(role, history, state.arrays, last=number == recipe.epochs)
    state.give_back_the_best()
    if recipe.mixed and start is None:
        weights = network.get_weights()
        network = architectures.build(keras, *way)
        network.set_weights(weights)
    return network, history


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


class _State:
    """All that a training goes on from: the network, the optimizer, and the best weights so far."""

    def __init__(self, network: keras.Model, optimizer: keras.Optimizer, monitor: str) -> None:
        self._network = network
        self._variables = [*network.variables, *optimizer.variables]
        self._monitor = _MONITORED[monitor]
        self._best: list[Any] = []  # weights, in memory

    def arrays(self) -> list[Any]:
        """Return the state as arrays."""
        return [np.asarray(variable) for variable in self._variables] + self._best

    def restore(self, checkpoint: Checkpoint | None, role: str) -> list[EpochDone]:
        """Set the state that a checkpoint kept, and return the epochs that led to it."""
        shapes = [tuple(variable.shape) for variable in self._variables]
        best = [tuple(variable.shape) for variable in self._network.weights]
        history, arrays = checkpoint.restore(role, shapes, best) if checkpoint else ([], [])
        if history:
            for variable, array in zip(self._variables, arrays, strict=False):
                variable.assign(array)
            self._best = list(arrays[len(self._variables) :])
        return history

    def offer(self, history: list[EpochDone]) -> None:
        """Keep the weights when the last epoch is the best: the highest accuracy, or the lowest loss."""
        values = [getattr(epoch, self._monitor) for epoch in history]
        *earlier, last = [-value for value in values] if self._monitor.endswith("loss") else values
        if last > max(earlier, default=-np.inf):
            self._best = self._network.get_weights()

    def give_back_the_best(self) -> None:
        """Set the best weights, if any were kept."""
        if self._best:
            self._network.set_weights(self._best)


_MONITORED = {  # Keras' names, which the tutorials use -> ours
    "val_accuracy": "validation_accuracy",
    "val_loss": "validation_loss",
    "accuracy": "accuracy",
    "loss": "loss",
}
