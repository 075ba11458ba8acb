"""Work in pieces: whoever has to answer meanwhile does a few of them at a time, anybody else all of them at once."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

Result = TypeVar("Result")
Work = Generator[None, None, Result]  # yields after each piece, of a few milliseconds, and returns what it made


def finish(work: Work[Result]) -> Result:
    """Do what is left of some work, and return what it made."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: Result = end.value
            return result
