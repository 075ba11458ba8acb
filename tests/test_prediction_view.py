"""What the answer says of a reading, in the real window: how sure it is, and what else it can be."""

import pytest

from model.ink import Box
from model.reading import Digit, Reading
from model.recognizer import Prediction
from tests.conftest import Window


def one_or_seven(one: float, seven: float, doubt: float = 0) -> Reading:
    """Return a digit that is a 1 or a 7, each as likely as told, or else a 3."""
    shares = [0.0] * 10
    shares[1], shares[7], shares[3] = one, seven, 1 - one - seven
    return Reading((Digit(Prediction(tuple(shares), doubt, doubt <= 0.5), Box(0, 0, 20, 100)),))


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
    window.main.answer.show_reading(one_or_seven(confidence, 0), 0, {})
    assert window.text().splitlines() == ["1", said]


@pytest.mark.parametrize(("seven", "said"), [(0.4, ["or 7 (40 %)"]), (0.06, ["or 7 (6 %)"]), (0.05, []), (0.01, [])])
def test_the_runner_up_is_named_where_it_is_likelier_than_one_in_twenty(
    window: Window, seven: float, said: list[str]
) -> None:
    reading = one_or_seven(1 - seven, seven)
    window.main.answer.show_reading(reading, 0, {})
    assert window.text().splitlines()[2:] == said
    window.main.answer.show_reading(reading, 0, {0: "7"})
    assert window.text().splitlines() == ["7", "as you say"]
