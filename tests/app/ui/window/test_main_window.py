"""The window, used with real pointer and key events."""

import json
import tkinter
from collections.abc import Iterator
from pathlib import Path
from tkinter import ttk

import pytest
from PIL import Image

from app.drawing.session import Session
from model.base.errors import UserError
from model.base.project import version
from model.bundle.bundle import open_bundle
from model.reading.recognizer import Recognizer
from tests.conftest import Window
from tests.screen import Screen

SEVEN = [(80.0, 60.0), (140.0, 60.0), (200.0, 60.0), (170.0, 140.0), (130.0, 230.0)]
ONE = [(140.0, 50.0), (140.0, 140.0), (140.0, 230.0)]


def button(inside: Window | tkinter.Misc, text: str) -> ttk.Button:
    (found,) = [
        widget
        for widget in buttons(inside.root if isinstance(inside, Window) else inside)
        if widget.cget("text") == text and widget.winfo_manager()  # the others aren't shown
    ]
    return found


def buttons(widget: tkinter.Misc) -> Iterator[ttk.Button]:
    for child in widget.winfo_children():
        if isinstance(child, ttk.Button):
            yield child
        yield from buttons(child)


def chips(widget: tkinter.Misc) -> Iterator[ttk.Radiobutton]:
    for child in widget.winfo_children():
        if isinstance(child, ttk.Radiobutton):
            yield child
        yield from chips(child)


def strokes(window: Window) -> int:
    return len(window.session.drawing.strokes)


def test_the_window_says_what_it_is_and_what_to_do(window: Window) -> None:
    assert window.root.title() == "Inkling"
    assert "The answer appears here" in window.text()
    assert min(window.canvas.width, window.canvas.height) >= 280
    bar = window.root.nametowidget(window.root.cget("menu"))
    names = [bar.entrycget(place, "label") for place in range(bar.index("end") + 1)]
    assert names == ["File", "Edit", "View", "Model", "Help"]


def test_what_is_told_while_the_window_opens_stays(live_window: Window) -> None:
    main = live_window.main
    main._loading.stop()
    main.tell(UserError("No such file."))
    main._load()  # as it happens some time after the first paint
    while main._loading.waits:
        live_window.root.update()
    assert live_window.text() == "No such file."


def test_what_is_told_while_the_pad_is_read_stays_below_the_answer(live_window: Window) -> None:
    live_window.draw(SEVEN)
    live_window.main.editor.follow()  # it reads once more, as after each point of the pen
    live_window.session.reading = None
    live_window.main.tell(UserError("No such file."))
    live_window.wait_for_the_answer()
    assert live_window.text().startswith("7\n")
    assert live_window.text().endswith("No such file.")


def test_return_recognizes(window: Window) -> None:
    window.draw(SEVEN)
    assert "Press Return" in window.text()
    window.key("Return")
    assert window.text().startswith("7\n")
    assert window.text().endswith(" % sure\nWrong? Press the right digit.")
    window.key("Return")
    assert window.text().endswith(" % sure\nRead again: 7.")


def test_recognize_is_quiet_while_the_answer_follows_the_pen(window: Window) -> None:
    def looks() -> str:
        return str(button(window, "Recognize").cget("style"))

    assert window.session.recognizer  # this loads it: before that the answer can't follow
    assert looks() == "Accent.TButton"
    window.key("ctrl+l")
    assert looks() == "TButton"
    window.draw(SEVEN)
    window.click(button(window, "Recognize"))
    assert window.text().endswith("Read again: 7.")
    window.key("ctrl+l")
    assert looks() == "Accent.TButton"


def test_the_button_recognizes_and_clears(window: Window) -> None:
    window.draw(ONE)
    window.click(button(window, "Recognize"))
    assert window.text().startswith("1\n")
    window.click(button(window, "Clear"))
    assert window.session.drawing.is_blank
    assert "The answer appears here" in window.text()


def test_a_blank_canvas_asks_for_a_drawing(window: Window) -> None:
    window.key("Return")
    assert window.text() == "There's nothing to read yet. Draw a digit."
    assert window.session.reading is None


def test_a_new_stroke_takes_the_old_answer_away(window: Window) -> None:
    window.draw(SEVEN)
    window.key("Return")
    window.draw([(110, 140), (190, 140)])
    assert "7" not in window.text()
    window.key("Return")
    assert window.text().startswith("7\n")  # a crossed seven


def test_undo_and_redo_go_by_stroke_and_over_a_clear(window: Window) -> None:
    window.draw(SEVEN, ONE, [(30, 30)])
    window.key("ctrl+z")
    window.key("ctrl+z")
    assert strokes(window) == 1
    window.key("ctrl+shift+z")
    assert strokes(window) == 2
    window.key("Delete")
    assert strokes(window) == 0
    window.key("ctrl+z")
    assert strokes(window) == 2
    window.click(button(window, "Undo"))
    assert strokes(window) == 1
    window.click(button(window, "Redo"))
    assert strokes(window) == 2
    window.draw([(60, 60), (90, 60)])
    window.click(button(window, "Redo"))  # there's nothing to redo after a new stroke
    assert strokes(window) == 3


def test_what_cannot_be_done_is_grey(window: Window) -> None:
    def usable() -> list[str]:
        return [str(item.cget("text")) for item in buttons(window.root) if not item.instate(["disabled"])]

    assert usable() == ["Recognize"]
    window.draw(SEVEN)
    assert usable() == ["Recognize", "Clear", "Undo"]
    window.key("ctrl+z")
    assert usable() == ["Recognize", "Redo"]


def test_the_copy_key_puts_the_text_on_the_clipboard(window: Window) -> None:
    window.root.clipboard_clear()
    window.root.clipboard_append("older")
    window.key("ctrl+c")
    assert window.root.clipboard_get() == "older"  # nothing was read, so nothing is copied
    window.draw(SEVEN)
    window.key("Return")
    window.key("ctrl+c")
    assert window.root.clipboard_get() == "7"


def test_a_text_field_keeps_the_keys_that_it_needs(window: Window) -> None:
    window.draw(SEVEN)
    window.key("Return")
    field = ttk.Entry(window.root)
    field.grid(row=2, column=0)
    field.insert(0, "words")
    field.selection_range(0, "end")
    field.focus_force()
    window.root.update()
    window.key("ctrl+c")
    assert window.root.clipboard_get() == "words"
    window.key("Delete")
    assert strokes(window) == 1
    field.destroy()


def test_the_menus_work_by_keyboard(window: Window) -> None:
    window.draw(SEVEN)
    window.do(lambda: window.screen.move(1000, 700))  # otherwise the entry under the pointer would be chosen
    for key in ("alt+m", "Return"):  # Model, Recognize
        window.key(key)
    assert window.text().startswith("7\n")
    for key in ("alt+e", "o"):  # Edit, Copy result
        window.key(key)
    assert window.root.clipboard_get() == "7"
    for key in ("alt+e", "c"):
        window.key(key)
    assert strokes(window) == 0
    for key in ("alt+e", "u"):
        window.key(key)
    assert strokes(window) == 1


def test_about_tells_name_version_and_accuracy(window: Window) -> None:
    read = f"{open_bundle().card.accuracy:.2%}".replace("%", " %")
    for page, words in (("This model", ["mlp-1200-1000-500", read]), ("Inkling", [f"Inkling\t{version()}"])):
        window.root.focus_force()  # the menus belong to the window
        for key in ("alt+h", "a"):
            window.key(key)
        dialog = window.main.dialogs._open["about"]
        (chip,) = [each for each in chips(dialog) if each.cget("text") == page]
        window.click(chip)
        window.click(button(dialog, "Copy"))
        for word in words:
            assert word in window.root.clipboard_get()
        window.key("Escape")
        assert not dialog.winfo_exists()
        window.root.focus_force()  # as a window manager would
        window.root.update()


@pytest.mark.parametrize("name", ["drawing.png", "drawing.json"])
def test_a_drawing_is_saved_as_picture_or_ink(
    window: Window, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / name
    monkeypatch.setattr("tkinter.filedialog.asksaveasfilename", lambda **_: str(path))
    window.draw(SEVEN)
    window.key("ctrl+s")
    if path.suffix == ".png":
        with Image.open(path) as picture:
            assert picture.size == (window.canvas.width, window.canvas.height)
            assert picture.getpixel((140, 60)) == 0
    else:
        assert json.loads(path.read_text()) == window.session.drawing.to_json()
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_that_cannot_be_written_is_a_sentence(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path, words in (
        (tmp_path / "no" / "x.png", "x.png can't be written"),
        (tmp_path / "x.gif", "has an ending that Inkling can't save"),
    ):
        monkeypatch.setattr("tkinter.filedialog.asksaveasfilename", lambda path=path, **_: str(path))
        window.draw(SEVEN)
        window.key("ctrl+s")
        assert words in window.text()
    assert list(tmp_path.iterdir()) == []


def test_a_missing_model_is_said_and_the_drawing_stays(screen: Screen) -> None:
    def no_model() -> tuple[Recognizer, str]:
        raise UserError("There's no model in /nowhere; choose a model's folder.")

    window = Window(screen, Session(no_model))
    window.draw(SEVEN)
    window.key("Return")
    assert window.text() == "There's no model in /nowhere; choose a model's folder."
    assert strokes(window) == 1
    window.main.close()


def test_a_bug_is_logged_and_said_without_a_trace(screen: Screen, caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> tuple[Recognizer, str]:
        raise ZeroDivisionError("a bug")

    window = Window(screen, Session(broken))
    window.draw(SEVEN)
    window.key("Return")
    assert "an internal error. Your drawing is safe" in window.text()
    assert "Traceback" not in window.text()
    assert "ZeroDivisionError" in caplog.text
    assert strokes(window) == 1
    caplog.clear()  # this error was expected
    window.main.close()


def test_a_bug_is_said_in_the_dialog_that_lies_over_the_answer_too(
    window: Window, caplog: pytest.LogCaptureFixture
) -> None:
    dialog = window.main.dialogs.open("shortcuts")

    def broken(_event: object) -> None:
        raise ZeroDivisionError("a bug")

    dialog.bind("a", broken)
    dialog.focus_force()
    window.key("a")
    lines = [child.cget("text") for child in dialog.winfo_children() if isinstance(child, ttk.Label)]
    assert any("an internal error" in line for line in map(str, lines))
    caplog.clear()  # this error was expected
    dialog.close()


def test_closing_is_quitting(window: Window) -> None:
    with pytest.raises(tkinter.TclError, match="has been destroyed"):
        window.key("ctrl+q")
