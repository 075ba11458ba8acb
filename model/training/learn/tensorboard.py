"""A training's epochs written as logs that TensorBoard shows."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

from model.base import installation
from model.base.errors import UserError
from model.base.events import EpochDone, Event, Started
from model.base.language import _
from model.base.program import FROZEN
from model.training.pinned import tf


def logging_to(folder: Path, report: Callable[[Event], None]) -> Callable[[Event], None]:
    """Return ``report`` that also logs losses and accuracies, as Keras' callback names them, under ``folder``.

    A network's training and validation are a run each, and so are a teacher's. Raises UserError without TensorBoard.
    """
    if importlib.util.find_spec("tensorboard") is None:
        if FROZEN:
            raise UserError(_("TensorBoard isn't in this download; leave out --tensorboard."))
        sentence = _("TensorBoard is not installed; leave out --tensorboard, or install it with: {command}")
        raise UserError(sentence, command=installation.command("test", "tensorboard"))
    role = ""
    writers: dict[Path, Any] = {}

    def write(epoch: EpochDone) -> None:
        figures = {
            "train": (epoch.loss, epoch.accuracy),
            "validation": (epoch.validation_loss, epoch.validation_accuracy),
        }
        for run, (loss, accuracy) in figures.items():
            place = folder / role / run
            writer = writers.get(place) or writers.setdefault(place, tf.summary.create_file_writer(str(place)))
            with writer.as_default(step=epoch.epoch):
                tf.summary.scalar("epoch_loss", loss)
                tf.summary.scalar("epoch_accuracy", accuracy)
            writer.flush()  # so that it can be watched

    def log(event: Event) -> None:
        nonlocal role
        report(event)
        if isinstance(event, Started):
            role = event.role
        if isinstance(event, EpochDone):
            try:
                write(event)
            except tf.errors.OpError as error:
                raise UserError(
                    _("The logs cannot be written to {folder}; choose another --tensorboard."), folder=folder
                ) from error

    return log
