"""Signs are recognized by their shape and their place next to the digits."""

from collections.abc import Sequence

import numpy as np
import pytest

from model.ink.ink import Box
from model.reading.reading import Signs
from model.reading.sight import Sight
from model.reading.signs import signs_of

DIGITS = [Box(100, 50, 140, 110), Box(170, 50, 210, 110), Box(240, 50, 280, 110)]


def told(*marks: tuple[int, int, int, int], digits: Sequence[Box] = DIGITS) -> Signs:
    """Return which signs some marks (left, top, right, bottom) are, next to digits 60 pixels high."""
    signs = np.zeros((200, 400), np.float32)
    for left, top, right, bottom in marks:
        signs[top:bottom, left:right] = 0.9
    paper = np.zeros((200, 400), np.uint8)
    return signs_of(Sight(paper, np.zeros_like(signs), signs, 60, 1.0, paper), digits)


@pytest.mark.parametrize(
    ("mark", "sign"),
    [
        ((150, 102, 158, 110), "."),
        ((150, 98, 158, 114), ","),
        ((152, 100, 157, 122), ","),
        ((150, 100, 158, 119), ","),  # short, and it reaches below the baseline
        ((145, 76, 165, 82), "-"),
        ((151, 48, 156, 60), "'"),
        ((150, 102, 151, 103), ""),  # a speck
        ((145, 150, 165, 156), ""),  # a line below
        ((150, 74, 158, 82), ""),  # a spot at half height
    ],
)
def test_a_sign_is_told_by_its_shape_and_place(mark: tuple[int, int, int, int], sign: str) -> None:
    assert told(mark) == (((1, sign),) if sign else ())


def test_a_sign_stands_before_between_or_behind_digits() -> None:
    assert told((70, 76, 90, 82)) == ((0, "-"),)
    assert told((220, 102, 228, 110)) == ((2, "."),)
    assert told((290, 76, 310, 82)) == ((3, "-"),)
    assert told((70, 76, 90, 82), (150, 102, 158, 110), (290, 76, 310, 82)) == ((0, "-"), (1, "."), (3, "-"))


def test_an_apostrophe_stands_between_digits() -> None:
    assert told((220, 48, 225, 60)) == ((2, "'"),)
    assert told((85, 48, 90, 60), (290, 48, 295, 60)) == ()


def test_two_dashes_above_each_other_are_one_sign() -> None:
    assert told((290, 68, 310, 73), (290, 84, 310, 89)) == ((3, "="),)


def test_two_points_above_each_other_are_a_colon() -> None:
    assert told((152, 100, 158, 106), (152, 78, 158, 84)) == ((1, ":"),)
    assert told((151, 100, 157, 106), (153, 78, 159, 84)) == ((1, ":"),)


def test_what_the_eye_takes_half_for_a_digits_ink_is_one_sign() -> None:
    signs = np.zeros((200, 400), np.float32)
    signs[106:122, 152:157] = 0.9
    paper = np.zeros((200, 400), np.uint8)
    sight = Sight(paper, np.zeros_like(signs), signs, 60, 1.0, paper)
    assert signs_of(sight, DIGITS, [Box(152, 100, 158, 106)]) == ((1, ","),)
    assert signs_of(sight, DIGITS, [Box(222, 104, 228, 110)]) == ((1, ","), (2, "."))


def test_what_is_far_away_is_no_sign() -> None:
    assert told((20, 76, 40, 82), digits=DIGITS[1:]) == ()


def test_without_digits_there_are_no_signs() -> None:
    assert told((150, 102, 158, 110), digits=()) == ()
