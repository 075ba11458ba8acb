"""A picture of several lines opens as a page, from the main window."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from app.drawing.picture import Picture
from app.sources.pictures import open_picture
from app.sources.sources import fetch_picture
from app.ui.page.page_dialog import PageDialog
from model.ink.ink import Drawing, Point, Stroke
from model.ink.render import render
from tests.conftest import Window, on_linux
from tests.screen import wait_for

pytestmark = on_linux

SEVEN = Drawing((Stroke((Point(80, 60), Point(200, 60), Point(130, 230))),), canvas=(300, 280))


@pytest.fixture(autouse=True)
def _as_in_the_program() -> Iterator[None]:
    gc.disable()  # a thread that reads must not collect what is Tk's
    yield
    gc.enable()


@pytest.fixture
def two_lines(tmp_path: Path) -> Path:
    """A picture of a seven, and another one below it."""
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

    wait_for(looked, 10, what, 0.002)


def read(window: Window) -> PageDialog:
    """Return the page's window, when all is read."""
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
    assert "There are several lines." in window.text()


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
    monkeypatch.setattr("app.ui.window.pages.filedialog.askopenfilename", lambda **_: str(two_lines))
    window.choose("Read &page…")
    assert read(window).page.table.texts == [["7"], ["7"]]
    assert window.session.is_blank


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

    def ask(_title: str, words: str, **_more: object) -> bool:
        asked.append(words)
        return len(asked) > 1

    monkeypatch.setattr("app.ui.page.page_dialog.messagebox.askyesno", ask)
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
    assert asked == ["Close without saving the table?"]
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
    assert open_picture(tmp_path / "page.jpg").size == (2000, 1500)  # enough for one number
