"""A window made for the tests, and another program next to it."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from model.reading.recognizer import Recognizer
from tests.bench import Bench, open_bench
from tests.screen import Screen

if sys.platform == "linux":
    from tests.selections import Program, program


@pytest.fixture
def bench(screen: Screen, recognizer: Recognizer) -> Iterator[Bench]:
    with open_bench(screen, recognizer) as opened:
        yield opened


@pytest.fixture
def other(display: str) -> Iterator[Program]:
    with program(display) as running:
        yield running
