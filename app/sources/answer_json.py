"""An answer as JSON: the fields of `recognize --json`, which docs/command-line.md describes."""

from __future__ import annotations

from typing import Any

from app.sources.batch import Answer
from model.base.errors import UserError
from model.ink.ink import Box
from model.page.page import Cell, Page, digits_of
from model.reading.layout import around
from model.reading.reading import Alternatives, Digit, Reading

VERSION = 2  # of the fields: one that is changed or goes makes the next


def told(answer: Answer) -> dict[str, Any]:
    """Return an answer's fields, or what's wrong."""
    where, reading = {"version": VERSION, "source": answer.source, "index": answer.index}, answer.reading
    if isinstance(reading, UserError):
        return where | {"error": str(reading)}
    one = reading if isinstance(reading, Reading) else None
    probabilities = one.probabilities if one else None
    return where | {
        "text": reading.text,
        "written": reading.written,
        "digit": one.digit if one else None,
        "confidence": round(reading.confidence, 6),
        "probabilities": None if probabilities is None else [round(each, 6) for each in probabilities],
        "accepted": reading.accepted,
        "reason": reading.reason,
        "alternatives": _rounded(one.alternatives if one else ()),
        "digits": [_digit(digit) for digit in reading.digits],
        "lines": _lines(reading),
    }


def told_as_table(answer: Answer) -> dict[str, Any]:
    """Return the fields of a page's table, row by row, or what's wrong."""
    where, page = {"version": VERSION, "source": answer.source, "index": answer.index}, answer.reading
    if isinstance(page, UserError):
        return where | {"error": str(page)}
    assert isinstance(page, Page)
    rows = [[_cell(cell) for cell in row] for row in page.rows]
    return where | {"table": page.is_table, "accepted": page.accepted, "reason": page.reason, "rows": rows}


def _cell(cell: Cell) -> dict[str, Any]:
    reading = cell.reading
    return {
        "text": cell.text,
        "written": cell.written,
        "box": _box(cell.box),
        "confidence": round(reading.confidence, 6) if reading else None,
        "accepted": reading.accepted if reading else None,
        "reason": reading.reason if reading else "",
        "digits": [_digit(digit) for digit in reading.digits] if reading else [],
    }


def _lines(reading: Reading | Page) -> list[dict[str, Any]]:
    rows = [reading.digits] if isinstance(reading, Reading) else [digits_of(row) for row in reading.rows]
    told = zip(reading.text.split("\n"), reading.written.split("\n"), rows, strict=True)
    return [
        {
            "text": text,
            "written": written,
            "box": _box(around([digit.box for digit in digits])),
            "digits": [_digit(digit) for digit in digits],
        }
        for text, written, digits in told
        if digits
    ]


def _digit(digit: Digit) -> dict[str, Any]:
    return {
        "text": digit.prediction.text,
        "box": _box(digit.box),
        "confidence": round(digit.prediction.confidence, 6),
        "accepted": digit.prediction.accepted,
        "alternatives": _rounded(digit.prediction.alternatives),
    }


def _box(box: Box) -> list[float]:
    return [round(side, 1) for side in box]


def _rounded(alternatives: Alternatives) -> list[list[str | float]]:
    return [[text, round(probability, 6)] for text, probability in alternatives]
