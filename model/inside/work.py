"""Work in pieces: a generator that gives way after each, so that a window can do something else in between."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

Result = TypeVar("Result")
Work = Generator[None, None, Result]  # yields after each piece, of a millisecond or so, and returns what it made


def finish(work: Work[Result]) -> Result:
    """Do work to its end at once, and return what it made."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: Result = end.value
            return result
