"""Drawings taken out of a damaged file."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.kept.sample import COLUMNS, DIGITS, Sample
from app.kept.sqlite_file import Connection
from model.ink.ink import InkError

LARGEST_NUMBER = 10**15  # of a drawing; with SQLite's own largest no other could be kept after it
MOST_NUMBERS = 200_000  # that are tried
NUMBERS_AT_ONCE = 100  # one by one where some of these are damaged
MOST_IN_VAIN = 20_000  # numbers in a row that meet with damage: then what leads to all of them is damaged
DAMAGE = (sqlite3.Error, UnicodeDecodeError)  # SQLite's words quote the file, and Python takes them for UTF-8


def salvage(path: Path, patience: float) -> list[Sample]:
    """Return all drawings that can still be read in a damaged file, with so many seconds for other programs."""
    found: dict[int, Sample] = {}
    with contextlib.suppress(*DAMAGE), contextlib.closing(Connection(path, patience)) as old:
        if ("view",) in old.execute("SELECT type FROM sqlite_master WHERE name = 'drawings'"):
            return []  # it can be made to go on for ever
        try:
            _take_over(old.execute(f"SELECT {COLUMNS} FROM drawings"), found)  # noqa: S608  (no words but our own)
        except DAMAGE:  # it is in some pages: what lies beyond them has its number
            _take_over_by_number(old, found)
    return [found[number] for number in sorted(found)]


def _take_over_by_number(old: Connection, found: dict[int, Sample]) -> None:
    """Add what can be read by its number to what was found: many at once, one by one where some are damaged."""
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
                    break  # all of them are whole
        if in_vain >= MOST_IN_VAIN:
            return


def _last_number(old: Connection) -> int:
    """Return the largest number that was given to a drawing, as far as it can be told."""
    last = 0
    for question in ("SELECT seq FROM sqlite_sequence WHERE name = 'drawings'", "SELECT max(id) FROM drawings"):
        with contextlib.suppress(sqlite3.Error, TypeError, ValueError, OverflowError):
            last = max(last, int(old.execute(question).fetchone()[0]))
    return last


def _take_over(rows: Iterable[Any], found: dict[int, Sample]) -> None:
    """Add rows to what was found, as far as they are drawings; a number that cannot be is given anew."""
    for row in rows:
        read = Sample(*row)
        texts = (read.ink, read.kept, read.read_as or "")
        if isinstance(read.id, int) and read.label in DIGITS and all(isinstance(text, str) for text in texts):
            with contextlib.suppress(InkError):
                if not read.drawing.is_blank:
                    found[read.id] = read if 0 < read.id < LARGEST_NUMBER else replace(read, id=0)
