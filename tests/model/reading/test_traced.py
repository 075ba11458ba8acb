"""Ink on paper as strokes: what was written is followed, and reads as it did."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from model.ink.ink import Drawing
from model.reading.normalize import normalize_drawing, normalize_ink
from model.reading.picture import Grey
from model.reading.recognizer import Recognizer
from model.reading.traced import traced
from tests.model.page.sheets import DIGITS, PAPER, Sheet


def ink_of(text: str, high: float = 60) -> Grey:
    """Return what a pen has written on a sheet, as ink, without the paper around it."""
    sheet = Sheet((200, 200))
    sheet.write(text, 60, 60, high)
    ink = PAPER - np.asarray(sheet.image)
    rows, columns = np.nonzero(ink)
    return np.asarray(ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1], np.uint8)


@pytest.mark.parametrize("digit", DIGITS)
@pytest.mark.parametrize("high", [24, 60, 110])
def test_a_digit_is_drawn_as_it_was_written(digit: str, high: float, recognizer: Recognizer) -> None:
    ink = ink_of(digit, high)
    drawing = traced(ink)
    assert len(drawing.strokes) <= len(DIGITS[digit]) + 1  # a four's lines cross
    image, written = normalize_drawing(drawing), normalize_ink(ink)
    assert (image * written).sum() > 0.85 * np.linalg.norm(image) * np.linalg.norm(written)
    assert recognizer.read(image).text == digit
    assert recognizer.read(image).accepted


def test_a_ring_is_closed_and_goes_round_once() -> None:
    ring = Image.new("L", (60, 100))
    ImageDraw.Draw(ring).ellipse((0, 0, 59, 99), outline=255, width=9)
    (stroke,) = traced(np.asarray(ring)).strokes
    first, last = stroke.points[0], stroke.points[-1]
    assert abs(first.x - last.x) + abs(first.y - last.y) < 4
    around = sum(
        float(np.hypot(one.x - other.x, one.y - other.y))
        for one, other in zip(stroke.points, stroke.points[1:], strict=False)
    )
    assert 150 < around < 170  # pixels: an oval 72 high and 43 wide, less the pen


@pytest.mark.parametrize("turns", [0, 2])
def test_a_line_that_ends_on_itself_keeps_its_own_end(turns: int) -> None:
    nine = Image.new("L", (60, 100))
    ImageDraw.Draw(nine).ellipse((10, 0, 59, 45), outline=255, width=8)
    ImageDraw.Draw(nine).line((55, 22, 50, 60, 4, 96), 255, 8, joint="curve")
    ink = np.rot90(np.asarray(nine), turns)
    image, written = normalize_drawing(traced(ink)), normalize_ink(ink)
    assert (image * written).sum() > 0.95 * np.linalg.norm(image) * np.linalg.norm(written)


def test_a_straight_line_has_no_steps_and_no_spurs() -> None:
    ink = np.zeros((100, 100), np.uint8)
    for row in range(100):
        ink[row, max(0, row - 4) : row + 5] = 255
    ink[48:52, 40:58] = 255  # an uneven edge
    (stroke,) = traced(ink).strokes
    assert all(abs(point.x - point.y) < 2 for point in stroke.points)
    assert stroke.points[-1].y - stroke.points[0].y > 60


def test_where_no_line_can_be_followed_nothing_is_drawn() -> None:
    assert traced(np.zeros((20, 12), np.uint8)) == Drawing()
    assert traced(np.full((3, 3), 255, np.uint8)).is_blank
