"""The state of a training on disk, from which an interrupted one goes on as if nothing had been."""

from __future__ import annotations

import json
import time
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from model.bundle import CHECKPOINT_FILE
from model.errors import UserError
from model.events import EpochDone

Arrays = Sequence[npt.NDArray[Any]]


class Checkpoint:
    """Keeps the states of a training's networks (the teacher's, then the network's own) in one file.

    Args:
        folder: the bundle's folder to be; it is made when there is something to keep.
        training: what tells one training from another, as JSON values; a state of another one is not gone on from.
        seconds: between two times that a running state is written.
        resume: whether to go on from what is there; else it is overwritten.

    Raises:
        UserError: what is to be gone on from is damaged, or of another training.
    """

    def __init__(self, folder: Path, training: dict[str, Any], *, seconds: float, resume: bool) -> None:
        self._path = folder / CHECKPOINT_FILE
        self._training = json.loads(json.dumps(training))  # as it comes back from the file
        self._seconds = seconds
        self._written = time.monotonic()
        self._histories: dict[str, list[dict[str, Any]]] = {}
        self._arrays: dict[str, npt.NDArray[Any]] = {}
        if resume and self._path.exists():
            self._read()

    @property
    def found(self) -> bool:
        """Whether there is anything to go on from."""
        return bool(self._histories)

    def restore(self, role: str) -> tuple[list[EpochDone], Arrays]:
        """Return the epochs that a network is through, and the arrays that were saved then; nothing when new."""
        names = [name for name in self._arrays if name.startswith(f"{role}/")]
        return [EpochDone(**epoch) for epoch in self._histories.get(role, [])], [self._arrays[name] for name in names]

    def save(self, role: str, history: Iterable[EpochDone], arrays: Arrays, *, last: bool) -> None:
        """Keep a network's state, and write the file when it is time to, or this was the network's last epoch.

        Raises UserError when it cannot be written.
        """
        due = last or time.monotonic() - self._written >= self._seconds
        if not due:
            return
        self._histories[role] = [asdict(epoch) for epoch in history]
        self._arrays = {name: array for name, array in self._arrays.items() if not name.startswith(f"{role}/")}
        self._arrays |= {f"{role}/{number:04}": array for number, array in enumerate(arrays)}
        if time.monotonic() - self._written >= self._seconds:
            self._write()
            self._written = time.monotonic()

    def _write(self) -> None:
        state = {"training": self._training, "histories": self._histories}
        scratch = self._path.with_name(f".{CHECKPOINT_FILE}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with scratch.open("wb") as file:
                np.savez(file, state=np.array(json.dumps(state)), **self._arrays)  # type: ignore[arg-type]
            scratch.replace(self._path)
        except OSError as error:
            scratch.unlink(missing_ok=True)
            raise UserError(f"The training's state cannot be kept in {self._path} ({error.strerror}).") from error

    def _read(self) -> None:
        try:
            with np.load(self._path, allow_pickle=False) as file:
                state = json.loads(str(file["state"]))
                arrays = {name: file[name] for name in file.files if name != "state"}
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise UserError(f"{self._path} is damaged; leave --resume away to start from the beginning.") from error
        other = [knob for knob, value in self._training.items() if state["training"].get(knob) != value]
        if other:
            raise UserError(
                f"{self._path} is of a training with another {' and '.join(other)}; give the same words as then, or "
                "leave --resume away to start from the beginning."
            )
        self._histories, self._arrays = state["histories"], arrays

    def delete(self) -> None:
        """Delete the file, and the folder where nothing else is in it."""
        self._path.unlink(missing_ok=True)
        if self._path.parent.is_dir() and not any(self._path.parent.iterdir()):
            self._path.parent.rmdir()
