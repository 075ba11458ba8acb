"""The connected parts of a mask are those that a walk from pixel to pixel finds."""

import numpy as np
import pytest

from model.ink.ink import Box
from model.reading.connected import MOST, boxes_of, connected_parts


@pytest.mark.parametrize("share", [0.05, 0.3, 0.5, 0.8])
def test_connected_parts_are_those_of_a_walk(share: float) -> None:
    chance = np.random.default_rng(3)
    for shape in ((1, 12), (12, 1), (17, 23), (40, 40)):
        mask = chance.random(shape) < share
        labels = connected_parts(mask)
        assert ((labels > 0) == mask).all()
        free = {(int(row), int(column)) for row, column in zip(*np.nonzero(mask), strict=True)}
        parts = 0
        while free:
            parts += 1
            reached = [free.pop()]
            names = {labels[reached[0]]}
            while reached:
                row, column = reached.pop()
                near = {(row + dy, column + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)} & free
                free -= near
                reached += near
                names |= {labels[place] for place in near}
            assert len(names) == 1
        assert labels.max() == parts == len(np.unique(labels[mask]))


def test_boxes_are_around_the_parts() -> None:
    mask = np.zeros((20, 30), np.bool_)
    mask[2:5, 3:9] = True
    mask[5, 9] = True  # it touches at a corner
    mask[10, 20] = True
    assert sorted(boxes_of(mask)) == [Box(3, 2, 10, 6), Box(20, 10, 21, 11)]
    assert boxes_of(np.zeros((4, 4), np.bool_)) == []


def test_of_many_parts_the_largest_have_boxes() -> None:
    mask = np.zeros((2, 4 * MOST + 8), np.bool_)
    mask[0, ::4] = True
    mask[1, 8::4] = True  # all except two have two pixels
    boxes = boxes_of(mask)
    assert len(boxes) == MOST
    assert {box.height for box in boxes} == {2}
