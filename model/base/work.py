"""Work in pieces: code that has to stay responsive does a few at a time, other code does all of them at once."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

Result = TypeVar("Result")
Work = Generator[None, None, Result]  # yields after each piece, of a few milliseconds, and returns what it made


def finish(work: Work[Result]) -> Result:
    """Do the rest of some work, and return its result."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: Result = end.value
            return result
