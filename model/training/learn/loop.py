"""Builds and trains a network as a recipe says, its teachers first."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.base.errors import UserError
from model.base.events import EpochDone, Event, Started
from model.base.language import _
from model.data import architectures
from model.data.recipe import Recipe
from model.training.learn.checkpoint import Checkpoint
from model.training.learn.course import Course, Hear, hear_nothing
from model.training.learn.material import Labelled, Material
from model.training.learn.trainer import Trainer, predict
from model.training.pinned import keras, tf


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told what while a network is trained."""

    report: Callable[[Event], None]  # is called with Started, Progress and EpochDone; what it raises stops the training
    show: Callable[..., object] = print  # prints the data's shapes and the layers, as the tutorials do
    checkpoint: Checkpoint | None = None  # where the state is kept, and gone on from
    device: str = ""  # its name for people
    hear: Hear = hear_nothing  # gives what is asked meanwhile


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
        sentence = _("{count} devices share each batch; use more images, a larger batch size, or one device.")
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
    course = Course(trainer, network, watch.report, watch.hear)
    course.done(len(history))
    while (number := len(history) + 1) <= trainer.epochs:
        began = time.monotonic()
        learned, right = trainer.epoch(number, watch.report, course.heed)
        validation = trainer.judge(material.validation)
        done = EpochDone(number, learned, right, *validation, round(time.monotonic() - began, 3))
        if not np.isfinite(learned):
            raise UserError(_("The loss is no longer a number, so nothing can be learned. Use a lower learning rate."))
        history.append(done)
        watch.report(done)
        if recipe.keep == "best" and _is_best(history, recipe.monitor):
            trainer.best = network.get_weights()
        if watch.checkpoint is not None:
            watch.checkpoint.save(role, history, trainer.arrays, last=number == trainer.epochs)
        course.done(number)
    if course.changes:
        material.said.setdefault("changed", []).extend(course.changes)
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


def accuracy(network: keras.Model, part: Labelled) -> float:
    """Return the fraction of a part that a network reads right."""
    return float((predict(network, part.images).argmax(1) == part.labels).mean())
