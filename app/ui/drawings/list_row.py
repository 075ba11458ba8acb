"""What a row of a list says of a drawing or a picture."""

from __future__ import annotations

from pathlib import Path

from app.sources.batch import Answer
from app.ui.kit.numbers import percent
from model.base.errors import UserError
from model.base.language import _
from model.reading.rejection import in_full, what_is_wrong


def can_open(row: Answer) -> bool:
    """Return whether there's something in a row that the window can show."""
    return bool(row.picture or not row.problem)


def values(row: Answer) -> tuple[str, str, str, str]:
    """Return what the columns say of a row."""
    name = Path(row.name).name
    reading = row.reading
    if row.said is not None:
        return name, row.said, _("as you say"), ""
    if isinstance(reading, UserError) or not reading.digits:
        return name, "", "", row.problem
    written = " ".join(reading.written.split())
    if reading.accepted:
        return name, written, percent(reading.confidence), ""
    return name, f"{written}?", "", what_is_wrong(reading)


def problem(row: Answer) -> str:
    """Return all that is wrong with a row, and what helps where its picture is to blame."""
    if row.said is None and not isinstance(row.reading, UserError) and row.reading.hindered:
        return in_full(row.reading)
    return row.problem
