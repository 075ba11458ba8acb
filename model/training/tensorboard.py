"""A training's epochs written as logs that TensorBoard shows."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tensorflow as tf

from model.errors import UserError
from model.events import EpochDone, Event, Started


def logging_to(folder: Path, report: Callable[[Event], None]) -> Callable[[Event], None]:
    """Return ``report`` that also logs losses and accuracies, as Keras' callback names them, under ``folder``.

    A network's training and validation are a run each, and so are a teacher's. Raises UserError without TensorBoard.
    """
    if importlib.util.find_spec("tensorboard") is None:
        raise UserError("TensorBoard is not installed; pip install tensorboard, or leave --tensorboard away.")
    role = ""
    writers: dict[Path, Any] = {}

    def log(event: Event) -> None:
        nonlocal role
        report(event)
        if isinstance(event, Started):
            role = event.role
        if isinstance(event, EpochDone):
            figures = {
                "train": (event.loss, event.accuracy),
                "validation": (event.validation_loss, event.validation_accuracy),
            }
            for run, (loss, accuracy) in figures.items():
                place = folder / role / run
                writer = writers.get(place) or writers.setdefault(place, tf.summary.create_file_writer(str(place)))
                with writer.as_default(step=event.epoch):
                    tf.summary.scalar("epoch_loss", loss)
                    tf.summary.scalar("epoch_accuracy", accuracy)
                writer.flush()  # so that it can be watched

    return log
