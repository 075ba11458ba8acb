import math
import time
from itertools import pairwise

import numpy as np
import pytest

from app.drawing.geometry import SIGMA, touches, without_tremble
from model.ink.ink import Box, Point

LINE = [Point(10, 10), Point(110, 10), Point(110, 60)]


@pytest.mark.parametrize(
    ("start", "end", "touched"),
    [
        ((60, 14), (60, 14), True),  # a dot next to it
        ((60, 16), (60, 16), False),
        ((60, -40), (70, 40), True),  # across, with both ends far away
        ((0, 0), (200, 0), False),
        ((105, 55), (105, 20), True),
        ((60, 35), (60, 60), False),  # inside its box
        ((113, 63), (150, 100), True),  # at its end
        ((114, 64), (150, 100), False),
    ],
)
def test_what_is_near_is_touched(start: tuple[float, float], end: tuple[float, float], touched: bool) -> None:
    assert touches(LINE, Box.around(LINE), start, end, 5) is touched
    assert touches(LINE[::-1], Box.around(LINE), end, start, 5) is touched


def test_a_dot_is_a_place() -> None:
    dot = [Point(50, 50)]
    assert touches(dot, Box.around(dot), (53, 54), (53, 54), 5)
    assert not touches(dot, Box.around(dot), (54, 54), (54, 54), 5)
    assert touches(dot, Box.around(dot), (0, 50), (100, 50), 5)


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
                assert touches(wave, Box.around(wave), (x, y), (x, y), 8) is (near < 8)


def circle(radius: float, count: int, tremble: float = 0.0) -> list[Point]:
    chance = np.random.default_rng(0)
    return [
        Point(
            100 + radius * math.cos(2 * math.pi * step / count) + chance.normal(0, tremble),
            100 + radius * math.sin(2 * math.pi * step / count) + chance.normal(0, tremble),
            step * 8,
        )
        for step in range(count)
    ]


def length(points: list[Point] | tuple[Point, ...]) -> float:
    return sum(math.dist(one[:2], other[:2]) for one, other in pairwise(points))


def test_a_tremble_goes_and_the_shape_stays() -> None:
    trembling = circle(80, 300, 0.8)
    smooth = without_tremble(trembling)
    assert length(trembling) > 1.2 * 2 * math.pi * 80
    assert length(smooth) < 1.03 * 2 * math.pi * 80
    off = [abs(math.dist(point[:2], (100, 100)) - 80) for point in smooth[8:-8]]
    assert max(off) < 1.2


def test_what_was_written_stays_honest() -> None:
    chance = np.random.default_rng(1)
    for _ in range(50):
        x = y = 0.0
        points = []
        for step in range(chance.integers(1, 81)):
            x, y = x + chance.uniform(-9, 9), y + chance.uniform(-9, 9)
            points.append(Point(x, y, step * 8, 0.5))
        smooth = without_tremble(points)
        assert [(point.t, point.pressure) for point in smooth] == [(point.t, point.pressure) for point in points]
        assert (smooth[0], smooth[-1]) == (points[0], points[-1])
        assert max(math.dist(one[:2], other[:2]) for one, other in zip(points, smooth, strict=True)) < SIGMA


def test_a_pen_that_reports_seldom_keeps_its_corners() -> None:
    seven = [Point(80, 60, 0), Point(110, 60, 8), Point(200, 60, 16), Point(170, 140, 24), Point(130, 230, 32)]
    assert without_tremble(seven) == tuple(seven)


def test_a_corner_of_many_points_moves_by_half_of_sigma() -> None:
    corner = [Point(x, 0) for x in range(60)] + [Point(59, y) for y in range(1, 60)]
    smooth = without_tremble(corner)
    assert math.dist(smooth[59][:2], (59, 0)) == pytest.approx(SIGMA / 2, abs=0.3)
    assert smooth[20] == (20, 0, None, None)


@pytest.mark.parametrize("points", [[], [Point(3, 4, 0)], [Point(3, 4), Point(5, 6)], [Point(1, 1)] * 5])
def test_few_points_and_points_in_one_place_stay_as_they_are(points: list[Point]) -> None:
    assert without_tremble(points) == tuple(points)


def test_a_pen_that_reports_thousands_of_points_to_a_pixel_is_smoothed_as_fast_as_any() -> None:
    dense = [Point(number / 1000, (number % 2) / 100) for number in range(20_000)]
    began = time.process_time()
    smooth = without_tremble(dense)
    assert time.process_time() - began < 5  # about a quarter of a second; it used to be minutes
    assert len(smooth) == len(dense)
    assert all(math.dist(one[:2], other[:2]) <= SIGMA for one, other in zip(dense, smooth, strict=True))
