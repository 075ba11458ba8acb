"""Model ▸ My drawings…, used by real pointer and key events."""

import json
import os
import time
import tkinter as tk
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tkinter import ttk

import pytest

from app.kept import paths
from app.kept.samples import Samples
from app.ui.drawings.drawings_dialog import DrawingsDialog
from app.ui.drawings.drawings_grid import CELL_HEIGHT, COLUMNS
from app.ui.kit import style
from model.base.errors import UserError
from model.ink.ink import Drawing, Point, Stroke
from tests.app.ui.window.test_main_window import buttons
from tests.conftest import Window, soon
from tests.screen import Area, wait_for

SEVEN = Drawing((Stroke((Point(80, 60), Point(200, 60), Point(130, 230))),), canvas=(280, 280))


@pytest.fixture
def samples() -> Iterator[Samples]:
    with Samples(paths.samples_file()) as opened:
        yield opened


def keep(samples: Samples, labels: str) -> list[int]:
    return [samples.keep(SEVEN, label, "7") for label in labels]


class Dialog:
    """The dialog and somebody who uses it."""

    def __init__(self, window: Window, samples: Samples):
        self.window = window
        self.samples = samples
        self.widget = DrawingsDialog(window.root, samples, window.main.learning, lambda: None)
        window.root.update()
        self.widget.focus_force()  # as a window manager would
        self.widget.focus_set()
        window.root.update()
        self.cards = self.widget.grid_of_cards

    def labels(self) -> list[str]:
        """Return the labels of all drawings, in the order shown."""
        return [each.label for each in self.samples.some(self.cards.selection.ids)]

    def chosen(self) -> list[int]:
        """Return which cards are chosen, counted from 0, and check that they look chosen."""
        places = [self.cards.selection.ids.index(number) for number in self.cards.selection.in_order]
        for number in self.cards.selection.ids:
            box = self.cards.place_of(number)
            if box and box[3] < self.cards.canvas.winfo_height():
                canvas = self.cards.canvas
                at = Area(canvas.winfo_rootx() + box[0] + 4, canvas.winfo_rooty() + box[3] - 4, 1, 1)
                seen = "#" + self.window.screen.pixels(at).tobytes().hex()
                chosen = number in self.cards.selection.in_order
                assert seen == (style.now.colours.chosen if chosen else style.now.colours.paper)
        return places

    def middle(self, place: int) -> tuple[float, float]:
        box = self.cards.place_of(self.cards.selection.ids[place])
        assert box
        canvas = self.cards.canvas
        return canvas.winfo_rootx() + (box[0] + box[2]) / 2, canvas.winfo_rooty() + (box[1] + box[3]) / 2

    def click(self, place: int, button: int = 1, held: str = "") -> None:
        """Click a card."""
        x, y = self.middle(place)
        self.window.do(lambda: self.window.screen.click(x, y, button, held))

    def button(self, text: str) -> ttk.Button:
        (found,) = (each for each in buttons(self.widget) if each.cget("text") == text)
        return found

    def press(self, text: str) -> None:
        """Press a button, and wait for the work in its thread."""
        self.window.click(self.button(text))
        while self.widget._background.busy:
            self.window.root.update()

    def usable(self) -> list[str]:
        texts = ("Import…", "Export…", "Undo", "Delete", "Delete all…")
        return [text for text in texts if self.button(text).instate(["!disabled"])]

    def filters(self) -> dict[str, str]:
        """Return the possible filters, and how many drawings each shows."""
        texts = [str(button.cget("text")) for button in self.widget.filters.buttons.values()]
        return dict(text.split("\n") for text in texts)

    def filter(self, digit: str) -> None:
        self.window.click(self.widget.filters.buttons[digit])

    def written(self) -> list[str]:
        """Return all texts in the grid."""
        canvas = self.cards.canvas
        texts = [item for item in canvas.find_all() if str(canvas.type(item)) == "text"]
        return [str(canvas.itemcget(item, "text")) for item in texts]  # type: ignore[no-untyped-call]

    def text(self) -> str:
        """Return all texts around the grid."""
        children = (*self.widget.body.inside.winfo_children(), *self.widget.winfo_children())
        labels = [child for child in children if isinstance(child, ttk.Label)]
        return "\n".join(str(label.cget("text")) for label in labels if label.winfo_ismapped())


def test_without_drawings_it_says_how_they_get_here(window: Window, samples: Samples) -> None:
    dialog = Dialog(window, samples)
    title, line = dialog.written()
    assert title == "No drawings yet"
    assert "When an answer is wrong, press the right digit's key or click its bar: the drawing is saved here" in line
    assert dialog.usable() == ["Import…"]
    assert "~/.local/share/Inkling/drawings.sqlite3" in dialog.text()
    assert "nothing leaves this computer" in dialog.text()
    for key in ("Right", "space", "ctrl+a", "7", "Delete", "ctrl+z", "End"):
        window.key(key)
    assert not samples.path.exists()


def test_they_are_shown_the_newest_first_with_their_ink(window: Window, samples: Samples) -> None:
    keep(samples, "178")
    dialog = Dialog(window, samples)
    assert dialog.labels() == ["8", "7", "1"]
    assert dialog.filters() == {"All": "3"} | {digit: "1" if digit in "178" else "0" for digit in "0123456789"}
    assert dialog.written() == ["8", "read 7", "7", "1", "read 7"]
    x, y = dialog.middle(0)
    picture = window.screen.pixels(Area(round(x) - 36, round(y) - 48, 72, 72)).convert("L")
    dark = picture.point(lambda grey: 255 if grey < 100 else 0).getbbox()
    assert dark is not None
    left, top, right, bottom = dark
    assert 40 <= right - left <= 50  # 120 of 170 pixels of ink, in the card's 58
    assert 58 <= bottom - top <= 66


def test_cards_are_chosen_by_click_ctrl_click_and_shift_click(window: Window, samples: Samples) -> None:
    keep(samples, "0123456789" * 2)
    dialog = Dialog(window, samples)
    assert dialog.chosen() == []
    dialog.click(2)
    assert dialog.chosen() == [2]
    dialog.click(5, held="ctrl")
    dialog.click(9, held="ctrl")
    assert dialog.chosen() == [2, 5, 9]
    dialog.click(5, held="ctrl")
    assert dialog.chosen() == [2, 9]
    dialog.click(7, held="shift")
    assert dialog.chosen() == [5, 6, 7]  # from the last one that was clicked
    dialog.click(1)
    dialog.click(10, held="shift")
    assert dialog.chosen() == list(range(1, 11))
    assert "10 chosen" in dialog.text()
    canvas = dialog.cards.canvas
    x, y = canvas.winfo_rootx() + canvas.winfo_width() - 3, canvas.winfo_rooty() + canvas.winfo_height() - 3
    window.do(lambda: window.screen.click(x, y))
    assert dialog.chosen() == []


def test_a_press_above_the_cards_chooses_none(window: Window, samples: Samples) -> None:
    keep(samples, "12")
    dialog = Dialog(window, samples)
    left, top, right, _bottom = dialog.cards.place_of(dialog.cards.selection.ids[0]) or (0, 0, 0, 0)
    for column in range(8):  # each column, in a row that doesn't exist
        x = (left + right) // 2 + column * (right - left + 8)
        dialog.cards.canvas.event_generate("<Button-1>", x=x, y=top - 60)
    window.root.update()
    assert dialog.chosen() == []


def test_cards_are_chosen_by_keys(window: Window, samples: Samples) -> None:
    keep(samples, "0123456789" * 2)
    dialog = Dialog(window, samples)
    for key, expected in (
        ("Right", [1]),
        ("Right", [2]),
        ("Left", [1]),
        ("Down", [1 + COLUMNS]),
        ("shift+Right", [9, 10]),
        ("shift+Left", [9]),
        ("shift+Up", list(range(1, 10))),
        ("Up", [1]),
        ("Up", [1]),
        ("End", [19]),
        ("Down", [19]),
        ("Up", [11]),
        ("Right", [12]),
        ("Down", [19]),  # the last row is shorter
        ("Home", [0]),
        ("Left", [0]),
        ("ctrl+Right", [0]),
        ("ctrl+Right", [0]),
        ("space", [0, 2]),
        ("space", [0]),
        ("ctrl+a", list(range(20))),
    ):
        window.key(key)
        assert dialog.chosen() == expected, key


def test_a_digit_s_key_relabels_those_that_are_chosen(window: Window, samples: Samples) -> None:
    numbers = keep(samples, "1234")
    dialog = Dialog(window, samples)
    window.key("9")
    assert dialog.labels() == list("4321")  # no card is chosen
    dialog.click(0)
    dialog.click(2, held="shift")
    window.key("3")
    assert dialog.labels() == list("3331")
    assert dialog.chosen() == [0, 1, 2]
    assert "2 drawings are labelled 3 now." in dialog.text()  # one was a 3 already
    assert dialog.filters()["3"] == "3"
    assert dialog.written().count("3") == 3
    window.key("3")
    window.key("ctrl+z")
    assert dialog.labels() == list("4321")
    with Samples(samples.path) as again:
        assert [(each.id, each.label) for each in again.everything()] == list(zip(numbers, "1234", strict=True))


def test_delete_deletes_and_undo_brings_back(window: Window, samples: Samples) -> None:
    keep(samples, "0123456789")
    before = samples.everything()
    dialog = Dialog(window, samples)
    assert "Undo" not in dialog.usable()
    dialog.click(3)
    window.key("Delete")
    assert dialog.labels() == list("987543210")
    assert dialog.chosen() == [3]  # the next one
    assert "1 drawing deleted. Undo brings it back." in dialog.text()
    dialog.click(7, held="shift")
    dialog.press("Delete")
    window.key("Return")  # by now the grid has the keyboard
    assert dialog.labels() == list("9870")
    assert samples.count() == 4
    window.key("End")
    window.key("Delete")
    assert dialog.chosen() == [2]  # there's none after it
    dialog.press("Undo")
    dialog.press("Undo")
    assert dialog.labels() == list("987543210")
    assert "Undone: 5 drawings deleted." in dialog.text()
    window.key("ctrl+z")
    assert samples.everything() == before
    assert "Undo" not in dialog.usable()
    window.key("ctrl+z")
    assert samples.everything() == before


def test_a_filter_shows_one_digit(window: Window, samples: Samples) -> None:
    keep(samples, "7171")
    dialog = Dialog(window, samples)
    window.key("End")
    dialog.filter("7")
    assert dialog.labels() == ["7", "7"]
    assert dialog.chosen() == []
    dialog.filter("5")  # there's none, so the filter isn't offered
    assert dialog.labels() == ["7", "7"]
    dialog.click(0)
    window.key("1")
    assert dialog.labels() == ["7"]
    assert dialog.chosen() == [0]  # the next one
    window.key("1")
    assert dialog.written() == ["No 7", "None of your drawings has this label now."]
    assert dialog.filters()["1"] == "4"
    window.key("ctrl+z")
    assert dialog.labels() == ["7"]
    dialog.filter("")
    assert dialog.labels() == ["1", "1", "1", "7"]


def test_all_are_deleted_after_a_question(window: Window, samples: Samples, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def ask(_title: str, question: str, *, detail: str, default: str, **_: object) -> bool:
        assert default == "cancel"  # what Return chooses
        asked.append(f"{question} {detail}")
        return len(asked) > 1

    monkeypatch.setattr("app.ui.drawings.drawings_dialog.messagebox.askokcancel", ask)
    keep(samples, "0123")
    samples.path.with_name(samples.path.name + ".damaged-20260101-000000").write_text("")
    dialog = Dialog(window, samples)
    dialog.click(0)
    window.key("Delete")
    dialog.press("Delete all…")
    assert samples.count() == 3
    dialog.press("Delete all…")
    assert "Delete all drawings? 3 drawings will be deleted" in asked[0]
    assert str(samples.path) in asked[0]
    assert "and so will the damaged files next to it (1)" in asked[0]
    assert samples.count() == 0
    assert samples.damaged() == []
    assert dialog.usable() == ["Import…"]  # there's no undo, not even for earlier deletions


def test_import_and_export(window: Window, samples: Samples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "out.jsonl"
    monkeypatch.setattr("tkinter.filedialog.asksaveasfilename", lambda **_: str(path))
    monkeypatch.setattr("tkinter.filedialog.askopenfilename", lambda **_: str(path))
    keep(samples, "01")
    dialog = Dialog(window, samples)
    dialog.press("Export…")
    assert f"2 drawings exported to {path}" in dialog.text()
    assert [json.loads(line)["label"] for line in path.read_text().splitlines()] == ["0", "1"]
    path.write_text(path.read_text() + json.dumps(replace(SEVEN, label="7").to_json()))
    dialog.press("Import…")
    assert "1 drawing imported. 2 drawings of that file were already here." in dialog.text()
    assert dialog.labels() == ["7", "1", "0"]
    dialog.press("Undo")
    assert dialog.labels() == ["1", "0"]
    path.write_text(json.dumps(replace(SEVEN, label="12").to_json()))
    dialog.press("Import…")
    assert "Nothing was imported from out.jsonl, because of drawing 1" in dialog.text()
    for name in ("asksaveasfilename", "askopenfilename"):
        monkeypatch.setattr(f"tkinter.filedialog.{name}", lambda **_: "")
    dialog.press("Import…")
    dialog.press("Export…")
    assert dialog.labels() == ["1", "0"]


def test_the_window_lives_while_thousands_are_imported(
    window: Window, samples: Samples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "many.jsonl"
    lines = [json.dumps(replace(SEVEN, label="7", width=1 + number / 1000).to_json()) for number in range(3000)]
    path.write_text("\n".join(lines))
    monkeypatch.setattr("tkinter.filedialog.askopenfilename", lambda **_: str(path))
    dialog = Dialog(window, samples)
    window.click(dialog.button("Import…"))
    assert "Importing many.jsonl…" in dialog.text()
    window.click(dialog.button("Import…"))  # does nothing until the first import is done
    turns = 0
    while dialog.widget._background.busy:
        window.root.update()
        time.sleep(0.005)
        turns += 1
    assert turns > 3
    assert "3,000 drawings imported." in dialog.text()
    assert str(dialog.widget.cget("cursor")) == ""
    dialog.press("Undo")
    assert samples.ids() == []


def test_an_import_outlives_its_dialog(
    window: Window, samples: Samples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "some.jsonl"
    path.write_text(json.dumps(replace(SEVEN, label="7").to_json()))
    monkeypatch.setattr("tkinter.filedialog.askopenfilename", lambda **_: str(path))
    dialog = Dialog(window, samples)
    dialog.button("Import…").invoke()
    dialog.widget.close()
    wait_for(lambda: samples.ids() == [1], 10, "the drawing")
    assert not dialog.widget.winfo_exists()
    assert not dialog.widget._background.busy  # otherwise Tk would call something deleted


def test_a_file_to_import_that_is_none_or_too_large_is_a_sentence(
    window: Window, samples: Samples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = Dialog(window, samples)
    os.mkfifo(tmp_path / "pipe.jsonl")
    (tmp_path / "giant.jsonl").touch()
    os.truncate(tmp_path / "giant.jsonl", 100_000_001)
    for name, sentence in (
        ("pipe.jsonl", "pipe.jsonl can't be read (Invalid argument); choose a .jsonl file of labelled ink."),
        ("giant.jsonl", "giant.jsonl is larger than 100 MB. Split its lines over several files."),
        ("gone.jsonl", "gone.jsonl can't be read (No such file or directory)"),
    ):
        file = str(tmp_path / name)
        monkeypatch.setattr("tkinter.filedialog.askopenfilename", lambda file=file, **_: file)
        dialog.press("Import…")
        assert sentence in dialog.text()
        assert str(dialog.widget.cget("cursor")) == ""


@soon(3)
def test_ten_thousand_open_and_scroll_like_a_few(
    window: Window, samples: Samples, tmp_path: Path, seconds: float
) -> None:
    lines = [
        json.dumps(replace(SEVEN, label=str(number % 10), width=1 + number / 1000).to_json())
        for number in range(10_000)
    ]
    (tmp_path / "many.jsonl").write_text("\n".join(lines))
    samples.take(tmp_path / "many.jsonl")
    began = time.monotonic()
    dialog = Dialog(window, samples)
    assert time.monotonic() - began < seconds  # 0.1 s on an idle machine
    canvas = dialog.cards.canvas
    assert len(canvas.find_all()) < 300
    x, y = dialog.middle(COLUMNS)
    for _ in range(6):
        window.do(lambda: window.screen.click(x, y, button=5))
    assert round(canvas.canvasy(0)) == 3 * CELL_HEIGHT
    window.do(lambda: window.screen.click(x, y, button=4))
    assert round(canvas.canvasy(0)) == 2.5 * CELL_HEIGHT
    window.key("End")
    assert dialog.chosen() == [9999]
    x, y = dialog.middle(9999)
    assert 0 < y < canvas.winfo_rooty() + canvas.winfo_height()
    assert len(canvas.find_all()) < 300
    assert len(dialog.cards._pictures) < 100
    window.key("ctrl+a")
    window.key("4")
    assert dialog.filters()["4"] == "10,000"
    assert round(canvas.canvasy(0)) > 9000 / COLUMNS * CELL_HEIGHT  # it hasn't scrolled
    window.key("ctrl+z")
    assert dialog.filters()["4"] == "1,000"
    dialog.filter("4")
    assert len(dialog.labels()) == 1000
    assert canvas.canvasy(0) == 0


def test_the_right_button_opens_a_menu(window: Window, samples: Samples) -> None:
    keep(samples, "012")
    dialog = Dialog(window, samples)
    dialog.click(0)
    dialog.click(1, button=3)
    (menu,) = (child for child in dialog.widget.winfo_children() if isinstance(child, tk.Menu))
    wait_for(lambda: window.root.update() or menu.winfo_ismapped(), 5, "the menu")  # type: ignore[func-returns-value]
    x, y = menu.winfo_rootx() + 20, menu.winfo_rooty() + menu.yposition(5) + 8
    window.do(lambda: window.screen.click(x, y))
    assert dialog.labels() == ["2", "5", "0"]  # not the card that was chosen before
    assert dialog.chosen() == [1]


def test_what_is_kept_elsewhere_is_there_when_one_comes_back(window: Window, samples: Samples) -> None:
    keep(samples, "01")
    dialog = Dialog(window, samples)
    dialog.click(0)
    with Samples(samples.path) as other:
        keep(other, "5")
        other.remove(other.ids("0"))
    dialog.widget.refresh()
    window.root.update()
    assert dialog.labels() == ["5", "1"]
    assert dialog.chosen() == [1]  # the same drawing
    with Samples(samples.path) as other:
        keep(other, "6")
    window.root.focus_force()
    window.root.update()
    dialog.widget.focus_force()
    window.root.update()
    assert dialog.labels() == ["6", "5", "1"]


def test_a_drawing_that_is_gone_meanwhile_is_no_bug(window: Window, samples: Samples) -> None:
    keep(samples, "01")
    dialog = Dialog(window, samples)
    dialog.click(0)
    with Samples(samples.path) as other:
        other.remove(other.ids("1"))
    window.key("7")
    window.key("Delete")
    dialog.widget.refresh()
    assert dialog.labels() == ["0"]


def test_a_damaged_drawing_is_shown_as_that_and_can_be_deleted(window: Window, samples: Samples) -> None:
    keep(samples, "01")
    assert samples.file.connection
    samples.file.connection.execute("UPDATE drawings SET ink = '{' WHERE label = '1'")
    dialog = Dialog(window, samples)
    assert "damaged" in dialog.written()
    dialog.click(0)
    window.key("Delete")
    assert dialog.labels() == ["0"]
    dialog.press("Undo")
    assert dialog.labels() == ["1", "0"]


def test_what_befell_the_file_is_said(window: Window, samples: Samples) -> None:
    samples.path.parent.mkdir(parents=True)
    samples.path.write_text("no drawings " * 100)
    dialog = Dialog(window, samples)
    assert "was damaged" in dialog.text()
    assert dialog.written()[0] == "No drawings yet"


def test_a_newer_file_is_a_sentence(window: Window, samples: Samples) -> None:
    keep(samples, "01")
    assert samples.file.connection
    samples.file.connection.execute("PRAGMA user_version = 99")
    samples.close()
    dialog = Dialog(window, samples)
    assert "saved by a newer Inkling" in dialog.text()
    assert dialog.usable() == ["Import…"]


def test_a_change_that_fails_is_a_sentence(window: Window, samples: Samples, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise UserError("There is no room.")

    keep(samples, "01")
    dialog = Dialog(window, samples)
    dialog.click(0)
    monkeypatch.setattr(samples, "relabel", full)
    monkeypatch.setattr(samples, "remove", full)
    for key in ("7", "Delete"):
        window.key(key)
        assert "There is no room." in dialog.text()
        assert dialog.labels() == ["1", "0"]
        assert dialog.chosen() == [0]
    assert "Undo" not in dialog.usable()


def test_another_width_has_other_columns(window: Window, samples: Samples) -> None:
    keep(samples, "0123456789" * 3)
    dialog = Dialog(window, samples)
    dialog.click(8)
    window.key("Up")
    assert dialog.chosen() == [0]
    dialog.widget.geometry("660x500+0+0")
    settle(window, lambda: dialog.widget.winfo_width() == 660 and dialog.cards.canvas.winfo_width() < 640)
    assert dialog.chosen() == [0]
    window.key("Down")
    (columns,) = dialog.chosen()
    assert columns < COLUMNS
    left = [dialog.middle(place)[0] for place in range(columns)]
    assert left == sorted(left)
    assert left[-1] < dialog.cards.canvas.winfo_rootx() + dialog.cards.canvas.winfo_width()


def settle(window: Window, look: Callable[[], bool]) -> None:
    def looked() -> bool:
        window.root.update()
        return look()

    wait_for(looked, 10, "the new size", pause=0.01)


def test_the_keys_of_the_dialog_are_not_the_window_s(window: Window, samples: Samples) -> None:
    keep(samples, "01")
    dialog = Dialog(window, samples)
    dialog.click(1)
    window.key("Return")
    window.key("ctrl+z")
    assert window.text() == "The answer appears here."
    window.key("Tab")  # from the grid to the first button
    window.key("Escape")
    assert not dialog.widget.winfo_exists()
    assert samples.count() == 2
