import json
from itertools import pairwise
from pathlib import Path

import pytest

from app.drawing.canvas import on_canvas
from model.ink.ink import Drawing, Point, Stroke, read_lines
from model.reading.recognizer import Recognizer


def drawing(*points: tuple[float, float], canvas: tuple[int, int] | None = None, width: float = 20) -> Drawing:
    return Drawing(
        (Stroke(tuple(Point(x, y, 5.0, 0.5) for x, y in points)),), width, canvas, "7", extra={"mood": "good"}
    )


def test_ink_that_was_drawn_in_the_window_stays_as_it_is() -> None:
    for ink in (Drawing(), drawing((10, 10), (270, 250), canvas=(300, 280)), drawing((0, 0), canvas=(1600, 900))):
        assert on_canvas(ink) is ink


@pytest.mark.parametrize(
    "ink",
    [
        drawing((10, 10), (270, 250)),  # its pad's size is unknown
        drawing((-50, 10), (270, 250), canvas=(300, 280)),  # beyond the pad
        drawing((10, 10), (270, 250), canvas=(200, 280)),
        drawing((0.1, 0.1), (0.9, 0.8), canvas=(1, 1), width=0.1),  # other units
        drawing((10_000, 25_000), (18_000, 30_000), canvas=(40_000, 30_000), width=400),
        drawing((5, 5), (5, 5)),  # a dot
        drawing((5, 5), (900, 5)),  # a line across
        drawing((5, 5), (5, 900)),
    ],
)
def test_other_ink_is_laid_onto_a_canvas_of_its_own(ink: Drawing) -> None:
    laid = on_canvas(ink)
    assert laid.canvas
    assert max(laid.canvas) <= 700
    assert min(laid.box.left, laid.box.top) >= laid.width / 2
    assert laid.box.right <= laid.canvas[0] - laid.width / 2
    assert laid.box.bottom <= laid.canvas[1] - laid.width / 2
    assert (laid.label, laid.extra) == (ink.label, ink.extra)
    assert [point[2:] for point in laid.strokes[0].points] == [point[2:] for point in ink.strokes[0].points]
    assert on_canvas(laid) is laid
    if ink.box.width and ink.box.height:
        assert laid.box.width / laid.box.height == pytest.approx(ink.box.width / ink.box.height, rel=0.01)


def test_laid_ink_is_read_as_before(shared: Path, recognizer: Recognizer) -> None:
    with (shared / "data" / "pen-digits.jsonl").open("rb") as lines:
        inks = [ink for ink, _ in zip(read_lines(lines), range(60), strict=False) if isinstance(ink, Drawing)]
    same = [recognizer.recognize(ink).text == recognizer.recognize(on_canvas(ink)).text for ink in inks]
    assert len(same) == 60
    assert sum(same) >= 59


def test_what_is_laid_can_be_saved_as_ink() -> None:
    laid = on_canvas(drawing((0.1, 0.1), (0.9, 0.8)))
    assert Drawing.from_json(json.loads(json.dumps(laid.to_json()))) == laid
    assert all(one != other for one, other in pairwise(laid.strokes[0].points))


@pytest.mark.parametrize(
    "ink",
    [
        drawing((10, 10), (270, 250), canvas=(300, 280), width=1_000_000),  # no pen is that wide
        drawing((0, 1e6), (1e-300, 1e6)),  # hardly any extent, far away
        drawing((0, -1e6), (5e-324, -1e6)),
        drawing((-1e6, -1e6), (1e6, 1e6)),
    ],
)
def test_ink_of_absurd_size_is_laid_onto_a_canvas_too(ink: Drawing) -> None:
    laid = on_canvas(ink)
    assert laid.canvas
    assert max(laid.canvas) <= 700
    assert laid.width <= 100


def test_a_blank_drawing_brings_no_pen_that_is_broader_than_the_canvas() -> None:
    assert on_canvas(Drawing(width=1_000_000)).width == Drawing().width
