"""How well pages are read: made-up ones of each kind, cell by cell, before and after what is doubtful was corrected."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import chain
from pathlib import Path
from typing import TypeVar

import numpy as np

from benchmarks import rulers
from benchmarks.tables import heading, row
from model.bundle.bundle import open_bundle
from model.data import data
from model.page.page import Cell, Page
from model.page.reading import page_of
from model.reading.recognizer import Recognizer
from model.training.synthetic.pages import MadePage, page
from model.training.synthetic.writing import Hands
from release.project import ROOT

CHILD = """
import sys, time
from PIL import Image
from model.bundle.bundle import open_bundle
from model.page.reading import read_page
from model.reading.recognizer import Recognizer
with Image.open(sys.argv[1]) as picture:
    picture.load()
recognizer = Recognizer(open_bundle())
began, computed = time.perf_counter(), time.process_time()
for number, page in enumerate(read_page(picture, recognizer)):
    if not number:
        first = time.perf_counter() - began
took, computed = time.perf_counter() - began, time.process_time() - computed
with open("/proc/self/status") as status:  # getrusage tells the memory of the process that started this one, too
    (peak,) = (int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
print(first, took, computed, peak * 1024 / 1e6, len([*page.cells]))
"""
HEAD = (
    *("", "pages", "layout", "of numbers", "whole", "cells", "right", "digits right", "doubtful", "wrong, accepted"),
    *("corrected", "their digits", "CPU (s)"),
)
WIDTHS = (11, *(max(6, len(name)) for name in HEAD[1:]))

Text = TypeVar("Text")


@dataclass(slots=True)
class Score:
    """The results for one kind of page."""

    pages: int = 0
    layouts: int = 0  # with as many rows as there are, and as many cells in each
    numbers: int = 0  # likewise, where rows and columns without a number are left out
    whole: int = 0  # pages of which all is right
    cells: int = 0  # of pages whose numbers are in their places, as are those that follow
    right: int = 0
    digits: int = 0  # right except for signs
    doubtful: int = 0
    wrong: int = 0  # and yet accepted
    corrected: int = 0  # right after the truth was put in where it was doubtful
    corrected_digits: int = 0  # right except for signs, then
    seconds: float = 0.0

    def add(self, other: Score) -> None:
        """Add the results for other pages."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    def told(self, name: str) -> list[str]:
        """Return them as the cells of a line."""
        of_pages = [f"{part / self.pages:.0%}" for part in (self.layouts, self.numbers, self.whole)]
        counts = (self.right, self.digits, self.doubtful, self.wrong, self.corrected, self.corrected_digits)
        of_cells = [f"{part / self.cells:.1%}" if self.cells else "" for part in counts]
        return [name, str(self.pages), *of_pages, str(self.cells), *of_cells, f"{self.seconds / self.pages:.1f}"]


def run(arguments: argparse.Namespace) -> Iterator[str]:
    """Measure, and yield a table with a line for each kind, or how fast a large page is read."""
    hands = hands_of(arguments.people)
    if arguments.speed:
        yield speed(hands, arguments.seed)
        return
    recognizer, everything = Recognizer(open_bundle()), Score()
    yield heading(HEAD, WIDTHS)
    for kind in arguments.kinds:
        score = Score()
        for number in range(arguments.pages):
            made = page(kind, hands, np.random.default_rng([arguments.seed, zlib.crc32(kind.encode()), number]))
            if sum(map(len, made.rows)) < arguments.least:
                continue
            began = time.process_time()
            found = page_of(made.picture, recognizer)
            one = scored(made, found)
            one.seconds = time.process_time() - began
            score.add(one)
            if arguments.failed and not one.whole:
                keep(made, found, arguments.failed / f"{kind}-{number}.png")
        if score.pages:
            yield row(score.told(kind), WIDTHS)
        everything.add(score)
    yield row(everything.told("all"), WIDTHS)


def hands_of(people: str) -> Hands:
    """Return the hands of some people: validation, or judge. Raises UserError: there's no shared data."""
    ink = data.load_ink([rulers.data("pen-digits.jsonl")])
    letters = data.load_ink([rulers.data("not-digits.jsonl")], digits=False)
    none = np.zeros((0, 28, 28), np.uint8)
    return Hands.of(getattr(ink, people), getattr(letters, people), none, none[:, 0, 0])


def scored(made: MadePage, found: Page) -> Score:
    """Return what came of one page, whose words are to be told as empty cells, or in lines not at all."""
    truth, cells = made.written, [[*row] for row in found.rows]
    if not made.is_table:
        truth, cells = _lines(truth, str), _lines(cells, _written)
    fits = made.is_table in (None, found.is_table)
    layout = fits and [*map(len, truth)] == [*map(len, cells)]
    if not layout:
        truth, cells = _numbers(truth, str), _numbers(cells, _written)
    score = Score(pages=1, layouts=layout, numbers=[*map(len, truth)] == [*map(len, cells)])
    if not score.numbers:
        return score
    for cell, wanted in zip(chain(*cells), chain(*truth), strict=True):
        right = cell.written == wanted
        digits = _digits(cell.written) == _digits(wanted)
        touched = cell.is_doubtful and bool(cell.written or wanted)  # nobody has to correct a word
        score.cells += 1
        score.right += right
        score.digits += digits
        score.doubtful += touched
        score.wrong += not right and not touched
        score.corrected += right or touched
        score.corrected_digits += digits or touched
    score.whole = int(layout and score.right == score.cells)
    return score


def _lines(rows: Sequence[Sequence[Text]], told: Callable[[Text], str]) -> list[list[Text]]:
    """Return what is written in each row, without rows in which nothing is."""
    return [row for row in ([each for each in row if told(each)] for row in rows) if row]


def _numbers(rows: Sequence[Sequence[Text]], told: Callable[[Text], str]) -> list[list[Text]]:
    """Return rows without those, and without columns, in which no number is."""
    kept = [[*row] for row in rows if any(map(told, row))]
    if len({len(row) for row in kept}) != 1:
        return kept
    columns = [column for column in zip(*kept, strict=True) if any(map(told, column))]
    return [[*row] for row in zip(*columns, strict=True)]


def _written(cell: Cell) -> str:
    return cell.written


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())


def keep(made: MadePage, found: Page, file: Path) -> None:
    """Save a page's picture, and next to it what's written there and what was read."""
    file.parent.mkdir(parents=True, exist_ok=True)
    made.picture.save(file)
    rows = ["\t".join(row) for row in made.written]
    told = ["\t".join(cell.written + "?" * cell.is_doubtful for cell in row) for row in found.rows]
    tables = (str(is_table) for is_table in (made.is_table, found.is_table))
    text = "\n".join([f"table {next(tables)}", *rows, "", f"read, table {next(tables)}", *told])
    file.with_suffix(".txt").write_text(f"{text}\n", encoding="utf-8")


def speed(hands: Hands, seed: int) -> str:
    """Return how long a page of 200 cells and 12 megapixels is read, in its own process, and its peak memory."""
    made = page("full", hands, np.random.default_rng(seed), large=True)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.png"
        made.picture.save(file)
        done = subprocess.run([sys.executable, "-c", CHILD, file], cwd=ROOT, capture_output=True, check=True)
    first, wall, computed, peak, cells = map(float, done.stdout.split())
    wide, high = made.picture.size
    page_of_it = f"{wide * high / 1e6:.1f} megapixels, {cells:.0f} cells"
    seconds = f"layout after {first:.1f} s, all read after {wall:.1f} s ({computed:.1f} s of computing)"
    return f"{page_of_it}: {seconds}, {peak:.0f} MB at most"
