"""A picture of several lines opens as a page, from the main window."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from app.drawing.picture import Picture
from app.sources.pictures import open_picture
from app.sources.sources import count_pages, fetch, fetch_picture
from app.ui.page.page_dialog import PageDialog
from model.ink.ink import Drawing, Point, Stroke
from model.ink.render import render
from tests.conftest import Window, on_linux
from tests.screen import wait_for

pytestmark = on_linux

SEVEN = Drawing((Stroke((Point(80, 60), Point(200, 60), Point(130, 230))),), canvas=(300, 280))


@pytest.fixture(autouse=True)
def _as_in_the_program() -> Iterator[None]:
    gc.disable()  # a thread that reads mustn't collect Tk's objects
    yield
    gc.enable()


@pytest.fixture
def two_lines(tmp_path: Path) -> Path:
    """A picture of a seven with another one below it."""
    seven = render(SEVEN).convert("L")
    page = Image.new("L", (seven.width, 2 * seven.height), "white")
    page.paste(seven, (0, 0))
    page.paste(seven, (0, seven.height))
    page.save(tmp_path / "two lines.png")
    return tmp_path / "two lines.png"


def dialogs(window: Window) -> list[PageDialog]:
    return [child for child in window.root.winfo_children() if isinstance(child, PageDialog)]


def wait(window: Window, look: Callable[[], object], what: str) -> None:
    def looked() -> bool:
        window.root.update()
        return bool(look())

    wait_for(looked, 60, what, 0.002)


def read(window: Window) -> PageDialog:
    """Return the page's window once everything is read."""
    wait(window, lambda: dialogs(window), "the page's window")
    (dialog,) = dialogs(window)
    wait(window, lambda: dialog.page.is_over and not dialog._timer.waits, "the end of the reading")
    return dialog


def test_a_picture_of_several_lines_opens_as_a_page_by_itself(window: Window, two_lines: Path) -> None:
    window.session.recognizer  # noqa: B018  (loads itself, as it does some time after the first paint)
    window.main.open_paths([two_lines])
    dialog = read(window)
    assert dialog.title() == "two lines.png"
    assert dialog.page.table.texts == [["7"], ["7"]]
    dialog.focus_force()
    dialog.focus_set()
    window.key("4")
    window.key("Return")
    dialog.page.keep_as_saved()
    dialog.close()
    window.root.focus_force()
    assert window.text() == "A page of 2 numbers\n4 7"  # no number is made of digits from two lines
    window.key("ctrl+c")
    assert window.root.clipboard_get() == "4\n7"
    window.main.rebuild()
    window.root.update()
    assert window.text() == "A page of 2 numbers\n4 7"
    assert window.main.answer._page.winfo_ismapped()


def test_until_a_page_is_read_the_window_says_no_number_of_several_lines(window: Window, two_lines: Path) -> None:
    with Image.open(two_lines) as picture:
        window.session.open(Picture.of(picture, "pasted"))
    window.main.editor.show()
    window.key("Return")
    assert window.text().startswith("There are several lines.")


def test_the_answer_and_the_menu_offer_it_too(window: Window, two_lines: Path) -> None:
    with Image.open(two_lines) as picture:
        window.session.open(Picture.of(picture, "pasted"))
    window.main.editor.show()
    window.key("Return")
    button = window.main.answer._page
    assert button.winfo_ismapped()
    window.click(button)
    dialog = read(window)
    assert dialog.page.table.texts == [["7"], ["7"]]
    dialog.close()
    window.choose("Read &page…")
    read(window).close()
    window.main.editor.clear()
    assert not button.winfo_ismapped()


def test_without_a_picture_the_menu_asks_for_a_file(
    window: Window, two_lines: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tkinter.filedialog.askopenfilename", lambda **_: str(two_lines))
    window.choose("Read &page…")
    assert read(window).page.table.texts == [["7"], ["7"]]
    assert window.session.is_blank


def test_one_large_digit_that_was_read_as_a_page_is_a_number_in_both(window: Window, shared: Path) -> None:
    """Its ring isn't six words, though the page's own reader takes it for them."""
    window.session.recognizer  # noqa: B018  (as above)
    window.main.open_paths([shared / "data" / "paper" / "012.jpg"])
    wait(window, lambda: window.session.reading, "the answer")
    assert window.session.text == "0"
    window.choose("Read &page…")
    dialog = read(window)
    assert dialog.page.table.texts == [["0"]]
    said = str(dialog._status.cget("text"))
    assert said == "No lines and no table were found. Inkling read the picture as one number: 0."
    dialog.close()


def test_a_page_of_words_says_that_it_has_no_numbers(window: Window, shared: Path) -> None:
    window.session.recognizer  # noqa: B018  (as above)
    window.main.pages.open(str(shared / "data" / "paper" / "034.png"))  # it's sure of nothing there
    dialog = read(window)
    assert not any(map(any, dialog.page.table.texts))
    assert dialog._status.cget("text") == "No numbers were found."
    dialog.close()


def test_one_number_is_no_page(window: Window, tmp_path: Path) -> None:
    render(SEVEN).save(tmp_path / "seven.png")
    window.session.recognizer  # noqa: B018  (as above)
    window.main.open_paths([tmp_path / "seven.png"])
    wait(window, lambda: window.session.reading, "the answer")
    assert dialogs(window) == []
    assert not window.main.answer._page.winfo_ismapped()


def test_another_look_keeps_the_page_and_closing_the_program_asks_about_corrections(
    window: Window, two_lines: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def ask(_title: str, words: str, **_more: object) -> bool | None:
        asked.append(words)
        return None if len(asked) == 1 else False  # Cancel; No

    monkeypatch.setattr("app.ui.kit.questions.messagebox.askyesnocancel", ask)
    window.session.recognizer  # noqa: B018  (as above)
    window.main.open_paths([two_lines])
    dialog = read(window)
    dialog.focus_force()
    dialog.focus_set()
    window.key("5")
    window.key("Tab")
    window.main.rebuild()
    again = read(window)
    assert again is not dialog
    assert again.page.table.texts == [["5"], ["7"]]
    window.main.close()
    assert asked == ["Save the table before it's closed?"]
    assert window.root.children
    window.main.close()
    assert not window.root.children


def test_a_file_that_is_gone_is_read_as_it_is_in_the_window(window: Window, two_lines: Path) -> None:
    window.session.recognizer  # noqa: B018  (as above)
    window.main.open_paths([two_lines])
    read(window).close()
    two_lines.unlink()
    window.choose("Read &page…")
    assert read(window).page.table.texts == [["7"], ["7"]]


def test_a_page_is_read_as_fine_as_a_camera_of_12_megapixels_has_it(tmp_path: Path) -> None:
    for size, fine in (((4000, 3000), (4000, 3000)), ((8000, 6000), (4000, 3000))):
        Image.new("L", size, "white").save(tmp_path / "page.jpg")
        assert fetch_picture(str(tmp_path / "page.jpg")).size == fine
    assert open_picture(tmp_path / "page.jpg").size == (2000, 1500)  # fine enough for one number


def test_the_pages_of_a_file_are_turned(window: Window, two_lines: Path) -> None:
    with Image.open(two_lines) as first:
        first.save(two_lines.with_suffix(".tif"), save_all=True, append_images=[first.crop((0, 0, 300, 280)), first])
    window.session.recognizer  # noqa: B018  (as above)
    window.session.open(fetch(str(two_lines.with_suffix(".tif")), 1))
    window.choose("Read &page…")
    dialog = read(window)
    wait(window, dialog.turns.winfo_ismapped, "the number of pages")
    assert dialog.document.count == 3
    assert dialog.page.table.texts == [["7"]]
    dialog.turn(-1)
    wait(window, lambda: dialog.page.is_over and not dialog._timer.waits, "the first page")
    assert dialog.page.table.texts == [["7"], ["7"]]


def test_pages_are_counted_before_they_are_read(tmp_path: Path, two_lines: Path) -> None:
    with Image.open(two_lines) as one:
        one.save(tmp_path / "two.tif", save_all=True, append_images=[one])
        one.save(tmp_path / "three.pdf", save_all=True, append_images=[one, one])
    assert count_pages(str(tmp_path / "two.tif")) == 2
    assert count_pages(str(two_lines)) == 1
    assert count_pages(str(tmp_path / "three.pdf")) == 3
    assert count_pages(str(tmp_path / "none.tif")) == 1


def saved(window: Window) -> list[tuple[str, str | None]]:
    """Return each saved drawing's label, and what was read."""
    return [(each.label, each.read_as) for each in window.session.samples.everything()]


@pytest.fixture
def corrected(window: Window, two_lines: Path) -> Iterator[PageDialog]:
    """Two sevens, of which the user says that the second is a one."""
    window.session.recognizer  # noqa: B018  (as above)
    window.main.open_paths([two_lines])
    dialog = read(window)
    dialog.focus_force()
    dialog.focus_set()
    for key in ("Down", "1", "Return"):
        window.key(key)
    assert dialog.page.table.texts == [["7"], ["1"]]
    yield dialog
    for each in dialogs(window):
        each.page.keep_as_saved()  # or else its question waits for an answer
        each.close()


def test_nothing_is_saved_of_a_page_unless_the_user_says_so(window: Window, corrected: PageDialog) -> None:
    assert corrected.learn
    assert corrected.learn.instate(["!selected"])
    corrected.page.keep_as_saved()
    corrected.close()
    assert saved(window) == []


def test_corrections_on_a_page_are_saved_to_learn_from_while_the_box_is_ticked(
    window: Window, corrected: PageDialog
) -> None:
    box = corrected.learn
    assert box
    window.click(box)
    wait(window, lambda: saved(window) == [("1", "7")], "the corrected digit")
    wait(window, lambda: "1 digit is saved in My drawings." in str(corrected._line.cget("text")), "what is said")
    assert "Still to learn: 1." in str(corrected._line.cget("text"))  # learning at once is turned off
    (sample,) = window.session.samples.everything()
    assert window.session.recognizer.recognize(sample.drawing).text == "7"  # it's the ink of the page
    corrected.focus_set()
    for key in ("Up", "3", "Return"):
        window.key(key)
    wait(window, lambda: saved(window) == [("1", "7"), ("3", "7")], "the next one")
    for key in ("4", "Return"):
        window.key(key)
    wait(window, lambda: saved(window) == [("1", "7"), ("4", "7")], "another label")
    for _ in range(2):
        window.key("ctrl+z")
    wait(window, lambda: saved(window) == [("1", "7")], "what is undone to be taken back")
    window.key("ctrl+shift+z")
    wait(window, lambda: saved(window) == [("1", "7"), ("3", "7")], "what is done again")
    window.main.rebuild()
    (corrected,) = dialogs(window)
    box = corrected.learn
    assert box
    assert box.instate(["selected"])
    wait(window, lambda: corrected.winfo_ismapped() and corrected.winfo_width() > 1, "the rebuilt page")
    window.click(box)
    wait(window, lambda: saved(window) == [], "all to be taken back")
    wait(window, lambda: "no longer saved" in str(corrected._line.cget("text")), "what is said")


def test_what_is_typed_when_a_page_is_closed_is_saved_too(
    window: Window, corrected: PageDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = corrected.learn
    assert box
    window.click(box)
    corrected.focus_set()
    window.key("Up")
    window.key("2")
    monkeypatch.setattr("tkinter.messagebox.askyesnocancel", lambda *_, **__: False)  # the table isn't saved
    corrected.close()
    assert sorted(saved(window)) == [("1", "7"), ("2", "7")]
