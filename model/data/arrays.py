"""Images and labels read from files as people have them: recognized by a file's content, not by its name."""

from __future__ import annotations

import errno
import gzip
import io
import math
import os
import re
import zipfile
import zlib
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from model.base.files import open_plain, read_plain
from model.base.kinds import NAMES, is_kind, kind_of
from model.base.language import _
from model.data.refused import LARGEST_DATA, Array, DataError, too_large, wrong
from model.data.tables import read_tables

IDX_NAMES = tuple(f"{side}-{kind}-ubyte" for side in ("train", "t10k") for kind in ("images-idx3", "labels-idx1"))
MOST_ENTRIES = 10_000  # of a folder that are looked at

# What people call an array, without case and signs: training's images and labels, and a test's.
_NAMES = (
    ("xtrain", "trainx", "trainimages", "trainingimages", "traindata", "x", "images", "data", "features"),
    ("ytrain", "trainy", "trainlabels", "traininglabels", "y", "labels", "label", "target", "targets", "digits"),
    ("xtest", "testx", "testimages", "testingimages", "testdata", "xval", "valimages", "xvalid"),
    ("ytest", "testy", "testlabels", "testinglabels", "yval", "vallabels", "yvalid"),
)
_PLACES = ("x_train", "y_train", "x_test", "y_test")
_KINDS = ("npz", "csv", "idx", "json", "folder", "zip", "empty", "unknown")  # that may be data, some damaged
_INSIDE = (".", "raw", "MNIST/raw", "gzip")  # where torchvision and others put IDX files in a folder


def read(path: Path) -> list[Array]:
    """Return the images and labels in a file or a folder, and those to test with, if any. Raises DataError."""
    kind = check_kind(path)
    if kind == "folder":
        return _read_folder(path)
    if kind == "csv":
        return read_tables(path)
    if kind == "idx":
        return _read_folder(path.parent)
    return _read_npz(path)


def check_kind(path: Path) -> str:
    """Return what a file or a folder is, a key of `model.base.kinds.NAMES`. Raises DataError if it isn't data."""
    try:
        kind = kind_of(path)
    except OSError as error:
        if not os.path.exists(path):  # noqa: PTH110  (Path.exists raises for a name that is too long)
            raise wrong(_("There's no {path}; {choose}."), path=path) from error
        raise wrong(_("{path} can't be read ({reason}); {choose}."), path=path, reason=error.strerror) from error
    if kind in ("pickle", "torch"):
        sentence = _(
            "{path} is {kind}, and opening one can run code. Load it where you trust it, save its "
            "images and labels as an .npz file (x_train, y_train, x_test, y_test), and choose that."
        )
        raise wrong(sentence, path=path, kind=_(NAMES[kind]))
    if kind == "pictures":
        sentence = _("{path} is {kind}. Unpack it, and choose the folder that has a folder of each digit in it.")
        raise wrong(sentence, path=path, kind=_(NAMES[kind]))
    if kind not in _KINDS:
        raise wrong(
            _("{path} is {kind}, which can't be used to learn digits; {choose}."), path=path, kind=_(NAMES[kind])
        )
    return kind


def _read_folder(folder: Path) -> list[Array]:
    """Return what a folder's IDX files hold, whatever they are called, or its tables or archives."""
    for name in _INSIDE:
        inside = folder / name
        found = _entries(inside)
        if any(
            each.name.removesuffix(".gz") in (known, known.replace("-idx", ".idx"))
            for each in found
            for known in IDX_NAMES
        ):
            return _read_idx_folder(inside)
        if idx := [each for each in found if is_kind(each, "idx")]:
            return _paired(idx)
    found = _entries(folder)
    for kind, reader in (("npz", _read_npz), ("csv", read_tables)):
        files = [each for each in found if is_kind(each, kind)]
        train = [each for each in files if "train" in each.name.lower()]
        if len(files) == 1 or train:
            return reader((train or files)[0])
    return _read_idx_folder(folder)  # which says what a folder should have


def _entries(folder: Path) -> list[Path]:
    try:
        return [Path(each.path) for each in islice(os.scandir(folder), MOST_ENTRIES)]
    except OSError:
        return []


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


def _read_npz(path: Path) -> list[Array]:
    reading = str(path)
    arrays = []
    try:
        # Opened here, because np.load leaves a file open that it can't read.
        with open_plain(path) as stream:
            check_size(stream, LARGEST_DATA)
            file = np.load(stream, allow_pickle=False)
            names = [next((each for each in file.files if _plain(each) in known), None) for known in _NAMES]
            if names[2] is None or names[3] is None:
                names = names[:2]
            if missing := [place for place, name in zip(_PLACES, names, strict=False) if name is None]:
                raise wrong(_("{path} has no {missing}; {choose}."), path=path, missing=_(" and no ").join(missing))
            for name in names:
                reading = _("{name} in {path}").format(name=name, path=path)
                arrays.append(Array(reading, np.asarray(file[name].view())))  # view: it can be no array at all
    except DataError:
        raise
    except Exception as error:  # NumPy and zipfile raise nine kinds of them on damaged and foreign files
        if getattr(error, "errno", None) == errno.EFBIG:
            raise too_large(path, LARGEST_DATA) from error
        sentence = _("{reading} is cut off, damaged or not numbers in NumPy's format; {again}.")
        raise wrong(sentence, reading=reading) from error
    return arrays


def _paired(paths: list[Path]) -> list[Array]:
    """Return the arrays of IDX files as images and labels that are as many: those of training first."""
    arrays, left = [], LARGEST_DATA
    for path in sorted(paths, key=lambda path: path.name):
        arrays.append(Array(str(path), _read_idx(path, left)))
        left -= arrays[-1].array.nbytes
    pairs = [
        (images, labels)
        for images in arrays
        for labels in arrays
        if images.array.ndim == 3 and labels.array.ndim == 1 and len(images.array) == len(labels.array)
    ]
    # Both sides can have as many; then the names are all that tells.
    pairs = [pair for pair in pairs if len(pairs) <= 2 or _is_test(pair[0].name) == _is_test(pair[1].name)]
    if not pairs:
        raise wrong(
            _("{folder} has no IDX files with equally many images and labels; {choose}."), folder=paths[0].parent
        )
    pairs.sort(key=lambda pair: (_is_test(pair[0].name), -len(pair[0].array)))
    return [each for pair in pairs[:2] for each in pair]


def _is_test(name: str) -> bool:
    return bool(re.search("t10k|test|val", Path(name).name.lower()))


def _read_idx_folder(folder: Path) -> list[Array]:
    arrays: list[Array] = []
    for name in IDX_NAMES:
        path = _find_idx(folder, name)
        arrays.append(Array(str(path), _read_idx(path, LARGEST_DATA - sum(each.array.nbytes for each in arrays))))
    return arrays


def _find_idx(folder: Path, name: str) -> Path:
    """Return the file of that name, zipped or not, also as some unpackers spell it (train-images.idx3-ubyte)."""
    for spelling in (name, name.replace("-idx", ".idx")):
        for path in (folder / spelling, folder / f"{spelling}.gz"):
            if path.is_file():
                return path
    raise wrong(_("{folder} has no {name} (nor {name}.gz); {choose}."), folder=folder, name=name)


def _read_idx(path: Path, most: int) -> npt.NDArray[np.uint8]:
    """Return the array of an IDX file: two zero bytes, type 8 (bytes), the number of sizes, the sizes, the bytes."""
    try:
        content = read_plain(path, most)
        if content[:2] == b"\x1f\x8b" or path.suffix == ".gz":
            with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
                content = packed.read(most + 1)
            if len(content) > most:
                raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    except (OSError, EOFError, zlib.error) as error:
        if getattr(error, "errno", None) == errno.EFBIG:
            raise too_large(path, LARGEST_DATA) from error
        raise wrong(_("{path} can't be read to its end; {again}."), path=path) from error
    if len(content) < 4 or content[:3] != b"\0\0\x08" or content[3] > 3 or len(content) < 4 + 4 * content[3]:
        raise wrong(_("{path} isn't an IDX file of images or labels; {again}."), path=path)
    shape = np.frombuffer(content, ">u4", count=content[3], offset=4).tolist()
    start = 4 + 4 * content[3]
    if 0 in shape or math.prod(shape) != len(content) - start:  # NumPy refuses some shapes that have a 0
        sentence = _("{path} should have {announced} bytes, but has {held}; {again}.")
        raise wrong(sentence, path=path, announced=" x ".join(map(str, shape)), held=len(content) - start)
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)


def check_size(stream: BinaryIO, most: int) -> None:
    """Raise OSError (EFBIG) if an .npz file, or what it unpacks to, is larger than ``most`` bytes.

    It also raises what zipfile raises for a damaged file or another kind of file.
    """
    size = os.fstat(stream.fileno()).st_size
    if size <= most:
        with zipfile.ZipFile(stream) as archive:
            size = sum(member.file_size for member in archive.infolist())
    stream.seek(0)
    if size > most:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
