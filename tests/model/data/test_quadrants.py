"""The network of two layers: derivatives by hand match measured ones, and its lines are where they must be."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from model.commands.parser import parser
from model.commands.running import run
from model.data import quadrants
from model.judging import charts

POINTS = quadrants.scattered(60, seed=3)


def command(*words: str | Path) -> int:
    return run(parser().parse_args(["quadrants", *map(str, words)]))


@pytest.mark.parametrize("bends", [False, True])
@pytest.mark.parametrize("answers", [2, 4])
def test_backpropagation_finds_the_slopes_that_trying_finds(answers: int, bends: bool) -> None:
    random = np.random.default_rng(5)
    weights = [random.normal(0, 1, value.shape) for value in quadrants.beginning(answers, 7, 0).weights]
    network = quadrants.TwoLayers(quadrants.Weights(*weights), bends)
    labels = quadrants.quadrants(POINTS) % answers
    derived, measured = network.slopes(POINTS, labels), quadrants.measured_slopes(network, POINTS, labels)
    for value, one, other in zip(weights, derived, measured, strict=True):
        assert one.shape == value.shape
        assert one == pytest.approx(other, abs=1e-8)
        assert np.abs(one).max() > 1e-3


def test_measuring_slopes_leaves_the_network_as_it_was() -> None:
    network = quadrants.beginning(2, 3, 0)
    before = [value.copy() for value in network.weights]
    quadrants.measured_slopes(network, POINTS, quadrants.quadrants(POINTS) % 2)
    for value, was in zip(network.weights, before, strict=True):
        assert value == pytest.approx(was, abs=1e-12)


def test_a_quadrant_is_told_by_the_signs() -> None:
    assert quadrants.quadrants(np.array([[0.1, 0.9], [-0.1, 0.9], [-0.1, -0.9], [0.1, -0.9]])).tolist() == [0, 1, 2, 3]


def test_softmax_makes_probabilities_of_any_numbers() -> None:
    rows = quadrants.softmax(np.array([[1.0, 2.0, 3.0], [1001.0, 1002.0, 1003.0], [-1e6, 0.0, -1e6]]))
    assert rows.sum(1) == pytest.approx(1)
    assert rows[0] == pytest.approx(rows[1])
    assert rows[2] == pytest.approx([0, 1, 0])


def test_one_who_knows_nothing_loses_the_logarithm_of_the_answers() -> None:
    assert quadrants.cross_entropy(np.full((5, 10), 0.1), np.arange(5)) == pytest.approx(np.log(10))


@pytest.mark.parametrize(
    ("answers", "bends", "learns"), [(4, False, True), (4, True, True), (2, False, False), (2, True, True)]
)
def test_opposite_quadrants_alike_need_a_bend(answers: int, bends: bool, learns: bool) -> None:
    points, others = quadrants.scattered(400, 1), quadrants.scattered(1000, 2)
    labels, right = (quadrants.quadrants(some) % answers for some in (points, others))
    start = quadrants.beginning(answers, 8, 1, bends=bends)
    network = quadrants.learned(start, points, labels, 2000, 0.5)
    assert network.loss(points, labels) < start.loss(points, labels)
    assert (quadrants.accuracy(network, others, right) > 0.97) == learns
    if not learns:
        assert network.loss(points, labels) == pytest.approx(np.log(2), abs=0.01)


def test_the_command_tells_what_was_learned_and_draws_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "new" / "a.png"
    assert command("--steps", "300", "--hidden", "5", "--output", picture) == 0
    *tasks, slopes, last = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in tasks] == [
        "four answers, without ReLU",
        "four answers, with ReLU",
        "two answers, without ReLU",
        "two answers, with ReLU",
    ]
    assert all("→" in line and "% of 1,000 other points" in line for line in tasks)
    assert float(slopes.removesuffix(" at most").rsplit(" ", 1)[1]) < 1e-8
    assert last == f"see {picture}"
    with Image.open(picture) as image:
        assert min(image.size) > 600


def test_wrong_usage_and_what_cannot_be_get_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command("--output", "a.jpg")
    assert "ends in .png" in capsys.readouterr().err
    (tmp_path / "file").touch()
    assert command("--steps", "1", "--output", tmp_path / "file" / "a.png") == 1
    assert "can't be written" in capsys.readouterr().err
    assert command("--learning-rate", "100", "--output", tmp_path / "a.png") == 1
    assert "lower learning rate" in capsys.readouterr().err
    assert not (tmp_path / "a.png").exists()


def test_a_plane_is_tinted_by_its_answers_and_a_unit_s_bristles_are_where_it_speaks() -> None:
    grid = charts.plane_grid()
    network = quadrants.TwoLayers(
        quadrants.Weights(np.array([[1.0], [0.0]]), np.array([-0.5]), np.array([[9.0, -9.0]]), np.array([-2.0, 2.0]))
    )
    answers = network.probabilities(grid).reshape(charts.PLANE_SIDE, charts.PLANE_SIDE, 2)
    plane = charts.Plane("t", answers, POINTS, quadrants.quadrants(POINTS) % 2, ("a", "b", "a", "b"), [(1, 0, -0.5)])
    figure = charts.draw_planes([plane, plane, plane])
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["t"] * 3
    (image,) = figure.axes[0].images
    shown = np.asarray(image.get_array())
    assert shown[100, 199, 2] > shown[100, 199, 0]  # the first answer's blue is right of the line at 0.5
    assert shown[100, 0, 0] > shown[100, 0, 2]
    line, *bristles = figure.axes[0].lines[len(charts.POINT_KINDS) :]
    assert np.asarray(line.get_xdata()) == pytest.approx(0.5)
    assert len(bristles) > 10
    for bristle in bristles:
        start, end = np.asarray(bristle.get_xdata())
        assert (start, end > 0.5) == (pytest.approx(0.5), True)
        assert network.hidden(np.array([[end, 0.0]]))[0, 0] > 0
