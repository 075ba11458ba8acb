"""A page's contents, as values: rows of cells, each empty, a number, or something that isn't a number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import compress
from math import prod

from model.ink.ink import Box
from model.reading.reading import Digit, Reading, Reason


@dataclass(frozen=True, slots=True)
class Cell:
    """One place on a page: a table's cell, or a number in a line."""

    box: Box  # in the picture's pixels: a ruled table's cell; else what is written, or the place where nothing is
    reading: Reading | None = None  # None: nothing is written there, or it isn't read yet
    is_inked: bool = False  # whether something is written

    @property
    def is_unread(self) -> bool:
        """Whether something is written that isn't read yet."""
        return self.is_inked and self.reading is None

    @property
    def written(self) -> str:
        """The number with its signs, such as "3.70"; empty if there's none, as for a word."""
        return self.reading.written if self.reading and self.reading.reason not in ("letters", "blank") else ""

    @property
    def text(self) -> str:
        """The digits alone; empty if there are none."""
        return self.reading.text if self.written and self.reading else ""

    @property
    def is_doubtful(self) -> bool:
        """Whether the reading isn't accepted, so a person should check it."""
        return self.reading is not None and not self.reading.accepted


@dataclass(frozen=True, slots=True)
class Page:
    """The rows from top to bottom, each of cells from left to right."""

    rows: tuple[tuple[Cell, ...], ...] = ()
    is_table: bool = False  # then all rows have as many cells, and some may be empty; else they are lines of text
    is_number: bool = False  # neither rows nor lines were found: it's a picture of one number

    @property
    def cells(self) -> Iterator[Cell]:
        """All cells, row by row."""
        return (cell for row in self.rows for cell in row)

    @property
    def table(self) -> list[list[str]]:
        """What is written in each cell, row by row; rows of lines are filled up to the longest."""
        wide = max(map(len, self.rows), default=0)
        return [[*(cell.written for cell in row), *[""] * (wide - len(row))] for row in self.rows]

    def with_cell(self, row: int, column: int, cell: Cell) -> Page:
        """Return the page with another cell in a place."""
        cells = self.rows[row]
        changed = (*cells[:column], cell, *cells[column + 1 :])
        return replace(self, rows=(*self.rows[:row], changed, *self.rows[row + 1 :]))

    @property
    def digits(self) -> tuple[Digit, ...]:
        """Every digit that was read, in reading order."""
        return digits_of(self.cells)

    @property
    def text(self) -> str:
        """A line a row, the digits alone."""
        return "\n".join("".join(cell.text for cell in row) for row in self.rows)

    @property
    def written(self) -> str:
        """A line a row, the numbers with their signs; between two of a line is a space, of a table a tab.

        A table's columns without numbers, as of names, are left out.
        """
        if not self.is_table:
            return "\n".join(" ".join(cell.written for cell in row) for row in self.rows)
        shown = [any(cell.written for cell in column) for column in zip(*self.rows, strict=True)]
        return "\n".join("\t".join(cell.written for cell in compress(row, shown)) for row in self.rows)

    @property
    def confidence(self) -> float:
        """The probability that every digit is right: the product of theirs; 0 where there's none."""
        digits = self.digits
        return prod(digit.prediction.confidence for digit in digits) if digits else 0.0

    @property
    def reason(self) -> Reason:
        """Why the first rejected cell isn't accepted; empty if all are."""
        reasons = (cell.reading.reason for cell in self.cells if cell.reading)
        return next(filter(None, reasons), "" if self.digits else "blank")

    @property
    def hindered(self) -> Reason:
        """What in the picture prevents a sure reading of the first such cell; empty if nothing does."""
        return next((cell.reading.hindered for cell in self.cells if cell.reading and cell.reading.hindered), "")

    @property
    def accepted(self) -> bool:
        """Whether all that is written is taken to be numbers."""
        return not self.reason


def digits_of(cells: Iterable[Cell]) -> tuple[Digit, ...]:
    """Return the digits of the numbers that stand in cells, in their order."""
    return tuple(digit for cell in cells if cell.text and cell.reading for digit in cell.reading.digits)
