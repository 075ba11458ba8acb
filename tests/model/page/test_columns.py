"""A column's numbers have their signs in common."""

import pytest

from model.ink.ink import Box
from model.page.columns import Number, agreed, as_signs
from model.reading.signs import Mark

BOX = Box(0, 0, 1, 1)


def number(written: str, faint: str = "") -> Number:
    """Return a number with its signs; a second text, which also includes the faint ones, says which are faint."""
    digits = sum(sign.isdigit() for sign in written)
    clear = marks(written)
    return Number(digits, clear, [mark for mark in marks(faint) if mark not in clear])


def marks(text: str) -> list[Mark]:
    found: list[Mark] = []
    digits = 0
    for sign in text:
        if sign.isdigit():
            digits += 1
        else:
            found.append(Mark(digits, sign, BOX))
    return found


def column(*numbers: Number, texts: str) -> list[str]:
    """Return a column as agreed upon, with a "?" after what's doubtful."""
    told = []
    for (signs, is_doubtful), text in zip(agreed(numbers), texts.split(), strict=True):
        characters = list(text)
        for place, sign in reversed(signs):
            characters.insert(place, sign)
        told.append("".join(characters) + "?" * is_doubtful)
    return told


def test_a_number_that_differs_from_its_column_is_doubtful_and_stays_as_it_is() -> None:
    numbers = [number(each) for each in ("3.70", "12.25", "370", "-4.10", "37.0")]
    assert column(*numbers, texts="370 1225 370 410 370") == ["3.70", "12.25", "370?", "-4.10", "37.0?"]


def test_a_faint_sign_is_taken_where_its_column_has_one() -> None:
    numbers = [number("3.70"), number("12.25"), number("8.00"), number("370", "3.7.0")]
    assert column(*numbers, texts="370 1225 800 370") == ["3.70", "12.25", "8.00", "3.70"]


def test_a_clear_sign_is_never_taken_away() -> None:
    numbers = [number("37"), number("12"), number("8"), number("3.7")]
    assert column(*numbers, texts="37 12 8 37") == ["37", "12", "8", "3.7?"]


def test_no_sign_comes_without_ink() -> None:
    assert column(*map(number, ("12:30", "09:15", "10:00", "1145")), texts="1230 0915 1000 1145")[-1] == "1145?"


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        ("3,7 4,1 8.0 9,2", "3,7 4,1 8,0 9,2"),  # a short comma looks like a point
        ("3.7 4.1 8.0 9.2 5.5 6,6", "3.7 4.1 8.0 9.2 5.5 6.6"),
        ("12:30 09:15 10.00 11:45", "12:30 09:15 10:00 11:45"),  # one of the colon's points was joined to a digit
        ("24.11.2026 25.11.2026 26.11.2026", "24.11.2026 25.11.2026 26.11.2026"),
        ("1'200 3'400 5'600", "1'200 3'400 5'600"),
    ],
)
def test_a_column_has_one_sign_at_each_place(seen: str, told: str) -> None:
    texts = "".join(sign for sign in seen if sign.isdigit() or sign == " ")
    assert column(*map(number, seen.split()), texts=texts) == told.split()


def test_without_a_clear_form_only_what_is_hardly_seen_is_doubtful() -> None:
    numbers = [number("3.7"), number("12"), number("4.25"), number("88", "8.8")]
    assert column(*numbers, texts="37 12 425 88") == ["3.7", "12", "4.25", "88?"]
    assert column(number("3.7"), number("37"), texts="37 37") == ["3.7", "37"]  # two numbers aren't a column
    assert agreed([]) == []


def test_marks_are_signs_in_their_order() -> None:
    assert as_signs(marks("-3.7")) == ((0, "-"), (1, "."))
