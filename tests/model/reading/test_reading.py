from dataclasses import replace
from typing import get_args

import pytest

from model.ink.ink import Box
from model.reading.reading import Digit, Prediction, Reading, Reason, Signs


def prediction(digit: int, confidence: float, other: int = 0, *, accepted: bool = True) -> Prediction:
    shares = [0.0] * 10
    shares[other] = 1 - confidence
    shares[digit] = confidence
    return Prediction(tuple(shares), doubt=0.1 if accepted else 0.9, accepted=accepted)


def reading(*predictions: Prediction, believable: bool = True) -> Reading:
    boxes = [Box(100.0 * place, 0, 100.0 * place + 60, 90) for place in range(len(predictions))]
    return Reading(tuple(Digit(*pair) for pair in zip(predictions, boxes, strict=True)), believable)


def test_a_blank_canvas_reads_as_nothing() -> None:
    blank = Reading()
    assert (blank.text, blank.digit, blank.confidence, blank.accepted, blank.alternatives) == ("", None, 0, False, ())
    assert blank.probabilities == (0.0,) * 10


def test_a_single_digit_is_its_prediction() -> None:
    seven = prediction(7, 0.75, 1)
    one = reading(seven)
    assert (one.text, one.digit, one.confidence, one.accepted) == ("7", 7, 0.75, True)
    assert one.probabilities == seven.probabilities
    assert one.alternatives == seven.alternatives
    assert one.alternatives[:2] == (("7", 0.75), ("1", 0.25))


def test_a_number_is_the_text_of_its_digits_and_as_sure_as_all_of_them() -> None:
    number = reading(prediction(2, 0.75), prediction(0, 0.8, 6), prediction(6, 1.0))
    assert (number.text, number.digit, number.probabilities) == ("206", None, None)
    assert number.confidence == pytest.approx(0.6)


def test_a_number_s_alternatives_differ_in_one_digit() -> None:
    number = reading(prediction(4, 0.6, 9), prediction(1, 0.9, 7))
    texts, probabilities = zip(*number.alternatives, strict=True)
    assert texts[:3] == ("41", "91", "47")
    assert probabilities[:3] == pytest.approx((0.54, 0.36, 0.06))
    assert len(texts) == len(set(texts)) == 5


def test_a_number_is_accepted_when_all_of_it_is() -> None:
    good, bad = prediction(3, 0.9), prediction(3, 0.9, accepted=False)
    assert reading(good, good).accepted
    assert not reading(good, bad).accepted
    assert not reading(good, good, believable=False).accepted


def test_what_the_user_says_is_certain_and_the_rest_as_sure_as_it_was() -> None:
    read = reading(prediction(1, 0.9, other=7), prediction(7, 0.6, accepted=False), believable=False)
    assert not read.as_told({}).accepted
    told = read.as_told({1: "4"})
    assert (told.text, told.accepted) == ("14", False)
    assert told.confidence == pytest.approx(0.9)
    assert told.digits[1].prediction.probabilities == (0, 0, 0, 0, 1, 0, 0, 0, 0, 0)
    (first, _), (second, probability), *_rest = told.alternatives
    assert (first, second) == ("14", "74")
    assert probability == pytest.approx(0.1)
    told = read.as_told({0: "1", 1: "4"})
    assert (told.text, told.confidence, told.accepted) == ("14", 1, True)


@pytest.mark.parametrize(
    ("signs", "written"),
    [
        ((), "370"),
        (((1, "."),), "3.70"),
        (((0, "-"), (1, ",")), "-3,70"),
        (((0, "-"), (0, ".")), "-.370"),
        (((1, "'"), (3, "."), (3, "-")), "3'70.-"),
    ],
)
def test_signs_stand_in_what_is_written_and_the_text_has_the_digits_alone(signs: Signs, written: str) -> None:
    number = replace(reading(*(prediction(digit, 0.9) for digit in (3, 7, 0))), signs=signs)
    assert (number.text, number.written) == ("370", written)
    assert number.signed("178") == written.replace("3", "1").replace("0", "8")
    assert number.as_told({0: "1", 2: "8"}).written == number.signed("178")
    assert number.accepted


def test_what_is_rejected_has_a_reason_the_picture_s_before_all_others() -> None:
    good, bad = prediction(3, 0.9), prediction(3, 0.9, accepted=False)
    for read, reason, doubt in (
        (reading(good, good), "", 0.1),
        (reading(good, bad), "doubt", 0.9),
        (reading(good, bad, believable=False), "layout", 1),
        (Reading(), "blank", 1),
        (replace(reading(good), hindered="faint"), "faint", 1),
        (replace(reading(bad, believable=False), hindered="lines"), "lines", 1),
        (Reading(hindered="letters"), "letters", 1),
    ):
        assert (read.reason, read.doubt, read.accepted) == (reason, doubt, not reason)


@pytest.mark.parametrize("reason", get_args(Reason)[1:])
def test_what_the_user_says_of_all_digits_holds_whatever_was_the_matter(reason: Reason) -> None:
    read = replace(reading(prediction(1, 0.9), prediction(7, 0.6)), hindered=reason)
    assert read.as_told({}).reason == read.as_told({1: "7"}).reason == reason
    assert read.as_told({0: "1", 1: "7"}).accepted
