"""Practice: what's asked for, one after the other, and how each was read. A value, independent of any toolkit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

LONGEST = 4  # digits of a number
APART = 3  # digits between two numbers


@dataclass(frozen=True, slots=True)
class Practice:
    """What to write now, what comes next, and whether the answer is what was asked for."""

    asked: str  # a digit, or the digits of a number
    to_come: tuple[str, ...] = ()
    went: tuple[bool, ...] = ()  # the oldest first

    @property
    def right(self) -> int:
        """How many were read as they were asked for."""
        return sum(self.went)

    def after(self, chance: Random, *, right: bool | None) -> Practice:
        """Return what follows when this was read right or wrong, or was skipped."""
        asked, *to_come = self.to_come or mixed(chance)
        went = self.went if right is None else (*self.went, right)
        return replace(self, asked=asked, to_come=tuple(to_come), went=went)


def begun(chance: Random) -> Practice:
    """Return the first question of a practice."""
    return Practice("").after(chance, right=None)


def mixed(chance: Random) -> tuple[str, ...]:
    """Return every digit once, in some order, with numbers between them."""
    digits = chance.sample("0123456789", 10)
    asked: list[str] = []
    for place, digit in enumerate(digits, 1):
        asked.append(digit)
        if place % APART == 0:
            high = chance.randint(2, LONGEST)
            asked.append(str(chance.randrange(10 ** (high - 1), 10**high)))
    return tuple(asked)
