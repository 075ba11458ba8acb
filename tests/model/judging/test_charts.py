"""What's in the figures, and what can be seen of it in the pictures."""

import io
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from matplotlib.figure import Figure
from PIL import Image

from model.base.events import EpochDone
from model.judging import charts
from model.judging.acceptance import Doubts, accept
from model.judging.charts import Tile
from model.judging.measure import Bin

RING = np.zeros((28, 28), np.float32)
RING[6:22, 6:22] = 1
RING[10:18, 10:18] = 0


def pixels(figure: Figure) -> npt.NDArray[np.uint8]:
    with Image.open(io.BytesIO(charts.png(figure))) as image:
        return np.asarray(image.convert("RGB"))


def test_tiles_stand_in_rows_with_their_words_and_black_ink_on_white() -> None:
    tiles = [Tile(RING, f"t{number}", f"note {number}", wrong=number == 2) for number in range(7)]
    figure = charts.draw_tiles(tiles, "a title of $5 or 6 $")
    assert [axes.get_title() for axes in figure.axes] == [f"t{number}" for number in range(7)]
    assert [axes.get_xlabel() for axes in figure.axes] == [f"note {number}" for number in range(7)]
    assert [axes.title.get_color() == charts.WARNING for axes in figure.axes] == [False, False, True, *[False] * 4]
    places = [axes.get_position() for axes in figure.axes]
    assert [round(place.x0, 3) for place in places[:3]] == [round(place.x0, 3) for place in places[3:6]]
    assert places[0].x0 < places[1].x0 < places[2].x0
    assert places[0].y0 > places[3].y0 > places[6].y0
    shown = pixels(figure)
    assert shown.min() == 0
    assert (shown == 255).all(axis=2).mean() > 0.5
    assert np.abs(shown.astype(int) - charts_colour(charts.WARNING)).sum(axis=2).min() < 60  # the wrong one's title


def charts_colour(colour: str) -> npt.NDArray[np.int64]:
    return np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)])


@pytest.mark.parametrize("count", [1, 2, 20, 40])
def test_no_words_of_a_grid_overlap(count: int) -> None:
    figure = charts.draw_tiles([Tile(RING, charts.answer_title(9, 4, 1), "test image 59999")] * count, "MNIST")
    figure.draw_without_rendering()
    boxes = [words.get_window_extent() for axes in figure.axes for words in (axes.title, axes.xaxis.label)]
    boxes += [axes.get_window_extent() for axes in figure.axes] + [text.get_window_extent() for text in figure.texts]
    edges = np.array([box.extents for box in boxes])
    left, bottom, right, top = (edges[:, column] for column in range(4))
    apart = (right[:, None] <= left) | (left[:, None] >= right) | (top[:, None] <= bottom) | (bottom[:, None] >= top)
    assert (apart | np.eye(len(boxes), dtype=bool)).all()


def test_the_confusion_matrix_has_each_count_in_its_cell_and_colours_mistakes_alone() -> None:
    confusion = [[0] * 10 for _ in range(10)]
    confusion[3][3], confusion[3][5] = 1200, 300
    (axes,) = charts.draw_confusion(confusion).axes
    assert {(text.get_position(), text.get_text()) for text in axes.texts} == {((3, 3), "1,200"), ((5, 3), "300")}
    shades = np.asarray(axes.images[0].get_array())
    assert np.argwhere(shades > 0).tolist() == [[3, 5]]


def test_the_reliability_diagram_shows_each_bin_and_its_gap() -> None:
    whole, each = charts.draw_reliability([Bin(2, 0.6, 0.5), Bin(2, 0.9, 1.0)]).axes
    _, curve = whole.lines
    assert np.asarray(curve.get_xydata()).tolist() == [[0.6, 0.5], [0.9, 1.0]]
    assert [bar.get_height() for bar in each.patches] == pytest.approx([10, -10])  # type: ignore[attr-defined]
    low, high = each.get_ylim()
    assert low < -10 < 10 < high


def test_the_risk_coverage_curves_end_where_all_are_accepted() -> None:
    doubts, right = Doubts(np.array([0.1, 0.2, 0.9, 0.3])), np.array([True, True, False, True])
    whole, last = charts.draw_coverage(accept(np.array([0.9, 0.8, 0.7, 0.6]), doubts, right)).axes
    for axes in (whole, last):
        *curves, dot = axes.lines
        assert [np.asarray(curve.get_xydata())[-1].tolist() for curve in curves] == [[1, 0.25]] * 3
        assert np.asarray(dot.get_xydata()).tolist() == [[0.75, 0]]
    assert np.asarray(whole.lines[0].get_xydata()).shape == (100, 2)


def test_the_curves_are_the_history() -> None:
    history = [EpochDone(1, 0.5, 0.8, 0.4, 0.85, 1.0), EpochDone(2, 0.3, 0.9, 0.35, 0.88, 1.0)]
    loss, accuracy = charts.draw_curves(history).axes
    for axes, name, curves in (
        (loss, "loss", {"training": [0.5, 0.3], "validation": [0.4, 0.35]}),
        (accuracy, "accuracy", {"training": [0.8, 0.9], "validation": [0.85, 0.88]}),
    ):
        assert axes.get_ylabel() == name
        assert {str(line.get_label()): list(line.get_ydata()) for line in axes.lines} == curves  # type: ignore[arg-type]
        assert all(list(line.get_xdata()) == [1, 2] for line in axes.lines)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "draw",
    [
        lambda: charts.draw_confusion([[0] * 10] * 10),
        lambda: charts.draw_reliability([Bin(1, 1.0, 1.0)]),
        lambda: charts.draw_coverage(accept(np.ones(1), Doubts(np.ones(1)), np.ones(1, np.bool_))),
        lambda: charts.draw_curves([EpochDone(1, 0.5, 0.8, 0.4, 0.85, 1.0)]),
        lambda: charts.draw_curves([EpochDone(1, float("nan"), 0.1, float("nan"), 0.1, 1.0)]),
    ],
)
def test_the_least_that_can_be_shown_is_drawn(draw: Callable[[], Figure]) -> None:
    assert pixels(draw()).std() > 1
