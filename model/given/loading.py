"""The one door for data to learn from: it becomes 28x28 images, and the user is told what's odd about it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from model.base.events import Downloading, Event, Noted
from model.base.kinds import is_kind
from model.base.shown import shown
from model.bundle.bundle import open_bundle
from model.data import data
from model.data.data import Mnist
from model.data.fitted import fitted, in_bytes
from model.data.refused import Array
from model.given import pictures, suspicion
from model.ink.ink import Drawing
from model.reading.normalize import normalize_drawing
from model.reading.recognizer import Recognizer

Report = Callable[[Event], None]


def load(path: Path | None, report: Report, current: Path | None = None) -> Mnist:
    """Return the data of a file or a folder, or MNIST for None; notes on it are reported.

    The model in the folder ``current``, by default the built-in one, reads a sample first. Raises DataError, and
    BundleError if there's no such model.
    """
    if path is None:
        return data.load(None, lambda done, total: report(Downloading(done, total)))
    classes = pictures.by_class(path)
    recognizer = Recognizer(open_bundle(current))
    if classes:
        found = pictures.load(classes, path, recognizer, report)
    elif is_kind(path, "json"):
        found = _load_ink(path)
    else:
        found = data.load(path)
    found = suspicion.mended(found, recognizer)
    for note in found.notes:
        report(Noted(note))
    return found


def _load_ink(path: Path) -> Mnist:
    """Return labelled drawings as the window would read them; where people.json names judges, theirs are the test."""
    ink = data.load_ink([path])
    sides = [side for side in (ink.train + ink.validation, ink.judge) if side]
    arrays = [array for side in sides for array in _drawn(side, path)]
    images, notes = fitted(arrays)
    return Mnist(*images, source=shown(path.name), notes=notes)


def _drawn(drawings: tuple[Drawing, ...], path: Path) -> tuple[Array, Array]:
    images = np.stack([in_bytes(normalize_drawing(drawing)) for drawing in drawings])
    labels = np.array([int(drawing.label or "") for drawing in drawings], np.uint8)
    return Array(str(path), images), Array(str(path), labels)
