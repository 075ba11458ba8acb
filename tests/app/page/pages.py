"""Pages as they'd be read, made by hand."""

from __future__ import annotations

from collections.abc import Sequence

from model.ink.ink import Box
from model.page.page import Cell, Page
from model.reading.reading import Digit, Prediction, Reading

CELL = (60, 40)  # a ruled cell, in pixels
CORNER = (20, 30)


def reading(written: str) -> Reading:
    """Return what a number is read as; one that ends with "?" isn't accepted, and "letters" isn't a number."""
    if written == "letters":
        return Reading(hindered="letters")
    text = written.removesuffix("?")
    signs: list[tuple[int, str]] = []
    digits: list[Digit] = []
    for sign in text:
        if sign.isdigit():
            digits.append(Digit(Prediction.certain(sign), Box(0, 0, 9, 9)))
        else:
            signs.append((len(digits), sign))
    return Reading(tuple(digits), believable=text == written, signs=tuple(signs))


def table(*rows: str, is_read: bool = True) -> Page:
    """Return a ruled table: a word for each cell, "_" for an empty one."""

    def cell(row: int, column: int, word: str) -> Cell:
        left, top = CORNER[0] + column * CELL[0], CORNER[1] + row * CELL[1]
        box = Box(left, top, left + CELL[0], top + CELL[1])
        if word == "_":
            return Cell(box)
        return Cell(box, reading(word) if is_read else None, is_inked=True)

    words = [row.split() for row in rows]
    made = tuple(tuple(cell(row, column, word) for column, word in enumerate(each)) for row, each in enumerate(words))
    return Page(made, is_table=True)


def lines(*rows: Sequence[tuple[str, float, float]]) -> Page:
    """Return lines of numbers, each with its left and right end."""
    made = tuple(
        tuple(
            Cell(Box(left, 30 + 50 * row, right, 60 + 50 * row), reading(text), is_inked=True)
            for text, left, right in each
        )
        for row, each in enumerate(rows)
    )
    return Page(made)
