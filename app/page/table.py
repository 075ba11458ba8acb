"""What a page's cells say, as a table that the user corrects; each correction makes a new table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import takewhile

from model.ink.ink import Box
from model.page.page import Cell, Page
from model.reading.reading import Reading

LEAST_GAP = 0.5  # of a row's height: a row that is added between two lies on both where there's less room
Place = tuple[int, int]  # a row and a column, counted from 0; their order is that of reading


@dataclass(frozen=True, slots=True)
class Entry:
    """What a cell says, and who says so."""

    box: Box  # in the picture's pixels
    text: str = ""
    reading: Reading | None = None  # None: nothing was read there
    is_unread: bool = False  # something is written that isn't read yet
    is_heading: bool = False  # a word where words are to be expected: nobody need look at it
    is_corrected: bool = False  # by the user, or said to be right as it is

    @classmethod
    def of(cls, cell: Cell, *, is_heading: bool = False) -> Entry:
        """Return what was read in a cell."""
        return cls(cell.box, cell.written, cell.reading, cell.is_unread, is_heading)

    @property
    def is_doubtful(self) -> bool:
        """Whether its user should look at it."""
        was_rejected = self.reading is not None and not self.reading.accepted
        return not (self.is_corrected or self.is_heading) and (self.is_unread or was_rejected)


Row = tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of entries, all equally long."""

    rows: tuple[Row, ...] = ()

    @classmethod
    def of(cls, page: Page) -> Table:
        """Return what was read on a page; shorter lines are padded with empty entries."""
        headings = _headings(page)
        rows = [
            tuple(Entry.of(cell, is_heading=(row, column) in headings) for column, cell in enumerate(cells))
            for row, cells in enumerate(page.rows)
            if cells
        ]
        wide = max(map(len, rows), default=0)
        return cls(tuple(_filled_up(row, wide, rows) for row in rows))

    def renewed(self, page: Page) -> Table:
        """Return the table for what's now known of the page, keeping the user's corrections."""
        known = {entry.box: entry for row in self.rows for entry in row}

        def newest(entry: Entry) -> Entry:
            old = known.get(entry.box, entry)
            is_same = old.reading is entry.reading and old.is_unread == entry.is_unread
            is_same = is_same and old.is_heading == entry.is_heading
            return old if old.is_corrected or is_same else entry

        return Table(tuple(tuple(map(newest, row)) for row in Table.of(page).rows))

    @property
    def columns(self) -> int:
        """How many columns there are."""
        return len(self.rows[0]) if self.rows else 0

    @property
    def places(self) -> list[Place]:
        """All places in reading order."""
        return [(row, column) for row in range(len(self.rows)) for column in range(self.columns)]

    @property
    def doubts(self) -> list[Place]:
        """The places whose entries are doubtful, in reading order."""
        return [place for place in self.places if self.at(place).is_doubtful]

    @property
    def texts(self) -> list[list[str]]:
        """What the cells say, row by row."""
        return [[entry.text for entry in row] for row in self.rows]

    @property
    def tabbed(self) -> str:
        """The same in the form that spreadsheets paste: a tab between two cells."""
        return "\n".join("\t".join(row) for row in self.texts)

    def at(self, place: Place) -> Entry:
        """Return the entry in a place. Raises IndexError."""
        return self.rows[place[0]][place[1]]

    def next_doubt(self, place: Place | None, by: int = 1) -> Place | None:
        """Return the place of the next doubt after a place, or before it with -1; from the last on to the first.

        Without a place it's the first, or the last. None: there are no more doubts.
        """
        doubts = self.doubts if by > 0 else self.doubts[::-1]
        further = [doubt for doubt in doubts if place is None or (doubt > place if by > 0 else doubt < place)]
        return next(iter(further or doubts), None)

    def corrected(self, place: Place, text: str) -> Table:
        """Return the table with another text in an entry: digits and signs, or empty."""
        entry = replace(self.at(place), text=" ".join(text.split()), is_corrected=True)
        row, column = place
        return self._with_rows(row, 1, [(*self.rows[row][:column], entry, *self.rows[row][column + 1 :])])

    def with_row(self, row: int) -> Table:
        """Return the table with an empty row below one."""
        return self._with_rows(row + 1, 0, [_between(self.rows[row], *self.rows[row + 1 : row + 2])])

    def without_row(self, row: int) -> Table:
        """Return the table without a row."""
        return self._with_rows(row, 1, [])

    def with_rows_merged(self, row: int) -> Table:
        """Return the table with a row and the one below merged; a space separates their texts."""
        return self._with_rows(row, 2, [tuple(map(_joined(" "), *self.rows[row : row + 2]))])

    def with_column(self, column: int) -> Table:
        """Return the table with an empty column right of one."""
        return self._turned().with_row(column)._turned()

    def without_column(self, column: int) -> Table:
        """Return the table without a column."""
        return self._turned().without_row(column)._turned()

    def with_columns_merged(self, column: int) -> Table:
        """Return the table with a column and the one to its right merged: two halves of a number become a number."""
        turned = self._turned()
        merged = tuple(map(_joined(""), *turned.rows[column : column + 2]))
        return turned._with_rows(column, 2, [merged])._turned()

    def _with_rows(self, row: int, count: int, rows: Sequence[Row]) -> Table:
        """Return the table with other rows instead of this many."""
        return Table((*self.rows[:row], *rows, *self.rows[row + count :]))

    def _turned(self) -> Table:
        """Return the table with its columns as rows, and the boxes to match."""
        return Table(tuple(tuple(map(_mirrored, column)) for column in zip(*self.rows, strict=True)))


def _headings(page: Page) -> set[Place]:
    """Return where words are to be expected: in columns of words, and in rows of them above a table's numbers.

    A word elsewhere may be a number that wasn't told from one.
    """
    read = {
        (row, column): cell.reading.reason == "letters"
        for row, cells in enumerate(page.rows)
        for column, cell in enumerate(cells)
        if cell.reading
    }

    def are_words(way: int, at: int) -> bool:
        those = [is_word for place, is_word in read.items() if place[way] == at]
        return 2 * sum(those) > len(those)

    rows: Iterable[int] = range(len(page.rows))
    rows = takewhile(partial(are_words, 0), rows) if page.is_table else filter(partial(are_words, 0), rows)
    across, down = set(rows), {column for column in {column for _row, column in read} if are_words(1, column)}
    return {place for place, is_word in read.items() if is_word and (place[0] in across or place[1] in down)}


def _filled_up(row: Row, wide: int, rows: Sequence[Row]) -> Row:
    """Return a row with empty entries on its right, which lie below those of a row that has them."""
    while len(row) < wide:
        column = next(other[len(row)].box for other in rows if len(other) > len(row))
        left = max(row[-1].box.right, column.left)
        row = (*row, Entry(row[-1].box._replace(left=left, right=left + column.width)))
    return row


def _between(above: Row, below: Row | None = None) -> Row:
    """Return an empty row for the gap between two, or as high as the last one below it."""
    made = []
    for column, entry in enumerate(above):
        box, high = entry.box, entry.box.height
        next_box = below[column].box if below else box._replace(top=box.bottom + high)
        short = max(LEAST_GAP * high - (next_box.top - box.bottom), 0)
        left, right = min(box.left, next_box.left), max(box.right, next_box.right)
        made.append(Entry(Box(left, box.bottom - short / 2, right, next_box.top + short / 2)))
    return tuple(made)


def _joined(between: str) -> Callable[[Entry, Entry], Entry]:
    def join(one: Entry, other: Entry) -> Entry:
        first, second = one.box, other.box
        doubt = next((each for each in (one, other) if each.is_doubtful), None)
        return Entry(
            Box(*map(min, first[:2], second[:2]), *map(max, first[2:], second[2:])),
            between.join(filter(None, (one.text, other.text))),
            reading=doubt.reading if doubt else None,
            is_unread=doubt is not None and doubt.is_unread,
            is_corrected=doubt is None and (one.is_corrected or other.is_corrected),
        )

    return join


def _mirrored(entry: Entry) -> Entry:
    left, top, right, bottom = entry.box
    return replace(entry, box=Box(top, left, bottom, right))
