"""What the answer says about a reading, in the real window: how sure it is, and what else it could be."""

from dataclasses import replace

import pytest

from app.ui.answer.note import NONE, Note
from app.ui.kit import tooltip
from model.base import language
from model.ink.ink import Box
from model.reading.reading import Digit, Prediction, Reading, Reason
from tests.conftest import Window


def lines(window: Window, one: float, seven: float, labels: dict[int, str] | None = None) -> list[str]:
    """Return the answer's lines for a digit that's a 1 or a 7 with these probabilities, and otherwise a 3."""
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
    assert lines(window, confidence, 0)[:2] == ["1", said]


@pytest.mark.parametrize(("seven", "said"), [(0.4, ["or 7 (40 %)"]), (0.06, ["or 7 (6 %)"]), (0.05, []), (0.01, [])])
def test_the_runner_up_is_named_where_it_is_likelier_than_one_in_twenty(
    window: Window, seven: float, said: list[str]
) -> None:
    assert lines(window, 1 - seven, seven)[2:] == [*said, "Wrong? Press the right digit."]
    assert lines(window, 1 - seven, seven, {0: "7"}) == ["7", "as you say"]


def test_bars_that_matter_have_their_percent_above_them(window: Window) -> None:
    lines(window, 0.7, 0.26)
    bars = window.main.answer.bars

    def percents() -> list[str]:
        return [bars.itemcget(item, "text") for item in bars._percents]  # type: ignore[no-untyped-call]

    assert percents() == ["", "70", *[""] * 5, "26", "", ""]
    lines(window, 0.737, 0.061)
    assert (percents()[1], percents()[7]) == ("74", "6")  # the same as in words
    lines(window, 0.737, 0.049)
    assert percents()[7] == ""  # the bar isn't lower, but already as low as bars get
    lines(window, 1.0, 0.0)
    assert percents()[1] == "99"  # it never says that it's surer
    lines(window, 0.7, 0.26, {0: "7"})
    assert not any(percents())  # it's the user who says so, and the network isn't that sure
    assert bars.bbox(bars._percents[1])[1] >= 0  # none of it is cut off


def told(window: Window, reading: Reading, labels: dict[int, str] | None = None) -> str:
    """Return what the answer says about a reading, in one line."""
    window.main.answer.show_reading(reading, 0, labels or {})
    window.root.update()
    return window.text().replace("\n", " ")


def number(*digits: int, sure: float = 1.0, strokes: tuple[int, ...] = ()) -> Reading:
    """Return a number in a picture, or in ink if it has strokes; each digit is this sure, and otherwise a 9."""
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
        ("crossed", "Lines go through the digits. Write clear of the lines, or on plain paper."),
        ("letters", "These look like letters. Inkling reads only digits: crop the picture to a number."),
        ("unclear", "The writing isn't clear. Take the picture again, closer and in better light."),
        ("sign", "A point or a comma may be missing. Compare the number with the picture."),
        ("blank", "There's nothing to read. Open another picture, or draw a digit."),
        (
            "layout",
            "These don't stand like a number's digits. Crop the picture to one number, with some paper",
        ),
        (
            "doubt",
            "It's most like 12, but that isn't sure enough. Compare it with the picture. A sharper one may help.",
        ),
    ],
)
def test_it_says_why_a_picture_is_rejected_and_what_helps(window: Window, reason: Reason, said: str) -> None:
    assert told(window, replace(number(1, 2), hindered=reason)).startswith(f"12? {said}")


def test_of_a_rejected_number_in_a_picture_it_says_whose_bars_are_shown(window: Window) -> None:
    assert told(window, replace(number(1, 2), hindered="faint")).endswith("Is the 1 wrong? Press the right digit.")
    assert told(window, replace(number(2, 2), hindered="faint")).endswith(
        "Is the first 2 wrong? Press the right digit."
    )


def test_of_a_rejected_drawing_it_says_how_to_correct_it(window: Window) -> None:
    unbelievable = replace(number(1, 2, strokes=(0,)), believable=False)
    assert told(window, unbelievable).endswith("If it's a number, choose each digit and press its key.")


@pytest.mark.parametrize(
    ("sure", "doubt", "said"),
    [
        (0.9, 0.95, "It's most like 4, but doesn't look like a digit."),
        (0.7, 0.95, "It's a bit like 4 and 9, but doesn't look like a digit."),
        (0.9, 0.6, "It may be an unusual 4, or not a digit at all."),
    ],
)
def test_a_refusal_says_what_was_measured_and_nothing_of_how_sure_it_is(
    window: Window, sure: float, doubt: float, said: str
) -> None:
    digits = tuple(
        replace(digit, prediction=replace(digit.prediction, doubt=doubt, accepted=False))
        for digit in number(4, sure=sure, strokes=(0,)).digits
    )
    assert told(window, Reading(digits)) == f"? {said} If it's a digit, press its key."
    bars = window.main.answer.bars
    assert not any(bars.itemcget(item, "text") for item in bars._percents)  # type: ignore[no-untyped-call]
    both = Reading((*digits, *number(7, strokes=(1,)).digits))
    assert told(window, both).startswith("47? The 4 may not be a digit. If it's a number,")


def test_under_an_answer_to_a_drawing_it_says_how_to_correct_it(window: Window) -> None:
    assert told(window, number(4, strokes=(0,))) == "4 over 99 % sure Wrong? Press the right digit."
    assert told(window, number(4, strokes=(0,)), {0: "9"}) == "9 as you say"
    assert told(window, number(4, 2, strokes=(0,))).endswith("Is the 4 wrong? Press the right digit.")
    assert told(window, number(4)) == told(window, number(4, strokes=(0,)))  # a picture's digit, too


def test_over_a_number_a_tooltip_says_that_its_digits_can_be_chosen(window: Window) -> None:
    view = window.main.answer
    hints = [(told(window, number(*digits)), tooltip.of(view)._texts.get(view._text))[1] for digits in ((4, 7), (4,))]
    assert hints == [("Click a digit to choose it, then press the right one.", ""), ("", "")]


def test_nothing_moves_when_a_line_comes(window: Window) -> None:
    def places() -> list[tuple[int, int, int, int]]:
        window.root.update()
        answer = window.main.answer
        parts = (window.main.pad, answer.bars, answer.below, answer._text)
        return [(each.winfo_rootx(), each.winfo_rooty(), each.winfo_width(), each.winfo_height()) for each in parts]

    for size in ("480x360", "680x460", "1000x700"):
        window.root.geometry(size)
        window.root.update()
        window.main.answer.show_reading(number(4, strokes=(0,)), 0, {}, moving=True)
        before = places()
        more = Note("Saved as a 9. Learned. " * 9, "Why?", undo=True)
        for reading, note in ((number(4, strokes=(0,), sure=0.8), NONE), (number(4, strokes=(0,)), more)):
            window.main.answer.show_reading(reading, 0, {}, note)
            assert places() == before, (size, note)


def test_the_bars_are_higher_in_a_higher_window(window: Window) -> None:
    told(window, number(4))
    bars = window.main.answer.bars
    low = bars.winfo_height()
    window.root.geometry("900x720")
    window.root.update()
    assert bars.winfo_height() > 1.5 * low
    assert bars.bbox(bars._names[9])[3] <= bars.winfo_height()  # the keys aren't cut off


def test_a_single_sign_that_is_no_digit_is_not_called_one(window: Window) -> None:
    assert told(window, replace(number(4), hindered="letters")) == (
        "? These look like letters. Closest: 4. Inkling reads only digits: crop the picture to a number."
    )
    assert told(window, replace(number(4), hindered="faint")).startswith("4? The writing is too faint.")


def test_the_reason_is_said_in_the_user_s_language(window: Window) -> None:
    language.use("zh_CN")
    said = told(window, replace(number(1), hindered="lines")).replace(" ", "")  # without line breaks
    assert said == "1?图片中有多行内容。请选择“作为整页识别”，或将图片裁剪到只剩一个数。"  # noqa: RUF001  (Chinese marks)


def test_signs_stand_in_the_answer_and_in_what_else_it_can_be(window: Window) -> None:
    price = replace(number(3, 7, 0, sure=0.9), signs=((0, "-"), (1, ".")))
    assert told(window, price) == "-3.70 73 % sure or -9.70 (8 %) Is the 3 wrong? Press the right digit."
    assert told(window, price, {0: "3", 1: "1", 2: "0"}) == "-3.10 as you say"
    assert told(window, replace(price, hindered="faint")).startswith("-3.70? The writing is too faint.")
