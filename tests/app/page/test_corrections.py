"""Corrections on a page, saved as drawings to learn from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.drawing.labels import Labels
from app.kept.samples import Samples
from app.page.corrections import Corrections
from app.page.open_page import OpenPage
from app.page.table import Table
from model.base.work import finish
from model.ink.ink import Box
from model.page.page import Cell, Page
from model.page.reading import page_of
from model.reading.reading import Digit
from model.reading.recognizer import Recognizer
from tests.model.page.sheets import Sheet
from tests.screen import wait_for

Opens = Callable[[Page], OpenPage]


@pytest.fixture
def sheet() -> Sheet:
    """Two numbers, one below the other."""
    sheet = Sheet((300, 260))
    sheet.write("347", 60, 40)
    sheet.write("72", 60, 150)
    return sheet


@pytest.fixture
def read(sheet: Sheet, recognizer: Recognizer) -> Page:
    page = page_of(sheet.image, recognizer)
    assert page.text == "347\n72"
    return page


@pytest.fixture
def opens(sheet: Sheet, recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch) -> Opens:
    """What opens the sheet as a page on which a reader finds something."""

    def start(found: Page) -> OpenPage:
        monkeypatch.setattr("app.page.open_page.read_page", lambda *_: iter([found]))
        page = OpenPage("sheet.png", lambda: sheet.image, recognizer)
        wait_for(lambda: page.poll() and page.is_over, 30, "the end of the reading")
        return page

    return start


@pytest.fixture
def samples(tmp_path: Path) -> Samples:
    return Samples(tmp_path / "drawings.sqlite3")


@pytest.fixture
def corrections(samples: Samples) -> Corrections:
    made = Corrections(Labels(samples))
    made.are_wanted = True
    return made


def saved(samples: Samples) -> list[tuple[str, str | None]]:
    return [(each.label, each.read_as) for each in samples.everything()]


def misread(page: Page, row: int, change: Callable[[tuple[Digit, ...]], tuple[Digit, ...]]) -> Page:
    """Return a page on which the digits of the one number in a row are others."""
    cell = page.rows[row][0]
    assert cell.reading
    return page.with_cell(row, 0, replace(cell, reading=replace(cell.reading, digits=change(cell.reading.digits))))


def test_the_digits_that_were_wrong_are_saved_with_their_ink(
    read: Page, opens: Opens, samples: Samples, corrections: Corrections, recognizer: Recognizer
) -> None:
    page = opens(read)
    page.change(page.table.corrected((0, 0), "9.42"))
    assert finish(corrections.saving({0: page}, recognizer.eye))
    assert saved(samples) == [("9", "3"), ("2", "7")]
    assert [recognizer.recognize(each.drawing).text for each in samples.everything()] == ["3", "7"]
    assert not finish(corrections.saving({0: page}, recognizer.eye))
    assert corrections.count == 2


def test_a_digit_that_was_doubted_is_saved_when_the_user_says_that_it_is_right(
    read: Page, opens: Opens, samples: Samples, corrections: Corrections, recognizer: Recognizer
) -> None:
    def doubted(digits: tuple[Digit, ...]) -> tuple[Digit, ...]:
        first, *rest = digits
        return replace(first, prediction=replace(first.prediction, accepted=False)), *rest

    page = opens(misread(read, 1, doubted))
    page.change(page.table.corrected((1, 0), "72"))
    finish(corrections.saving({0: page}, recognizer.eye))
    assert saved(samples) == [("7", "7")]


def test_where_it_is_unclear_which_digit_is_which_nothing_is_saved(
    read: Page, opens: Opens, samples: Samples, corrections: Corrections, recognizer: Recognizer
) -> None:
    page = opens(read)
    for place, text in (((0, 0), "47"), ((1, 0), "")):
        page.change(page.table.corrected(place, text))
    assert not finish(corrections.saving({0: page}, recognizer.eye))
    assert saved(samples) == []


def test_what_the_eye_sees_no_ink_of_is_not_saved(
    read: Page, opens: Opens, samples: Samples, corrections: Corrections, recognizer: Recognizer
) -> None:
    corner = Box(2, 2, 12, 20)
    page = opens(misread(read, 1, lambda digits: (replace(digits[0], box=corner), *digits[1:])))
    page.change(page.table.corrected((1, 0), "13"))
    for _ in range(2):
        finish(corrections.saving({0: page}, recognizer.eye))
        assert saved(samples) == [("3", "2")]


def test_a_page_whose_picture_is_away_is_saved_when_it_is_back_and_taken_back_without_it(
    read: Page, opens: Opens, samples: Samples, corrections: Corrections, recognizer: Recognizer
) -> None:
    page = opens(read)
    page.change(page.table.corrected((1, 0), "12"))
    page.put_away()
    finish(corrections.saving({3: page}, recognizer.eye))
    assert saved(samples) == []
    page.bring_back()
    wait_for(page.poll, 30, "the picture")
    finish(corrections.saving({3: page}, recognizer.eye))
    assert saved(samples) == [("1", "7")]
    page.put_away()
    page.undo()
    assert finish(corrections.saving({3: page}, recognizer.eye))
    assert saved(samples) == []


def test_what_the_user_deleted_in_my_drawings_meanwhile_stays_deleted(
    read: Page, opens: Opens, samples: Samples, corrections: Corrections, recognizer: Recognizer
) -> None:
    page = opens(read)
    page.change(page.table.corrected((1, 0), "13"))
    finish(corrections.saving({0: page}, recognizer.eye))
    samples.remove(samples.ids("3"))
    finish(corrections.saving({0: page}, recognizer.eye))
    assert saved(samples) == [("1", "7")]
    corrections.are_wanted = False
    finish(corrections.saving({0: page}, recognizer.eye))
    assert saved(samples) == []


def test_an_empty_table_has_nothing_to_save(opens: Opens, corrections: Corrections, recognizer: Recognizer) -> None:
    page = opens(Page(((Cell(Box(0, 0, 9, 9)),),)))
    assert page.table != Table()
    assert not finish(corrections.saving({0: page}, recognizer.eye))
