"""What a network rehearses while it learns from its user: drawn digits, which stand for everything that it can read.

Robins: Catastrophic Forgetting, Rehearsal and Pseudorehearsal (Connection Science 1995): other data can stand in for
the data that a network has learned from, if the network itself labels them. The digits are drawn once for each network,
and the inputs that its last layers get for them are kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from model.base.files import keep_newest, replaced
from model.bundle.litert_head import Floats, Head
from model.data.data import Images, Labels, scaled
from model.learning.pupil import values
from model.reading.doubt import NONE
from model.reading.features import Features
from model.training.opened.probe import skeletons
from model.training.synthetic import shapes, styles
from model.training.synthetic.scribbles import scribble
from model.training.synthetic.styles import Line, Random

DIGITS = (4000, 3000)  # to rehearse, and to check with; half are plain, half in styles that few people write
OTHERS = (800, 800)  # scribbles and rows of digits: doubt rehearses and is checked with them and as many digits
TWICE = 0.4  # of the digits, warped once more: far from the plain drawings, so that answers hold in a wide range
ROWS = 0.25  # of the images that aren't digits
SEED = 7
MOST_KEPT = 6  # files: up to three per model
VERSION = 3  # of what's drawn here: with another version, everything that's kept is made again


Halves = npt.NDArray[np.float16]


class Rehearsal(NamedTuple):
    """What to rehearse and to check with: features, (n, inputs) in float16, labels, (n,), and sums, (n, answers).

    The sums are those that softmax gets before anything is taught.
    """

    rehearsed: Halves
    rehearsed_labels: Labels
    rehearsed_sums: Floats
    checked: Halves
    checked_labels: Labels
    checked_sums: Floats


def of_digits(head: Head, folder: Path | None) -> Rehearsal:
    """Return the rehearsal for a network that reads, kept in a folder if one is given."""
    return _rehearsal(head, folder, "digits", lambda random: [_digits(count, random) for count in DIGITS])


def of_doubt(head: Head, folder: Path | None) -> Rehearsal:
    """Return the rehearsal for a network that doubts, kept likewise."""

    def draw(random: Random) -> list[tuple[Images, Labels]]:
        parts = []
        for count in OTHERS:
            others = [_row(random) if random.random() < ROWS else scribble(random) for _ in range(count)]
            images, labels = _digits(count, random)
            images = np.concatenate([images, styles.images(others, random)])
            parts.append((images, np.append(labels, np.full(count, NONE, np.uint8))))
        return parts

    return _rehearsal(head, folder, "doubt", draw)


def _rehearsal(
    head: Head, folder: Path | None, name: str, draw: Callable[[Random], list[tuple[Images, Labels]]]
) -> Rehearsal:
    path = folder and folder / f"{name}-{VERSION}-{hashlib.sha256(head.file).hexdigest()[:32]}.npz"
    if path and (kept := _kept(path, head)):
        return kept
    features = Features(head)
    parts = []
    for images, labels in draw(np.random.default_rng(SEED)):
        given = features.of(scaled(images)).astype(np.float16)
        parts.append((given, labels, values(given, head.layers, head.bends)[-1]))
    rehearsal = Rehearsal(*parts[0], *parts[1])
    if path:
        with contextlib.suppress(OSError):  # then it's drawn again next time
            path.parent.mkdir(parents=True, exist_ok=True)
            with replaced(path, private=True) as file:
                np.savez(file, **rehearsal._asdict())
            keep_newest(path.parent, MOST_KEPT)
    return rehearsal


def _kept(path: Path, head: Head) -> Rehearsal | None:
    """Return what's kept in a file; None if there isn't a file, or it doesn't fit."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            found = Rehearsal(*(file[name] for name in Rehearsal._fields))
        os.utime(path)
    except (OSError, ValueError, KeyError, EOFError, TypeError, zipfile.BadZipFile):
        return None
    inputs, answers = head.layers[0].weights.shape[1], len(head.layers[-1].bias)
    fit = all(
        [str(each.dtype) for each in (features, labels, sums)] == ["float16", "uint8", "float32"]
        and (features.shape, sums.shape) == ((len(labels), inputs), (len(labels), answers))
        for features, labels, sums in (found[:3], found[3:])
    )
    return found if fit else None


def _digits(count: int, random: Random) -> tuple[Images, Labels]:
    """Return drawn digits and their labels."""
    marks, labels = zip(*drawn(count, random), strict=True)
    return styles.images(marks, random), np.array(labels, np.uint8)


def drawn(count: int, random: Random) -> Iterator[tuple[list[Line], int]]:
    """Yield the lines of drawn digits, with their labels; half are plain, half in styles that few people write."""
    bare = skeletons()
    for place in range(count):
        if place % 2:
            drawing = bare[int(random.integers(len(bare)))]
            lines, label = styles.redrawn(drawing, random), drawing.label
        else:
            shape = shapes.shape(random)
            lines, label = styles.warped(shape.drawn(random), random), shape.digit
        yield styles.warped(lines, random) if random.random() < TWICE else lines, int(label or 0)


def _row(random: Random) -> list[Line]:
    """Return two or three digits side by side."""
    row: list[Line] = []
    place = 0.0
    for _ in range(2 if random.random() < 0.8 else 3):
        lines = styles.warped(shapes.shape(random).drawn(random), random)
        low, high = styles.box(lines)
        size = random.uniform(0.8, 1.2) / max(float((high - low).max()), 1e-6)
        row += [(line - low) * size + (place, random.uniform(-0.1, 0.1)) for line in lines]
        place += float((high - low)[0]) * size + random.uniform(-0.05, 0.4)
    return row
