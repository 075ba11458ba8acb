"""What's around a number in a picture is left out by its size and place; what may belong to a digit isn't."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from model.ink.ink import Box
from model.ink.render import render
from model.reading.groups import MOST_LEFT, of_number
from model.reading.normalize import Image28
from model.reading.parts import look
from model.reading.reading import Prediction, Reason
from model.reading.recognizer import Recognizer
from tests.model.reading.plain_eye import PlainEye
from tests.model.reading.test_segmentation import FIVE_WITH_LATE_BAR, ONE, SEVEN_WITH_BAR, ZERO, number

PLAIN = PlainEye()
SHEET = Box(0, 0, 400, 200)
DIGIT = Box(150, 50, 210, 150)  # 100 pixels high, and well inside


def left_out(*boxes: Box) -> list[Box]:
    """Return which boxes full of ink next to a digit aren't taken as part of its number."""
    every = (DIGIT, *boxes)
    kept, _hindered = of_number(every, [np.ones((int(box.height), int(box.width)), np.bool_) for box in every], SHEET)
    assert 0 in kept
    return [box for place, box in enumerate(every) if place not in kept]


def hindered(*boxes: Box) -> Reason:
    """Return why a digit isn't accepted with such boxes full of ink next to it."""
    every = (DIGIT, *boxes)
    return of_number(every, [np.ones((int(box.height), int(box.width)), np.bool_) for box in every], SHEET)[1]


@pytest.mark.parametrize(
    ("side", "is_side"),
    [
        (Box(0, 0, 4, 200), True),
        (Box(11, 0, 15, 200), True),  # a little inside, as when cells are cut out
        (Box(14, 0, 18, 200), False),  # farther inside it may be a 1
        (Box(0, 50, 4, 200), True),
        (Box(0, 52, 4, 200), False),  # as long as a 1
        (Box(0, 0, 400, 4), True),
        (Box(0, 196, 300, 200), True),
    ],
)
def test_a_cell_s_side_is_left_out(side: Box, is_side: bool) -> None:
    assert left_out(side) == ([side] if is_side else [])


@pytest.mark.parametrize(
    ("part", "is_cut_off"),
    [
        (Box(0, 70, 25, 130), True),
        (Box(375, 70, 400, 130), True),
        (Box(160, 0, 200, 20), True),
        (Box(0, 70, 31, 130), False),  # a digit can be so wide
        (Box(0, 60, 25, 132), False),  # a 1 can be so tall
        (Box(3, 70, 28, 130), False),  # it doesn't reach the edge
    ],
)
def test_what_the_edge_cuts_off_is_left_out(part: Box, is_cut_off: bool) -> None:
    assert left_out(part) == ([part] if is_cut_off else [])


def test_what_is_cut_off_or_a_one_is_read_and_not_believed() -> None:
    assert hindered(Box(3, 60, 28, 132)) == ""
    assert hindered(Box(0, 60, 25, 132)) == "edge"
    assert hindered(Box(0, 60, 31, 132)) == ""
    assert hindered(Box(0, 70, 25, 130)) == ""


@pytest.mark.parametrize(("top", "is_left_out"), [(17, True), (16, False)])
def test_where_nothing_is_well_inside_nothing_is_left_out(top: int, is_left_out: bool) -> None:
    boxes = Box(0, 70, 25, 130), Box(150, top, 210, 150)
    masks = [np.ones((60, 25), np.bool_), np.ones((150 - top, 60), np.bool_)]
    assert of_number(boxes, masks, SHEET) == ([1] if is_left_out else [0, 1], "")


def test_where_everything_touches_the_edge_nothing_is_left_out() -> None:
    boxes = Box(0, 0, 20, 200), Box(380, 0, 400, 200)
    assert of_number(boxes, [np.ones((200, 20), np.bool_)] * 2, SHEET) == ([0, 1], "")


@pytest.mark.parametrize(
    ("part", "is_mark"),
    [
        (Box(225, 140, 235, 150), True),  # a point
        (Box(205, 140, 215, 150), True),  # one that reaches under the digit
        (Box(225, 60, 245, 80), True),  # a spot next to it
        (Box(160, 60, 180, 80), False),  # where the digit itself is
        (Box(160, 20, 180, 40), True),  # above it
        (Box(215, 130, 230, 158), True),  # a comma
        (Box(215, 118, 230, 158), False),  # too tall for one
        (Box(225, 96, 265, 106), True),  # a dash
        (Box(225, 52, 265, 62), False),  # the bar of a 5
        (Box(190, 96, 230, 106), False),  # a bar through a 7
        (Box(140, 155, 220, 165), True),  # a line below
        (Box(140, 148, 220, 158), False),  # the foot of a 2
    ],
)
def test_points_commas_dashes_and_spots_are_left_out_and_strokes_are_not(part: Box, is_mark: bool) -> None:
    assert left_out(part) == ([part] if is_mark else [])


@pytest.mark.parametrize(("height", "is_mark"), [(51, False), (49, True)])
def test_what_lies_in_a_smaller_digit_s_place_is_its_own(height: int, is_mark: bool) -> None:
    part = Box(265, 90, 280, 105)
    assert left_out(Box(250, 80, 300, 80 + height), part) == ([part] if is_mark else [])


def test_where_much_is_left_out_nothing_is_believed() -> None:
    points = [Box(225 + 15 * place, 140, 235 + 15 * place, 150) for place in range(MOST_LEFT + 1)]
    assert hindered(*points[:-1]) == ""
    assert hindered(*points) == "unclear"


@pytest.mark.parametrize(
    ("box", "believed"),
    [
        (Box(155, 152, 215, 198), True),  # too small for a digit
        (Box(155, 149, 215, 200), True),  # it reaches up next to the digit
        (Box(155, 150, 215, 200), False),
        (Box(210, 150, 270, 200), True),  # not straight below it, as when a long number slants
    ],
)
def test_lines_above_each_other_are_not_believed(box: Box, believed: bool) -> None:
    assert left_out(box) == []
    assert hindered(box) == ("" if believed else "lines")


@pytest.mark.parametrize(("left", "accepted"), [(0, False), (4, True)])
def test_a_picture_with_what_may_be_cut_off_is_not_accepted(left: int, accepted: bool) -> None:
    picture = Image.new("L", (400, 200), 255)
    for box in ((150, 50, 209, 149), (left, 60, left + 24, 131)):
        ImageDraw.Draw(picture).rectangle(box, fill=0)
    reading = look(picture, lambda _: Prediction((0.0, 0.0, 0.0, 1.0, *[0.0] * 6), 0.01), PLAIN)[1]
    assert (reading.text, reading.accepted) == ("33", accepted)


@pytest.mark.parametrize("shape", ["ellipse", "rectangle"])
def test_a_ring_or_a_frame_around_a_number_is_left_out(shape: str) -> None:
    def page(middle: Box, attached: bool = False) -> Image.Image:
        picture = Image.new("L", (320, 260), 255)
        pen = ImageDraw.Draw(picture)
        getattr(pen, shape)((40, 30, 280, 230), outline=0, width=6)
        pen.rectangle(middle, fill=0)
        if attached:
            pen.line((45, 130, 130, 130), fill=0, width=12)
        return picture

    seen: list[Image28] = []

    def read(image: Image28) -> Prediction:
        seen.append(image)
        return Prediction((0.0, 1.0, *[0.0] * 8), 0.01)

    (digit,) = look(page(Box(150, 80, 170, 180)), read, PLAIN)[1].digits
    assert digit.box == pytest.approx((150, 80, 171, 181), abs=1)
    (digit,) = look(page(Box(150, 80, 170, 180), attached=True), read, PLAIN)[1].digits
    assert digit.box.width > 200  # what's attached may be a digit, so all of it stays
    (digit,) = look(page(Box(150, 110, 170, 150)), read, PLAIN)[1].digits
    assert digit.box.width > 200  # it's a 0 with a point in it


def in_cell(ink: int, line: int) -> Image.Image:
    picture = Image.new("L", (160, 200), 250)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((4, 4, 155, 195), outline=line, width=3)
    pen.line([(50, 60), (110, 60), (70, 150)], fill=ink, width=10)
    return picture


def test_a_digit_in_a_cell_is_read_as_if_alone_however_dark_the_cell(recognizer: Recognizer) -> None:
    images: list[Image28] = []

    def read(image: Image28) -> Prediction:
        images.append(image)
        return Prediction((*[0.0] * 7, 1.0, 0.0, 0.0), 0.01)

    for picture in (in_cell(150, 0), in_cell(150, 250)):
        assert look(picture, read, recognizer.eye)[1].text == "7"
    assert np.corrcoef(images[0].ravel(), images[-1].ravel())[0, 1] > 0.95


def test_the_box_is_that_of_the_digit_without_dirt() -> None:
    images: list[Image28] = []

    def read(image: Image28) -> Prediction:
        images.append(image)
        return Prediction((1.0, *[0.0] * 9), 0.01)

    clean = render(number(ZERO))
    dirty = clean.copy()
    ImageDraw.Draw(dirty).rectangle((4, 4, 6, 6), fill=0)
    for picture in (clean, dirty):
        look(picture, read, PLAIN)[1]
    assert (images[0] == images[1]).all()


@pytest.mark.parametrize(("desk", "line"), [(0, 0), (2, 0), (2, 255), (40, 255)])
def test_paper_is_read_without_what_lies_around_the_number(recognizer: Recognizer, desk: int, line: int) -> None:
    ink = render(number(SEVEN_WITH_BAR, FIVE_WITH_LATE_BAR, ONE))
    picture = ink.copy()
    ImageDraw.Draw(picture).rectangle((3, 3, ink.width - 4, ink.height - 4), outline=line, width=2)
    whole = Image.new("L", (ink.width + desk, ink.height + 2 * desk), 60)
    whole.paste(picture, (desk, desk))
    reading = recognizer.recognize(whole)
    assert (reading.text, reading.accepted) == ("751", True)
    for found, drawn in zip(reading.digits, recognizer.recognize(ink).digits, strict=True):
        assert list(found.box) == pytest.approx([side + desk for side in drawn.box], abs=6)
