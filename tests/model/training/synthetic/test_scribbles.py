"""Marks that aren't digits."""

import numpy as np
import pytest

from model.training.synthetic import scribbles


@pytest.mark.parametrize("kind", scribbles._KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_draws_lines_that_can_be_drawn(kind: object) -> None:
    random = np.random.default_rng(0)
    for _ in range(50):
        lines = kind(random)  # type: ignore[operator]
        assert lines
        for line in lines:
            assert line.ndim == 2
            assert line.shape[1] == 2
            assert len(line)
            assert np.isfinite(line).all()


def test_no_two_marks_are_alike_and_a_seed_draws_the_same_again() -> None:
    first, second, again = (
        [scribbles.scribble(random) for _ in range(20)]
        for random in (np.random.default_rng(1), np.random.default_rng(2), np.random.default_rng(1))
    )
    same = [np.array_equal(np.concatenate(a), np.concatenate(b)) for a, b in zip(first, again, strict=True)]
    assert all(same)
    assert not any(np.array_equal(np.concatenate(a), np.concatenate(b)) for a, b in zip(first, second, strict=True))


def test_lines_are_turned_clockwise_on_the_screen() -> None:
    (turned,) = scribbles.turned([np.array([[1.0, 0.0]])], np.pi / 2)
    assert turned == pytest.approx(np.array([[0.0, 1.0]]), abs=1e-12)
