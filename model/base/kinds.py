"""What a file is, by how it begins and not by its name, so that an error can say what a wrong file is."""

from __future__ import annotations

import gzip
import os
import re
import zlib
from pathlib import Path
from typing import BinaryIO

from model.base.files import open_plain
from model.base.language import N_

HEAD = 512  # bytes that are looked at
TAIL = 64_000  # bytes of a zip, in which its list ends

NAMES = {  # kind -> what it is, for people
    "picture": N_("a picture"),
    "pdf": N_("a PDF"),
    "hdf5": N_("an HDF5 file"),
    "keras": N_("a Keras model"),
    "npz": N_("a NumPy archive"),
    "npy": N_("a single NumPy array"),
    "idx": N_("an IDX file"),
    "csv": N_("a table of numbers"),
    "json": N_("a JSON file"),
    "xml": N_("an XML or SVG file"),
    "text": N_("a text"),
    "pickle": N_("a Python pickle"),
    "torch": N_("a PyTorch file"),
    "onnx": N_("an ONNX network"),
    "tflite": N_("a LiteRT network"),
    "savedmodel": N_("a TensorFlow SavedModel"),
    "matlab": N_("a MATLAB file"),
    "parquet": N_("a Parquet file"),
    "database": N_("an SQLite database"),
    "document": N_("a document or a spreadsheet of an office program"),
    "pictures": N_("a zip of pictures"),
    "zip": N_("a zip"),
    "folder": N_("a folder"),
    "empty": N_("an empty file"),
    "unknown": N_("a file of an unknown kind"),
}

_SAVED = "saved_model.pb"  # in a SavedModel's folder
_BEGINNINGS = (
    (rb"\x89PNG|\xff\xd8\xff|GIF8|BM.{4}\0\0\0\0|RIFF....WEBP|II\*\0|MM\0\*", "picture"),
    (rb"%PDF", "pdf"),
    (rb"\x89HDF\r\n\x1a\n", "hdf5"),
    (rb"\x93NUMPY", "npy"),
    (rb"....TFL3", "tflite"),
    (rb"\0\0[\x08-\x0e][\x01-\x04]", "idx"),
    (rb"SQLite format 3\0", "database"),
    (rb"MATLAB ", "matlab"),
    (rb"PAR1", "parquet"),
    (rb"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19", "torch"),  # before 1.6; since then it's a zip
    (rb"\x80[\x02-\x05]|\((lp|dp|S|t|i)|[lc]?p?numpy\.|cnumpy", "pickle"),
    (rb"\x08[\x01-\x20](\x12.{1,40}|:)", "onnx"),
    (rb"\s*<(\?xml|svg|!DOCTYPE svg|ink)", "xml"),
    (rb"(\xef\xbb\xbf)?\s*[\[{]", "json"),
    (rb"(\xef\xbb\xbf)?[\w \"'.+-]*([,;\t][\w \"'.+-]*){9}", "csv"),
)


def kind_of(path: Path) -> str:
    """Return what a file or a folder is, a key of `NAMES`; for a zip or gzip, what's in it. Raises OSError."""
    if path.name == _SAVED or (path / _SAVED).is_file():
        return "savedmodel"
    if path.is_dir():
        return "folder"
    with open_plain(path) as file:
        head = file.read(HEAD)
        if head.startswith(b"PK\x03\x04"):
            return _in_zip(file)
        if head.startswith(b"\x1f\x8b"):
            file.seek(0)
            head = _unpacked(file)
    return _begins(head, path.suffix.lower())


def is_kind(path: Path, kind: str) -> bool:
    """Return whether there's a file of a kind that can be read."""
    try:
        return kind_of(path) == kind
    except OSError:
        return False


def _begins(head: bytes, suffix: str) -> str:
    if not head:
        return "empty"
    found = next((kind for pattern, kind in _BEGINNINGS if re.match(pattern, head, re.DOTALL)), "")
    if found and not (found == "onnx" and suffix not in (".onnx", "")):
        return found
    return "text" if not set(head) & {*range(9), 127} else "unknown"


def _in_zip(file: BinaryIO) -> str:
    """Return what a zip holds, by the names in its last bytes, where its list is."""
    file.seek(0, os.SEEK_END)
    file.seek(max(0, file.tell() - TAIL))
    tail = file.read(TAIL)
    starts = [found.start() for found in re.finditer(rb"PK\x01\x02", tail)]
    names = [tail[start + 46 :][: int.from_bytes(tail[start + 28 : start + 30], "little")] for start in starts]
    for pattern, kind in (
        (rb"[^/]*\.npy", "npz"),
        (rb"config\.json", "keras"),
        (rb"[^/]*/data\.pkl", "torch"),
        (rb".*saved_model\.pb", "savedmodel"),
        (rb"xl/|word/|mimetype", "document"),
        (rb".*\.(png|jpe?g|bmp|gif|webp)", "pictures"),
    ):
        if any(re.match(pattern, name, re.IGNORECASE | re.DOTALL) for name in names):
            return kind
    return "zip"


def _unpacked(file: BinaryIO) -> bytes:
    try:
        with gzip.GzipFile(fileobj=file) as packed:
            return packed.read(HEAD)
    except (OSError, EOFError, zlib.error):
        return b"\1"
