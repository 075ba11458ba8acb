"""Tables as CSV for spreadsheets, without anything that they would execute."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path

from model.base.errors import UserError
from model.base.files import replaced
from model.base.language import _

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # what a spreadsheet takes for the beginning of one
_NUMBER = re.compile(r"-[0-9.,]*[0-9]")  # a minus makes no formula of it


def as_csv(rows: Iterable[Iterable[object]]) -> str:
    """Return rows of cells as CSV; a text that would be a formula gets an apostrophe before it (OWASP, CSV Injection).

    A negative number stays one.
    """
    text = io.StringIO()
    csv.writer(text).writerows(map(_harmless, row) for row in rows)
    return text.getvalue()


def save_csv(rows: Iterable[Iterable[object]], path: Path) -> None:
    """Write rows of cells as CSV, in UTF-8 with its mark, as spreadsheets want it. Raises UserError."""
    try:
        with replaced(path) as file:
            file.write(as_csv(rows).encode("utf-8-sig", "backslashreplace"))  # a file's name can be no text at all
    except OSError as error:
        sentence = _("{name} can't be written ({reason}); choose another place.")
        raise UserError(sentence, name=path.name, reason=error.strerror) from error


def _harmless(cell: object) -> object:
    is_formula = isinstance(cell, str) and cell.startswith(FORMULA) and not _NUMBER.fullmatch(cell)
    return f"'{cell}" if is_formula else cell
