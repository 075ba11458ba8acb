"""The page view, used by real pointer and key events."""

from __future__ import annotations

import csv
import gc
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from tkinter import ttk

import pytest
from PIL import Image

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
from tests.screen import Screen

pytestmark = on_linux

MARKS = table("1 2? 3.70", "_ -12 40?", "letters 7 8")
PICTURE = Image.new("RGB", (400, 300), (240, 238, 230))


class View:
    """The page view of a page that was read, and somebody who uses it."""

    def __init__(self, bench: Bench, page: OpenPage):
        self.bench, self.page = bench, page
        self.dialog = PageDialog(bench.root, page)
        self.dialog.put("+0+0")
        bench.wait(lambda: self.dialog.winfo_ismapped() and self.dialog.winfo_width() > 1, "its window")
        self.dialog.focus_force()  # what a window manager would do
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
        """Return how a cell's box looks, and what its plate says."""
        box, _plate, text = self.dialog.sheet._marks._items[place]

        def told(item: int, option: str) -> str:
            return str(self.dialog.tk.call(self.dialog.sheet.canvas, "itemcget", item, f"-{option}"))

        said = told(text, "text") if told(text, "state") == "normal" else ""
        return {"dash": told(box, "dash"), "width": told(box, "width"), "says": said}


@pytest.fixture
def bench(screen: Screen, recognizer: Recognizer) -> Iterator[Bench]:
    gc.disable()  # as in the program: a thread that reads must not collect what is Tk's
    with open_bench(screen, recognizer) as opened:
        yield opened
    gc.enable()


@pytest.fixture
def opened(bench: Bench, recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch) -> Callable[..., View]:
    """What opens a page that a reader finds in some steps."""

    def start(*steps: Page, wait: bool = True) -> View:
        monkeypatch.setattr("app.page.open_page.read_page", lambda *_: iter(steps))
        view = View(bench, OpenPage("marks.png", lambda: PICTURE, recognizer))
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
    assert view.chosen == (0, 1)  # from the last on to the first
    view.key("shift+Tab")
    assert view.chosen == (2, 0)
    view.key("ctrl+Tab")  # whoever leaves the doubts for later gets to the buttons, too
    assert view.dialog.focus_get() is not view.dialog.sheet.canvas
    assert str(view.dialog.cell._where.cget("text")) == "Row 3, column 1"
    assert str(view.dialog.cell._why.cget("text")) == "These look like letters."


def test_all_doubts_are_corrected_by_tab_and_typing_and_the_file_is_right(
    opened: Callable[..., View], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = opened(MARKS)
    view.key("2", "5", "Tab")
    view.key("-", "4", ".", "5", "Tab")
    assert view.line.startswith("1 of 9 cells to check.")
    view.key("Return")  # there is no number, and that's right
    assert view.line == "9 cells, nothing left to check."
    monkeypatch.setattr("app.ui.page.page_dialog.filedialog.asksaveasfilename", lambda **_: str(tmp_path / "m.csv"))
    view.key("ctrl+s")
    with (tmp_path / "m.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["1", "25", "3.70"], ["", "-12", "-4.5"], ["", "7", "8"]]
    assert f"saved as {tmp_path / 'm.csv'}" in str(view.dialog._line.cget("text"))
    view.key("Tab")  # nothing is left, so the keyboard goes on
    assert view.dialog.focus_get() is view.button("save")


def test_typing_begins_anew_is_edited_kept_and_given_up(opened: Callable[..., View]) -> None:
    view = opened(MARKS)
    view.key("1", "9", "BackSpace", "8")
    assert view.marks((0, 1))["says"] == "18|"
    assert view.page.table.at((0, 1)).text == "2"  # it isn't kept yet
    view.key("Escape")
    assert view.marks((0, 1))["says"] == "2?"
    assert view.dialog.winfo_exists()
    view.key("6", "Right")  # moving on keeps it
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
    view.key("9", "ctrl+z")  # of what is being typed first
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
    assert view.middle((1, 1)) == pytest.approx(at, abs=2)  # what is under the pointer stays there
    top = sheet.canvas.canvasy(0)
    view.bench.do(lambda: screen.click(x, y, 4))
    assert sheet.canvas.canvasy(0) < top
    view.key("Next", "Next")
    low = sheet.canvas.canvasy(0)
    view.key("Prior")
    assert low > sheet.canvas.canvasy(0)
    view.key("Tab", "Tab")  # what is chosen comes into sight
    left, high = view.middle(view.chosen or (0, 0))
    canvas = sheet.canvas
    assert canvas.winfo_rootx() < left < canvas.winfo_rootx() + canvas.winfo_width()
    assert canvas.winfo_rooty() < high < canvas.winfo_rooty() + canvas.winfo_height()
    view.key("ctrl+0")
    assert sheet.scale == first


def test_the_keys_do_what_the_sheet_of_shortcuts_says(opened: Callable[..., View]) -> None:
    """One line of it after the other: what is not proved here is not said there."""
    view, proved = opened(MARKS), set()
    scale = view.dialog.sheet.scale
    view.key("Tab")
    assert view.chosen == (1, 2)
    proved.add("Go to the next doubt")
    view.key("Return")
    assert view.page.table.at((1, 2)).text == "40"
    assert view.page.table.doubts == [(0, 1), (2, 0)]
    proved.add("Say that it's right")
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
    """Return a page as it is found, and with each cell that is read."""
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
    view = View(bench, OpenPage("marks.png", lambda: PICTURE, recognizer))
    bench.wait(lambda: view.page.table.rows, "the layout")
    assert view.line == "Reading: 0 of 4"
    assert view.button("save").instate(["disabled"])
    view.click((1, 1))
    view.key("9", "Return")  # nobody has to wait for the rest
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
    assert view.page.table.texts == [["1", "2"], ["", ""]]  # the correction alone is taken back


def test_closing_the_window_ends_the_reading(
    bench: Bench, recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    slowly = Slowly(*step_by_step("1 2", "3 4"))
    monkeypatch.setattr("app.page.open_page.read_page", slowly)
    view = View(bench, OpenPage("marks.png", lambda: PICTURE, recognizer))
    bench.wait(lambda: view.page.table.rows, "the layout")
    view.key("Escape")
    assert not view.dialog.winfo_exists()
    for _ in range(9):
        slowly.go.release()
    bench.wait(lambda: view.page.poll() is not None and view.page.is_over, "the end of the reading")
    assert slowly.given == 2


def test_corrections_that_are_not_saved_are_asked_about(
    opened: Callable[..., View], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def ask(_title: str, question: str, **_: object) -> bool:
        asked.append(question)
        return False

    monkeypatch.setattr("app.ui.page.page_dialog.messagebox.askyesno", ask)
    view = opened(MARKS)
    view.key("5", "Tab")
    view.dialog.close()
    assert asked == ["Close without saving the table?"]
    assert view.dialog.winfo_exists()
    view.page.save(tmp_path / "m.csv")
    view.dialog.close()
    assert len(asked) == 1
    assert not view.dialog.winfo_exists()


def test_what_cannot_be_read_or_written_is_a_sentence(
    opened: Callable[..., View],
    bench: Bench,
    recognizer: Recognizer,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    def gone() -> Image.Image:
        raise UserError("There is no such file.")

    def said(view: View) -> str:
        bench.wait(view.dialog._line.winfo_ismapped, "a sentence")
        return str(view.dialog._line.cget("text"))

    view = View(bench, OpenPage("gone.png", gone, recognizer))
    assert said(view) == "There is no such file."
    assert view.line == ""
    view.dialog.close()
    view = opened(MARKS)
    monkeypatch.setattr(
        "app.ui.page.page_dialog.filedialog.asksaveasfilename", lambda **_: str(tmp_path / "no" / "x.csv")
    )
    view.press("save")
    assert "x.csv cannot be written" in said(view)
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
    view = View(bench, OpenPage("marks.png", lambda: PICTURE, recognizer))
    bench.wait(lambda: view.page.table.rows, "the layout")
    view.click((1, 1))
    entered = view.dialog.entered()
    view.dialog.destroy(keep=True)
    again = View(bench, view.page)
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
    view = View(bench, OpenPage("marks.png", lambda: PICTURE, recognizer))
    bench.wait(lambda: view.page.is_over, "the end")
    bench.wait(lambda: "error of its own" in str(view.dialog._line.cget("text")), "a sentence")
    assert "a bug while a page was read" in caplog.text
    caplog.clear()
