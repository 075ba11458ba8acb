"""What the answer says of a reading, in the real window: how sure it is, and what else it can be."""

from dataclasses import replace

import pytest

from model.base import language
from model.ink.ink import Box
from model.reading.reading import Digit, Prediction, Reading, Reason
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


def told(window: Window, reading: Reading, labels: dict[int, str] | None = None) -> str:
    """Return what the answer says of a reading, in one line."""
    window.main.answer.show_reading(reading, 0, labels or {})
    window.root.update()
    return window.text().replace("\n", " ")


def number(*digits: int, sure: float = 1.0, strokes: tuple[int, ...] = ()) -> Reading:
    """Return a number in a picture, or in ink where it has strokes, each digit so sure and else a 9."""
    shares = ([0.0] * digit + [sure] + [0.0] * (8 - digit) + [1 - sure] for digit in digits)
    box = Box(0, 0, 20, 100)
    return Reading(tuple(Digit(Prediction(tuple(each)), box, strokes) for each in shares))


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("faint", "The writing is too faint. Take the picture in better light, or write with a darker pen."),
        ("small", "The writing is too small. Move the camera closer."),
        ("blurred", "The picture is out of focus. Take it again, and hold the camera still."),
        ("edge", "The picture's edge cuts something off. Get the whole number into the picture, with some paper"),
        ("lines", "There are several lines. Choose Read as a page, or crop the picture to one number."),
        ("crossed", "Lines go through the digits. Write clear of lines, or on plain paper."),
        ("letters", "These look like letters. Only digits are read: crop the picture to a number."),
        ("unclear", "The writing isn't clear. Take the picture again, closer and in better light."),
        ("blank", "There is nothing to read. Open another picture, or draw a digit."),
        ("layout", "Not sure this is a number Crop the picture to one number, with some paper around it."),
        ("doubt", "Not sure this is a number Crop the picture to one number, with some paper around it."),
    ],
)
def test_it_says_why_a_picture_is_rejected_and_what_helps(window: Window, reason: Reason, said: str) -> None:
    assert told(window, replace(number(1, 2), hindered=reason)).startswith(f"12? {said}")


def test_of_a_rejected_drawing_it_says_how_to_correct_it(window: Window) -> None:
    unbelievable = replace(number(1, 2, strokes=(0,)), believable=False)
    assert told(window, unbelievable).endswith("If it's a number, choose each digit and press its key.")


def test_the_reason_is_said_in_the_user_s_language(window: Window) -> None:
    language.use("zh_CN")
    try:
        said = told(window, replace(number(1), hindered="lines")).replace(" ", "")  # where lines are broken
        assert said == "1?图片中有多行内容。请选择“作为整页识别”，或将图片裁剪到只剩一个数。"  # noqa: RUF001  (Chinese marks)
    finally:
        language.use("en")


def test_signs_stand_in_the_answer_and_in_what_else_it_can_be(window: Window) -> None:
    price = replace(number(3, 7, 0, sure=0.9), signs=((0, "-"), (1, ".")))
    assert told(window, price) == "-3.70 73 % sure or -9.70 (8 %)"
    assert told(window, price, {0: "3", 1: "1", 2: "0"}) == "-3.10 as you say"
    assert told(window, replace(price, hindered="faint")).startswith("-3.70? The writing is too faint.")
