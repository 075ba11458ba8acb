"""Where the numbers are on a page: which parts of the ink form one, and which are in one row or column.

The page is straight, so rows follow from the numbers' height, and columns from rules or from free space.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

import numpy as np

from model.ink.ink import Box
from model.page.letters import words_of
from model.page.rules import Rules
from model.page.words import NUMBER, WORD, doubts_of
from model.reading.connected import Numbers, all_boxes, connected_parts
from model.reading.layout import around
from model.reading.normalize import Image28
from model.reading.sight import LIKELY, Sight

DIGIT = 0.5  # of the digits' height: what is as high is a digit
CRUMB = 0.06  # of that height, each way: what is smaller is dirt
GAP = 0.7  # of that height: what is further apart isn't one number
ROW = 0.6  # of that height: numbers whose middles are nearer, from top to bottom, are in one row
NEAR = 0.35  # of that height: so near to its number is a digit's loose stroke
BAND = 0.7  # of that height: between two rules that are nearer nothing is written
INNER, CROSSED = 0.2, 0.1  # of a digit's width at its sides if a rule is next to it, and of all that may be crossed
FILLED, TWICE = 0.6, 0.1  # of the places of a table without rules, at least, and of its rows, that two stand in one
SELDOM = 0.2  # of the lines have a number in a column of words, at most: then it's letters
NEXT = 1.7  # times the way from a row to the next: so near a table's heading is to it

Side = tuple[float, float]  # of a row or a column: where it begins and ends


@dataclass(frozen=True, slots=True)
class Place:
    """A place on a page: its box, and the parts of the ink there; none if it's empty."""

    box: Box
    parts: frozenset[int] = frozenset()
    is_word: bool = False  # and no number


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of a page, row by row, and which part each pixel of its ink belongs to, from 1; 0 for none."""

    numbers: Numbers
    boxes: Mapping[int, Box]  # around each part
    rows: tuple[tuple[Place, ...], ...] = ()
    is_table: bool = False


def layout_of(sight: Sight, rules: Rules, doubt: Callable[[Image28], float]) -> Layout:
    """Return where numbers stand on a page that lies straight, in the sight's own pixels.

    ``doubt`` tells of an image how probable it is that it shows no digit.
    """
    numbers = connected_parts(sight.digits > LIKELY)
    boxes = dict(enumerate(all_boxes(numbers), 1))
    down, along = ([rule.at for rule in each] for each in (rules.down, rules.along))
    if _are_crossed(boxes, down, sight.high):
        down, along = [], []
    lines = list(_lines(_written(boxes, sight.high, down), sight, numbers, boxes, doubt))
    found = [place for line in lines for place in line]
    written = [place for place in found if not place.is_word] or found
    if not written:
        return Layout(numbers, boxes)
    columns = _bands(down, [_across(place) for place in written], sight.high, whole=rules.cross)
    ruled = len(columns) > 1
    kept = tuple(tuple(place for place in line if place in written) for line in lines)
    headings: list[list[Place]] = []
    if not ruled:
        columns = _apart([_across(place) for place in written])
        lines, headings = _with_words(lines, columns, words_of(sight, rules), sight.high)
        lines = _with_letters(lines, columns, sight.high)
        columns = _columns(lines)
    if len(columns) < 2 or not (ruled or _are_filled(lines, columns)):
        return Layout(numbers, boxes, tuple(filter(None, kept)))
    lines = _side_by_side([*lines, *_of_table(headings, lines, columns, along)], columns)
    rows = [(_around(map(_down, line)), line) for line in lines]
    bands = _bands(along, [row for row, _line in rows], sight.high, whole=rules.cross)
    if len(bands) > 1 and all(sum(_holds(band, row) for row, _line in rows) < 2 for band in bands):
        rows = [(band, [place for line in lines for place in line]) for band in bands]
    else:
        rows = [(row, line) for row, line in rows if any(_holds(each, _across(it)) for each in columns for it in line)]
    table = tuple(tuple(_in(line, row, column) for column in columns) for row, line in rows)
    return Layout(numbers, boxes, table, is_table=True)


def _lines(
    lines: Sequence[Sequence[Sequence[int]]],
    sight: Sight,
    numbers: Numbers,
    boxes: Mapping[int, Box],
    doubt: Callable[[Image28], float],
) -> Iterator[list[Place]]:
    """Yield what's in each line; among words, a number is hardly one."""
    tall = [[part for part in parts if boxes[part].height > DIGIT * sight.high] for line in lines for parts in line]
    all_doubts = iter(doubts_of(tall, sight, numbers, boxes, doubt))
    for line in lines:
        doubts = [next(all_doubts) for _parts in line]
        is_heading = sum(each > WORD for each in doubts) > len(line) / 2
        most = NUMBER if is_heading else WORD
        yield [
            Place(around([boxes[part] for part in parts]), frozenset(parts), each > most)
            for parts, each in zip(line, doubts, strict=True)
        ]


def _are_crossed(boxes: Mapping[int, Box], down: Sequence[float], high: float) -> bool:
    """Return whether digits stand on rules, as on squared paper: in a table they stand between."""
    tall = [box for box in boxes.values() if box.height > DIGIT * high]
    inner = [(box.left + INNER * box.width, box.right - INNER * box.width) for box in tall]
    crossed = sum(any(first < rule < last for rule in down) for first, last in inner)
    return crossed > CROSSED * len(tall)


def _written(boxes: dict[int, Box], high: float, rules: Sequence[float]) -> list[list[list[int]]]:
    """Return the numbers of each line, from top to bottom and left to right, each as its parts."""
    tall = sorted((box.top + box.bottom, part) for part, box in boxes.items() if box.height > DIGIT * high)
    lines: list[list[int]] = []
    middle = 0.0
    for middles, part in tall:
        if lines and middles / 2 - middle < ROW * high:
            lines[-1].append(part)
            middle += (middles / 2 - middle) / len(lines[-1])
        else:
            lines.append([part])
            middle = middles / 2
    groups = [list(_numbers(boxes, sorted(line, key=lambda part: boxes[part].left), high, rules)) for line in lines]
    _join_small(boxes, [group for line in groups for group in line], high)
    return groups


def _join_small(boxes: Mapping[int, Box], groups: Sequence[list[int]], high: float) -> None:
    """Add to groups the small parts near one of theirs: a loose stroke, a point."""
    owners = [(group, boxes[part]) for group in groups for part in group]
    if not owners:
        return
    left, top, right, bottom = np.array([box for _group, box in owners]).T
    for part, box in boxes.items():
        if box.height <= DIGIT * high and max(box.width, box.height) > CRUMB * high:
            across = np.maximum(np.maximum(left - box.right, box.left - right), 0)
            far = np.maximum(across, np.maximum(top - box.bottom, box.top - bottom))
            if far.min() < NEAR * high:
                owners[far.argmin()][0].append(part)


def _numbers(boxes: dict[int, Box], line: Sequence[int], high: float, rules: Sequence[float]) -> Iterator[list[int]]:
    """Yield the parts of each number in a line, which come from left to right."""
    number, right = [line[0]], boxes[line[0]].right
    for part in line[1:]:
        left = boxes[part].left
        if left - right > GAP * high or any(right - 0.1 * high < rule < left + 0.1 * high for rule in rules):
            yield number
            number = []
        number.append(part)
        right = max(right, boxes[part].right)
    yield number


def _bands(rules: Sequence[float], sides: Sequence[Side], high: float, *, whole: bool) -> list[Side]:
    """Return what is between rules, and beyond the outer ones where something is written.

    Where the rules aren't ``whole``, the outer ones may be a sheet's edges, or a desk's: nothing is written there.
    """
    if not rules:
        return []
    middles = [(first + last) / 2 for first, last in sides]
    first, last = min(rules), max(rules)
    before, after = min(first, *(low for low, _high in sides)), max(last, *(end for _low, end in sides))
    bands = [*pairwise(sorted(rules))]
    bands = [(low, end) for low, end in bands if end - low > BAND * high]
    if any(middle < first for middle in middles):
        bands.insert(0, (before, first))
    if any(middle > last for middle in middles):
        bands.append((last, after))
    used = [place for place, band in enumerate(bands) if any(_holds(band, side) for side in sides)]
    return bands if whole or not used else bands[used[0] : used[-1] + 1]


def _apart(sides: Sequence[Side]) -> list[Side]:
    """Return sides as columns: those that overlap as one."""
    columns: list[Side] = []
    for first, last in sorted(sides):
        if columns and first < columns[-1][1]:
            columns[-1] = columns[-1][0], max(columns[-1][1], last)
        else:
            columns.append((first, last))
    return columns


def _with_letters(lines: Sequence[Sequence[Place]], columns: Sequence[Side], high: float) -> list[list[Place]]:
    """Return lines in which numbers are words where words are usual, and few lines have a number: they're letters."""
    words = [_across(place) for line in lines for place in line if place.is_word]
    letters: list[Place] = []
    for column in columns:
        held = [place for line in lines for place in line if not place.is_word and _holds(column, _across(place))]
        near = sum(_meet((column[0] - high, column[1] + high), word) for word in words)
        if len(held) <= SELDOM * len(lines) and len(held) < near:
            letters += held
    return [[replace(place, is_word=place.is_word or place in letters) for place in line] for line in lines]


def _side_by_side(lines: Sequence[list[Place]], columns: Sequence[Side]) -> list[list[Place]]:
    """Return lines, sorted from top to bottom; two side by side are one, if their numbers are in different columns."""
    joined: list[list[Place]] = []
    before, taken = (0.0, 0.0), set[Side]()
    for line in sorted(lines, key=lambda line: _around(map(_down, line))):
        numbers = [place for place in line if not place.is_word]
        side = _around(map(_down, numbers or line))
        here = {column for column in columns for place in numbers if _holds(column, _across(place))}
        if joined and not here & taken and (_holds(before, side) or _holds(side, before)):
            joined[-1] += line
            before, taken = _around(iter((before, side))), here | taken
        else:
            joined.append([*line])
            before, taken = side, here
    return joined


def _columns(lines: Sequence[Sequence[Place]]) -> list[Side]:
    """Return the columns of numbers, and those of words between or next to them, where many lines have one."""
    columns = _apart([_across(place) for line in lines for place in line if not place.is_word])
    words = [_across(place) for line in lines for place in line if place.is_word]
    usual = [each for each in _apart(words) if sum(_holds(each, word) for word in words) > FILLED * len(lines)]
    return sorted([*columns, *(each for each in usual if not any(_meet(each, column) for column in columns))])


def _with_words(
    lines: Sequence[Sequence[Place]], columns: Sequence[Side], words: Sequence[Box], high: float
) -> tuple[list[list[Place]], list[list[Place]]]:
    """Return lines with the words that the eye left out next to their columns, and lines of only such words."""
    both, alone = [[*line] for line in lines], list[list[Place]]()
    sides = [_around(map(_down, line)) for line in lines]
    for word in sorted((Place(box, is_word=True) for box in words), key=_down):
        beside = [line for line, side in zip(both, sides, strict=True) if _holds(side, _down(word))]
        if not beside and alone and abs(sum(_down(alone[-1][-1])) - sum(_down(word))) < 2 * ROW * high:
            alone[-1].append(word)
        elif not beside:
            alone.append([word])
        elif not any(_meet(_across(word), side) for side in (*columns, *map(_across, beside[0]))):
            beside[0].append(word)
    return both, alone


def _of_table(
    headings: Sequence[list[Place]], lines: Sequence[Sequence[Place]], columns: Sequence[Side], along: Sequence[float]
) -> Iterator[list[Place]]:
    """Yield those lines of words that are a table's rows: next to others, and in most columns or between its rules."""
    middles = sorted(sum(_around(map(_down, line))) / 2 for line in lines)
    step = median(after - before for before, after in pairwise(middles)) if headings else 0.0
    for line in headings:
        at = sum(_around(map(_down, line))) / 2
        filled = sum(any(_meet(column, _across(word)) for word in line) for column in columns)
        is_ruled = len(along) > len(lines) and min(along) < at < max(along)
        if min(abs(at - middle) for middle in middles) < NEXT * step and (is_ruled or filled > FILLED * len(columns)):
            yield line


def _are_filled(lines: Sequence[Sequence[Place]], columns: Sequence[Side]) -> bool:
    """Return whether numbers without rules between them are a table: most places hold one, and hardly any holds two."""
    held = [[place for place in line if _holds(column, _across(place))] for line in lines for column in columns]
    filled, twice = sum(map(bool, held)), sum(sum(not place.is_word for place in each) > 1 for each in held)
    return len(lines) > 1 and filled >= FILLED * len(held) and twice <= TWICE * len(lines)


def _in(written: Sequence[Place], row: Side, column: Side) -> Place:
    """Return the place in a row and a column, with all that is written there."""
    here = [place for place in written if _holds(row, _down(place)) and _holds(column, _across(place))]
    kept = [place for place in here if not place.is_word] or here
    parts = frozenset[int]().union(*(place.parts for place in kept))
    return Place(Box(column[0], row[0], column[1], row[1]), parts, any(place.is_word for place in kept))


def _meet(one: Side, other: Side) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _holds(outer: Side, inner: Side) -> bool:
    return outer[0] <= (inner[0] + inner[1]) / 2 < outer[1]


def _across(place: Place) -> Side:
    return place.box.left, place.box.right


def _down(place: Place) -> Side:
    return place.box.top, place.box.bottom


def _around(sides: Iterator[Side]) -> Side:
    firsts, lasts = zip(*sides, strict=True)
    return min(firsts), max(lasts)
