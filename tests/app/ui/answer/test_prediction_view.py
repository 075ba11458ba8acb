"""What the answer says of a reading, in the real window: how sure it is, and what else it can be."""

import pytest

from model.ink.ink import Box
from model.reading.reading import Digit, Prediction, Reading
from tests.conftest import Window


def lines(window: Window, one: float, seven: float, labels: dict[int, str] | None = None) -> list[str]:
    """Return the lines of the answer to a digit that is a 1 or a 7, each as likely as told, or else a 3."""
    shares = [0.0] * 10
    shares[1], shares[7], shares[3] = one, seven, 1 - one - seven
    reading = Reading((Digit(Prediction(tuple(shares)), Box(0, 0, 20, 100)),))
    window.main.answer.show_reading(reading, 0, labels or {})
    window.root.update()
    return window.text().splitlines()


@pytest.mark.parametrize(
    ("confidence", "said"),
    [
        (0.951, "95 % sure"),
        (0.989, "99 % sure"),
        (0.99, "99 % sure"),
        (0.9901, "over 99 % sure"),
        (1, "over 99 % sure"),
    ],
)
def test_it_is_over_99_percent_sure_beyond_that_alone(window: Window, confidence: float, said: str) -> None:
    assert lines(window, confidence, 0) == ["1", said]


@pytest.mark.parametrize(("seven", "said"), [(0.4, ["or 7 (40 %)"]), (0.06, ["or 7 (6 %)"]), (0.05, []), (0.01, [])])
def test_the_runner_up_is_named_where_it_is_likelier_than_one_in_twenty(
    window: Window, seven: float, said: list[str]
) -> None:
    assert lines(window, 1 - seven, seven)[2:] == said
    assert lines(window, 1 - seven, seven, {0: "7"}) == ["7", "as you say"]
