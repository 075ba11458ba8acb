"""A page is read: its table, ruled or not, at any angle to the camera, or its lines."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from model.page.page import Page
from model.page.reading import SURE, page_of, read_page
from model.reading.normalize import Image28
from model.reading.reading import Prediction
from model.reading.recognizer import Recognizer
from tests.model.page.sheets import HIGH, PAPER, Sheet, from_the_side, leaning, table, turned

ROWS = ("27 _ 4", "403 3 72", "_ 7 20")
WRITTEN = "27\t\t4\n403\t3\t72\n\t7\t20"


def lines(*rows: str) -> Image.Image:
    sheet = Sheet((900, 60 + 120 * len(rows)))
    for row, line in enumerate(rows):
        left = 40.0
        for word in line.split(" "):
            sheet.write(word, left, 40 + 120 * row)
            left += 54 * len(word) + 80
    return sheet.image


@pytest.mark.parametrize("degrees", [0, 3, 7, -9])
def test_a_ruled_table_is_read_however_it_is_turned(recognizer: Recognizer, degrees: float) -> None:
    sheet = table(*ROWS)
    page = page_of(turned(sheet, degrees) if degrees else sheet, recognizer)
    assert page.is_table
    assert page.written == WRITTEN
    assert page.accepted


def test_a_table_is_read_from_the_side(recognizer: Recognizer) -> None:
    page = page_of(from_the_side(table(*ROWS)), recognizer)
    assert page.written == WRITTEN
    box = page.rows[0][2].box
    assert [box.left, box.top, box.right, box.bottom] == pytest.approx([491, 31, 706, 126], abs=12)


def test_a_table_without_rules_needs_its_columns_filled(recognizer: Recognizer) -> None:
    full = page_of(turned(table("27 33 4", "403 3 72", "3 7 20", ruled=False), 5, desk=PAPER), recognizer)
    assert (full.is_table, full.written) == (True, "27\t33\t4\n403\t3\t72\n3\t7\t20")
    sparse = page_of(table("27 _ _", "_ 40 _", "_ _ 72", ruled=False), recognizer)
    assert not sparse.is_table


@pytest.mark.parametrize("ruled", [True, False])
def test_headings_and_names_are_cells_without_numbers(recognizer: Recognizer, ruled: bool) -> None:
    sheet = Sheet((900, 520))
    across, down = (40, 300, 580, 860), (30, 140, 250, 360, 470)
    if ruled:
        sheet.grid(across, down)
    for left, word in zip(across[1:], ("Mark", "Sum"), strict=False):
        sheet.print(word, left + 20, 50)
    for top, name, numbers in zip(down[1:], ("Anna", "Ben", "Emma"), ("27 403", "42 3", "7 720"), strict=False):
        sheet.print(name, 60, top + 20)
        for left, number in zip(across[1:], numbers.split(), strict=False):
            sheet.write(number, left + 30, top + 25)
    page = page_of(sheet.image, recognizer)
    numbers_alone = [[cell.written for cell in row if cell.written] for row in page.rows]
    assert numbers_alone == [[], ["27", "403"], ["42", "3"], ["7", "720"]]
    assert page.is_table
    words = [cell for cell in page.cells if cell.reading and cell.reading.reason == "letters"]
    assert len(words) >= 4
    assert all(cell.is_doubtful for cell in words)
    assert [[cell.is_unread for cell in row] for row in page.rows] == [[False] * len(page.rows[0])] * 4


def test_a_heading_between_rules_is_a_row_even_if_it_has_few_words(recognizer: Recognizer) -> None:
    sheet = Sheet((1000, 520))
    for y in (30, 140, 250, 360, 470):
        sheet.rule((40, y), (960, y))
    sheet.print("Sum", 380, 60, 38)
    rows = (("27", "403", "3"), ("42", "3", "20"), ("7", "72", "4"))
    for row, numbers in enumerate(rows):
        for column, number in enumerate(numbers):
            sheet.write(number, 60 + 300 * column, 165 + 110 * row)
    page = page_of(sheet.image, recognizer)
    assert page.is_table
    assert [[cell.written for cell in row] for row in page.rows] == [[""] * 3, *map(list, rows)]


def test_columns_that_lean_are_columns(recognizer: Recognizer) -> None:
    rows = ("27 33 4", "403 3 72", "3 7 20", "42 0 7", "7 20 33", "20 4 403", "3 72 4", "720 7 3", "4 42 2", "0 3 77")
    page = page_of(leaning(table(*rows, ruled=False), 0.15), recognizer)
    assert page.is_table
    assert page.written.split("\n") == [row.replace(" ", "\t") for row in rows]


def test_large_numbers_side_by_side_are_one_row_even_if_one_is_lower(recognizer: Recognizer) -> None:
    sheet = Sheet((600, 720))
    rows = (("27", "33"), ("403", "3"), ("3", "72"), ("42", "20"), ("7", "403"))
    for row, (one, other) in enumerate(rows):
        high = 80 if row == 2 else 44
        sheet.write(one, 60, 30 + 130 * row, high)
        sheet.write(other, 360, 30 + 130 * row + 34 * (row == 2), high)
    page = page_of(sheet.image, recognizer)
    assert page.is_table
    assert page.written.split("\n") == ["\t".join(row) for row in rows]


def test_a_letter_that_looks_like_a_digit_makes_no_column(recognizer: Recognizer) -> None:
    sheet = Sheet((900, 900))
    names, numbers = ("Anna", "Ben", "Emma", "Ian", "Lena", "Mark"), ("27", "403", "3", "72", "20", "7")
    for row, (name, number) in enumerate(zip(names, numbers, strict=True)):
        sheet.print(name, 130, 30 + 130 * row)
        sheet.write(number, 480, 30 + 130 * row)
    sheet.write("7", 60, 30 + 130 * 2)
    page = page_of(sheet.image, recognizer)
    assert page.is_table
    assert page.written.split("\n") == list(numbers)


def test_lines_are_read_as_lines(recognizer: Recognizer) -> None:
    page = page_of(lines("2047", "30 724", "0"), recognizer)
    assert not page.is_table
    assert page.text == "2047\n30724\n0"
    assert page.written == "2047\n30 724\n0"
    assert page.accepted
    assert [len(row) for row in page.rows] == [1, 2, 1]


@pytest.mark.parametrize(("confidence", "reason"), [(SURE - 0.01, "doubt"), (SURE + 0.01, "")])
def test_a_number_is_doubtful_where_one_of_its_digits_is_less_than_sure(
    recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch, confidence: float, reason: str
) -> None:
    read = recognizer.read

    def less_sure(image: Image28) -> Prediction:
        prediction = read(image)
        if prediction.digit != 7:
            return prediction
        return replace(prediction, probabilities=(*[(1 - confidence) / 9] * 7, confidence, *[(1 - confidence) / 9] * 2))

    monkeypatch.setattr(recognizer, "read", less_sure)
    page = page_of(lines("24", "472"), recognizer)
    assert [(cell.text, cell.reading and cell.reading.reason) for cell in page.cells] == [("24", ""), ("472", reason)]


def test_squared_paper_is_no_table(recognizer: Recognizer) -> None:
    sheet = Sheet((800, 420))
    for at in range(10, 800, 40):
        sheet.rule((at, 0), (at, 420), grey=190)
        sheet.rule((0, at), (800, at), grey=190)
    sheet.write("2740", 100, 90)
    sheet.write("337", 100, 250)
    page = page_of(sheet.image, recognizer)
    assert (page.is_table, page.text) == (False, "2740\n337")


def test_a_sums_line_makes_no_row(recognizer: Recognizer) -> None:
    sheet = Sheet((400, 460))
    for row, number in enumerate(("274", "302", "576".replace("5", "4").replace("6", "7"))):
        sheet.write(number, 120, 40 + 130 * row)
    sheet.rule((100, 280), (320, 280), width=4)
    page = page_of(sheet.image, recognizer)
    assert page.text == "274\n302\n477"


def test_where_cells_are_is_known_first_and_each_is_told_when_it_is_read(recognizer: Recognizer) -> None:
    told = list(read_page(table(*ROWS), recognizer))
    first, last = told[0], told[-1]
    assert [[cell.is_inked for cell in row] for row in first.rows] == [
        [True, False, True],
        [True] * 3,
        [False, True, True],
    ]
    assert all(cell.is_unread for cell in first.cells if cell.is_inked)
    unread = [sum(cell.is_unread for cell in page.cells) for page in told]
    assert unread == list(range(7, -1, -1))
    assert [cell.box for cell in first.cells] == [cell.box for cell in last.cells]
    corner = last.rows[0][0].box
    assert [corner.left, corner.top, corner.right, corner.bottom] == pytest.approx([40, 40, 280, 150], abs=6)
    reading = last.rows[0][0].reading
    assert reading
    first_digit = reading.digits[0].box
    assert first_digit.left == pytest.approx(60, abs=10)
    assert first_digit.bottom == pytest.approx(65 + HIGH, abs=10)


def test_twelve_megapixels_are_read_as_finely_as_it_takes(recognizer: Recognizer) -> None:
    """The digits on a page of 4000 pixels are 60 pixels high; reduced to 1000, nothing could be read."""
    sheet = Sheet((4000, 3000))
    for row in range(12):
        for column in range(6):
            sheet.write("4702"[: 1 + (row + column) % 4], 200 + 600 * column, 150 + 230 * row)
    page = page_of(sheet.image, recognizer)
    assert page.text.split("\n") == [
        "".join("4702"[: 1 + (row + column) % 4] for column in range(6)) for row in range(12)
    ]


def test_blank_paper_has_no_rows(recognizer: Recognizer) -> None:
    noise = np.random.default_rng(0).normal(240, 3, (300, 400)).clip(0, 255).astype(np.uint8)
    page = page_of(Image.fromarray(noise), recognizer)
    assert page == Page()
    assert (page.text, page.accepted, page.reason, page.confidence) == ("", False, "blank", 0.0)


def test_a_columns_signs_are_read_and_one_that_differs_is_doubtful(recognizer: Recognizer) -> None:
    rows = ("7.20 -3,4 07:32", "3.42 20,7 23:40", "4.04 -4,2 03:27", "234 3,3 20:24", "2.73 2,0 04:43")
    page = page_of(table(*rows, cell=(330, 120)), recognizer)
    assert [[*map(str, row)] for row in page.table] == [row.split() for row in rows]
    assert [cell.reading.reason for cell in page.cells if cell.reading and cell.is_doubtful] == ["sign"]
    assert page.rows[3][0].is_doubtful


def test_names_and_headings_without_rules_are_cells_too(recognizer: Recognizer) -> None:
    sheet = Sheet((900, 520))
    for left, word in ((300, "Mark"), (580, "Sum")):
        sheet.print(word, left, 60)
    for top, name, number in ((150, "Anna", "27"), (260, "Ben", "42"), (370, "Emma", "7")):
        sheet.print(name, 60, top)
        sheet.write(number, 300, top)
        sheet.write("403", 580, top)
    page = page_of(sheet.image, recognizer)
    assert page.is_table
    assert page.table == [["", "", ""], ["", "27", "403"], ["", "42", "403"], ["", "7", "403"]]
    assert {cell.reading.reason for row in page.rows[1:] for cell in row[:1] if cell.reading} == {"letters"}
    assert page.written.split("\n")[1:] == ["27\t403", "42\t403", "7\t403"]  # the column of names has no numbers


def test_a_word_beside_lines_makes_no_table(recognizer: Recognizer) -> None:
    sheet = Sheet((900, 520))
    for top, number in ((60, "27"), (170, "403"), (280, "3"), (390, "72")):
        sheet.write(number, 60, top)
    sheet.print("units", 500, 180)
    page = page_of(sheet.image, recognizer)
    assert (page.is_table, page.text) == (False, "27\n403\n3\n72")
