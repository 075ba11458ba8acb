"""A page's table: what it says, how its user changes it, and what's saved."""

from __future__ import annotations

import csv
from pathlib import Path

from app.page.table import Table
from app.sources.spreadsheet import as_csv, save_csv
from model.ink.ink import Box
from model.page.page import Cell, Page
from tests.app.page.pages import lines, reading, table

MARKS = table("1 2? 3.70", "_ -12 40?", "letters 7 8")


def test_it_says_what_was_read_and_what_is_doubtful() -> None:
    marks = Table.of(MARKS)
    assert marks.texts == [["1", "2", "3.70"], ["", "-12", "40"], ["", "7", "8"]]
    assert marks.doubts == [(0, 1), (1, 2), (2, 0)]
    assert marks.at((1, 0)).box == Box(20, 70, 80, 110)
    assert Table.of(Page()) == Table()
    assert (Table().columns, Table().doubts, Table().tabbed) == (0, [], "")


def test_lines_are_rows_as_long_as_the_longest() -> None:
    read = Table.of(lines([("12", 10, 40)], [("3", 10, 20), ("45", 60, 90), ("6", 120, 130)], []))
    assert read.texts == [["12", "", ""], ["3", "45", "6"]]
    assert [entry.box for entry in read.rows[0][1:]] == [Box(60, 30, 90, 60), Box(120, 30, 130, 60)]
    long_first = Table.of(lines([("1234567", 10, 100)], [("3", 10, 20), ("4", 60, 70)]))
    assert long_first.rows[0][1].box == Box(100, 30, 110, 60)  # it doesn't touch the number before it
    assert read.doubts == []


def test_the_next_doubt_comes_in_reading_order_and_from_the_last_on_to_the_first() -> None:
    marks = Table.of(MARKS)
    assert marks.next_doubt(None) == (0, 1)
    assert marks.next_doubt((0, 1)) == (1, 2)
    assert marks.next_doubt((1, 0)) == (1, 2)
    assert marks.next_doubt((2, 0)) == (0, 1)
    assert marks.next_doubt(None, -1) == (2, 0)
    assert marks.next_doubt((1, 2), -1) == (0, 1)
    assert marks.next_doubt((0, 1), -1) == (2, 0)
    for place in marks.doubts:
        marks = marks.corrected(place, "5")
    assert marks.next_doubt((0, 0)) is None


def test_what_is_corrected_is_doubtful_no_more_and_the_table_before_stays_as_it_is() -> None:
    before = Table.of(MARKS)
    after = before.corrected((1, 2), " 14:05  7 ").corrected((0, 0), "").corrected((0, 1), before.at((0, 1)).text)
    assert after.texts == [["", "2", "3.70"], ["", "-12", "14:05 7"], ["", "7", "8"]]
    assert after.doubts == [(2, 0)]
    assert [after.at(place).is_corrected for place in after.places[:3]] == [True, True, False]
    assert before == Table.of(MARKS)


def test_what_is_read_meanwhile_comes_in_and_leaves_corrections_alone() -> None:
    unread = Table.of(table("1 2", "3 _", is_read=False))
    assert unread.doubts == [(0, 0), (0, 1), (1, 0)]
    corrected = unread.corrected((0, 1), "9").corrected((1, 1), "4")
    half = table("1 2", "3 _").with_cell(1, 0, table("1 2", "3 _", is_read=False).rows[1][0])
    halfway = corrected.renewed(half)
    assert halfway.texts == [["1", "9"], ["", "4"]]
    assert halfway.doubts == [(1, 0)]
    whole = halfway.renewed(half.with_cell(1, 0, Cell(half.rows[1][0].box, reading("3?"), is_inked=True)))
    assert whole.texts == [["1", "9"], ["3", "4"]]
    assert whole.doubts == [(1, 0)]
    assert whole.rows[0][0] is halfway.rows[0][0]  # what hasn't changed is the same object, so it isn't drawn again
    assert whole.renewed(table("1 2")).texts == [["1", "9"]]  # its layout turned out to be different


def test_rows_are_added_left_out_and_merged() -> None:
    marks = Table.of(MARKS)
    more = marks.with_row(0)
    assert more.texts == [["1", "2", "3.70"], ["", "", ""], ["", "-12", "40"], ["", "7", "8"]]
    assert more.rows[1][1].box == Box(80, 60, 140, 80)  # there's no gap between ruled rows, so it lies on both
    assert more.doubts == [(0, 1), (2, 2), (3, 0)]
    assert marks.with_row(2).rows[3][0].box == Box(20, 150, 80, 190)
    assert marks.without_row(1).texts == [["1", "2", "3.70"], ["", "7", "8"]]
    merged = marks.with_rows_merged(0)
    assert merged.texts == [["1", "2 -12", "3.70 40"], ["", "7", "8"]]
    assert merged.rows[0][0].box == Box(20, 30, 80, 110)
    assert merged.doubts == [(0, 1), (0, 2), (1, 0)]
    assert marks.corrected((0, 0), "5").with_rows_merged(0).at((0, 0)).is_corrected


def test_a_row_between_lines_with_room_lies_in_the_gap() -> None:
    read = Table.of(lines([("12", 10, 40)], [("3", 20, 60)], [("4", 10, 40)])).without_row(1)
    assert read.with_row(0).rows[1][0].box == Box(10, 60, 40, 130)


def test_columns_are_added_left_out_and_merged() -> None:
    marks = Table.of(MARKS)
    more = marks.with_column(2)
    assert more.texts == [["1", "2", "3.70", ""], ["", "-12", "40", ""], ["", "7", "8", ""]]
    assert more.rows[0][3].box == Box(200, 30, 260, 70)
    assert marks.with_column(0).rows[0][1].box == Box(65, 30, 95, 70)
    assert marks.without_column(0).texts == [["2", "3.70"], ["-12", "40"], ["7", "8"]]
    merged = marks.with_columns_merged(0)
    assert merged.texts == [["12", "3.70"], ["-12", "40"], ["7", "8"]]
    assert merged.rows[2][0].box == Box(20, 110, 140, 150)
    assert merged.doubts == [(0, 0), (1, 1), (2, 0)]


def test_the_table_goes_to_spreadsheets_without_formulas(tmp_path: Path) -> None:
    said = Table.of(table("-12 -3.70 -1-2", "=7 '5 1:30", "1,5 _ 7"))
    save_csv(said.texts, tmp_path / "marks.csv")
    assert (tmp_path / "marks.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [["-12", "-3.70", "'-1-2"], ["'=7", "'5", "1:30"], ["1,5", "", "7"]]
    assert as_csv([["1,5", ""]]) == '"1,5",\r\n'
    assert said.tabbed == "-12\t-3.70\t-1-2\n=7\t'5\t1:30\n1,5\t\t7"


def test_words_where_words_are_to_be_expected_need_no_look() -> None:
    page = table("letters letters letters letters", "letters 1 2 3", "letters 4? letters 5", "letters 6 7 8")
    marks = Table.of(page)
    assert marks.doubts == [(2, 1), (2, 2)]  # a lone word may be a number that was taken for a word
    assert marks.at((0, 1)).is_heading
    assert not marks.corrected((0, 1), "7").doubts[2:]
    below = Table.of(table("1 2 3", "letters letters letters", "4 5 6"))
    assert below.doubts == [(1, 0), (1, 1), (1, 2)]  # a heading is never below numbers
    read = Table.of(lines([("letters", 10, 40), ("letters", 60, 90)], [("12", 10, 40), ("letters", 60, 90)]))
    assert read.doubts == []
    unread = Table.of(table("letters letters", "1 2", is_read=False))
    assert unread.renewed(page=table("letters letters", "1 2")).doubts == []
