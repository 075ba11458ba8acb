"""What the doubt network's eleven answers come to."""

import numpy as np

from model.reading.doubt import ANSWERS, NONE, doubts


def test_a_digit_is_doubted_as_that_digit_and_anything_else_as_the_likeliest_one() -> None:
    answers = np.zeros((3, ANSWERS))
    answers[:, 7], answers[:, 2], answers[:, NONE] = 0.6, 0.3, 0.1
    assert np.allclose(doubts(answers, np.array([7, 2, NONE], np.uint8)), [0.4, 0.7, 0.4])
