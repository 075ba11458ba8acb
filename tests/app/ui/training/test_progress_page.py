"""The curves of a training."""

import tkinter
from collections.abc import Iterator

import pytest

from app.ui.kit.chart import Chart
from app.ui.training.progress_page import ACCURACY, CHART_HEIGHT, CHART_WIDTH, over_epochs
from tests.screen import Screen

LINE = [(0.01, 0.08), (0.5, 0.9), (1.0, 0.97), (1.5, 0.98), (2.0, 0.99), (3.0, 0.999)]
DOTS = [(1.0, 0.975), (2.0, 0.98), (3.0, 0.98)]


@pytest.fixture
def chart(screen: Screen) -> Iterator[Chart]:
    assert screen
    root = tkinter.Tk(className="Inkling")
    made = Chart(root, CHART_WIDTH, CHART_HEIGHT)
    made.pack()
    root.update()
    yield made
    root.destroy()


def heights(chart: Chart) -> tuple[list[float], list[float]]:
    """Return how high the curve's points and the dots are."""
    kinds = [(str(chart.type(item)), chart.coords(item)) for item in chart.find_all()]
    (curve,) = [places for kind, places in kinds if kind == "line" and len(places) > 4]
    return curve[1::2], [(places[1] + places[3]) / 2 for kind, places in kinds if kind == "oval"]


def test_a_first_epoch_is_seen_whole(chart: Chart) -> None:
    chart.show(over_epochs(ACCURACY, 12, LINE[:4], DOTS[:1]))
    curve, _dots = heights(chart)
    assert len(curve) == 4


def test_after_two_epochs_the_gap_between_training_and_validation_is_seen(chart: Chart) -> None:
    chart.show(over_epochs(ACCURACY, 12, LINE, DOTS))
    curve, dots = heights(chart)
    assert len(curve) == 4
    assert dots[-1] - curve[-1] > CHART_HEIGHT / 3
    written = [chart.itemcget(item, "text") for item in chart.find_all() if str(chart.type(item)) == "text"]  # type: ignore[no-untyped-call]
    assert {"97 %", "99.9 %"} <= {*written}
