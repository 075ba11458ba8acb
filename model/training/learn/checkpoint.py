"""The state of a training on disk, from which an interrupted one goes on as if nothing had been."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, astuple
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from model.base.errors import UserError
from model.base.events import EpochDone
from model.base.files import open_plain
from model.base.language import _
from model.bundle.bundle import CHECKPOINT_FILE
from model.data.arrays import check_size

Arrays = Sequence[npt.NDArray[Any]]
Shapes = Sequence[tuple[int, ...]]

LARGEST_CHECKPOINT = 500_000_000  # bytes of the file, and of what it holds


class CheckpointError(UserError):
    """A checkpoint that can't be gone on from; the training can begin again."""

    instead = "again"


class Checkpoint:
    """Keeps the states of a training's networks (the teachers', then the network's own) in one file.

    It lies in the bundle's folder to be, which is made when there's something to keep, and is written every so many
    ``seconds``. With ``resume`` it's gone on from where ``training``, JSON values that tell one training from another,
    is the same; else it is overwritten. ``asked`` is kept for who watches. Raises CheckpointError when it's
    damaged, or of another training.
    """

    def __init__(
        self, folder: Path, training: dict[str, Any], *, seconds: float, resume: bool, asked: str = ""
    ) -> None:
        self._path = folder / CHECKPOINT_FILE
        self._training = json.loads(json.dumps(training))  # as it comes back from the file
        self._seconds, self._asked = seconds, asked
        self._written = time.monotonic()
        self._histories: dict[str, list[dict[str, Any]]] = {}
        self._arrays: dict[str, npt.NDArray[Any]] = {}
        if resume and self._path.exists():
            self._read()
        self.found = bool(self._histories)  # whether there's anything to go on from

    def restore(self, role: str, shapes: Shapes, more: Shapes = ()) -> tuple[list[EpochDone], Arrays]:
        """Return the epochs that a network is through, and the arrays that were saved then; nothing when new.

        Raises UserError when they haven't these shapes, and, where there are more of them, those.
        """
        arrays = [array for name, array in self._arrays.items() if name.startswith(f"{role}/")]
        history = [EpochDone(**epoch) for epoch in self._histories.get(role, [])]
        found = [array.shape for array in arrays]
        if history and found not in (list(shapes), [*shapes, *more]):
            raise self._damaged()
        return history, arrays

    def save(self, role: str, history: Sequence[EpochDone], state: Callable[[], Arrays], *, last: bool) -> None:
        """Keep a network's state when it is time to write the file again, or this was the network's last epoch.

        A training that is through before it was time to write at all writes nothing. Raises UserError when the file
        can't be written.
        """
        due = time.monotonic() - self._written >= self._seconds
        if not (due or last):
            return
        self._histories[role] = [asdict(epoch) for epoch in history]
        self._arrays = {name: array for name, array in self._arrays.items() if not name.startswith(f"{role}/")}
        self._arrays |= {f"{role}/{number:04}": array for number, array in enumerate(state())}
        if due or self._path.exists():
            self._write()
            self._written = time.monotonic()

    def _write(self) -> None:
        state = {"training": self._training, "histories": self._histories, "asked": self._asked}
        scratch = self._path.with_name(f".{CHECKPOINT_FILE}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with scratch.open("wb") as file:
                    np.savez(file, state=np.array(json.dumps(state)), **self._arrays)  # type: ignore[arg-type]
                    file.flush()
                    os.fsync(file.fileno())  # otherwise a power cut leaves an empty file instead of a good one
                scratch.replace(self._path)
            except BaseException:
                scratch.unlink(missing_ok=True)
                raise
        except OSError as error:
            raise UserError(
                _("The training's state can't be saved in {path} ({reason})."), path=self._path, reason=error.strerror
            ) from error

    def _read(self) -> None:
        try:
            with open_plain(self._path) as stream:
                check_size(stream, LARGEST_CHECKPOINT)
                file = np.load(stream, allow_pickle=False)
                state = json.loads(str(file["state"]))
                self._arrays = {name: file[name] for name in file.files if name != "state"}
            training, self._histories = state["training"], state["histories"]
            epochs = [(number, each) for history in self._histories.values() for number, each in enumerate(history, 1)]
            values = [value for _number, epoch in epochs for value in astuple(EpochDone(**epoch))]
            if not (
                all(isinstance(array, np.ndarray) and array.dtype.kind in "biuf" for array in self._arrays.values())
                and all(type(value) in (int, float) for value in values)
                and all(epoch["epoch"] == number for number, epoch in epochs)
            ):
                raise ValueError("no state of ours")
            other = [knob for knob, value in self._training.items() if training.get(knob) != value]
        except Exception as error:  # NumPy and zipfile raise nine kinds of them on damaged files
            raise self._damaged() from error
        if other:
            sentence = _(
                "{path} belongs to another training: it differs in {knobs}. Use the same settings and images as then, "
                "or start from the beginning."
            )
            raise CheckpointError(sentence, path=self._path, knobs=", ".join(other))

    def _damaged(self) -> UserError:
        return CheckpointError(_("{path} is damaged. Start the training from the beginning."), path=self._path)
