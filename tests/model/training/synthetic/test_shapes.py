"""Digits by rule: each shape can be drawn, is read as its digit, and none is drawn twice."""

import collections

import numpy as np
import pytest

from model.data.data import DIGITS
from model.reading.recognizer import Recognizer
from model.training.synthetic import shapes, styles
from model.training.synthetic.shapes import SHAPES, Shape


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: f"{shape.digit} {shape.about}")
def test_a_shape_is_drawn_in_a_box_about_one_high(shape: Shape) -> None:
    random = np.random.default_rng(0)
    for _ in range(20):
        low, high = styles.box(shape.drawn(random))
        assert 0.8 < high[1] - low[1] < 1.8
        assert high[0] - low[0] < 1.8


def test_every_digit_has_several_shapes_and_the_network_reads_them(recognizer: Recognizer) -> None:
    assert min(collections.Counter(shape.digit for shape in SHAPES).values()) >= 4
    images, labels = shapes.digits(400, np.random.default_rng(0))
    assert set(labels) == {int(digit) for digit in DIGITS}
    assert len(np.unique(images.reshape(400, -1), axis=0)) == 400
    answers = np.array([np.argmax(recognizer.probabilities(image / np.float32(255))) for image in images])
    assert (answers == labels).mean() > 0.9


def test_a_curve_goes_through_its_corners_and_a_straight_line_has_no_other() -> None:
    corners = np.array([[0.0, 0.0], [1.0, 0.5], [0.0, 1.0]])
    for line in (shapes.curve(corners), shapes.straight(corners)):
        assert np.allclose(line[:: shapes.PER_SPAN], corners)
    assert np.allclose(np.diff(shapes.straight(corners)[: shapes.PER_SPAN + 1], axis=0).std(0), 0)
    assert np.diff(shapes.curve(corners)[: shapes.PER_SPAN + 1], axis=0).std(0).max() > 0.01
