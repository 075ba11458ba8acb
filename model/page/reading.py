"""Reads a page: first where its numbers are, then what each of them is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
from PIL import Image

from model.ink.ink import Box
from model.page.columns import Number, agreed, as_signs
from model.page.layout import Layout, Place, layout_of
from model.page.page import Cell, Page
from model.page.rules import rules_of
from model.page.signs import Specks
from model.page.straight import straightened
from model.reading.layout import around, clipped
from model.reading.parts import read_sight
from model.reading.picture import factor, greys
from model.reading.reading import Reading
from model.reading.recognizer import Recognizer
from model.reading.sight import Sight, grown

LARGEST_SIDE = 3200  # pixels: a larger page is reduced first
GLANCE, PAGE = 800_000, 4_000_000  # pixels that are looked at, to find out how a page lies, and to read it
ENOUGH = 0.9  # of them: a page that needed less needs no second look where it lies straight
MARGIN = 0.5  # heights of the digits that are looked at around a number
SURE = 0.85  # the confidence of each digit, at least, in a number that's accepted: a page is looked at only once
WORD = Reading(hindered="letters")

Spot = tuple[int, int]  # a row and a column


def read_page(picture: Image.Image, recognizer: Recognizer) -> Iterator[Page]:
    """Yield what is known of a page: first where its cells are, then again after each of them is read.

    The last one is all that stands there; where no cell has a digit, it's what the picture shows as one number, if that
    is sure. Raises PictureError.
    """
    for grey in greys(picture, LARGEST_SIDE):
        sight = recognizer.eye.look_at_page(grey, GLANCE)
        if sight.high:
            break
    straight = straightened(sight, (grey.shape[1], grey.shape[0]))
    if not straight.is_same or sight.grey.size > ENOUGH * GLANCE:
        turned, outside = straight.picture(grey)
        sight = recognizer.eye.look_at_page(turned, PAGE, outside)
    rules = rules_of(sight)
    layout = layout_of(sight, rules, recognizer.doubt)
    reduced = factor(picture, LARGEST_SIDE)

    def in_picture(box: Box) -> Box:
        """Return the box in the picture's pixels around one of the sight's."""
        return clipped(_times(straight.place(_times(box, sight.factor)), reduced), picture.size)

    def unread(place: Place) -> Cell:
        return Cell(in_picture(place.box), WORD if place.is_word else None, is_inked=bool(place.parts) or place.is_word)

    page = Page(tuple(tuple(map(unread, row)) for row in layout.rows), layout.is_table)
    yield page
    specks = Specks.of(sight, rules)
    sight = replace(sight, factor=sight.factor * reduced)
    numbers: dict[Spot, Number] = {}
    for row, places in enumerate(layout.rows):
        for column, place in enumerate(places):
            if place.parts and not place.is_word:
                reading = _read(sight, layout, place.parts, recognizer)
                boxes = [digit.box for digit in reading.digits]
                clear, faint = specks.marks(boxes) if boxes else ([], [])
                numbers[row, column] = Number(len(boxes), clear, faint)
                digits = tuple(replace(digit, box=in_picture(digit.box)) for digit in reading.digits)
                reading = replace(reading, digits=digits, signs=as_signs(clear))
                page = page.with_cell(row, column, replace(page.rows[row][column], reading=reading))
                yield page
    agreed_on = _agreed(page, numbers)
    if agreed_on is not page:
        yield agreed_on
    if not agreed_on.digits:
        number = recognizer.recognize(picture)
        if number.accepted:
            box = around([digit.box for digit in number.digits])
            yield Page(((Cell(box, number, is_inked=True),),), is_number=True)


def page_of(picture: Image.Image, recognizer: Recognizer) -> Page:
    """Return everything on a page. Raises PictureError."""
    *_before, page = read_page(picture, recognizer)
    return page


def _agreed(page: Page, numbers: Mapping[Spot, Number]) -> Page:
    """Return a page with the signs that its columns' numbers have in common, and doubt where one differs."""
    in_columns = len({*map(len, page.rows)}) == 1
    columns: dict[object, list[Spot]] = {}
    for spot, number in numbers.items():
        if number.digits:
            columns.setdefault(spot[1] if in_columns else spot, []).append(spot)
    for spots in columns.values():
        for (row, column), (signs, is_doubtful) in zip(spots, agreed([numbers[spot] for spot in spots]), strict=True):
            cell = page.rows[row][column]
            assert cell.reading
            hindered = cell.reading.hindered or ("sign" if is_doubtful and cell.reading.accepted else "")
            reading = replace(cell.reading, signs=signs, hindered=hindered)
            if reading != cell.reading:
                page = page.with_cell(row, column, replace(cell, reading=reading))
    return page


def _read(sight: Sight, layout: Layout, parts: frozenset[int], recognizer: Recognizer) -> Reading:
    """Return what some parts of a page's ink show together, with boxes in the sight's own pixels."""
    high, wide = sight.grey.shape
    inked, margin = around([layout.boxes[part] for part in parts]), round(MARGIN * sight.high)
    window = clipped(
        Box(inked.left - margin, inked.top - margin, inked.right + margin, inked.bottom + margin), (wide, high)
    )
    here = slice(int(window.top), int(window.bottom)), slice(int(window.left), int(window.right))
    ours = np.isin(layout.numbers[here], list(parts))
    others = grown(grown((layout.numbers[here] > 0) & ~ours)) & ~ours
    alone = replace(
        sight, grey=sight.grey[here], signs=sight.signs[here], digits=np.where(others, 0, sight.digits[here])
    )
    reading = read_sight(alone, recognizer.read, recognizer.doubt)
    if reading.accepted and min(digit.prediction.confidence for digit in reading.digits) < SURE:
        reading = replace(reading, hindered="doubt")

    def in_sight(box: Box) -> Box:
        left, top, right, bottom = _times(box, 1 / sight.factor)
        return Box(left + window.left, top + window.top, right + window.left, bottom + window.top)

    return replace(reading, digits=tuple(replace(digit, box=in_sight(digit.box)) for digit in reading.digits))


def _times(box: Box, by: float) -> Box:
    return Box(*(side * by for side in box))
