"""Made-up pages: each kind can be made, and the truth is what was written, where it was written."""

import functools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from model.data import data
from model.data.data import Ink
from model.training.synthetic import page_kinds, pages
from model.training.synthetic.hand import Hand
from model.training.synthetic.page_kinds import KINDS
from model.training.synthetic.pages import MadePage, on_sheet, page
from model.training.synthetic.writing import Hands, Kind, text_of

BLANK = np.zeros((0, 28, 28), np.uint8)


@pytest.fixture
def hands(shared: Path) -> Hands:
    return _hands(shared)


@functools.cache
def _hands(shared: Path) -> Hands:
    digits: Ink = data.load_ink([shared / "data" / "pen-digits.jsonl"])
    letters = data.load_ink([shared / "data" / "not-digits.jsonl"], digits=False)
    return Hands.of(digits.validation, letters.validation, BLANK, BLANK[:, 0, 0])


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use fewer pixels and cells, to save the tests' time."""
    monkeypatch.setattr(pages, "HIGH", (24.0, 30.0))
    monkeypatch.setattr(pages, "LARGE", 0.0)
    monkeypatch.setattr(page_kinds, "MOST_ROWS", 8)


def made(kind: str, hands: Hands, seed: int) -> MadePage:
    return page(kind, hands, np.random.default_rng(seed))


def signs_left_out(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())


def test_a_hand_writes_what_it_is_told_with_one_person_s_digits(hands: Hands) -> None:
    random = np.random.default_rng(0)
    hand = Hand.of(hands, random)
    row = hand.number("12.03,45:67-8", random)
    assert text_of(row) == "120345678"
    assert [mark.kind for mark in row].count(Kind.SIGN) == 5  # a colon has two points
    lefts = [mark.x for mark in row]
    assert lefts == sorted(lefts)
    writers = {drawing.writer for drawings in hand.digits.values() for drawing in drawings}
    assert len(writers) == 1
    assert {mark.kind for mark in [*hand.word(random), *hand.heading("Name:", 0.6, random)]} == {Kind.OTHER}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_made_and_its_truth_lies_inside_the_picture(kind: str, hands: Hands) -> None:
    for seed in range(3):
        one = made(kind, hands, seed)
        wide, high = one.picture.size
        assert one.rows
        assert any(place.written for row in one.rows for place in row)
        assert one.is_table is None or one.is_table == (
            kind in ("marks", "table", "rows", "frame", "open", "gaps", "full") or (kind == "log")
        )
        if one.is_table:
            assert len({len(row) for row in one.rows}) == 1
        for place in (place for row in one.rows for place in row):
            assert set(place.written) <= set("0123456789.,:-")
            assert -1 <= place.box.left < place.box.right <= wide + 1
            assert -1 <= place.box.top < place.box.bottom <= high + 1


@pytest.mark.parametrize("kind", KINDS)
def test_ink_stands_in_each_written_cell_and_in_no_other_place(kind: str, hands: Hands) -> None:
    for seed in range(2):
        random = np.random.default_rng(seed)
        written = KINDS[kind](Hand.of(hands, random), random)
        sheet, rows, _high = on_sheet(written, random, large=False)
        ink = sheet.truth[Kind.DIGIT] > 0.3
        inside = np.zeros_like(ink)
        digits = 0
        for row in rows:
            is_heading = not any(place.written for place in row)  # its letters can reach into the line below
            for place in row:
                here = inside_of(place.corners, sheet.size)
                assert ink[here].any() == bool(place.written) or is_heading, place
                inside |= here
                digits += len(signs_left_out(place.written))
        assert not ink[~inside].any()
        assert digits == sum(mark.kind is Kind.DIGIT for mark in written.draft.marks)


def inside_of(corners: tuple[tuple[float, float], ...], size: tuple[int, int]) -> np.ndarray:
    image = Image.new("1", size)
    ImageDraw.Draw(image).polygon(corners, fill=1)
    return np.asarray(image)


def in_the_light(places: MadePage) -> Iterator[tuple[str, np.ndarray]]:
    """Yield how each place outside headings should be read, and how much darker its pixels are than those around."""
    grey = places.picture.convert("L")
    around = grey.filter(ImageFilter.BoxBlur(30))
    darker = np.asarray(around, float) - np.asarray(grey, float)
    for place in (place for row in places.rows if any(each.written for each in row) for place in row):
        yield place.written, darker[inside_of(place.corners, grey.size)]


def test_the_camera_moves_the_truth_along(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    for share in ("TURNED", "FAR", "DESK"):
        monkeypatch.setattr(pages, share, 1.0)
    dark = [
        (bool(text), float(darker.max()))
        for seed in range(6)
        for text, darker in in_the_light(made("open", hands, seed))
    ]
    written = [darkest for is_written, darkest in dark if is_written]
    empty = [darkest for is_written, darkest in dark if not is_written]
    assert np.quantile(written, 0.05) > 25
    assert np.median(empty) < 25


def test_a_page_follows_from_its_seed(hands: Hands) -> None:
    one, same, other = (made("log", hands, seed) for seed in (5, 5, 6))
    assert one.written == same.written != other.written
    assert one.rows == same.rows
    assert np.array_equal(np.asarray(one.picture), np.asarray(same.picture))


def test_a_table_with_gaps_has_a_whole_row_or_column_empty(hands: Hands) -> None:
    for seed in range(5):
        rows = made("gaps", hands, seed).written
        assert any(not any(line) for line in [*rows, *zip(*rows, strict=True)])


def test_tables_have_two_hundred_cells_at_most_and_large_pages_as_many_pixels_as_a_camera_gives(
    hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST_PIXELS", 300_000)
    for kind, large in (("full", True), ("table", False)):
        one = page(kind, hands, np.random.default_rng(3), large=large)
        assert sum(map(len, one.rows)) <= 200
        assert one.picture.size[0] * one.picture.size[1] <= 300_000
    one = page("full", hands, np.random.default_rng(3), large=True)
    assert sum(map(len, one.rows)) == 200
    assert one.picture.size[0] * one.picture.size[1] > 200_000
