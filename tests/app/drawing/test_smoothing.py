import math
import time
from itertools import pairwise

import numpy as np
import pytest

from app.drawing.smoothing import SIGMA, without_tremble
from model.ink.ink import Point


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
    assert time.process_time() - began < 5  # a quarter of a second or so; it was minutes
    assert len(smooth) == len(dense)
    assert all(math.dist(one[:2], other[:2]) <= SIGMA for one, other in zip(dense, smooth, strict=True))
