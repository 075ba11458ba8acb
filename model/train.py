"""The recipe: knobs, data, network, fit, judge, export. Imports TensorFlow."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from model import architectures, export, styles
from model.bundle import Card, check_target, write_bundle
from model.data import Ink, Mnist
from model.errors import UserError
from model.events import EpochDone, Event, Finished, Started
from model.loop import Lesson, Part, Trainer, predict, scaled

COPIES = 8  # of each drawing: with fewer, the network knows them by heart; with more, MNIST drowns
WARM_UP = 1  # epochs in which a cosine's learning rate rises from nothing


@dataclass(frozen=True, slots=True)
class Recipe:
    """The knobs of a training. The words for networks, losses and so on are those of `model.architectures`."""

    network: str
    epochs: int = 10
    batch_size: int = 128
    validation_split: float | None = 0.2  # of the training images, the last ones; None: the test images validate
    activation: str = "relu"
    initializer: str = "glorot"
    loss: str = "categorical"
    optimizer: str = "adam"
    learning_rate: float | None = None  # None: the optimizer's own
    schedule: str = "constant"  # or "cosine": the learning rate rises for an epoch, then falls to nothing
    weight_decay: float = 0.0  # of all weight matrices, a step, times the learning rate
    deform: bool = False  # whether training images are deformed, anew at each step
    teacher: str = "none"  # a network that is trained first, and whose answers are learned beside the labels
    teacher_epochs: int | None = None  # None: the teacher's own
    calibrate: bool = False  # whether the probabilities are fitted to the validation images by a temperature
    views: bool = False  # whether it answers by the mean over the image and the image moved by a pixel each way
    half: bool = False  # whether weights are rounded to float16 in the end
    keep: str = "last"  # "best" epoch by the monitor, or the "last"
    monitor: str = "val_accuracy"
    seed: int = 0
    deterministic: bool = False  # the same seed gives the same weights, to the bit, on one machine
    at_least: float = 0.0  # fraction of the test images that must be read right, or nothing is written
    at_least_ink: float = 0.0  # the same of the judges' drawings

    @classmethod
    def of(cls, network: str, **given: Any) -> Recipe:
        """Return the way that a network's tutorial trains it, changed where a knob is given and not None."""
        turned = {name: value for name, value in given.items() if value is not None}
        return cls(**({"network": network} | dict(architectures.NETWORKS[network].knobs) | turned))


@dataclass(frozen=True, slots=True)
class Material:
    """What a training has to do with: parts of MNIST and of the ink."""

    train: Part
    validation: Part
    test: Part
    judge: Part  # ink alone; may be empty
    said: dict[str, Any]  # the same in words, for the card


def train(recipe: Recipe, data: Mnist, ink: Ink, output: Path, report: Callable[[Event], None]) -> None:
    """Train a network and write its bundle. Prints the data's shapes and the network's layers.

    Args:
        recipe: the knobs.
        data: what to train with and to judge by.
        ink: drawings to train with and to judge by beside it; may be empty.
        output: the bundle's folder, new, empty, or an older bundle that is replaced at the very end.
        report: is called with Started, Progress, EpochDone and Finished; what it raises stops the training.

    Raises:
        UserError: the output or the data cannot be used, or the network reads fewer test images than it must.
    """
    began = time.monotonic()
    check_target(output)
    if recipe.deterministic:
        tf.config.experimental.enable_op_determinism()
    material = prepare(recipe, data, ink)
    network, _ = fit(recipe, material, report)
    network = _finished(network, recipe, material.validation)
    accuracy = _accuracy(network, material.test)
    ink_accuracy = _accuracy(network, material.judge) if len(material.judge) else None
    _demand(accuracy, recipe.at_least, "test images")
    if ink_accuracy is not None:
        _demand(ink_accuracy, recipe.at_least_ink, "judges' drawings")
    card = Card(
        network=recipe.network,
        weights=network.count_params(),
        data=material.said,
        recipe=asdict(recipe),
        seed=recipe.seed,
        versions={
            "python": platform.python_version(),
            "tensorflow": tf.__version__,
            "keras": keras.__version__,
            "numpy": np.__version__,
        },
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        accuracy=accuracy,
        ink_accuracy=ink_accuracy,
        sha256={},
    )
    write_bundle(output, lambda folder: export.export(network, folder, half=recipe.half), card)
    report(Finished(str(output), accuracy, round(time.monotonic() - began, 3), ink_accuracy))


def prepare(recipe: Recipe, data: Mnist, ink: Ink) -> Material:
    """Return what the recipe trains with, chooses by and is judged by. Raises UserError when a part is empty."""
    count = len(data.train_images)
    kept = count - round(count * (recipe.validation_split or 0))
    if kept < 1 or (recipe.validation_split and kept == count):
        raise UserError(f"{count} training images cannot be split {recipe.validation_split} to validate; use more.")
    random = np.random.default_rng(recipe.seed)
    test = Part(data.test_images, data.test_labels)
    mnist = Part(data.train_images[:kept], data.train_labels[:kept])
    held_back = Part(data.train_images[kept:], data.train_labels[kept:]) if recipe.validation_split else test
    train, validation = [mnist], [held_back]
    said: dict[str, Any] = {
        "train": kept,
        "validation": len(held_back) if recipe.validation_split else "the test images",
        "test": len(test),
        "source": data.source,
    }
    if ink.everybody:
        zeros = mnist.images[mnist.labels == 0]
        chosen = random.choice(len(zeros), round(len(zeros) * styles.SLASHED), replace=False)
        slashed = styles.slashed(zeros[chosen], random)
        train += [Part(slashed, np.zeros(len(slashed), np.uint8)), Part(*styles.varied(ink.train, COPIES, random))]
        validation.append(Part(*styles.plain(ink.validation)))
        sides = {"train": ink.train, "validation": ink.validation, "judge": ink.judge}
        said["ink"] = {side: len(drawings) for side, drawings in sides.items()} | {"source": ink.source}
    return Material(_together(train), _together(validation), test, Part(*styles.plain(ink.judge)), said)


def fit(
    recipe: Recipe, material: Material, report: Callable[[Event], None], *, role: str = "network"
) -> tuple[keras.Model, list[EpochDone]]:
    """Build a network, train it as the recipe says, its teacher first, and return it with its epochs."""
    teacher = None
    if recipe.teacher != "none":
        its_own = Recipe.of(recipe.teacher, epochs=recipe.teacher_epochs, seed=recipe.seed)
        teacher, _ = fit(replace(its_own, deform=recipe.deform), material, report, role="teacher")
    keras.utils.set_random_seed(recipe.seed)
    network = architectures.build(recipe.network, recipe.activation, recipe.initializer)
    for name, part in (("training", material.train), ("validation", material.validation), ("test", material.test)):
        images = part.images
        print(f"{name} images: {images.shape}, {images.dtype}, {images.min()} to {images.max()}")  # noqa: T201
    network.summary()
    loss = keras.losses.get(architectures.LOSSES[recipe.loss])
    lesson = Lesson(material.train, loss, recipe.batch_size, recipe.seed, recipe.deform, teacher)
    trainer = Trainer(network, _optimizer(recipe, network, lesson.steps), lesson)
    report(
        Started(
            network=recipe.network,
            weights=network.count_params(),
            device=_device(),
            train_images=len(material.train),
            validation_images=len(material.validation),
            test_images=len(material.test),
            epochs=recipe.epochs,
            steps=lesson.steps,
            role=role,
        )
    )
    history = []
    best = _Best(recipe.monitor)
    for number in range(1, recipe.epochs + 1):
        began = time.monotonic()
        learned, right = trainer.epoch(number, report)
        validation = trainer.judge(material.validation)
        done = EpochDone(number, learned, right, *validation, round(time.monotonic() - began, 3))
        history.append(done)
        report(done)
        if recipe.keep == "best":
            best.offer(network, done)
    best.give_back(network)
    return network, history


def _finished(network: keras.Model, recipe: Recipe, validation: Part) -> keras.Model:
    if recipe.calibrate or recipe.views or recipe.half:
        network = export.finished(network, views=recipe.views)
    if recipe.calibrate:
        temperature = export.calibrate(network, scaled(validation.images), validation.labels)
        print(f"temperature: {temperature:.3f}")  # noqa: T201
    if recipe.half:
        export.halve(network)
    return network


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
    settings = {"learning_rate": schedule, "weight_decay": recipe.weight_decay or None}
    optimizer = type(optimizer)(**settings)
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    optimizer.build(network.trainable_variables)
    return optimizer


def _accuracy(network: keras.Model, part: Part) -> float:
    right = predict(network, part.images).argmax(1) == part.labels
    return round(float(right.mean()), 6)


def _demand(accuracy: float, at_least: float, what: str) -> None:
    if not accuracy >= at_least:
        raise UserError(
            f"The network reads {accuracy:.2%} of the {what}, and {at_least:.2%} were asked for; nothing was written."
        )


def _together(parts: Sequence[Part]) -> Part:
    return Part(np.concatenate([part.images for part in parts]), np.concatenate([part.labels for part in parts]))


def _device() -> str:
    return "GPU" if tf.config.list_physical_devices("GPU") else "CPU"


class _Best:
    """The weights of the epoch with the highest accuracy, or the lowest loss, in memory."""

    def __init__(self, monitor: str) -> None:
        self._monitor = _MONITORED[monitor]
        self._quality = -np.inf
        self._weights: list[Any] = []

    def offer(self, network: keras.Model, epoch: EpochDone) -> None:
        """Keep the network's weights when they are the best so far."""
        value = getattr(epoch, self._monitor)
        quality = -value if self._monitor.endswith("loss") else value
        if quality > self._quality:
            self._quality, self._weights = quality, network.get_weights()

    def give_back(self, network: keras.Model) -> None:
        """Set the best weights, if any were kept: a loss that is no number is better than nothing."""
        if self._weights:
            network.set_weights(self._weights)


_MONITORED = {  # Keras' names, which the tutorials use -> ours
    "val_accuracy": "validation_accuracy",
    "val_loss": "validation_loss",
    "accuracy": "accuracy",
    "loss": "loss",
}
