"""The kinds of made-up pages: lists of marks, tables, meters, forms, logs, sums, and lines on paper of all kinds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from model.training.synthetic import layouts
from model.training.synthetic.hand import HEADINGS, LABELS, Hand
from model.training.synthetic.layouts import Draft, Item
from model.training.synthetic.sheet import Ends
from model.training.synthetic.styles import Random

MOST_CELLS, MOST_COLUMNS, MOST_ROWS = 200, 8, 30  # of a table
EMPTY = 0.1  # of a table's cells
PRINTED = (0.55, 0.9)  # heights of a printed digit, relative to a written one
REACH = 4.0  # heights that paper's lines go on: beyond the margins
ON_LINED, ON_SQUARED = 0.15, 0.15  # of sums, logs and the like are on such paper


@dataclass(frozen=True, slots=True)
class Written:
    """What is written on a page."""

    draft: Draft
    is_table: bool | None  # None: it can be taken for one as well as for lines
    paper: list[Ends]  # the lines that the paper has


def _texts(count: int, random: Random, most: int = 4) -> list[str]:
    """Return so many numbers of one sort, as a column has them: whole ones, or with a fraction; some below zero."""
    after = int(random.choice([0, 0, 1, 2]))
    sign, minus = str(random.choice([".", ","])), random.random() < 0.1
    texts = []
    for _ in range(count):
        text = "".join(map(str, random.integers(0, 10, int(random.integers(1, most + 1)))))
        fraction = "".join(map(str, random.integers(0, 10, after)))
        texts.append("-" * (minus and random.random() < 0.4) + text + (sign + fraction if after else ""))
    return texts


def _numbers(texts: Sequence[str], hand: Hand, random: Random) -> list[Item]:
    return [Item(hand.number(text, random), text) if text else Item() for text in texts]


def _headings(count: int, hand: Hand, random: Random) -> list[Item]:
    size = random.uniform(*PRINTED)
    return [Item(hand.heading(str(text), size, random)) for text in random.choice(HEADINGS, count, replace=False)]


def _columns(rows: int, columns: int, hand: Hand, random: Random, empty: float = EMPTY) -> list[list[Item]]:
    """Return rows of numbers of which some are missing, but no whole row or column."""
    there = random.random((rows, columns)) >= empty
    there[np.arange(rows), random.integers(0, columns, rows)] = True
    there[random.integers(0, rows, columns), np.arange(columns)] = True
    texts = np.array([_texts(rows, random) for _ in range(columns)]).T
    return [_numbers(line, hand, random) for line in np.where(there, texts, "").tolist()]


def _size(random: Random) -> tuple[int, int]:
    """Return how many rows and columns a table has: 4 to 200 cells."""
    columns = int(random.integers(2, MOST_COLUMNS + 1))
    cells = 4 * (MOST_CELLS / 4) ** random.random()
    return int(np.clip(round(cells / columns), 2, min(MOST_ROWS, MOST_CELLS // columns))), columns


def _table(ruling: str) -> Way:
    """Return what makes tables of numbers that are ruled so; a frame has a heading in print, others now and then."""

    def way(hand: Hand, random: Random) -> Written:
        rows, columns = _size(random)
        items = _columns(rows, columns, hand, random)
        if ruling == "frame" or random.random() < 0.3:
            items[0] = _headings(columns, hand, random)
        return Written(layouts.table(items, ruling, random), True, [])

    return way


def _full(hand: Hand, random: Random) -> Written:
    """As many cells as a page has, all of them ruled."""
    items = _columns(MOST_CELLS // MOST_COLUMNS, MOST_COLUMNS, hand, random)
    return Written(layouts.table(items, "all", random), True, [])


def _gaps(hand: Hand, random: Random) -> Written:
    """Rule a table of which a whole column, or a row, or both are empty."""
    rows, columns = _size(random)
    items = _columns(rows, columns, hand, random)
    which = random.integers(3)
    if which != 0:
        items[int(random.integers(rows))] = [Item()] * columns
    if which != 1:
        column = int(random.integers(columns))
        items = [[*row[:column], Item(), *row[column + 1 :]] for row in items]
    return Written(layouts.table(items, "all", random), True, [])


def _marks(hand: Hand, random: Random) -> Written:
    """Make a list of names, by hand or in print, with numbers behind them, below headings in print."""
    rows, columns = _size(random)
    columns = max(1, columns // 2)
    by_hand, size = random.random() < 0.6, random.uniform(*PRINTED)

    def name() -> Item:
        if by_hand:
            return Item(hand.word(random))
        return Item(hand.heading("".join(random.choice(list("aeioumnrstlk"), 6)).title(), size, random))

    items = [[name(), *row] for row in _columns(rows, columns, hand, random)]
    ruling = str(random.choice(["all", "rows", "frame", "none"]))
    return Written(layouts.table([_headings(columns + 1, hand, random), *items], ruling, random), True, [])


def _log(hand: Hand, random: Random) -> Written:
    """Write down a day, a time and a value in each line."""
    rows = int(random.integers(3, MOST_ROWS))
    sign = str(random.choice([".", "."]))
    days, months = random.integers(1, 29, rows), random.integers(1, 13)
    dates = [f"{day:02}{sign}{months:02}{sign}2026" for day in sorted(days)]
    times = [f"{hour:02}:{minute:02}" for hour, minute in random.integers(0, (24, 60), (rows, 2))]
    texts = [list(line) for line in zip(dates, times, _texts(rows, random), strict=True)]
    items = [_numbers(line, hand, random) for line in texts]
    ruling = str(random.choice(["all", "rows", "none", "none"]))
    draft = layouts.table(items, ruling, random)
    return Written(draft, True if ruling == "all" else None, _paper(draft, random) if ruling == "none" else [])


def _meters(hand: Hand, random: Random) -> Written:
    """Print a label, and write a long number behind it, in each line."""
    size, same = random.uniform(*PRINTED), int(random.integers(5, 9))
    labels = random.choice(LABELS, int(random.integers(2, 13)))
    texts = ["".join(map(str, random.integers(0, 10, same))) for _ in labels]
    items = [
        [Item(hand.heading(str(label), size, random)), *_numbers([text], hand, random)]
        for label, text in zip(labels, texts, strict=True)
    ]
    draft = layouts.lines(items, random)
    return Written(draft, None, _paper(draft, random))


def _form(hand: Hand, random: Random) -> Written:
    """Print labels with boxes, most of them with a number in it."""
    size, columns = random.uniform(*PRINTED), int(random.integers(1, 3))
    labels = random.choice(LABELS, (int(random.integers(2, 7)), columns))
    texts = np.where(
        random.random(labels.shape) < EMPTY, "", np.array(_texts(labels.size, random, 8)).reshape(labels.shape)
    )
    texts[0, 0] = texts[0, 0] or "7"
    fields = [
        list(zip([Item(hand.heading(str(label), size, random)) for label in row], items, strict=True))
        for row, items in zip(labels, (_numbers(line, hand, random) for line in texts.tolist()), strict=True)
    ]
    return Written(layouts.form(fields, random), None, [])


def _sum(hand: Hand, random: Random) -> Written:
    """Write numbers one below the other that end at the same place, a line, and one more."""
    items = [[item] for item in _numbers(_texts(int(random.integers(3, 11)), random), hand, random)]
    draft = layouts.added_up(layouts.lines(items, random, right=True), random)
    return Written(draft, None, _paper(draft, random))


def _two_columns(hand: Hand, random: Random) -> Written:
    """Write two columns of lines with a wide gap."""
    pitch = random.uniform(*layouts.LINE_PITCH)
    rows = int(random.integers(2, 13))
    counts = sorted((rows, int(random.integers(max(1, rows - 2), rows + 1))), reverse=True)
    one, other = (
        layouts.lines([[item] for item in _numbers(_texts(count, random, 5), hand, random)], random, pitch=pitch)
        for count in counts
    )
    draft = layouts.beside(one, other, random.uniform(3, 8))
    return Written(draft, None, _paper(draft, random))


def _lines(paper: str) -> Way:
    """Return what writes some lines of a number each on blank, lined or squared paper."""

    def way(hand: Hand, random: Random) -> Written:
        items = [[item] for item in _numbers(_texts(int(random.integers(2, 13)), random, 6), hand, random)]
        draft = layouts.lines(items, random)
        return Written(draft, False, _paper(draft, random, paper))

    return way


def _several(hand: Hand, random: Random) -> Written:
    """Write several numbers in each line, lined up only accidentally."""
    counts = random.integers(1, 6, int(random.integers(2, 9)))
    draft = layouts.lines([_numbers(_texts(int(count), random), hand, random) for count in counts], random)
    return Written(draft, None, _paper(draft, random))


def _one(paper: str) -> Way:
    """Return what writes one number, on lined or squared paper."""

    def way(hand: Hand, random: Random) -> Written:
        draft = layouts.lines([_numbers(_texts(1, random, 6), hand, random)], random)
        return Written(draft, False, _paper(draft, random, paper))

    return way


def _paper(draft: Draft, random: Random, paper: str = "") -> list[Ends]:
    """Return the lines of paper of a kind, or of a random one, mostly blank."""
    chance = [1 - ON_LINED - ON_SQUARED, ON_LINED, ON_SQUARED]
    paper = paper or str(random.choice(["blank", "lined", "squared"], p=chance))
    squares = int(random.integers(2, 5)) if paper == "squared" else 0
    return [] if paper == "blank" else layouts.papered(draft, squares, REACH)


Way = Callable[[Hand, Random], Written]
KINDS: dict[str, Way] = {
    "marks": _marks,
    "table": _table("all"),
    "rows": _table("rows"),
    "frame": _table("frame"),
    "open": _table("none"),
    "gaps": _gaps,
    "full": _full,
    "meters": _meters,
    "form": _form,
    "log": _log,
    "lines": _lines("blank"),
    "lined": _lines("lined"),
    "squared": _lines("squared"),
    "sum": _sum,
    "columns": _two_columns,
    "several": _several,
    "one-lined": _one("lined"),
    "one-squared": _one("squared"),
}
