"""Drawings taken out of a damaged file."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.kept.sample import COLUMNS, Sample
from app.kept.sqlite_file import Connection
from model.ink.ink import InkError
from model.reading.reading import is_label

LARGEST_NUMBER = 10**15  # of a drawing; after SQLite's own largest, no other could be saved
MOST_NUMBERS = 200_000  # to try
NUMBERS_AT_ONCE = 100  # one by one if some of these are damaged
MOST_IN_VAIN = 20_000  # damaged numbers in a row: then whatever leads to all of them is damaged
DAMAGE = (sqlite3.Error, UnicodeDecodeError)  # SQLite's words quote the file, and Python takes them for UTF-8


def salvage(path: Path, patience: float) -> list[Sample]:
    """Return all drawings that can still be read in a damaged file, waiting this many seconds for other programs."""
    found: dict[int, Sample] = {}
    with contextlib.suppress(*DAMAGE), contextlib.closing(Connection(path, patience)) as old:
        if ("view",) in old.execute("SELECT type FROM sqlite_master WHERE name = 'drawings'"):
            return []  # it could be crafted to go on forever
        try:
            _take_over(old.execute(f"SELECT {COLUMNS} FROM drawings"), found)  # noqa: S608  (no words but our own)
        except DAMAGE:  # some pages are damaged: what's beyond them is found by its number
            _take_over_by_number(old, found)
    return [found[number] for number in sorted(found)]


def _take_over_by_number(old: Connection, found: dict[int, Sample]) -> None:
    """Add drawings that can be read by number: many at once, and one by one if some of these are damaged."""
    question = f"SELECT {COLUMNS} FROM drawings WHERE id BETWEEN ? AND ?"  # noqa: S608  (as above)
    in_vain = 0
    for first in range(1, min(_last_number(old), MOST_NUMBERS) + 1, NUMBERS_AT_ONCE):
        numbers = range(first, first + NUMBERS_AT_ONCE)
        for least, most in ((first, numbers[-1]), *zip(numbers, numbers, strict=True)):
            try:
                _take_over(old.execute(question, (least, most)), found)
            except DAMAGE:
                in_vain += least == most
            else:
                in_vain = 0
                if least < most:
                    break  # none of them is damaged
        if in_vain >= MOST_IN_VAIN:
            return


def _last_number(old: Connection) -> int:
    """Return the largest number that a drawing was given, as far as it can be found."""
    last = 0
    for question in ("SELECT seq FROM sqlite_sequence WHERE name = 'drawings'", "SELECT max(id) FROM drawings"):
        with contextlib.suppress(sqlite3.Error, TypeError, ValueError, OverflowError):
            last = max(last, int(old.execute(question).fetchone()[0]))
    return last


def _take_over(rows: Iterable[Any], found: dict[int, Sample]) -> None:
    """Add those rows that are drawings; one with an impossible number gets a new one."""
    for row in rows:
        read = Sample(*row)
        texts = (read.ink, read.kept, read.read_as or "")
        if isinstance(read.id, int) and is_label(read.label) and all(isinstance(text, str) for text in texts):
            with contextlib.suppress(InkError):
                if not read.drawing.is_blank:
                    found[read.id] = read if 0 < read.id < LARGEST_NUMBER else replace(read, id=0)
