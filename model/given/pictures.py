"""Turns pictures and ink in a folder for each digit into network input, as the window does."""

from __future__ import annotations

import io
import os
import re
import warnings
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
from PIL import Image

from model.base.errors import UserError
from model.base.events import Event, Stage
from model.base.files import read_plain
from model.base.language import _
from model.base.shown import shown
from model.data.data import Mnist
from model.data.fitted import Images, fitted, in_bytes
from model.data.refused import Array, wrong
from model.ink import document
from model.ink.ink import Drawing
from model.reading.normalize import SIDE, normalize_drawing
from model.reading.recognizer import Recognizer

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP")
ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", *document.ENDINGS)
MOST_BYTES = 1_000_000  # of a file: it's of one digit
MOST_PIXELS = 1_000_000
MOST_SCANS = 50  # of a JPEG: each goes over all of its pixels
MOST_PICTURES = 100_000
MOST_ENTRIES = 200_000  # of a folder that are looked at
TOLD_EACH = 100  # pictures

_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TRAIN, _TEST = ("train", "training"), ("test", "testing", "val", "valid", "validation")

Classes = dict[str, dict[int, Path]]  # side ("train", "test") -> digit -> its folder


def by_class(path: Path) -> Classes:
    """Return the folders of pictures in a folder: one for each digit, directly or in folders to train and to test.

    Empty if there are fewer than two.
    """
    if not os.path.isdir(path):  # noqa: PTH112  (Path.is_dir raises where a folder on the way is closed to us)
        return {}
    if len(classes := _digits(path)) > 1:
        return {"train": classes}
    sides: Classes = {}
    for folder in _folders(path):
        side = next((side for side, names in (("train", _TRAIN), ("test", _TEST)) if folder.name.lower() in names), "")
        if side and side not in sides and len(classes := _digits(folder)) > 1:
            sides[side] = classes
    if "train" in sides:
        return sides
    inside = _folders(path)
    return by_class(inside[0]) if len(inside) == 1 else {}  # what was unpacked lies in a folder of its own


def _folders(path: Path) -> list[Path]:
    try:
        found = islice(path.iterdir(), MOST_ENTRIES)
        return sorted(each for each in found if each.is_dir() and not each.name.startswith((".", "__")))
    except OSError:
        return []


def _digits(path: Path) -> dict[int, Path]:
    found: dict[int, Path] = {}
    for folder in _folders(path):
        name = folder.name.lower()
        number = re.fullmatch(r"(?:\D*\D)?(\d)", name)
        digit = int(number[1]) if number else _WORDS.index(name) if name in _WORDS else None
        if digit is not None:
            found.setdefault(digit, folder)
    return found


def load(classes: Classes, path: Path, recognizer: Recognizer, report: Callable[[Event], None]) -> Mnist:
    """Return some folders' pictures as images and labels, as a model's eye finds them. Raises DataError."""
    left_out: list[str] = []
    arrays: list[Array] = []
    files = {side: list(_files(folders)) for side, folders in classes.items()}
    count = sum(map(len, files.values()))
    if count > MOST_PICTURES:
        raise wrong(
            _("{path} has more than {most:,} pictures. Choose a folder with fewer."), path=path, most=MOST_PICTURES
        )
    done = 0
    for side in sorted(files, reverse=True):  # to train, then to test
        images, labels = [], []
        for digit, file in files[side]:
            if done % TOLD_EACH == 0:
                report(Stage(_("reading picture {number:,} of {count:,}").format(number=done + 1, count=count)))
            done += 1
            image = _image(file, recognizer)
            if image is None:
                left_out.append(file.name)
            else:
                images.append(image)
                labels.append(digit)
        if images:
            place = str(path)
            arrays += [Array(place, np.stack(images)), Array(place, np.array(labels, np.uint8))]
    if not arrays:
        raise wrong(_("{path} has no readable pictures in its folders of digits; {choose}."), path=path)
    parts, notes = fitted(arrays)
    if left_out:
        sentence = _("{count} pictures were left out, because nothing in them can be read; {name} is one of them.")
        notes = (*notes, sentence.format(count=len(left_out), name=shown(left_out[0])))
    return Mnist(*parts, source=shown(path.name), notes=notes)


def _files(folders: dict[int, Path]) -> Iterator[tuple[int, Path]]:
    for digit, folder in folders.items():
        found = sorted(islice(folder.iterdir(), MOST_ENTRIES))
        yield from ((digit, file) for file in found if file.suffix.lower() in ENDINGS)


def _image(file: Path, recognizer: Recognizer) -> Images | None:
    """Return a picture or ink as the network gets it, in bytes; None where it can't be read, or shows nothing."""
    try:
        content = read_plain(file, MOST_BYTES)
        if document.is_ink(content[: document.HEAD].decode(errors="replace")):
            return _drawn(content)
        if content.count(b"\xff\xda") > MOST_SCANS:
            return None
        with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return None
            picture.load()
            if picture.size == (SIDE, SIDE):  # as MNIST's: it was normalized already
                return np.asarray(picture.convert("L"))
            image = recognizer.image(picture)
    except (
        UserError,
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        OverflowError,
        MemoryError,
        Image.DecompressionBombError,
    ):
        return None
    return in_bytes(image) if image.any() else None


def _drawn(content: bytes) -> Images | None:
    drawing = next(document.read_document(content), None)
    if not isinstance(drawing, Drawing) or drawing.is_blank:
        return None
    return in_bytes(normalize_drawing(drawing))
