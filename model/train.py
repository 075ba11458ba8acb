"""The recipe: knobs, data, network, fit, judge, export. Imports TensorFlow."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from model import architectures
from model.bundle import KERAS_FILE, LITERT_FILE, Card, check_target, write_bundle
from model.data import Mnist
from model.errors import UserError
from model.events import EpochDone, Event, Finished, Progress, Started

PROGRESS_SECONDS = 0.1  # between two reports: smooth for an eye, cheap for a pipe


@dataclass(frozen=True, slots=True)
class Recipe:
    """The knobs of a training. The words for networks, losses and so on are those of `model.architectures`."""

    network: str
    epochs: int
    batch_size: int
    validation_split: float | None  # fraction of the training images, the last ones; None: the test images validate
    activation: str
    initializer: str
    loss: str
    optimizer: str
    learning_rate: float | None  # None: the optimizer's own
    keep: str  # "best" epoch by the monitor, or the "last"
    monitor: str
    seed: int
    deterministic: bool  # the same seed gives the same weights, to the bit, on one machine
    at_least: float  # fraction of the test images that must be read right, or nothing is written

    @classmethod
    def of(cls, network: str, **given: Any) -> Recipe:
        """Return the way that a network's tutorial trains it, changed where a knob is given and not None."""
        tutorial = architectures.NETWORKS[network]
        knobs: dict[str, Any] = {
            "network": network,
            "epochs": tutorial.epochs,
            "batch_size": tutorial.batch_size,
            "validation_split": tutorial.validation_split,
            "activation": "relu",
            "initializer": tutorial.initializer,
            "loss": tutorial.loss,
            "optimizer": "adam",
            "learning_rate": None,
            "keep": tutorial.keep,
            "monitor": "val_accuracy",
            "seed": 0,
            "deterministic": False,
            "at_least": 0.0,
        }
        return cls(**(knobs | {name: value for name, value in given.items() if value is not None}))


def train(recipe: Recipe, data: Mnist, output: Path, report: Callable[[Event], None]) -> None:
    """Train a network and write its bundle. Prints the data's shapes and the network's layers.

    Args:
        recipe: the knobs.
        data: what to train with and to judge by.
        output: the bundle's folder, new, empty, or an older bundle that is replaced at the very end.
        report: is called with Started, Progress, EpochDone and Finished; what it raises stops the training.

    Raises:
        UserError: the output or the data cannot be used, or the network reads fewer test images than it must.
    """
    began = time.monotonic()
    check_target(output)
    kept = len(data.train_images) - round(len(data.train_images) * (recipe.validation_split or 0))
    if kept < 1 or (recipe.validation_split and kept == len(data.train_images)):
        raise UserError(
            f"{len(data.train_images)} training images cannot be split {recipe.validation_split} to validate; use more."
        )

    keras.utils.set_random_seed(recipe.seed)
    if recipe.deterministic:
        tf.config.experimental.enable_op_determinism()
    images, test_images = _scaled(data.train_images), _scaled(data.test_images)
    labels, test_labels = (_targets(some, recipe.loss) for some in (data.train_labels, data.test_labels))
    validation = (images[kept:], labels[kept:]) if recipe.validation_split else (test_images, test_labels)
    for name, some in (("training", images[:kept]), ("validation", validation[0]), ("test", test_images)):
        print(f"{name} images: {some.shape}, {some.dtype}, {some.min():g} to {some.max():g}")  # noqa: T201  (as below)
    network = architectures.build(recipe.network, recipe.activation, recipe.initializer)
    network.summary()
    optimizer = keras.optimizers.get(recipe.optimizer)
    if recipe.learning_rate is not None:
        optimizer.learning_rate = recipe.learning_rate
    network.compile(optimizer=optimizer, loss=architectures.LOSSES[recipe.loss], metrics=["accuracy"])
    report(
        Started(
            network=recipe.network,
            weights=network.count_params(),
            device=_device(),
            train_images=kept,
            validation_images=len(validation[0]),
            test_images=len(test_images),
            epochs=recipe.epochs,
            steps=-(-kept // recipe.batch_size),
        )
    )
    network.fit(
        images[:kept],
        labels[:kept],
        validation_data=validation,
        epochs=recipe.epochs,
        batch_size=recipe.batch_size,
        verbose=0,
        callbacks=[_Reporter(report), *([_KeepBest(recipe.monitor)] if recipe.keep == "best" else [])],
    )
    _, accuracy = network.evaluate(test_images, test_labels, batch_size=1000, verbose=0)
    if not accuracy >= recipe.at_least:
        raise UserError(
            f"The network reads {accuracy:.2%} of the test images, and {recipe.at_least:.2%} were asked "
            "for; nothing was written."
        )
    card = Card(
        network=recipe.network,
        weights=network.count_params(),
        data={
            "train": kept,
            "validation": len(validation[0]) if recipe.validation_split else "the test images",
            "test": len(test_images),
            "source": data.source,
        },
        recipe=asdict(recipe),
        seed=recipe.seed,
        versions={
            "python": platform.python_version(),
            "tensorflow": tf.__version__,
            "keras": keras.__version__,
            "numpy": np.__version__,
        },
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        accuracy=round(float(accuracy), 6),
        sha256={},
    )
    write_bundle(output, lambda folder: export(network, folder), card)
    report(Finished(output=str(output), accuracy=card.accuracy, seconds=round(time.monotonic() - began, 3)))


def export(network: keras.Model, folder: Path) -> None:
    """Write the network as `model.keras`, without what only its training needed, and as `model.tflite`."""
    network.save(folder / KERAS_FILE)
    network = keras.saving.load_model(folder / KERAS_FILE, compile=False)  # drops the optimizer's state
    network.save(folder / KERAS_FILE)
    network.export(
        folder / LITERT_FILE,
        format="litert",
        input_signature=[keras.InputSpec(shape=(1, 28, 28), dtype="float32")],
        verbose=False,
    )


def _scaled(images: np.ndarray[Any, np.dtype[np.uint8]]) -> np.ndarray[Any, np.dtype[np.float32]]:
    return images.astype(np.float32) / np.float32(255)


def _targets(labels: np.ndarray[Any, np.dtype[np.uint8]], loss: str) -> np.ndarray[Any, Any]:
    """Return what the network is to answer: the digits for the sparse loss, else (n, 10) one-hot rows."""
    return labels if loss == "sparse" else np.eye(10, dtype=np.float32)[labels]


def _device() -> str:
    return "GPU" if tf.config.list_physical_devices("GPU") else "CPU"


class _Reporter(keras.callbacks.Callback):  # type: ignore[misc]  # Keras has no types
    """Turns Keras' callbacks into events."""

    def __init__(self, report: Callable[[Event], None]):
        super().__init__()
        self._report = report
        self._epoch = 0
        self._epoch_began = self._reported = 0.0

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        self._epoch = epoch + 1
        self._epoch_began = time.monotonic()

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        if logs and time.monotonic() - self._reported >= PROGRESS_SECONDS:
            self._reported = time.monotonic()
            self._report(Progress(self._epoch, batch + 1, float(logs["loss"]), float(logs["accuracy"])))

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        logs = logs or {}
        names = ("loss", "accuracy", "val_loss", "val_accuracy")
        loss, accuracy, validation_loss, validation_accuracy = (float(logs[name]) for name in names)
        seconds = round(time.monotonic() - self._epoch_began, 3)
        self._report(EpochDone(epoch + 1, loss, accuracy, validation_loss, validation_accuracy, seconds))


class _KeepBest(keras.callbacks.Callback):  # type: ignore[misc]  # Keras has no types
    """Keeps the weights of the epoch with the highest accuracy, or the lowest loss, in memory."""

    def __init__(self, monitor: str) -> None:
        super().__init__()
        self._monitor = monitor
        self._best = -np.inf
        self._weights: list[Any] = []

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        value = (logs or {})[self._monitor]
        quality = -value if self._monitor.endswith("loss") else value
        if quality > self._best:
            self._best, self._weights = quality, self.model.get_weights()

    def on_train_end(self, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        if self._weights:  # a loss that is no number is better than nothing
            self.model.set_weights(self._weights)
