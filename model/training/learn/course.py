"""The course of a training that somebody watches: paused, slowed down, its knobs turned, and what is told after epochs.

What a network makes of drawn digits is laid out in a plane by a principal component analysis of its last hidden layer
(Pearson: On lines and planes of closest fit, 1901), by NumPy's SVD. Its axes have no sign, and can change places from
epoch to epoch; so each plane is turned and mirrored onto the one before it, as closely as can be (Schönemann: A
generalized solution of the orthogonal Procrustes problem, 1966): a point moves only where the network has changed.
"""

from __future__ import annotations

import base64
import functools
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from model.base.events import Control, Drawn, Event, Grids, Watched
from model.data.data import Images, Labels, scaled
from model.training.learn.trainer import READ_AT_ONCE, Trainer
from model.training.pinned import keras
from model.training.synthetic import shapes

Hear = Callable[["float | None"], "Control | None"]  # waits this many seconds for what's asked; None: forever
Numbers = npt.NDArray[np.floating]

SHOWN = 24  # units at once


def hear_nothing(_wait: float | None) -> None:
    """Ask nothing: nobody watches."""


class Course:
    """Where a training is, and what is asked of it; until something is, nothing is told here and nothing waits.

    Args:
        trainer: of the network.
        network: (n, 28, 28) float32 in 0 to 1 -> (n, 10).
        report: is told what is heeded, and what the network makes of drawn digits.
        hear: see `Hear`.
    """

    def __init__(self, trainer: Trainer, network: keras.Model, report: Callable[[Event], None], hear: Hear):
        self._trainer, self._network, self._report, self._hear = trainer, network, report, hear
        self._asked: Control | None = None
        self._done = 0  # epochs
        self._is_paused = False
        self._glimpse: _Glimpse | None = None
        self.changes: list[dict[str, float]] = []  # of knobs, each with the epoch from which it's so

    def heed(self, wait: float = 0.0) -> None:
        """Heed what is asked, until this many seconds are over and it's not to pause."""
        end = time.monotonic() + wait
        while True:
            pauses = self._pauses
            if pauses != self._is_paused:
                self._is_paused = pauses
                self._tell()
            asked = self._hear(None if pauses else max(0.0, end - time.monotonic()))
            if asked is not None:
                end = time.monotonic()
                self._turn(asked)
            elif not pauses:
                return

    def done(self, epochs: int) -> None:
        """Tell what the network makes of drawn digits after this many epochs, and pause where it's to."""
        self._done = epochs
        if self._asked:
            self._look(self._asked)
        self.heed()

    @property
    def _pauses(self) -> bool:
        asked = self._asked
        return asked is not None and (asked.paused or 0 < asked.pause_after <= self._done)

    def _turn(self, asked: Control) -> None:
        before, self._asked = self._asked, asked
        if turned := self._trainer.turn(asked, self._done):
            self.changes.append({"epoch": self._done + 1, **turned})
        self._is_paused = self._pauses
        self._tell()
        if before is None or (asked.unit, asked.drawing) != (before.unit, before.drawing):
            self._look(asked)

    def _tell(self) -> None:
        """Tell what is heeded."""
        assert self._asked
        names = ("epochs", "learning_rate", "dropout", "batch_size", "steps")
        knobs = {name: getattr(self._trainer, name) for name in names}
        self._report(replace(self._asked, paused=self._is_paused, **knobs))

    def _look(self, asked: Control) -> None:
        if self._glimpse is None:
            self._glimpse = _Glimpse(self._network)
            self._report(self._glimpse.drawn)
        self._report(self._glimpse.told(self._done, asked.unit, asked.drawing))


class _Glimpse:
    """What a network makes of drawn digits."""

    def __init__(self, network: keras.Model):
        images, labels = drawn()
        self.drawn = Drawn(_base64(images), "".join(map(str, labels)))
        self._images = scaled(images)
        self._first = next(layer for layer in network.layers if hasattr(layer, "kernel"))
        self._all = keras.Model(network.inputs, [network.layers[-2].output, network.layers[-1].output])
        self._answering = keras.Model(network.inputs, self._first.output)
        self._plane: Numbers | None = None

    def told(self, epoch: int, unit: int, drawing: int) -> Watched:
        """Return what is told after an epoch, of the units from ``unit`` on, and of what they make of a drawing."""
        hidden, read = self._all.predict(self._images, batch_size=READ_AT_ONCE, verbose=0)
        self._plane = plane(np.nan_to_num(hidden.astype(np.float32)), self._plane)
        kernel = np.asarray(self._first.kernel)
        units = kernel.shape[-1]
        shape = (28, 28, units) if kernel.ndim == 2 else (*kernel.shape[:2], units)
        answers = np.asarray(self._answering(self._images[[min(drawing, len(self._images) - 1)]], training=False))
        some = slice(min(unit, units - 1), unit + SHOWN)
        return Watched(
            epoch=epoch,
            read="".join(map(str, read.argmax(1))),
            places=_base64(self._plane.astype("<f4")),
            units=units,
            unit=some.start,
            weights=_grids(kernel.reshape(shape)[..., some]),
            answers=_grids(answers.reshape(*answers.shape[1:-1] if answers.ndim == 4 else (1, 1), units)[..., some]),
        )


@functools.cache  # teachers and the network are watched by the same
def drawn() -> tuple[Images, Labels]:
    """Return digits that the program draws, the same ones each time."""
    return shapes.digits(shapes.COMPARED, np.random.default_rng(shapes.SEED))


def plane(numbers: Numbers, before: Numbers | None) -> Numbers:
    """Return (n, k) numbers as places in a plane, (n, 2), as near to the places ``before`` as turning brings them."""
    apart = numbers - numbers.mean(0)
    left, sizes, _axes = np.linalg.svd(apart, full_matrices=False)
    places = left[:, :2] * sizes[:2]
    places = places / max(float(np.sqrt((places**2).sum(1).mean())), 1e-9)
    if before is not None:
        left, _sizes, right = np.linalg.svd(places.T @ before)
        places = places @ (left @ right)
    return np.asarray(places)


def _grids(numbers: Numbers) -> Grids:
    """Return (rows, columns, count) numbers as they are told."""
    numbers = np.nan_to_num(numbers.astype(np.float32)).transpose(2, 0, 1)
    most = max(float(np.abs(numbers).max()), 1e-9)
    count, rows, columns = numbers.shape
    return Grids(count, rows, columns, _base64((numbers / most * 127).round().astype(np.int8)))


def _base64(numbers: npt.NDArray[Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(numbers).tobytes()).decode()
