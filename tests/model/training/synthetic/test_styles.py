"""Pen ink redrawn for training."""

from pathlib import Path

import numpy as np
import pytest

from model.data import data
from model.ink.ink import Drawing, Point, Stroke
from model.reading.normalize import normalize_drawing
from model.training.synthetic import styles


def drawing(label: str, *strokes: list[tuple[float, float]]) -> Drawing:
    return Drawing(tuple(Stroke(tuple(Point(*point) for point in stroke)) for stroke in strokes), label=label)


ROUND = [(50 + 30 * np.cos(angle), 50 + 40 * np.sin(angle)) for angle in np.linspace(0, 2 * np.pi, 20)]
ZERO = drawing("0", ROUND)
ONE = drawing("1", [(50, 10), (50, 90)])
SEVEN = drawing("7", [(20, 10), (80, 10), (40, 90)])


def test_plain_is_what_the_network_will_be_shown() -> None:
    images, labels = styles.plain([ZERO, SEVEN])
    assert labels.tolist() == [0, 7]
    assert images.dtype == labels.dtype == np.uint8
    assert np.abs(images[1] / 255 - normalize_drawing(SEVEN)).max() <= 0.5 / 255 + 1e-6


def test_nothing_gives_nothing() -> None:
    for images, labels in (styles.plain([]), styles.varied([], 8, np.random.default_rng(0))):
        assert (images.shape, labels.shape) == ((0, 28, 28), (0,))


def test_each_copy_is_another_drawing_of_the_same_digit() -> None:
    images, labels = styles.varied([ZERO, SEVEN], 10, np.random.default_rng(0))
    assert labels.tolist() == [0] * 10 + [7] * 10
    assert len(np.unique(images.reshape(20, -1), axis=0)) == 20
    plain, _ = styles.plain([ZERO, SEVEN])
    near = np.abs(images[:10].mean(0) - plain[0]).mean(), np.abs(images[:10].mean(0) - plain[1].astype(float)).mean()
    assert near[0] < near[1]
    again, _ = styles.varied([ZERO, SEVEN], 10, np.random.default_rng(0))
    assert np.array_equal(images, again)


def test_a_slash_crosses_a_zero() -> None:
    zeros, _ = styles.plain([ZERO] * 5)
    slashed = styles.slashed(zeros, np.random.default_rng(0))
    assert (slashed >= zeros).all()
    assert (zeros[:, 12:16, 12:16] == 0).all()  # its middle used to be empty
    assert (slashed[:, 10:18, 10:18].max((1, 2)) > 200).all()
    blank = np.zeros((1, 28, 28), np.uint8)
    assert not styles.slashed(blank, np.random.default_rng(0)).any()


@pytest.mark.parametrize(("one", "least"), [(ZERO, 8), (ONE, 4), (SEVEN, 4)])
def test_some_are_redrawn_in_another_style(one: Drawing, least: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(styles, "warped", lambda lines, random: lines)  # noqa: ARG005
    monkeypatch.setattr(styles, "PENS", (2.4,))
    images, _ = styles.varied([one], 200, np.random.default_rng(1))
    plain, _ = styles.plain([one])
    change = np.abs(images.astype(float) - plain[0]).sum((1, 2)) / 255  # in pixels
    assert (change > 1).mean() == pytest.approx(styles.STYLED, abs=0.1)
    assert np.median(change[change > 1]) > least


def test_every_writer_s_every_digit_can_be_redrawn(shared: Path) -> None:
    ink = data.load_ink([shared / "data" / "pen-digits.jsonl"])
    images, _ = styles.varied(ink.train[:500], 2, np.random.default_rng(0))
    mass = images.sum((1, 2)) / 255
    assert mass.min() > 10
    assert (images[:, 0].max(1) < 255).mean() > 0.95  # hardly any touch the upper edge
