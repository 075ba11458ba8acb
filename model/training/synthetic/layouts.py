"""Where things are on a page: in lines, in a table, in a form's fields. All lengths are heights of a digit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from model.training.synthetic.sheet import Ends, Rectangle
from model.training.synthetic.styles import Random
from model.training.synthetic.writing import Row, extent

PITCH = (1.5, 2.6)  # from a line of a table to the next
PAD = (0.4, 1.0)  # between a cell's sides and what is in it
OPEN_PAD = 0.65  # at least, where no line parts the columns
LINE_PITCH = (1.35, 2.4)  # from a line of writing to the next
UNSTEADY = 0.06  # standard deviation of where something is written
BETWEEN = (1.1, 3.0)  # numbers of one line
AROUND = 0.15  # further than its ink a cell reaches


@dataclass(frozen=True, slots=True)
class Item:
    """Something to write: a number, a word, or nothing."""

    marks: Row = field(default_factory=list)
    written: str = ""  # as a reader should have it

    @property
    def width(self) -> float:
        """How wide it is."""
        return self.box[2] - self.box[0]

    @property
    def box(self) -> Rectangle:
        """Its left, top, right and bottom; nothing is a little room on a line."""
        return extent(self.marks) if self.marks else (0.0, 0.0, 0.5, 1.0)

    def at(self, x: float, y: float) -> tuple[Row, Rectangle]:
        """Return what is written with its left at x and its line's top at y, and where it is then."""
        left, top, right, bottom = self.box
        box = (x - AROUND, y + top - AROUND, x + right - left + AROUND, y + bottom + AROUND)
        return [replace(mark, x=mark.x + x - left, y=mark.y + y) for mark in self.marks], box


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell as it should be read."""

    written: str
    box: Rectangle


@dataclass(frozen=True, slots=True)
class Draft:
    """What is on a page, before it has a size in pixels."""

    marks: Row
    rows: list[list[Spot]]
    lines: list[Ends] = field(default_factory=list)
    pitch: float = 2.0  # from a line to the next
    foot: float = 1.0  # of the first line's digits

    @property
    def box(self) -> Rectangle:
        """Return the left, top, right and bottom of all."""
        ends = [(x, y, x, y) for line in self.lines for x, y in line]
        left, top, right, bottom = zip(*ends, *(spot.box for row in self.rows for spot in row), strict=True)
        marks = extent(self.marks)
        return (
            *(min(marks[0], *left), min(marks[1], *top)),
            *(max(marks[2], *right), max(marks[3], *bottom)),
        )


def table(items: Sequence[Sequence[Item]], ruling: str, random: Random) -> Draft:
    """Return rows of as many cells each, ruled all around, below the rows, in a frame, or not at all.

    Args:
        items: the rows, of which the first is the heading where the ruling is ``frame``.
        ruling: ``all``, ``rows``, ``frame`` or ``none``.
        random: chance.
    """
    pad = random.uniform(max(PAD[0], OPEN_PAD if ruling != "all" else 0), PAD[1])
    pitch = random.uniform(*PITCH)
    lefts = [0.0]
    for column in zip(*items, strict=True):
        lefts.append(lefts[-1] + max(item.width for item in column) + 2 * pad)
    tops = [pitch * place for place in range(len(items) + 1)]
    sides = random.choice(["left", "middle", "right"], len(lefts) - 1, p=[0.5, 0.25, 0.25])
    marks: Row = []
    rows: list[list[Spot]] = []
    for line, top in zip(items, tops, strict=False):
        spots = []
        for item, (left, right), side in zip(line, pairwise(lefts), sides, strict=True):
            free = right - left - 2 * pad - item.width
            x = left + pad + free * {"left": 0.0, "middle": 0.5, "right": 1.0}[str(side)]
            x, y = x + random.normal(0, UNSTEADY), top + (pitch - 1) / 2 + random.normal(0, UNSTEADY)
            written, box = item.at(x, y)
            marks += written
            spots.append(Spot(item.written, (left, top, right, top + pitch) if ruling == "all" else box))
        rows.append(spots)
    level = [[(lefts[0], y), (lefts[-1], y)] for y in tops]
    upright = [[(x, tops[0]), (x, tops[-1])] for x in lefts]
    framed = [*level[:2], level[-1], upright[0], upright[-1]]
    lines = {"all": [*level, *upright], "rows": level, "frame": framed, "none": []}[ruling]
    return Draft(marks, rows, [*lines], pitch, (pitch + 1) / 2)


def lines(rows: Sequence[Sequence[Item]], random: Random, *, right: bool = False, pitch: float = 0.0) -> Draft:
    """Return lines with some items in each, one below the other; with ``right`` they end below each other."""
    pitch = pitch or random.uniform(*LINE_PITCH)
    marks: Row = []
    spots: list[list[Spot]] = []
    indented = random.uniform(0, 0.5)
    for place, line in enumerate(rows):
        gaps = random.uniform(*BETWEEN, len(line))
        wide = sum(item.width for item in line) + gaps[1:].sum()
        x = random.normal(0, UNSTEADY) - wide if right else abs(random.normal(0, indented))
        spots.append([])
        for item, gap in zip(line, gaps, strict=True):
            written, box = item.at(x, pitch * place + random.normal(0, UNSTEADY))
            marks += written
            spots[-1] += [Spot(item.written, box)] if item.written else []
            x += item.width + gap
    return Draft(marks, spots, [], pitch)


def beside(one: Draft, other: Draft, gap: float) -> Draft:
    """Return two drafts side by side; each line is one row."""
    move = one.box[2] + gap - other.box[0]
    marks = [*one.marks, *(replace(mark, x=mark.x + move) for mark in other.marks)]
    rows = [[*row] for row in one.rows]
    for row, more in zip(rows, other.rows, strict=False):
        row += [Spot(each.written, (each.box[0] + move, each.box[1], each.box[2] + move, each.box[3])) for each in more]
    return Draft(marks, rows, [], one.pitch)


def added_up(draft: Draft, random: Random) -> Draft:
    """Return lines with one drawn above the last of them, as in a sum."""
    left, _top, right, _bottom = draft.box
    last = draft.pitch * (len(draft.rows) - 1)
    y = last - (draft.pitch - 1) / 2 + random.normal(0, 0.05)
    ends = [(left - random.uniform(0.1, 0.8), y), (right + random.uniform(0.1, 0.5), y + random.normal(0, 0.05))]
    return replace(draft, lines=[ends])


def form(fields: Sequence[Sequence[tuple[Item, Item]]], random: Random) -> Draft:
    """Return rows of labels with boxes next to or below them, which hold the items; now and then with ticks."""
    below, pitch = random.random() < 0.4, random.uniform(2.4, 3.4)
    ticked = random.random() < 0.4
    labels = max(label.width for row in fields for label, _ in row) + 0.5
    wide = max(item.width for row in fields for _, item in row) + random.uniform(0.7, 2.0)
    step = (0 if below else labels) + wide + random.uniform(0.8, 2.0)
    high = random.uniform(1.4, 1.7)
    marks: Row = []
    rows: list[list[Spot]] = []
    drawn: list[Ends] = []
    for place, row in enumerate(fields):
        y = place * (pitch + below)
        rows.append([])
        for column, (label, item) in enumerate(row):
            x = column * max(step, labels)
            marks += label.at(x, y - 0.2 - below * (high + 1) / 2)[0]
            left = x + (0 if below else labels)
            right, top, bottom = left + wide, y - (high - 1) / 2, y + (high + 1) / 2
            drawn.append([(left, top), (right, top), (right, bottom), (left, bottom), (left, top)])
            if ticked:
                ticks = [left + wide * part / 8 for part in range(1, 8)]
                drawn += [[(tick, bottom - 0.2), (tick, bottom)] for tick in ticks]
            marks += item.at(left + random.uniform(0.2, 0.5), y + random.normal(0, 0.04))[0]
            rows[-1].append(Spot(item.written, (left, top, right, bottom)))
    return Draft(marks, rows, drawn, pitch)


def papered(draft: Draft, squared: int, reach: float) -> list[Ends]:
    """Return the lines of paper that lines of writing stand on; of squares, where so many go from one to the next."""
    left, top, right, bottom = (side + way * reach for side, way in zip(draft.box, (-1, -1, 1, 1), strict=True))
    step = draft.pitch / max(1, squared)
    first = draft.foot - step * round((draft.foot - top) / step)
    level: list[Ends] = [[(left, y), (right, y)] for y in _steps(first, bottom, step)]
    upright: list[Ends] = [[(x, top), (x, bottom)] for x in _steps(left + step / 3, right, step)]
    return level + upright if squared else level


def _steps(first: float, last: float, step: float) -> list[float]:
    return [first + step * place for place in range(max(0, int((last - first) / step) + 1))]
