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
    """The knobs of a training."""

    network: str = "mlp-512-dropout"
    epochs: int = 20  # the validation loss is flat from there on
    batch_size: int = 128
    learning_rate: float = 1e-3  # Adam's usual one
    validation_images: int = 5_000  # the last of the training images; they choose the epoch that is kept
    seed: int = 0
    at_least: float = 0.0  # fraction of the test images that must be read right, or nothing is written


def train(recipe: Recipe, data: Mnist, output: Path, report: Callable[[Event], None]) -> None:
    """Train a network and write its bundle.

    Args:
        recipe: the knobs.
        data: what to train with and to judge by. The test images choose nothing.
        output: the bundle's folder, new, empty, or an older bundle that is replaced at the very end.
        report: is called with Started, Progress, EpochDone and Finished; what it raises stops the training.

    Raises:
        UserError: the output or the data cannot be used, or the network reads fewer test images than it must.
    """
    began = time.monotonic()
    check_target(output)
    kept = len(data.train_images) - recipe.validation_images
    if kept < 1:
        raise UserError(
            f"{recipe.validation_images} of {len(data.train_images)} training images cannot be set aside "
            "for validation; use more data."
        )

    keras.utils.set_random_seed(recipe.seed)
    images, test_images = _scaled(data.train_images), _scaled(data.test_images)
    network = architectures.build(recipe.network)
    network.compile(
        optimizer=keras.optimizers.Adam(recipe.learning_rate),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    report(
        Started(
            network=recipe.network,
            weights=network.count_params(),
            device=_device(),
            train_images=kept,
            validation_images=recipe.validation_images,
            test_images=len(test_images),
            epochs=recipe.epochs,
            steps=-(-kept // recipe.batch_size),
        )
    )
    network.fit(
        images[:kept],
        data.train_labels[:kept],
        validation_data=(images[kept:], data.train_labels[kept:]),
        epochs=recipe.epochs,
        batch_size=recipe.batch_size,
        verbose=0,
        callbacks=[_Reporter(report), _KeepBest()],
    )
    _, accuracy = network.evaluate(test_images, data.test_labels, batch_size=1000, verbose=0)
    if accuracy < recipe.at_least:
        raise UserError(
            f"The network reads {accuracy:.2%} of the test images, and {recipe.at_least:.2%} were asked "
            "for; nothing was written."
        )
    card = Card(
        network=recipe.network,
        weights=network.count_params(),
        data={"train": kept, "validation": recipe.validation_images, "test": len(test_images), "source": data.source},
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
    network = keras.saving.load_model(folder / KERAS_FILE, compile=False)  # drops the optimizer's state: a third
    network.save(folder / KERAS_FILE)
    network.export(
        folder / LITERT_FILE,
        format="litert",
        input_signature=[keras.InputSpec(shape=(1, 28, 28), dtype="float32")],
        verbose=False,
    )


def _scaled(images: np.ndarray[Any, np.dtype[np.uint8]]) -> np.ndarray[Any, np.dtype[np.float32]]:
    return images.astype(np.float32) / np.float32(255)


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
    """Keeps the weights of the epoch with the highest validation accuracy, in memory."""

    def __init__(self) -> None:
        super().__init__()
        self._best = -1.0
        self._weights: list[Any] = []

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        accuracy = (logs or {})["val_accuracy"]
        if accuracy > self._best:
            self._best, self._weights = accuracy, self.model.get_weights()

    def on_train_end(self, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        self.model.set_weights(self._weights)
