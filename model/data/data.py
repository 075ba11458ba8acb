"""What networks learn from: MNIST or the like (a file, a folder, Keras' own download) and pen ink."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from model.base.files import open_plain, read_plain
from model.base.language import _
from model.base.shown import shown
from model.data import download, fitted
from model.data.arrays import read
from model.data.refused import wrong
from model.ink.ink import Drawing, InkError, read_lines

Images: TypeAlias = fitted.Images
Labels: TypeAlias = fitted.Labels

DIGITS = tuple("0123456789")
LOOKALIKES = frozenset("OoDQIliSsZzBbgq/")  # letters and signs that can't be told from digits: nothing to judge by
LARGEST_PEOPLE = 1_000_000  # bytes of the file
LONGEST_LABEL = 20  # letters of a wrong one that are told
PEOPLE_FILE = "people.json"  # next to an ink file: whose drawings train, validate and judge
SIDES = ("train", "validation", "judge")


@dataclass(frozen=True, slots=True)
class Mnist:
    """Images and labels to train and to test with, and where they came from."""

    train_images: Images
    train_labels: Labels
    test_images: Images
    test_labels: Labels
    source: str
    notes: tuple[str, ...] = ()  # what was done to it, and what is odd of it, in sentences


@dataclass(frozen=True, slots=True)
class Ink:
    """Drawings labelled with a digit, split by writer, so that nobody's hand is on two sides."""

    train: tuple[Drawing, ...] = ()
    validation: tuple[Drawing, ...] = ()
    judge: tuple[Drawing, ...] = ()
    source: str = ""

    @property
    def everybody(self) -> tuple[Drawing, ...]:
        """All drawings."""
        return self.train + self.validation + self.judge


def load(path: Path | None = None, progress: Callable[[int, int], None] | None = None) -> Mnist:
    """Return the data of a file or a folder, or MNIST as Keras downloads and keeps it. Raises DataError.

    A download reports its progress: bytes done, and bytes in all.
    """
    if path is None:
        try:
            downloaded = download.mnist_file(progress)
        except download.DownloadError as error:
            raise wrong(_("{reason}; try again, or {choose}."), reason=error) from error
        return replace(load(downloaded), source="keras.datasets.mnist")
    parts, notes = fitted.fitted(read(path))
    return Mnist(*parts, source=shown(path.name), notes=notes)


def scaled(images: Images) -> npt.NDArray[np.float32]:
    """Return images of 0 to 255 as networks read them, 0 to 1."""
    return images.astype(np.float32) / np.float32(255)


def load_ink(paths: Sequence[Path], *, digits: bool = True) -> Ink:
    """Return the drawings of ink files (one labelled JSON object a line), with writers split as people.json says.

    That file is in the ink's folder: ``{"FILE.jsonl": {"train": [writer, ...], "validation": [...], "judge": [...]}}``.
    Writers that it doesn't name train, and so does everybody without such a file. Without ``digits``, any label will
    do. Raises DataError.
    """
    sides: dict[str, list[Drawing]] = {side: [] for side in SIDES}
    for path in paths:
        side_of = _sides(path)
        for drawing in _read_ink(path, digits=digits):
            sides[side_of.get(drawing.writer, "train")].append(drawing)
    source = ", ".join(shown(path.name) for path in paths)
    return Ink(**{side: tuple(drawings) for side, drawings in sides.items()}, source=source)


def _read_ink(path: Path, *, digits: bool) -> list[Drawing]:
    drawings = []
    try:
        with open_plain(path) as lines:
            for number, drawing in enumerate(read_lines(lines), 1):
                if isinstance(drawing, InkError):
                    raise wrong(_("Drawing {number} in {path}: {drawing}"), number=number, path=path, drawing=drawing)
                if (digits and drawing.label not in DIGITS) or drawing.is_blank:
                    sentence = _(
                        "Drawing {number} in {path} has the label {label!r} and {strokes} "
                        "strokes; each drawing needs a label from 0 to 9 and ink."
                    )
                    label = drawing.label and drawing.label[:LONGEST_LABEL]
                    raise wrong(sentence, number=number, path=path, label=label, strokes=len(drawing.strokes))
                drawings.append(drawing)
    except OSError as error:
        sentence = _("{path} can't be read ({reason}); choose a .jsonl file of labelled ink.")
        raise wrong(sentence, path=path, reason=error.strerror) from error
    if not drawings:
        raise wrong(_("{path} has no drawings in it; choose a .jsonl file of labelled ink."), path=path)
    return drawings


def _sides(path: Path) -> dict[str | None, str]:
    """Return writer -> side for an ink file. Raises DataError."""
    people = path.with_name(PEOPLE_FILE)
    if not people.exists():
        return {}
    try:
        sides = json.loads(read_plain(people, LARGEST_PEOPLE)).get(path.name, {})
        return {writer: side for side in SIDES for writer in sides.get(side, ())}
    except (OSError, ValueError, AttributeError, TypeError, RecursionError) as error:
        sentence = _(
            "{people} doesn't say, for each ink file, who trains, validates and judges. Fix it, or move it away."
        )
        raise wrong(sentence, people=people) from error
