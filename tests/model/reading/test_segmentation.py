"""What belongs together on a pad; the real network reads, as in the program, or a simple stand-in does."""

import contextlib
import json
import math
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.base.work import finish
from model.ink.ink import Drawing, Stroke
from model.reading.layout import is_believable
from model.reading.normalize import Image28
from model.reading.reading import Prediction
from model.reading.recognizer import Recognizer
from model.reading.segmentation import MOST_PIECES, MOST_READS
from model.reading.strokes import Known, pieces_of, read_drawing, reading

Strokes = list[list[list[float]]]

ONE: Strokes = [[[0, 0], [0, 100]]]
SEVEN_WITH_BAR: Strokes = [[[0, 0], [60, 0], [25, 100]], [[15, 50], [55, 50]]]
OPEN_FOUR: Strokes = [[[15, 0], [0, 60], [50, 60]], [[42, 5], [40, 100]]]
FIVE_WITH_LATE_BAR: Strokes = [
    [[10, 5], [8, 45], [30, 38], [52, 50], [55, 75], [40, 98], [15, 98], [2, 85]],
    [[12, 2], [58, 0]],
]
ZERO: Strokes = [[[30 - 30 * math.sin(k * 0.3), 50 - 50 * math.cos(k * 0.3)] for k in range(22)]]
SLASHED_ZERO: Strokes = [*ZERO, [[8, 95], [52, 5]]]


def number(*digits: Strokes, gap: float = 40, late: bool = False, width: float = 10) -> Drawing:
    """Put digits side by side; with ``late``, the last stroke of each is written after all others."""
    first: Strokes = []
    last: Strokes = []
    left = 30.0
    for digit in digits:
        moved = [[[x + left, y + 40] for x, y in stroke] for stroke in digit]
        left = max(x for stroke in moved for x, _ in stroke) + gap
        if late and len(moved) > 1:
            last.append(moved.pop())
        first += moved
    return Drawing.from_json({"strokes": first + last, "width": width, "canvas": [round(left) + 30, 180]})


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("gap", [16, 40, 150])
def test_a_stroke_belongs_to_its_digit_whenever_it_was_written(
    recognizer: Recognizer, gap: float, *, late: bool
) -> None:
    drawing = number(SEVEN_WITH_BAR, OPEN_FOUR, FIVE_WITH_LATE_BAR, SLASHED_ZERO, ONE, gap=gap, late=late)
    assert recognizer.recognize(drawing).text == "74501"


@pytest.mark.parametrize(("late", "strokes"), [(False, [(0, 2), (3,), (4, 5)]), (True, [(0, 4), (2,), (3, 5)])])
def test_each_digit_knows_its_strokes_by_their_places_in_the_drawing(
    recognizer: Recognizer, strokes: list[tuple[int, ...]], *, late: bool
) -> None:
    written = number(SEVEN_WITH_BAR, ONE, OPEN_FOUR, late=late)
    drawing = replace(written, strokes=(*written.strokes[:1], Stroke(()), *written.strokes[1:]))  # one without ink
    reading = recognizer.recognize(drawing)
    assert [digit.strokes for digit in reading.digits] == strokes
    assert reading.text == "714"
    assert reading.accepted


@pytest.mark.parametrize("gap", [22, 40, 100])
def test_ones_and_zeros_side_by_side_are_numbers(recognizer: Recognizer, gap: float) -> None:
    assert recognizer.recognize(number(ONE, ONE, gap=gap)).text == "11"
    assert recognizer.recognize(number(ONE, ZERO, gap=gap)).text == "10"


@pytest.mark.parametrize("digit", [OPEN_FOUR, SEVEN_WITH_BAR, FIVE_WITH_LATE_BAR, SLASHED_ZERO])
def test_a_digit_of_several_strokes_is_one(recognizer: Recognizer, digit: Strokes) -> None:
    drawing = number(digit)
    reading = recognizer.recognize(drawing)
    assert len(reading.digits) == 1
    assert recognizer.recognize(Drawing(drawing.strokes[::-1])).digit == reading.digit


def test_boxes_are_around_the_ink_and_on_the_canvas(recognizer: Recognizer) -> None:
    seven, one = recognizer.recognize(number(SEVEN_WITH_BAR, ONE, width=20)).digits
    assert seven.box == (20, 30, 100, 150)
    assert one.box == (120, 30, 140, 150)
    at_the_edge = Drawing.from_json({"strokes": [[[3, -9], [3, 175]]], "width": 20, "canvas": [280, 180]})
    assert recognizer.recognize(at_the_edge).digits[0].box == (0, 0, 13, 180)


def test_without_a_canvas_boxes_are_where_the_ink_is(recognizer: Recognizer) -> None:
    far = Drawing.from_json({"strokes": [[[-500, -300], [-500, -200]]], "width": 10})
    assert recognizer.recognize(far).digits[0].box == (-505, -305, -495, -195)


def test_a_digit_of_one_stroke_is_read_once_and_each_group_never_twice(recognizer: Recognizer) -> None:
    seen: list[bytes] = []

    def read(image: Image28) -> Prediction:
        seen.append(image.tobytes())
        return recognizer.read(image)

    read_drawing(number(ZERO), read)
    assert len(seen) == 1
    seen.clear()
    read_drawing(number(OPEN_FOUR, ONE, ZERO, SEVEN_WITH_BAR), read)
    assert len(seen) < 12


def test_what_the_network_doubts_is_grouped_another_way() -> None:
    """A reader that rejects all wide ink splits what a reader that accepts everything leaves together."""

    def reader(doubt_of_wide: float) -> str:
        def read(image: Image28) -> Prediction:
            rows, columns = (np.flatnonzero(image.any(axis)) for axis in (1, 0))
            return Prediction((0.0, 0.0, 1.0, *[0.0] * 7), doubt_of_wide if np.ptp(columns) > np.ptp(rows) else 0.01)

        bow: Strokes = [[[0, 0], [60, 0], [60, 75], [0, 75]]]
        return read_drawing(number(bow, bow, gap=-18), read).text

    assert reader(0.99) == "22"
    assert reader(0.01) == "2"


def test_a_hatching_is_no_number_that_is_believed(recognizer: Recognizer) -> None:
    hatching = Drawing.from_json(
        {"strokes": [[[60 + 23 * k, 60], [40 + 23 * k, 220]] for k in range(6)], "width": 20, "canvas": [280, 280]}
    )
    assert not recognizer.recognize(hatching).accepted
    boxes = [digit.box for digit in recognizer.recognize(number(ONE, ONE, ONE, ONE, ONE, gap=40)).digits]
    assert is_believable(boxes)
    assert not is_believable([box._replace(right=box.right + 32) for box in boxes])
    assert is_believable([boxes[0], boxes[1]._replace(left=boxes[0].right - 20)])
    assert not is_believable([boxes[0], boxes[1]._replace(left=boxes[0].right - 50)])


def test_digits_written_so_tightly_that_their_boxes_touch_are_believed(recognizer: Recognizer) -> None:
    read = recognizer.recognize(number(ZERO, ZERO, ZERO, ZERO, gap=8))
    assert not is_believable([digit.box for digit in read.digits])  # by their boxes alone
    assert (read.text, read.accepted) == ("0000", True)


def nobody(_image: Image28) -> Prediction:
    raise AssertionError("nothing is to be read")


def test_strokes_that_stay_are_not_read_again(recognizer: Recognizer) -> None:
    images = []

    def read(image: Image28) -> Prediction:
        images.append(image)
        return recognizer.read(image)

    known = Known()
    whole = number(SEVEN_WITH_BAR, ONE, SEVEN_WITH_BAR, ONE)
    for count in range(1, len(whole.strokes) + 1):
        images.clear()
        drawing = replace(whole, strokes=whole.strokes[:count])
        assert read_drawing(drawing, read, known) == read_drawing(drawing, recognizer.read)
        assert len(images) <= 3
    images.clear()
    assert read_drawing(whole, read, known).text == "7171"
    assert not images


def test_a_reading_in_pieces_is_the_same_and_none_of_them_reads_more_than_one_group(recognizer: Recognizer) -> None:
    """And none draws thousands of points: see `model.reading.normalize`."""
    calls = 0

    def read(image: Image28) -> Prediction:
        nonlocal calls
        calls += 1
        return recognizer.read(image)

    strokes = [[[12 * place, 40], [12 * place, 110]] for place in range(50)]
    tangle = [
        [[math.sin(k) * 90 + 100, math.sin(k * 1.3) * 90 + 100] for k in range(start, start + 400)] for start in (0, 9)
    ]
    for case in (strokes, tangle):
        drawing = Drawing.from_json({"strokes": case, "width": 6})
        work, pieces = reading(drawing, read, Known()), 0
        with contextlib.suppress(StopIteration):
            while True:
                before = calls
                next(work)
                assert calls <= before + 1
                pieces += 1
        assert pieces > 10
        assert finish(reading(drawing, read, Known())) == read_drawing(drawing, recognizer.read)


def test_what_an_unfinished_reading_has_read_is_known_to_the_next(recognizer: Recognizer) -> None:
    images = []

    def read(image: Image28) -> Prediction:
        images.append(image)
        return recognizer.read(image)

    known, drawing = Known(), number(SEVEN_WITH_BAR, ONE, ZERO)
    work = reading(drawing, read, known)
    while len(images) < 2:
        next(work)
    assert finish(reading(drawing, read, known)).text == "710"
    assert len({image.tobytes() for image in images}) == len(images)


@pytest.mark.parametrize("reach", [1, 280, 4000])
def test_hundreds_of_strokes_end_soon(reach: float) -> None:
    chance = np.random.default_rng(1)
    calls = 0

    def read(_: Image28) -> Prediction:
        nonlocal calls
        calls += 1
        return Prediction((0.1,) * 10, doubt=chance.random())

    strokes = [
        [[x := chance.uniform(0, reach), y := chance.uniform(0, 280)], [x + 3, y + chance.uniform(0, 60)]]
        for _ in range(300)
    ]
    drawing = Drawing.from_json({"strokes": strokes, "width": 2})
    began = time.process_time()
    read_drawing(drawing, read)
    assert time.process_time() - began < 10  # about a second; machines may be busy
    assert calls <= MOST_READS + MOST_PIECES
    assert len(finish(pieces_of(drawing, nobody, Known())).boxes) <= MOST_PIECES


@pytest.mark.parametrize("apart", [0.1, 60])
def test_thousands_of_strokes_are_gathered_at_once(apart: float) -> None:
    strokes = [[[apart * place, place % 7 * 40], [apart * place, place % 7 * 40 + 9]] for place in range(2000)]
    drawing = Drawing.from_json({"strokes": strokes, "width": 2})
    began = time.process_time()
    assert len(finish(pieces_of(drawing, nobody, Known())).boxes) <= MOST_PIECES
    assert time.process_time() - began < 2.5  # about half a second; machines may be busy


def test_dots_empty_strokes_and_strokes_on_each_other_are_no_trouble(recognizer: Recognizer) -> None:
    for strokes in ([[[5, 5]]], [[[5, 5]], [[5, 5]]], [[], [[5, 5], [5, 90]], []], [[[1e6, 0]], [[-1e6, 0]]]):
        assert recognizer.recognize(Drawing.from_json({"strokes": strokes})).text


def test_numbers_of_real_people_are_read(recognizer: Recognizer, shared: Path) -> None:
    tool, ink = shared / "tools" / "number_cases.py", shared / "data" / "pen-digits.jsonl"
    command = [sys.executable, str(tool), str(ink), "--people", "validation", "--digits", "3", "--limit", "60"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    cases = [json.loads(line) for line in lines]
    right = [recognizer.recognize(Drawing.from_json(case)).text == case["label"] for case in cases]
    assert np.mean(right) > 0.9


def test_hatching_of_two_thousand_strokes_is_read_in_under_two_seconds(recognizer: Recognizer) -> None:
    strokes = [[[by / 5, 0], [200 + by / 5, 200]] for by in range(2000)]
    began = time.process_time()
    recognizer.recognize(Drawing.from_json({"strokes": strokes, "width": 0.01}))
    assert time.process_time() - began < 2  # about half a second; it used to be a minute
