"""Signs are recognized by their ink on a page, whatever the eye took them for."""

from __future__ import annotations

import numpy as np
import pytest

from model.ink.ink import Box
from model.page.rules import Rule, Rules
from model.page.signs import Specks
from model.reading.sight import Sight

DIGITS = [Box(100, 50, 130, 110), Box(160, 50, 190, 110), Box(220, 50, 250, 110)]
Mark = tuple[int, int, int, int]  # left, top, right and bottom


def sight(*ink: Mark, digits: tuple[Mark, ...] = (), signs: tuple[Mark, ...] = ()) -> Sight:
    """Return a page with three digits and more ink, some of which the eye takes for digits or signs."""
    grey, taken, told = (np.full((200, 400), paper, kind) for paper, kind in ((230, np.uint8), (0, "f4"), (0, "f4")))
    for left, top, right, bottom in (*((int(x), int(y), int(r), int(b)) for x, y, r, b in DIGITS), *digits):
        taken[top:bottom, left:right] = 0.9
        grey[top:bottom, left:right] = 30
    for left, top, right, bottom in (*ink, *signs):
        grey[top:bottom, left:right] = 30
    for left, top, right, bottom in signs:
        told[top:bottom, left:right] = 0.9
    return Sight(grey, taken, told, 60, 1.0, grey)


def found(seen: Sight, rules: Rules = Rules()) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:  # noqa: B008
    clear, faint = Specks.of(seen, rules).marks(DIGITS)
    return [(mark.place, mark.sign) for mark in clear], [(mark.place, mark.sign) for mark in faint]


POINT, COMMA, MINUS = (141, 103, 147, 109), (141, 100, 146, 122), (70, 76, 90, 82)


@pytest.mark.parametrize(("mark", "sign"), [(POINT, (1, ".")), (COMMA, (1, ",")), (MINUS, (0, "-"))])
def test_a_sign_that_the_eye_takes_for_a_digits_ink_is_one(mark: Mark, sign: tuple[int, str]) -> None:
    assert found(sight(digits=(mark,))) == ([sign], [])
    assert found(sight(signs=(mark,))) == ([sign], [])


def test_ink_that_the_eye_saw_as_nothing_is_faint() -> None:
    assert found(sight(POINT)) == ([], [(1, ".")])


def test_a_colon_has_two_points() -> None:
    assert found(sight(digits=(POINT, (141, 75, 147, 81)))) == ([(1, ":")], [])


@pytest.mark.parametrize(
    "stroke",
    [
        (141, 60, 146, 105),  # the stem of a 4
        (150, 52, 175, 56),  # the bar of a 5
        (143, 80, 157, 84),  # the bar of a 7, not a minus between digits
        (141, 52, 146, 58),  # a spot at the top
        (141, 150, 147, 156),  # part of the line below
    ],
)
def test_a_stroke_of_a_digit_is_no_sign(stroke: Mark) -> None:
    assert found(sight(digits=(stroke,))) == ([], [])


def test_a_piece_of_a_rule_is_no_sign() -> None:
    assert found(sight(digits=(POINT,)), Rules(along=(Rule(106, 0, 400),))) == ([], [])


def test_a_page_without_ink_has_none() -> None:
    paper = np.full((50, 50), 230, np.uint8)
    blank = Sight(paper, np.zeros((50, 50), "f4"), np.zeros((50, 50), "f4"), 0, 1.0, paper)
    assert Specks.of(blank, Rules()).marks([Box(10, 10, 20, 40)]) == ([], [])
