"""Everything that matters, by keyboard alone: real key events, and the pointer out of the way."""

import json
import sys
import tkinter
from collections.abc import Iterator
from pathlib import Path
from tkinter import ttk

import pytest

from app.kept import models, settings
from app.ui.drawings.drawings_dialog import DrawingsDialog
from app.ui.kit.dialog import Dialog
from app.ui.training.training_dialog import TrainingDialog
from model.bundle.bundle import open_bundle
from tests.app.ui.training.test_training_dialog import texts
from tests.app.ui.window.test_teaching_window import strip, until
from tests.conftest import ROOT, Window, save_npz, ten_patterns
from tests.screen import PATIENCE, Area

SEVEN = (*["shift+Up"] * 4, *["shift+Left"] * 3, "space", *["shift+Right"] * 6)
DIALOGS = {  # the keys that open it -> its title
    ("F1",): "Shortcuts",
    ("alt+h", "r"): "Report a problem",
    ("alt+h", "a"): "About Inkling",
    ("alt+m", "d"): "My drawings",
    ("alt+m", "m"): "Models",
    ("ctrl+,",): "Settings",
    ("alt+m", "t"): "Retrain the model",
}


class Keyboard:
    """Somebody who only has a keyboard; it goes to a window as a window manager would do it."""

    def __init__(self, window: Window):
        self.window, self.root, self.main = window, window.root, window.main
        self.before: tkinter.Misc | None = None

    def press(self, *names: str) -> None:
        """Press keys, then give the keyboard to a newly opened window, or back to the previous one."""
        for name in names:
            there = self.dialogs()
            self.window.key(name)
            if self.dialogs() != there:
                newest = [*self.dialogs(), self.root] if len(self.dialogs()) < len(there) else self.dialogs()[::-1]
                focus = newest[0].focus_lastfor()
                assert focus
                focus.focus_force()
                self.root.update()

    def dialogs(self) -> list[Dialog]:
        return [child for child in self.root.winfo_children() if isinstance(child, Dialog)]

    @property
    def focus(self) -> tkinter.Misc:
        focus = self.root.focus_get()
        assert focus
        return focus

    def said(self) -> str:
        """What the widget with the keyboard says."""
        return str(self.focus.cget("text")) if "text" in (self.focus.configure() or {}) else self.focus.winfo_class()

    def tab_to(self, text: str, key: str = "Tab") -> None:
        """Tab to a widget, by what it says."""
        for _ in range(40):
            if self.said() == text:
                return
            self.press(key)
        pytest.fail(f"Tab does not come to {text}")

    def draw_a_seven(self) -> None:
        self.press(*SEVEN)
        self.go_aslant(8, "Down", "Left")
        self.press(*["shift+Down"] * 5, "space")

    def draw_a_narrow_seven(self) -> None:
        self.press(*["shift+Left"] * 2, *["shift+Up"] * 2, "space")
        self.go_aslant(6, "Right", "Up")
        self.press(*["shift+Down"] * 9, "space")

    def go_aslant(self, times: int, *names: str) -> None:
        """Hold the first key, then the second one as well: one step with the first, and one with both."""
        for _ in range(times):
            for name in names:
                self.window.do(lambda name=name: self.window.screen.hold(name))  # type: ignore[misc]
            for name in names[::-1]:
                self.window.do(lambda name=name: self.window.screen.let_go(name))  # type: ignore[misc]


@pytest.fixture
def keyboard(window: Window) -> Iterator[Keyboard]:
    yield Keyboard(window)
    for name in ("Left", "Down", "Up", "Right"):
        window.screen.let_go(name)
    if window.root.children:
        for dialog in Keyboard(window).dialogs():
            if dialog.job:
                dialog.job.cancel()
                dialog.job.wait(PATIENCE)


def pixels(widget: tkinter.Misc, keyboard: Keyboard) -> bytes:
    """Return what a widget looks like."""
    keyboard.root.update()
    place = widget.winfo_rootx(), widget.winfo_rooty(), widget.winfo_width(), widget.winfo_height()
    return keyboard.window.screen.pixels(Area(*place)).tobytes()


def test_a_digit_is_drawn_read_changed_corrected_and_saved(
    keyboard: Keyboard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, session = keyboard.window, keyboard.main.session
    keyboard.press("F6")
    keyboard.draw_a_seven()
    keyboard.press("Return")
    assert window.text().startswith("7\n")
    keyboard.press("space", *["shift+Left"] * 3, "space")  # a second stroke
    assert len(session.drawing.strokes) == 2
    keyboard.press("ctrl+z")
    assert len(session.drawing.strokes) == 1
    keyboard.press("ctrl+shift+z", "e", "space", "shift+Left", "space", "e")  # the eraser, along the pen's path
    assert len(session.drawing.strokes) == 1
    keyboard.press("Delete", "ctrl+z", "Return", "1")
    assert window.text().splitlines()[:2] == ["1", "as you say"]
    keyboard.press("ctrl+c")
    assert keyboard.root.clipboard_get() == "1"
    monkeypatch.setattr("tkinter.filedialog.asksaveasfilename", lambda **_: str(tmp_path / "seven.json"))
    keyboard.press("ctrl+s")
    saved = json.loads((tmp_path / "seven.json").read_text())
    assert len(saved["strokes"]) == len(session.drawing.strokes) == 1
    keyboard.press("Delete")
    assert session.drawing.is_blank


def test_a_number_s_digit_is_chosen_and_corrected(keyboard: Keyboard) -> None:
    keyboard.press("F6", *["shift+Left"] * 4, *["shift+Up"] * 4)
    for _ in range(2):
        keyboard.press("space", *["shift+Down"] * 8, "space", *["shift+Up"] * 8, *["shift+Right"] * 5)
    keyboard.press("Return")
    assert keyboard.main.session.text == "11"
    keyboard.tab_to("Recognize")  # off the pad, whose arrow keys move the pen
    chosen = keyboard.main.editor.selected
    keyboard.press("Left" if chosen else "Right", "7")
    assert keyboard.main.session.text == ("71" if chosen else "17")


def test_tab_goes_on_in_the_order_of_what_is_seen_and_the_focus_is_seen(keyboard: Keyboard) -> None:
    keyboard.press("F6", "space", *["shift+Down"] * 4, "space", "space", "space", "ctrl+z")
    keyboard.root.focus_set()
    met, order = [], []
    for _ in range(8):
        keyboard.press("Tab")
        widget = keyboard.focus
        if widget in met:
            break
        met.append(widget)
        order.append(keyboard.said())
        focused = pixels(widget, keyboard)
        keyboard.root.focus_set()
        assert pixels(widget, keyboard) != focused, f"the focus on {order[-1]} is not seen"
        widget.focus_set()
    assert order == ["Canvas", "Recognize", "Clear", "Pen", "Eraser", "Undo", "Redo"]
    assert met[0] is keyboard.main.pad


@pytest.mark.parametrize("key", ["Return", "space"])
def test_return_and_space_press_the_button_that_has_the_keyboard(keyboard: Keyboard, key: str) -> None:
    keyboard.press("F6", "space", *["shift+Down"] * 4, "space")
    keyboard.tab_to("Eraser")
    keyboard.press(key)
    assert keyboard.main.pad.tool == "eraser"
    assert keyboard.main.session.reading is None
    keyboard.tab_to("Clear")
    keyboard.press(key)
    assert keyboard.main.session.drawing.is_blank
    assert "Draw a digit" not in keyboard.window.text()  # which Recognize says


@pytest.mark.parametrize(("keys", "title"), DIALOGS.items())
def test_a_dialog_is_opened_and_left_and_the_drawing_stays(
    keyboard: Keyboard, keys: tuple[str, ...], title: str
) -> None:
    keyboard.press("F6", "space", *["shift+Down"] * 4, "space", *keys)
    (dialog,) = keyboard.dialogs()
    assert dialog.title() == title
    assert keyboard.focus.winfo_toplevel() is dialog
    met: list[tkinter.Misc] = []
    while keyboard.focus not in met and len(met) < 40:
        met.append(keyboard.focus)
        keyboard.press("Tab")
        assert keyboard.focus.winfo_toplevel() is dialog
    assert any(isinstance(widget, ttk.Button) for widget in met) or title == "Models"
    keyboard.press("Escape")
    assert keyboard.dialogs() == []
    assert len(keyboard.main.session.drawing.strokes) == 1
    assert keyboard.focus is keyboard.main.pad
    keyboard.press("space", "space")  # and one can go on drawing
    assert len(keyboard.main.session.drawing.strokes) == 2


def test_another_look_leaves_the_pen_in_the_hand(keyboard: Keyboard) -> None:
    keyboard.press("F6", "space", *["shift+Down"] * 4, "space")
    before = keyboard.main.pad
    keyboard.window.set("look", "dark")
    assert keyboard.main.pad is not before
    assert keyboard.focus is keyboard.main.pad
    keyboard.press("space", *["shift+Right"] * 2, "space")
    assert len(keyboard.main.session.drawing.strokes) == 2


def test_each_menu_is_opened_and_left(keyboard: Keyboard) -> None:
    keyboard.press("F6")
    for letter in "fevmh":
        keyboard.press(f"alt+{letter}")
        assert keyboard.root.tk.call("grab", "current")
        keyboard.press("Escape")
        for _ in range(2):
            if keyboard.root.tk.call("grab", "current"):
                keyboard.press("Escape")
        assert not keyboard.root.tk.call("grab", "current")
        assert keyboard.focus is keyboard.main.pad


def test_a_network_is_trained_compared_and_used(
    keyboard: Keyboard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = save_npz(tmp_path / "small.npz", **ten_patterns(6000, 500))
    monkeypatch.setattr("tkinter.filedialog.askopenfilename", lambda **_: str(data))
    keyboard.press("alt+m", "t")
    (dialog,) = keyboard.dialogs()
    assert isinstance(dialog, TrainingDialog)
    assert keyboard.said() == "Train"
    keyboard.tab_to("File…", "shift+Tab")
    keyboard.press("Return")
    assert "small.npz" in "\n".join(texts(dialog))
    keyboard.tab_to("TSpinbox")
    keyboard.press("ctrl+/", "1", "Return")  # Return in the form presses Train
    until(keyboard.window, lambda: any("The new model reads " in text for text in texts(dialog)))
    assert keyboard.said() == "Keep the current model"  # these aren't digits, and drawn ones are read worse
    keyboard.tab_to("Use the new model")
    keyboard.press("Return")
    assert keyboard.dialogs() == []
    assert keyboard.main.session.recognizer.bundle.card.network == "mlp-128"


# Replaces ``python -m model teach``, which has its own tests: a copy of the built-in model "has learned".
TEACHES = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from model.base import events
from model.bundle.bundle import KERAS_FILE, open_bundle
from tests.kept import copied
output = Path(sys.argv[sys.argv.index("--output") + 1])
copied(output, data={{"taught": {{"from": open_bundle().card.sha256[KERAS_FILE]}}}})
print(events.to_line(events.Taught(1, 0, 1, 1.5, 0.1, 1.0, 1.0, 5000, 1.0, str(output), 1, "")))
print(events.to_line(events.Finished(str(output), None, 1.0)))
"""


def test_the_model_is_taught_and_taken_back(keyboard: Keyboard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.base.own_process.program", lambda: [sys.executable, "-c", TEACHES])
    window = keyboard.window
    bundled = keyboard.main.session.recognizer
    keyboard.press("F6")
    keyboard.draw_a_narrow_seven()
    keyboard.press("Return")
    assert window.text().startswith("1")
    keyboard.press("7", "ctrl+t")
    until(window, lambda: "Learned from 1 drawing" in strip(window))
    assert keyboard.main.session.recognizer is not bundled
    monkeypatch.setattr("app.ui.window.learning.messagebox.askokcancel", lambda *_words, **_more: True)
    keyboard.tab_to("Undo learning")
    keyboard.press("Return")
    assert settings.load().model == models.BUNDLED
    assert keyboard.main.session.recognizer.bundle.card == open_bundle().card


def test_a_menu_that_has_the_keyboard_is_no_error_to_the_grid_of_drawings(keyboard: Keyboard) -> None:
    dialog = keyboard.main.dialogs.open("drawings")
    assert isinstance(dialog, DrawingsDialog)
    keyboard.root.focus_force()
    keyboard.press("F10")
    dialog.grid_of_cards.choose([])
    keyboard.press("Escape")
