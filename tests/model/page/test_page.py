"""What's on a page, as values."""

from model.ink.ink import Box
from model.page.page import Cell, Page
from model.reading.reading import Digit, Prediction, Reading

BOX = Box(0, 0, 9, 9)


def number(text: str, *signs: tuple[int, str], accepted: bool = True) -> Cell:
    digits = tuple(Digit(Prediction.certain(digit), BOX) for digit in text)
    return Cell(BOX, Reading(digits, believable=accepted, signs=signs), is_inked=True)


WORD = Cell(BOX, Reading((Digit(Prediction.certain("0"), BOX),), hindered="letters"), is_inked=True)
EMPTY, UNREAD = Cell(BOX), Cell(BOX, is_inked=True)


def test_a_table_has_a_tab_between_cells_and_lines_a_space() -> None:
    rows = ((number("370", (1, ".")), number("5")), (EMPTY, number("12", (0, "-"))))
    assert Page(rows, is_table=True).written == "3.70\t5\n\t-12"
    assert Page(rows).written == "3.70 5\n -12"
    assert Page(rows).text == "3705\n12"
    assert Page((rows[0], rows[0][:1])).table == [["3.70", "5"], ["3.70", ""]]


def test_a_word_is_written_as_nothing_and_is_not_accepted() -> None:
    page = Page(((WORD, number("7")),), is_table=True)
    assert (page.written, page.text, page.reason, page.accepted) == ("7", "7", "letters", False)
    assert [digit.prediction.digit for digit in page.digits] == [7]
    assert WORD.is_doubtful
    assert page.hindered == "letters"


def test_what_is_not_read_is_neither_empty_nor_doubtful() -> None:
    assert (UNREAD.is_unread, UNREAD.is_doubtful, UNREAD.written) == (True, False, "")
    assert (EMPTY.is_unread, EMPTY.is_doubtful) == (False, False)
    read = Page(((UNREAD, EMPTY),)).with_cell(0, 0, number("4"))
    assert read.rows[0][0].text == "4"
    assert read.rows[0][1] is EMPTY


def test_a_page_is_accepted_where_every_cell_is() -> None:
    assert Page(((number("4"), EMPTY),)).accepted
    assert Page(((number("4"), number("5", accepted=False)),)).reason == "layout"
    assert Page(((number("4"), number("5")),)).confidence == 1.0
