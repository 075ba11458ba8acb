"""What practice asks the user to write."""

from random import Random

from app.drawing.practice import LONGEST, Practice, begun, mixed


def test_it_asks_for_each_digit_once_with_numbers_between_them() -> None:
    asked = mixed(Random(1))  # noqa: S311  (it isn't a secret)
    assert sorted(each for each in asked if len(each) == 1) == list("0123456789")
    numbers = [each for each in asked if len(each) > 1]
    assert len(numbers) == 3
    assert all(2 <= len(each) <= LONGEST and each[0] != "0" for each in numbers)
    assert mixed(Random(1)) == asked != mixed(Random(2))  # noqa: S311


def test_it_goes_on_without_an_end_and_counts_what_was_written() -> None:
    chance = Random(3)  # noqa: S311
    practice = begun(chance)
    for right in (True, False, None, True, *[True] * 20):
        practice = practice.after(chance, right=right)
        assert practice.asked
    assert practice.went[:3] == (True, False, True)
    assert (practice.right, len(practice.went)) == (22, 23)
    assert Practice("7", ("8",)).after(chance, right=None) == Practice("8")
