"""What the numbers of a column have in common: the same signs with as many digits behind them, mostly.

So a number that differs is doubtful, and a sign that's hardly visible is accepted where the others have theirs. Digits
are never changed, and there's no sign without ink.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, combinations, pairwise

from model.reading.reading import Signs
from model.reading.signs import Mark

FEWEST, SHARE = 3, 0.6  # numbers of a column, at least, and of all of them, that have one form: then it's clear
COMMAS, COLONS = 0.35, 0.5  # of the signs at a place: then all are; short commas look like points, and halves of colons
MOST = 4  # faint marks of a number that are tried, the first

Form = tuple[int, ...]  # how many digits stand behind each sign, up to the next


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a column: how many digits it has, its signs, and what else may be signs, from left to right."""

    digits: int
    clear: Sequence[Mark] = ()
    faint: Sequence[Mark] = ()


def agreed(numbers: Sequence[Number]) -> list[tuple[Signs, bool]]:
    """Return the signs of a column's numbers, and whether each is doubtful for them."""
    forms = Counter(_form(number, number.clear) for number in numbers)
    form, count = forms.most_common(1)[0] if forms else ((), 0)
    if count < max(FEWEST, SHARE * len(numbers)):
        return [(as_signs(number.clear), bool(number.faint)) for number in numbers]
    found = [_completed(number, form) for number in numbers]
    inside = [[mark.sign for mark in marks if mark.place] for marks in found if marks is not None]
    usual = [_usual(signs) for signs in zip(*inside, strict=True)]
    return [
        (as_signs(number.clear), True) if marks is None else (as_signs(marks, usual), False)
        for number, marks in zip(numbers, found, strict=True)
    ]


def _form(number: Number, marks: Sequence[Mark]) -> Form:
    places = [mark.place for mark in marks if mark.place]  # a minus before it's no matter of the column
    return tuple(after - place for place, after in pairwise([*places, number.digits]))


def _completed(number: Number, form: Form) -> Sequence[Mark] | None:
    """Return a number's signs, with as few of its faint marks as give it a form; None where nothing does."""
    faint = number.faint[:MOST]
    for more in chain.from_iterable(combinations(faint, count) for count in range(len(faint) + 1)):
        marks = sorted([*number.clear, *more])
        if _form(number, marks) == form:
            return marks
    return None


def _usual(signs: Sequence[str]) -> str:
    """Return the sign that a column has at a place; empty where each is what it looks like."""
    if signs.count(":") >= COLONS * len(signs):
        return ":"
    if set(signs) <= {".", ","}:
        return "," if signs.count(",") >= COMMAS * len(signs) else "."
    return ""


def as_signs(marks: Sequence[Mark], usual: Sequence[str] = ()) -> Signs:
    """Return marks as signs, those behind a digit as is usual in their column."""
    signs = iter(usual)
    return tuple((mark.place, (next(signs, "") if mark.place else "") or mark.sign) for mark in marks)
