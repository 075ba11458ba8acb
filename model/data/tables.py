"""Tables of numbers as people keep MNIST in them: one picture and its label a line, with or without a header."""

from __future__ import annotations

import os
import re
import warnings
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from model.base.files import open_plain
from model.base.kinds import is_kind
from model.base.language import _
from model.data.refused import Array, DataError, too_large, wrong

LARGEST_TABLE = 200_000_000  # bytes of a table's text: the numbers of it can take twice as many
MOST_COLUMNS = 10_000
LONGEST_LINE = 1_000_000  # bytes, of the first one


def read_tables(path: Path) -> list[Array]:
    """Return a table's pictures and labels, and those of the test table next to it, if it has labels, too."""
    train = _read_table(path)
    if not train:
        sentence = _(
            "{path} has 784 numbers in each line, but no label. Choose the table that has a label in each line."
        )
        raise wrong(sentence, path=path)
    beside = path.with_name(re.sub("train", "test", path.name, flags=re.IGNORECASE))
    return [*train, *(_read_table(beside) if beside.name != path.name and is_kind(beside, "csv") else [])]


def _read_table(path: Path) -> list[Array]:
    """Return a table's pictures, a line each, and their labels: the column of that name, or the first, or the last.

    Nothing comes of a table without labels. Raises DataError.
    """
    try:
        with open_plain(path) as stream:
            if os.fstat(stream.fileno()).st_size > LARGEST_TABLE:
                raise too_large(path, LARGEST_TABLE)
            first = stream.readline(LONGEST_LINE).decode("utf-8-sig")
            delimiter = max(",;\t", key=first.count)
            heads = [head.strip(" \"'\r\n").lower() for head in first.split(delimiter)]
            has_head = any(re.search("[a-z]", re.sub(r"e[+-]?\d+$", "", head)) for head in heads)
            if not has_head:
                stream.seek(0)
            if len(heads) > MOST_COLUMNS:
                raise ValueError
            table = _numbers(stream, delimiter)
    except DataError:
        raise
    except (OSError, ValueError, MemoryError) as error:
        sentence = _("{path} isn't a table with a number in each place; {choose}.")
        raise wrong(sentence, path=path) from error
    if table.shape[1] != 785:
        if table.shape[1] == 784:
            return []
        sentence = _("{path} has {columns} numbers in each line, not a label and 28x28 numbers; {choose}.")
        raise wrong(sentence, path=path, columns=table.shape[1])
    named = [place for place, head in enumerate(heads) if head in ("label", "labels", "class", "digit", "y")]
    labels = named[0] if has_head and named else _label_column(table)
    return [
        Array(str(path), np.delete(table, labels, axis=1)),
        Array(_("The labels in {path}").format(path=path), table[:, labels]),
    ]


def _numbers(stream: BinaryIO, delimiter: str) -> npt.NDArray[np.generic]:
    """Return a table's numbers, as bytes where they are such. Raises ValueError."""
    start = stream.tell()

    def read(kind: type[np.generic]) -> npt.NDArray[np.generic]:
        stream.seek(start)
        with warnings.catch_warnings(action="error"):  # of no lines it warns
            return np.loadtxt(stream, kind, delimiter=delimiter, quotechar='"', comments=None, ndmin=2)

    try:
        try:
            return read(np.uint8)
        except ValueError:
            return read(np.float32)
    except Warning as error:
        raise ValueError from error


def _label_column(table: npt.NDArray[np.generic]) -> int:
    """Return which column has the labels: the first, unless it is blank paper and the last isn't."""
    return -1 if not table[:, 0].any() and table[:, -1].any() else 0
