"""What networks learn from: MNIST (a chosen .npz file, a folder of IDX files, Keras' own download) and pen ink."""

from __future__ import annotations

import errno
import gzip
import io
import json
import math
import os
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
import numpy.typing as npt

from model.base.errors import UserError
from model.base.files import open_plain, read_plain
from model.base.language import N_, _
from model.base.shown import shown
from model.data import download
from model.ink.ink import Drawing, InkError, read_lines

Images = npt.NDArray[np.uint8]  # (n, 28, 28), 0 paper to 255 ink
Labels = npt.NDArray[np.uint8]  # (n,), 0 to 9

NPZ_NAMES = ("x_train", "y_train", "x_test", "y_test")
IDX_NAMES = tuple(f"{side}-{kind}-ubyte" for side in ("train", "t10k") for kind in ("images-idx3", "labels-idx1"))
DIGITS = tuple("0123456789")
LOOKALIKES = frozenset("OoDQIliSsZzBbgq/")  # letters and signs that cannot be told from digits: nothing to judge by
LARGEST_DATA = 400_000_000  # bytes of all arrays together, half a million images, and of a file that holds them
LARGEST_PEOPLE = 1_000_000  # bytes of the file
LONGEST_LABEL = 20  # letters of a wrong one that are told
PEOPLE_FILE = "people.json"  # beside an ink file: whose drawings train, validate and judge
SIDES = ("train", "validation", "judge")
CHOOSE = N_("choose an .npz file with x_train, y_train, x_test and y_test, or a folder of MNIST's four IDX files")
AGAIN = N_(
    "download it again, or choose an .npz file with x_train, y_train, x_test and y_test, or a folder of MNIST's four "
    "IDX files"
)


class DataError(UserError):
    """A data file that cannot be used; the text says which, why, and what to do."""

    instead = "data"


class _Array(NamedTuple):
    name: str  # in sentences: a file's own, or a member's and its file's
    array: npt.NDArray[np.generic]


@dataclass(frozen=True, slots=True)
class Mnist:
    """Images and labels to train with and to judge by, and where they came from."""

    train_images: Images
    train_labels: Labels
    test_images: Images
    test_labels: Labels
    source: str


@dataclass(frozen=True, slots=True)
class Ink:
    """Drawings with a digit as label, parted by writer, so that nobody's hand is on two sides."""

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

    A download tells its progress: bytes done, and bytes in all.
    """
    if path is None:
        try:
            downloaded = download.mnist_file(progress)
        except download.DownloadError as error:
            raise _wrong(_("{reason}; try again, or {choose}."), reason=error) from error
        return replace(load(downloaded), source="keras.datasets.mnist")
    if not os.path.exists(path):  # noqa: PTH110  (Path.exists raises for a name that is too long)
        raise _wrong(_("There is no {path}; {choose}."), path=path)
    images, labels, test_images, test_labels = _read_idx_folder(path) if path.is_dir() else _read_npz(path)
    mnist = Mnist(*_checked(images, labels), *_checked(test_images, test_labels), source=shown(path.name))
    if mnist.train_labels.min() == mnist.train_labels.max():
        sentence = _("{name} says {digit} of every image: nothing to learn; {choose}.")
        raise _wrong(sentence, name=labels.name, digit=mnist.train_labels[0])
    return mnist


def _wrong(sentence: str, **words: object) -> DataError:
    return DataError(sentence, choose=_(CHOOSE), again=_(AGAIN), **words)


def scaled(images: Images) -> npt.NDArray[np.float32]:
    """Return images of 0 to 255 as networks read them, 0 to 1."""
    return images.astype(np.float32) / np.float32(255)


def load_ink(paths: Sequence[Path], *, digits: bool = True) -> Ink:
    """Return the drawings of ink files (a JSON object a line, labelled), writers parted as people.json says.

    That file lies beside the ink: ``{"FILE.jsonl": {"train": [writer, ...], "validation": [...], "judge": [...]}}``.
    Writers that it does not name, and all where there is none, train. Without ``digits`` any label will do.
    Raises DataError.
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
                    raise _wrong(_("Drawing {number} in {path}: {drawing}"), number=number, path=path, drawing=drawing)
                if (digits and drawing.label not in DIGITS) or drawing.is_blank:
                    sentence = _(
                        "Drawing {number} in {path} has the label {label!r} and {strokes} "
                        "strokes; each drawing needs a label from 0 to 9 and ink."
                    )
                    label = drawing.label and drawing.label[:LONGEST_LABEL]
                    raise _wrong(sentence, number=number, path=path, label=label, strokes=len(drawing.strokes))
                drawings.append(drawing)
    except OSError as error:
        sentence = _("{path} cannot be read ({reason}); choose a .jsonl file of labelled ink.")
        raise _wrong(sentence, path=path, reason=error.strerror) from error
    if not drawings:
        raise _wrong(_("{path} holds no drawings; choose a .jsonl file of labelled ink."), path=path)
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
            "{people} does not say, for each ink file, who trains, validates and judges; mend it or move it away."
        )
        raise _wrong(sentence, people=people) from error


def _read_npz(path: Path) -> list[_Array]:
    reading = str(path)
    arrays = []
    try:
        # Opened here, because np.load leaves a file open that it cannot read.
        with open_plain(path) as stream:
            check_size(stream, LARGEST_DATA)
            file = np.load(stream, allow_pickle=False)
            if missing := [name for name in NPZ_NAMES if name not in file]:
                raise _wrong(_("{path} has no {missing}; {choose}."), path=path, missing=_(" and no ").join(missing))
            for name in NPZ_NAMES:
                reading = _("{name} in {path}").format(name=name, path=path)
                arrays.append(_Array(reading, np.asarray(file[name].view())))  # view: it can be no array at all
    except DataError:
        raise
    except Exception as error:  # NumPy and zipfile raise nine kinds of them on damaged and foreign files
        if getattr(error, "errno", None) == errno.EFBIG:
            raise _too_large(path) from error
        sentence = _("{reading} is cut off, damaged or not numbers in NumPy's format; {again}.")
        raise _wrong(sentence, reading=reading) from error
    return arrays


def _read_idx_folder(folder: Path) -> list[_Array]:
    arrays: list[_Array] = []
    for name in IDX_NAMES:
        path = _find_idx(folder, name)
        arrays.append(_Array(str(path), _read_idx(path, LARGEST_DATA - sum(each.array.nbytes for each in arrays))))
    return arrays


def _find_idx(folder: Path, name: str) -> Path:
    """Return the file of that name, zipped or not, also as some unpackers spell it (train-images.idx3-ubyte)."""
    for spelling in (name, name.replace("-idx", ".idx")):
        for path in (folder / spelling, folder / f"{spelling}.gz"):
            if path.is_file():
                return path
    raise _wrong(_("{folder} has no {name} (nor {name}.gz); {choose}."), folder=folder, name=name)


def _read_idx(path: Path, most: int) -> npt.NDArray[np.uint8]:
    """Return the array of an IDX file: two zero bytes, type 8 (bytes), the number of sizes, the sizes, the bytes."""
    try:
        content = read_plain(path, most)
        if path.suffix == ".gz":
            with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
                content = packed.read(most + 1)
            if len(content) > most:
                raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    except (OSError, EOFError, zlib.error) as error:
        if getattr(error, "errno", None) == errno.EFBIG:
            raise _too_large(path) from error
        raise _wrong(_("{path} cannot be read whole; {again}."), path=path) from error
    if len(content) < 4 or content[:3] != b"\0\0\x08" or content[3] > 3 or len(content) < 4 + 4 * content[3]:
        raise _wrong(_("{path} is not an IDX file of images or labels; {again}."), path=path)
    shape = np.frombuffer(content, ">u4", count=content[3], offset=4).tolist()
    start = 4 + 4 * content[3]
    if 0 in shape or math.prod(shape) != len(content) - start:  # NumPy refuses some shapes that have a 0
        sentence = _("{path} announces {announced} bytes and holds {held}; {again}.")
        raise _wrong(sentence, path=path, announced=" x ".join(map(str, shape)), held=len(content) - start)
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)


def check_size(stream: BinaryIO, most: int) -> None:
    """Raise OSError (EFBIG) where an .npz file, or what is packed in it, is larger than ``most`` bytes.

    Raises what zipfile raises on a damaged file, or another one, too.
    """
    size = os.fstat(stream.fileno()).st_size
    if size <= most:
        with zipfile.ZipFile(stream) as archive:
            size = sum(member.file_size for member in archive.infolist())
    stream.seek(0)
    if size > most:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))


def _too_large(path: Path) -> DataError:
    return _wrong(_("{path} holds more than {most} MB; {choose}."), path=path, most=LARGEST_DATA // 1_000_000)


def _checked(images: _Array, labels: _Array) -> tuple[Images, Labels]:
    """Return images and labels as bytes when they are 28x28 pictures of 0 to 255 with a digit each."""
    pictures, digits = images.array, labels.array
    wrong = partial(_wrong, images=images.name, labels=labels.name)
    if pictures.ndim == 1 and digits.ndim == 3:
        raise wrong(_("{images} holds labels and {labels} images; swap them, or {choose}."))
    if pictures.ndim != 3 or pictures.shape[1:] != (28, 28) or not len(pictures):
        sentence = _("{images} has the shape {shape}, where images have (count, 28, 28); {choose}.")
        raise wrong(sentence, shape=pictures.shape)
    if pictures.dtype != np.uint8:
        raise wrong(_("{images} holds {type}, not bytes from 0 to 255 (uint8); {choose}."), type=pictures.dtype.name)
    if digits.shape == (len(pictures), 10):
        raise wrong(_("{labels} has ten numbers an image (one-hot); give the digits, as its argmax(axis=1) has them."))
    if digits.ndim != 1:
        raise wrong(_("{labels} has the shape {shape}, where labels have (count,); {choose}."), shape=digits.shape)
    if len(digits) != len(pictures):
        sentence = _("{images} holds {image_count} images and {labels} {label_count} labels; {choose}.")
        raise wrong(sentence, image_count=len(pictures), label_count=len(digits))
    if digits.dtype.kind not in "iu":  # a length of time is one of NumPy's integers, too
        sentence = _("{labels} holds {type}, not whole numbers from 0 to 9; {choose}.")
        raise wrong(sentence, type=digits.dtype.type.__name__)
    if digits.min() < 0 or digits.max() > 9:
        sentence = _("{labels} has labels from {low} to {high}, not digits from 0 to 9; {choose}.")
        raise wrong(sentence, low=digits.min(), high=digits.max())
    return pictures.astype(np.uint8, copy=False), digits.astype(np.uint8)
