"""How sure an answer to a picture may be is fitted by logistic regression."""

import numpy as np
import pytest

from model.training.eye.certain import regression


def test_the_weights_that_made_the_outcomes_are_found() -> None:
    random = np.random.default_rng(0)
    measured = random.normal(size=(20_000, 2))
    right = random.random(20_000) < 1 / (1 + np.exp(-(1.5 + measured @ (-2, 0.5))))
    assert regression(measured, right) == pytest.approx([1.5, -2, 0.5], abs=0.1)


@pytest.mark.parametrize("outcome", [True, False])
def test_where_all_outcomes_are_alike_the_weights_are_finite(outcome: bool) -> None:
    constant, slope = regression(np.linspace(-3, -1, 50)[:, None], np.full(50, outcome))
    assert 0 < (constant - 2 * slope if outcome else 2 * slope - constant) < 20


def test_without_outcomes_nothing_is_sure() -> None:
    assert regression(np.empty((0, 4)), np.empty(0, np.bool_)) == [0.0] * 5
