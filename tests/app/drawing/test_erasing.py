import math
from itertools import pairwise

import pytest

from app.drawing.erasing import box_of, touches
from model.ink.ink import Point

LINE = [Point(10, 10), Point(110, 10), Point(110, 60)]


@pytest.mark.parametrize(
    ("start", "end", "touched"),
    [
        ((60, 14), (60, 14), True),  # it stands beside it
        ((60, 16), (60, 16), False),
        ((60, -40), (70, 40), True),  # across, with both ends far away
        ((0, 0), (200, 0), False),
        ((105, 55), (105, 20), True),
        ((60, 35), (60, 60), False),  # inside of its box
        ((113, 63), (150, 100), True),  # at its end
        ((114, 64), (150, 100), False),
    ],
)
def test_what_is_near_is_touched(start: tuple[float, float], end: tuple[float, float], touched: bool) -> None:
    assert touches(LINE, box_of(LINE), start, end, 5) is touched
    assert touches(LINE[::-1], box_of(LINE), end, start, 5) is touched


def test_a_dot_is_a_place() -> None:
    dot = [Point(50, 50)]
    assert touches(dot, box_of(dot), (53, 54), (53, 54), 5)
    assert not touches(dot, box_of(dot), (54, 54), (54, 54), 5)
    assert touches(dot, box_of(dot), (0, 50), (100, 50), 5)


def test_it_is_as_near_as_the_nearest_of_many_places() -> None:
    wave = [Point(x, 50 + 30 * math.sin(x / 9)) for x in range(0, 200, 3)]
    for x in range(0, 200, 17):
        for y in range(0, 100, 9):
            near = min(
                math.dist((x, y), (one.x + part / 40 * (other.x - one.x), one.y + part / 40 * (other.y - one.y)))
                for one, other in pairwise(wave)
                for part in range(41)
            )
            if abs(near - 8) > 0.05:
                assert touches(wave, box_of(wave), (x, y), (x, y), 8) is (near < 8)
