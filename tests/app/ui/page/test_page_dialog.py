"""The page view, used with real pointer and key events."""

from __future__ import annotations

import csv
import gc
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from tkinter import ttk

import pytest
from PIL import Image

from app.page.document import Document
from app.page.open_page import OpenPage
from app.page.table import Place
from app.ui.help.shortcuts_dialog import GESTURES, PAGE
from app.ui.page.page_dialog import PageDialog
from model.base.errors import UserError
from model.page.page import Page
from model.reading.recognizer import Recognizer
from tests.app.page.pages import table
from tests.bench import Bench, open_bench
from tests.conftest import on_linux
from tests.model.page.sheets import Sheet
from tests.screen import Screen

pytestmark = on_linux

MARKS = table("1 2? 3.70", "_ -12 40?", "letters 7 8")
PICTURE = Image.new("RGB", (400, 300), (240, 238, 230))


class View:
    """The page view of a page that was read and somebody who uses it."""

    def __init__(self, bench: Bench, document: Document):
        self.bench, self.document = bench, document
        self.dialog = PageDialog(bench.root, document)
        self.dialog.put("+0+0")
        bench.wait(lambda: self.dialog.winfo_ismapped() and self.dialog.winfo_width() > 1, "its window")
        self.dialog.focus_force()  # as a window manager would
        self.dialog.focus_set()
        bench.root.update()

    def key(self, *names: str) -> None:
        for name in names:
            self.bench.do(lambda name=name: self.bench.screen.key(name))  # type: ignore[misc]

    def click(self, place: Place, button: int = 1) -> None:
        x, y = self.middle(place)
        self.bench.do(lambda: self.bench.screen.click(x, y, button))

    def middle(self, place: Place) -> tuple[float, float]:
        """Return where a cell is on the screen."""
        sheet = self.dialog.sheet
        left, top, right, bottom = sheet._on_canvas(self.page.table.at(place).box)
        x, y = (
            sheet.canvas.winfo_rootx() - sheet.canvas.canvasx(0),
            sheet.canvas.winfo_rooty() - sheet.canvas.canvasy(0),
        )
        return x + (left + right) / 2, y + (top + bottom) / 2

    @property
    def page(self) -> OpenPage:
        return self.document.page

    @property
    def chosen(self) -> Place | None:
        return self.dialog.cursor.place

    @property
    def line(self) -> str:
        return str(self.dialog._status.cget("text"))

    def button(self, name: str) -> ttk.Button:
        return self.dialog._buttons[name]

    def press(self, name: str) -> None:
        widget = self.button(name)
        x, y = widget.winfo_rootx() + widget.winfo_width() / 2, widget.winfo_rooty() + widget.winfo_height() / 2
        self.bench.do(lambda: self.bench.screen.click(x, y))

    def marks(self, place: Place) -> dict[str, str]:
        """Return how a cell's box looks, and what its label says."""
        box, _plate, text = self.dialog.sheet._marks._items[place]

        def told(item: int, option: str) -> str:
            return str(self.dialog.tk.call(self.dialog.sheet.canvas, "itemcget", item, f"-{option}"))

        said = told(text, "text") if told(text, "state") == "normal" else ""
        return {"dash": told(box, "dash"), "width": told(box, "width"), "says": said}


@pytest.fixture
def bench(screen: Screen, recognizer: Recognizer) -> Iterator[Bench]:
    gc.disable()  # as in the program: a thread that reads mustn't collect Tk's objects
    with open_bench(screen, recognizer) as opened:
        yield opened
    gc.enable()


@pytest.fixture
def opened(bench: Bench, recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch) -> Callable[..., View]:
    """What opens a page that a reader finds step by step."""

    def start(*steps: Page, wait: bool = True) -> View:
        monkeypatch.setattr("app.page.open_page.read_page", lambda *_: iter(steps))
        view = View(bench, Document("marks.png", lambda _index: PICTURE, recognizer))
        if wait:
            bench.wait(lambda: view.page.is_over and not view.dialog._timer.waits, "the end of the reading")
        return view

    return start


def test_doubts_come_first_and_are_marked_by_more_than_colour(opened: Callable[..., View]) -> None:
    view = opened(MARKS)
    assert view.chosen == (0, 1)
    assert view.marks((0, 1)) == {"dash": "6 4", "width": "2.0", "says": "2?"}
    assert view.marks((0, 2)) == {"dash": "", "width": "1.0", "says": "3.70"}
    assert view.marks((1, 0))["says"] == ""
    assert view.line.startswith("3 of 9 cells to check.")
    view.key("Tab")
    assert view.chosen == (1, 2)
    view.key("Tab", "Tab")
    assert view.chosen == (0, 1)  # from the last one to the first
    view.key("shift+Tab")
    assert view.chosen == (2, 0)
    view.key("ctrl+Tab")  # one can also reach the buttons and leave the doubts for later
    assert view.dialog.focus_get() is not view.dialog.sheet.canvas
    assert str(view.dialog.cell._where.cget("text")) == "Row 3, column 1"
    assert str(view.dialog.cell._why.cget("text")) == "These look like letters."


def test_what_is_read_hides_no_digit_of_narrow_lines_and_nothing_is_framed_where_nothing_is_written(
    bench: Bench, recognizer: Recognizer
) -> None:
    sheet = Sheet((620, 300))
    for row, line in enumerate(("2740 337 20", "40 72", "337 2740 4", "20 33")):
        x = 30
        for word in line.split():
            sheet.write(word, x, 30 + 68 * row)
            x += 54 * len(word) + 40
    view = View(bench, Document("narrow.png", lambda _index: sheet.image, recognizer))
    bench.wait(lambda: view.page.is_over and not view.dialog._timer.waits, "the end of the reading")
    shown, marks = view.dialog.sheet, view.dialog.sheet._marks
    entries = {place: view.page.table.at(place) for place in view.page.table.places}
    assert sum(entry.reading is None for entry in entries.values()) == 2  # short lines are filled up with empty cells
    read = [entry.reading for entry in entries.values() if entry.reading]
    digits = [shown._on_canvas(digit.box) for reading in read for digit in reading.digits]
    for place, entry in entries.items():
        box, plate, _text = marks._items[place]
        state = str(shown.canvas.itemcget(box, "state"))  # type: ignore[no-untyped-call]
        assert state == ("normal" if entry.reading else "hidden")
        left, top, right, bottom = shown.canvas.coords(plate)
        for digit in digits if entry.reading else []:
            across, down = (
                min(right, digit.right) - max(left, digit.left),
                min(bottom, digit.bottom) - max(top, digit.top),
            )
            assert across <= 1 or down <= 1, (place, entry.text)


def test_all_doubts_are_corrected_by_tab_and_typing_and_the_file_is_right(
    opened: Callable[..., View], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = opened(MARKS)
    view.key("2", "5", "Tab")
    view.key("-", "4", ".", "5", "Tab")
    assert view.line.startswith("1 of 9 cells to check.")
    view.key("Return")  # there's no number, and that's right
    assert view.line == "9 cells, nothing left to check."
    monkeypatch.setattr("tkinter.filedialog.asksaveasfilename", lambda **_: str(tmp_path / "m.csv"))
    view.key("ctrl+s")
    with (tmp_path / "m.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["1", "25", "3.70"], ["", "-12", "-4.5"], ["", "7", "8"]]
    assert f"saved as {tmp_path / 'm.csv'}" in str(view.dialog._line.cget("text"))
    view.key("Tab")  # nothing is left to check, so the keyboard moves on
    assert view.dialog.focus_get() is view.button("save")


def test_typing_begins_anew_is_edited_kept_and_given_up(opened: Callable[..., View]) -> None:
    view = opened(MARKS)
    view.key("1", "9", "BackSpace", "8")
    assert view.marks((0, 1))["says"] == "18|"
    assert view.page.table.at((0, 1)).text == "2"  # it isn't accepted yet
    view.key("Escape")
    assert view.marks((0, 1))["says"] == "2?"
    assert view.dialog.winfo_exists()
    view.key("6", "Right")  # moving on accepts it
    assert view.page.table.at((0, 1)).text == "6"
    assert view.chosen == (0, 2)
    view.key("BackSpace", "BackSpace", "5", "Return")
    assert view.page.table.at((0, 2)).text == "3.5"
    assert view.chosen == (1, 2)
    view.key("Up", "F2", "1", "/", "2", "space", "3", "Down")
    assert view.page.table.at((0, 2)).text == "3.51/2 3"
    view.key("a", "ctrl+a")
    assert view.dialog.cursor.typed is None
    view.click((2, 2))
    view.key("Delete")
    assert view.page.table.at((2, 2)).text == ""
    view.key("Right", "Down", "Left", "Left", "Left", "Up")
    assert view.chosen == (1, 0)


def test_each_correction_is_undone_and_done_again(opened: Callable[..., View]) -> None:
    view = opened(MARKS)
    assert view.button("undo").instate(["disabled"])
    view.key("5", "Tab", "Delete")
    assert view.page.table.texts[:2] == [["1", "5", "3.70"], ["", "-12", ""]]
    view.key("9", "ctrl+z")  # undoes what's being typed first
    assert view.page.table.texts[1] == ["", "-12", ""]
    view.key("ctrl+z", "ctrl+z", "ctrl+z")
    assert view.page.table.texts == [["1", "2", "3.70"], ["", "-12", "40"], ["", "7", "8"]]
    assert view.line.startswith("3 of 9 cells to check.")
    view.key("ctrl+shift+z")
    view.press("redo")
    assert view.page.table.texts[:2] == [["1", "5", "3.70"], ["", "-12", ""]]
    assert view.marks((0, 1)) == {"dash": "", "width": "1.0", "says": "5"}
    view.press("undo")
    assert view.page.table.texts[1] == ["", "-12", "40"]


def test_the_table_is_copied_for_a_spreadsheet(opened: Callable[..., View]) -> None:
    view = opened(MARKS)
    view.key("5", "ctrl+c")
    assert view.dialog.clipboard_get() == "1\t5\t3.70\n\t-12\t40\n\t7\t8"
    assert "Paste it into a spreadsheet" in str(view.dialog._line.cget("text"))


def test_rows_and_columns_are_changed_by_the_menu(opened: Callable[..., View]) -> None:
    view = opened(MARKS)

    def choose(place: Place, label: str) -> None:
        view.click(place, 3)
        menu = view.dialog._menu
        view.bench.wait(menu.winfo_ismapped, "the menu")
        (line,) = (line for line in (0, 1, 2, 4, 5, 6) if menu.entrycget(line, "label") == label)
        x, y = menu.winfo_rootx() + 20, menu.winfo_rooty() + menu.yposition(line) + 8
        view.bench.do(lambda: view.bench.screen.click(x, y))

    choose((1, 1), "Insert row below")
    assert view.page.table.texts[2] == ["", "", ""]
    assert len(view.dialog.sheet._marks._items) == 12
    choose((0, 0), "Merge with the row below")
    choose((0, 2), "Leave out column")
    choose((0, 0), "Insert column on the right")
    choose((0, 1), "Merge with the column on the right")
    assert view.page.table.texts == [["1", "2 -12"], ["", ""], ["", "7"]]
    choose((2, 1), "Leave out row")
    assert view.page.table.texts == [["1", "2 -12"], ["", ""]]
    assert view.chosen == (1, 1)
    view.key(*["ctrl+z"] * 6)
    assert view.page.table.texts == [["1", "2", "3.70"], ["", "-12", "40"], ["", "7", "8"]]


def test_the_picture_is_zoomed_by_keys_wheel_and_buttons(opened: Callable[..., View]) -> None:
    view = opened(MARKS)
    sheet, screen = view.dialog.sheet, view.bench.screen
    first = sheet.scale
    view.key("ctrl+-")
    assert sheet.scale == pytest.approx(first / 1.25)
    x, y = view.middle((2, 2))
    view.bench.do(lambda: screen.click(x, y, 4, held="ctrl"))
    view.bench.do(lambda: screen.click(x, y, 4, held="ctrl"))
    assert sheet.scale == pytest.approx(first * 1.25)
    for _ in range(4):
        view.bench.do(lambda: screen.click(x, y, 4, held="ctrl"))
    at = view.middle((1, 1))
    view.bench.do(lambda: screen.click(*at, 4, held="ctrl"))
    assert view.middle((1, 1)) == pytest.approx(at, abs=2)  # what's under the pointer stays there
    top = sheet.canvas.canvasy(0)
    view.bench.do(lambda: screen.click(x, y, 4))
    assert sheet.canvas.canvasy(0) < top
    view.key("Next", "Next")
    low = sheet.canvas.canvasy(0)
    view.key("Prior")
    assert low > sheet.canvas.canvasy(0)
    view.key("Tab", "Tab")  # what's chosen scrolls into view
    left, high = view.middle(view.chosen or (0, 0))
    canvas = sheet.canvas
    assert canvas.winfo_rootx() < left < canvas.winfo_rootx() + canvas.winfo_width()
    assert canvas.winfo_rooty() < high < canvas.winfo_rooty() + canvas.winfo_height()
    view.key("ctrl+0")
    assert sheet.scale == first


def test_the_keys_do_what_the_sheet_of_shortcuts_says(opened: Callable[..., View]) -> None:
    """One line of it after the other: it says nothing that isn't proved here."""
    view, proved = opened(MARKS), set()
    scale = view.dialog.sheet.scale
    view.key("Tab")
    assert view.chosen == (1, 2)
    proved.add("Go to the next doubtful number")
    view.key("Return")
    assert view.page.table.at((1, 2)).text == "40"
    assert view.page.table.doubts == [(0, 1), (2, 0)]
    proved.add("Confirm the number")
    view.key("Delete")
    assert view.page.table.doubts == [(0, 1)]
    assert view.page.table.at((2, 0)).text == ""
    proved.add("Say that there's no number")
    for key, by, said in (("ctrl+shift+=", 1.25, "Zoom in"), ("ctrl+-", 0.8, "Zoom out")):
        view.key("ctrl+0")
        assert view.dialog.sheet.scale == scale
        view.key(key)
        assert view.dialog.sheet.scale == pytest.approx(scale * by)
        proved |= {said, "Fit the window"}
    document = Document("m.pdf", lambda _index: PICTURE, view.page._recognizer, lambda: 2)
    view.page.keep_as_saved()
    view.dialog.close()
    view = View(view.bench, document)
    view.bench.wait(view.dialog.turns.winfo_ismapped, "the number of pages")
    for key, index, said in (("ctrl+Next", 1, "Next page"), ("ctrl+Prior", 0, "Previous page")):
        view.key(key)
        assert document.index == index
        proved.add(said)
    assert proved == {line.label for line in GESTURES if line.menu == PAGE}


class Slowly:
    """A reader that goes on when it's told to."""

    def __init__(self, *steps: Page):
        self.steps, self.given, self.go = steps, 0, threading.Semaphore(1)

    def __call__(self, *_: object) -> Iterator[Page]:
        for step in self.steps:
            self.go.acquire()
            self.given += 1
            yield step


def step_by_step(*rows: str) -> list[Page]:
    """Return a page as it's found, then with each further cell that's read."""
    whole, page = table(*rows), table(*rows, is_read=False)
    steps = [page]
    for row, cells in enumerate(whole.rows):
        for column, cell in enumerate(cells):
            if cell.is_inked:
                page = page.with_cell(row, column, cell)
                steps.append(page)
    return steps


def test_cells_appear_as_they_are_read_and_stop_keeps_them(
    bench: Bench, recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    slowly = Slowly(*step_by_step("1 2", "3 4"))
    monkeypatch.setattr("app.page.open_page.read_page", slowly)
    view = View(bench, Document("marks.png", lambda _index: PICTURE, recognizer))
    bench.wait(lambda: view.page.table.rows, "the layout")
    assert view.line == "Reading: 0 of 4"
    assert view.button("save").instate(["disabled"])
    view.click((1, 1))
    view.key("9", "Return")  # without waiting for the rest
    slowly.go.release()
    bench.wait(lambda: view.page.table.texts == [["1", ""], ["", "9"]], "the first cell")
    assert view.marks((0, 0))["says"] == "1"
    view.press("stop")
    slowly.go.release()
    bench.wait(lambda: view.page.is_over and not view.dialog._timer.waits, "the end")
    assert view.page.table.texts == [["1", "2"], ["", "9"]]
    assert slowly.given == 3
    assert view.line.startswith("1 of 4 cells to check.")
    assert not view.button("stop").winfo_ismapped()
    view.key("ctrl+z")
    assert view.page.table.texts == [["1", "2"], ["", ""]]  # only the correction is undone


def test_closing_the_window_ends_the_reading(
    bench: Bench, recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    slowly = Slowly(*step_by_step("1 2", "3 4"))
    monkeypatch.setattr("app.page.open_page.read_page", slowly)
    view = View(bench, Document("marks.png", lambda _index: PICTURE, recognizer))
    bench.wait(lambda: view.page.table.rows, "the layout")
    view.key("Escape")
    assert not view.dialog.winfo_exists()
    for _ in range(9):
        slowly.go.release()
    bench.wait(lambda: view.page.poll() is not None and view.page.is_over, "the end of the reading")
    assert slowly.given == 2


def test_return_saves_corrections_before_the_page_closes(
    opened: Callable[..., View], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(*_: object, default: str, **__: object) -> bool:
        return default == "yes"  # what Return chooses

    names = ["", str(tmp_path / "no" / "m.csv"), str(tmp_path / "m.csv")]
    monkeypatch.setattr("app.ui.kit.questions.messagebox.askyesnocancel", ask)
    monkeypatch.setattr("tkinter.filedialog.asksaveasfilename", lambda **_: names.pop(0))
    view = opened(MARKS)
    view.key("5", "Tab")
    for left in (2, 1):  # first no file is chosen, then it can't be written
        view.dialog.close()
        assert len(names) == left
        assert view.dialog.winfo_exists()
    view.dialog.close()
    with (tmp_path / "m.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == view.page.table.texts
    assert not view.dialog.winfo_exists()


@pytest.mark.parametrize(("answer", "stays"), [(False, False), (None, True)])
def test_corrections_can_be_left_unsaved_and_the_page_open(
    opened: Callable[..., View], monkeypatch: pytest.MonkeyPatch, answer: bool | None, stays: bool
) -> None:
    monkeypatch.setattr("app.ui.kit.questions.messagebox.askyesnocancel", lambda *_, **__: answer)
    view = opened(MARKS)
    view.key("5", "Tab")
    view.dialog.close()
    assert bool(view.dialog.winfo_exists()) is stays


def test_what_cannot_be_read_or_written_is_a_sentence(
    opened: Callable[..., View],
    bench: Bench,
    recognizer: Recognizer,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    def gone(_index: int) -> Image.Image:
        raise UserError("There's no such file.")

    def said(view: View) -> str:
        bench.wait(view.dialog._line.winfo_ismapped, "a sentence")
        return str(view.dialog._line.cget("text"))

    view = View(bench, Document("gone.png", gone, recognizer))
    assert said(view) == "There's no such file."
    assert view.line == ""
    view.dialog.close()
    view = opened(MARKS)
    monkeypatch.setattr("tkinter.filedialog.asksaveasfilename", lambda **_: str(tmp_path / "no" / "x.csv"))
    view.press("save")
    assert "x.csv can't be written" in said(view)
    view.dialog.close()
    empty = opened(Page())
    assert empty.line == "No numbers were found."
    empty.key("Tab", "5", "Return", "Delete", "Right")
    assert empty.page.table.rows == ()


def test_another_look_keeps_the_table_the_cell_and_the_reading(
    bench: Bench, recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    slowly = Slowly(*step_by_step("1 2", "3 4"))
    monkeypatch.setattr("app.page.open_page.read_page", slowly)
    view = View(bench, Document("marks.png", lambda _index: PICTURE, recognizer))
    bench.wait(lambda: view.page.table.rows, "the layout")
    view.click((1, 1))
    entered = view.dialog.entered()
    view.dialog.destroy(keep=True)
    again = View(bench, view.document)
    again.dialog.enter(entered)
    for _ in range(9):
        slowly.go.release()
    bench.wait(lambda: again.page.is_over, "the end")
    assert again.page.table.texts == [["1", "2"], ["3", "4"]]
    assert again.chosen == (1, 1)


def test_a_bug_in_the_reading_is_said_and_logged(
    bench: Bench, recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> Iterator[Page]:
        raise RuntimeError("odd")

    monkeypatch.setattr("app.page.open_page.read_page", broken)
    view = View(bench, Document("marks.png", lambda _index: PICTURE, recognizer))
    bench.wait(lambda: view.page.is_over, "the end")
    bench.wait(lambda: "internal error" in str(view.dialog._line.cget("text")), "a sentence")
    assert "a bug while a page was read" in caplog.text
    caplog.clear()


@pytest.fixture
def three_pages(bench: Bench, recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch) -> View:
    """The view of a document of three pages; the width of each is its number plus one, in hundreds of pixels."""

    def read(picture: Image.Image, _recognizer: Recognizer) -> Iterator[Page]:
        yield table(f"{picture.width // 100} 2?")

    def fetch(index: int) -> Image.Image:
        return Image.new("RGB", (200 + 100 * index, 300), (240, 238, 230))

    monkeypatch.setattr("app.page.open_page.read_page", read)
    view = View(bench, Document("marks.pdf", fetch, recognizer, lambda: 3))
    bench.wait(lambda: view.page.is_over and not view.dialog._timer.waits, "the end of the reading")
    return view


def turned(view: View, act: Callable[[], object]) -> None:
    """Turn to a page, and wait until it's read."""
    act()
    dialog = view.dialog
    view.bench.wait(lambda: view.page.is_over and not dialog._timer.waits and view.page.picture, "the page")


def test_pages_are_turned_and_each_keeps_its_table(three_pages: View) -> None:
    view, turns = three_pages, three_pages.dialog.turns
    assert str(turns._which.cget("text")) == "Page 1 of 3"
    assert turns.back.instate(["disabled"])
    view.key("7", "5")
    turned(view, lambda: view.key("ctrl+Next"))
    assert str(turns._which.cget("text")) == "Page 2 of 3"
    assert view.page.table.texts == [["3", "2"]]
    assert view.chosen == (0, 1)
    assert view.dialog.focus_get() is view.dialog.sheet.canvas
    x, y = turns.on.winfo_rootx() + 5, turns.on.winfo_rooty() + 5
    turned(view, lambda: view.bench.do(lambda: view.bench.screen.click(x, y)))
    assert view.page.table.texts == [["4", "2"]]
    assert turns.on.instate(["disabled"])
    view.key("ctrl+Next")  # there's none
    assert view.document.index == 2
    turned(view, lambda: view.key("ctrl+Prior"))
    turned(view, lambda: view.key("ctrl+Prior"))
    assert view.page.table.texts == [["2", "75"]]  # what was being typed when it was turned
    assert view.dialog.sheet._picture is view.page.picture
    assert view.marks((0, 1))["says"] == "75"


def test_the_picture_of_a_page_that_is_not_looked_at_is_not_kept(three_pages: View) -> None:
    first = three_pages.page
    turned(three_pages, lambda: three_pages.key("ctrl+Next"))
    assert first.picture is None


def test_a_page_is_shown_while_its_picture_is_fetched_again(
    bench: Bench, recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Semaphore(2)

    def fetch(_index: int) -> Image.Image:
        assert go.acquire(timeout=10)
        return PICTURE

    monkeypatch.setattr("app.page.open_page.read_page", lambda *_: iter([MARKS]))
    view = View(bench, Document("marks.pdf", fetch, recognizer, lambda: 2))
    bench.wait(lambda: view.page.is_over and view.document.count, "the first page")
    turned(view, lambda: view.dialog.turn(1))
    view.dialog.turn(-1)
    bench.wait(lambda: view.chosen == (0, 1), "the table")
    assert not view.page.picture
    go.release()
    bench.wait(lambda: view.page.picture and view.marks((0, 1))["says"] == "2?", "its picture")


def test_all_pages_are_saved_as_one_table(three_pages: View, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    view, proposed = three_pages, list[str]()

    def name(initialfile: str, **_: object) -> str:
        proposed.append(initialfile)
        return str(tmp_path / initialfile)

    monkeypatch.setattr("tkinter.filedialog.asksaveasfilename", name)
    assert view.button("all").instate(["disabled"])
    turned(view, lambda: view.key("ctrl+Next"))
    view.key("8", "Tab")
    view.press("all")
    with (tmp_path / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["marks.pdf:0", "2", "2"], ["marks.pdf:1", "3", "8"]]
    assert "The tables of 2 of 3 pages are saved as" in str(view.dialog._line.cget("text"))
    assert view.dialog.may_close()
    view.press("save")
    assert proposed == ["marks.csv", "marks-2.csv"]
