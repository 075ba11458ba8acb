"""A page is straightened by its lines, and places on it are found again in its picture."""

from math import cos, radians, sin

import numpy as np
import pytest
from PIL import Image

from model.ink.ink import Box
from model.page.straight import Straight, straightened
from model.reading.eye import Eye
from model.reading.recognizer import Recognizer
from tests.model.page.sheets import from_the_side, table, turned

PIXELS = 800_000


@pytest.fixture
def eye(recognizer: Recognizer) -> Eye:
    return recognizer.eye


def how(image: Image.Image, eye: Eye) -> Straight:
    return straightened(eye.look_at_page(np.asarray(image), PIXELS), image.size)


@pytest.mark.parametrize("degrees", [-10, -4, 6, 10])
@pytest.mark.parametrize("ruled", [True, False])
def test_it_finds_out_how_a_page_is_turned(eye: Eye, degrees: float, ruled: bool) -> None:
    sheet = table("27 33 4", "403 3 72", "3 7 20", "444 0 73", ruled=ruled)
    found = how(turned(sheet, degrees, desk=246), eye)
    right = found.matrix @ (1, 0, 0)
    slope = np.degrees(np.arctan2(right[1], right[0]))
    assert slope == pytest.approx(-degrees, abs=1.0)


def test_what_lies_straight_is_left_alone(eye: Eye) -> None:
    sheet = table("27 _ 4", "403 3 72")
    found = how(sheet, eye)
    assert found.is_same
    assert found.picture(np.asarray(sheet))[1] is None
    assert found.place(Box(1, 2, 3, 4)) == Box(1, 2, 3, 4)


def test_lines_that_meet_are_made_parallel(eye: Eye) -> None:
    sheet = from_the_side(table("27 33 4", "403 3 72", "3 7 20"))
    found = how(sheet, eye)
    page, _outside = found.picture(np.asarray(sheet))
    again = how(Image.fromarray(page), eye)
    ends = [again.place(Box(x, 0, x, page.shape[0])) for x in (50, page.shape[1] - 50)]
    assert max(box.width for box in ends) < 0.03 * page.shape[0]


def test_beyond_the_picture_is_told_from_paper() -> None:
    angle = radians(10)
    matrix = np.array([[cos(angle), -sin(angle), 0], [sin(angle), cos(angle), 0], [0, 0, 1]])
    page, outside = Straight(matrix, (200, 200)).picture(np.full((200, 200), 180, np.uint8))
    assert outside is not None
    assert 0.05 < outside.mean() < 0.3
    assert (page[~outside] == 180).mean() > 0.98
