from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image

from model.ink.ink import Drawing, Point, Stroke
from model.ink.render import render


def drawing(
    *strokes: Sequence[tuple[float, float]], width: float = 20, canvas: tuple[int, int] | None = (280, 280)
) -> Drawing:
    return Drawing(tuple(Stroke(tuple(Point(*place) for place in stroke)) for stroke in strokes), width, canvas)


def dark(image: Image.Image) -> npt.NDArray[np.bool_]:
    return np.asarray(image) < 128


def test_the_picture_is_black_ink_on_white_paper_of_the_canvas_size() -> None:
    image = render(drawing([(50, 50), (50, 200)], canvas=(300, 250)))
    assert (image.mode, image.size) == ("L", (300, 250))
    assert image.getpixel((50, 120)) == 0
    assert image.getpixel((200, 120)) == 255


def test_a_click_is_a_dot_as_wide_as_the_pen() -> None:
    rows, columns = np.nonzero(dark(render(drawing([(100, 80)]))))
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (70, 90, 90, 110)
    assert abs(len(rows) - np.pi * 10**2) < 40  # round, not square


def test_a_point_at_x_0_is_drawn_like_any_other() -> None:
    ink = dark(render(drawing([(0, 140), (0, 200)])))
    assert ink[140:200, :9].all()


def test_a_fast_stroke_has_no_gaps() -> None:
    ink = dark(render(drawing([(20, 20), (260, 250), (20, 260)])))
    along = np.linspace(0, 1, 500)
    for (x0, y0), (x1, y1) in (((20, 20), (260, 250)), ((260, 250), (20, 260))):
        assert ink[(y0 + (y1 - y0) * along).round().astype(int), (x0 + (x1 - x0) * along).round().astype(int)].all()


def test_ink_without_a_canvas_is_drawn_whole() -> None:
    ink = dark(render(drawing([(-5000, -3000), (-4900, -2800)], canvas=None)))
    assert ink.any()
    assert not ink[[0, -1]].any()
    assert not ink[:, [0, -1]].any()


def test_ink_in_large_units_makes_no_large_picture() -> None:
    assert max(render(drawing([(0, 0), (900_000, 900_000)], canvas=None)).size) <= 2000
