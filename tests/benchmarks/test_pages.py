"""What the page benchmark counts as right, on pages made by hand, and a short run of it."""

import re
from pathlib import Path

import pytest
from PIL import Image

from benchmarks import pages
from benchmarks.__main__ import main
from benchmarks.measurements import PAGE_KINDS
from benchmarks.pages import Score, scored
from model.ink.ink import Box
from model.page.page import Cell, Page
from model.reading.reading import Digit, Prediction, Reading, Reason
from model.training.synthetic.page_kinds import KINDS
from model.training.synthetic.pages import MadePage, Place
from tests.benchmarks.test_benchmarks import cells
from tests.conftest import on_linux

BOX = Box(0, 0, 9, 9)


def made(*rows: str, is_table: bool | None = True) -> MadePage:
    """Return a page as it should be read; spaces separate cells, and _ is an empty one."""
    places = tuple(tuple(Place(text.strip("_"), ((0, 0), (9, 9))) for text in row.split()) for row in rows)
    return MadePage(Image.new("L", (9, 9)), places, is_table)


def found(*rows: str, is_table: bool = True) -> Page:
    """Return a page as it was read; doubtful cells end with ?, and w is a word that was recognized as one."""
    return Page(tuple(tuple(map(cell, row.split())) for row in rows), is_table)


def cell(text: str) -> Cell:
    if text == "_":
        return Cell(BOX)
    if text == "w":
        return Cell(BOX, Reading(hindered="letters"), is_inked=True)
    hindered: Reason = "faint" if text.endswith("?") else ""
    digits = [letter for letter in text if letter.isdigit()]
    signs = [(sum(map(str.isdigit, text[:place])), sign) for place, sign in enumerate(text) if sign in ".,"]
    read = tuple(Digit(Prediction.certain(digit), BOX) for digit in digits)
    return Cell(BOX, Reading(read, signs=tuple(signs), hindered=hindered), is_inked=True)


def figures(score: Score, *names: str) -> list[int]:
    return [getattr(score, name) for name in names]


def test_a_page_read_as_it_is_is_whole() -> None:
    score = scored(made("12 _", "3.4 56"), found("12 _", "3.4 56"))
    assert figures(score, "layouts", "numbers", "whole", "cells", "right", "doubtful", "wrong") == [1, 1, 1, 4, 4, 0, 0]


def test_cells_are_counted_before_and_after_what_is_doubtful_is_corrected() -> None:
    score = scored(made("1 2", "3.4 5", "6 _"), found("1 7?", "34 8", "6? w"))
    assert figures(score, "cells", "right", "digits", "doubtful", "wrong") == [6, 3, 4, 2, 2]
    assert figures(score, "corrected", "corrected_digits", "whole") == [4, 5, 0]


def test_a_heading_that_is_left_out_spoils_the_layout_but_not_that_of_the_numbers() -> None:
    score = scored(made("_ _", "_ 12", "_ 34"), found("12", "34", is_table=False))
    assert figures(score, "layouts", "numbers", "cells", "right", "whole") == [0, 1, 2, 2, 0]
    score = scored(made("_ _", "1 2"), found("1 2 3"))
    assert figures(score, "layouts", "numbers", "cells") == [0, 0, 0]


def test_lines_that_are_taken_for_a_table_are_wrong_where_they_can_be_none() -> None:
    assert scored(made("1", "2", is_table=False), found("1", "2")).layouts == 0
    assert scored(made("1", "2", is_table=None), found("w 1", "w 2")).whole == 1
    assert scored(made("1 2", "3", is_table=False), found("1 2", "w", "3", is_table=False)).whole == 1


def test_every_kind_of_page_can_be_measured() -> None:
    assert tuple(KINDS) == PAGE_KINDS


@pytest.mark.nightly
@pytest.mark.usefixtures("shared")
def test_pages_are_measured_by_kind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--people", "validation", "--pages", "1", "--kinds", "lines", "log", "--failed", str(tmp_path)]
    assert main(["pages", *words]) == 0
    head, *rows = cells(capsys.readouterr().out)
    assert tuple(head) == pages.HEAD
    assert [row[:2] for row in rows] == [["lines", "1"], ["log", "1"], ["all", "2"]]
    assert {file.suffix for file in tmp_path.iterdir()} == {".png", ".txt"}  # a log's colons aren't read


@pytest.mark.nightly
@pytest.mark.usefixtures("shared")
def test_pages_with_too_few_cells_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--people", "validation", "--pages", "1", "--least", "200", "--kinds", "full", "one-lined"]
    assert main(["pages", *words]) == 0
    _head, *rows = cells(capsys.readouterr().out)
    assert [row[:2] for row in rows] == [["full", "1"], ["all", "1"]]


@pytest.mark.nightly
@on_linux
@pytest.mark.usefixtures("shared")
def test_how_fast_a_large_page_is_read_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pages", "--speed"]) == 0
    said = re.findall(r"[\d.]+", capsys.readouterr().out)
    megapixels, found_cells, first, wall, computed, peak = map(float, said)
    assert 8 < megapixels < 12.1
    assert found_cells > 0
    assert 0 < first < wall
    assert computed > 0
    assert 50 < peak < 2000
