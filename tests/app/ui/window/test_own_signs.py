"""The user's own signs: drawn in New sign…, learned by the real child, read, used as corrections, and undone."""

import tkinter

import pytest

from app.kept import settings
from app.ui.answer.name_of_sign import NameOfSign
from app.ui.drawings.drawings_dialog import DrawingsDialog
from app.ui.drawings.new_sign_dialog import NewSignDialog
from model.bundle.bundle import open_bundle
from tests.app.ui.window.test_learning_at_once import says
from tests.app.ui.window.test_main_window import ONE, button, buttons
from tests.app.ui.window.test_teaching_window import until
from tests.conftest import Window

Strokes = list[list[tuple[float, float]]]


def house(by: float, left: float = 90, size: float = 110) -> Strokes:
    """Return an A, slightly different each time."""
    top, foot, right = 70.0 + by, 70.0 + size * 1.3, left + size
    middle = (left + right) / 2 + by
    legs = [[(middle, top), (left - by, foot)], [(middle + 2, top), (right, foot - by)]]
    return [*legs, [(left + 0.2 * size, foot - 0.35 * size + by), (right - 0.2 * size, foot - 0.35 * size)]]


@pytest.fixture(autouse=True)
def at_once(window: Window) -> None:
    """Let it learn from each correction, which is the default."""
    settings.change(learn=True)
    until(window, lambda: window.session.is_ready and not window.main._loading.waits)


def draw(window: Window, pad: tkinter.Misc, strokes: Strokes) -> None:
    for stroke in strokes:
        points = [(x + pad.winfo_rootx(), y + pad.winfo_rooty()) for x, y in stroke]
        window.do(lambda points=points: window.screen.stroke(points))  # type: ignore[misc]


def pressed(window: Window, dialog: tkinter.Misc, text: str) -> None:
    window.click(next(each for each in buttons(dialog) if each.cget("text") == text))


def new_sign(window: Window, name: str, drawings: list[Strokes]) -> DrawingsDialog:
    """Teach a sign as a user does, and return the My drawings dialog."""
    mine = window.main.dialogs.open("drawings")
    assert isinstance(mine, DrawingsDialog)
    window.root.update()
    pressed(window, mine, "New sign…")
    dialog = mine._new
    assert isinstance(dialog, NewSignDialog)
    dialog.geometry("+0+0")
    dialog.lift()
    window.root.update()
    dialog.focus_force()  # as a window manager would
    dialog.focus_set()
    window.root.update()
    window.key(name)
    for strokes in drawings:
        draw(window, dialog.pad, strokes)
        window.key("Return")
    pressed(window, dialog, "Done")
    assert not dialog.winfo_exists()
    return mine


def test_a_sign_is_drawn_five_times_and_read_from_then_on_in_numbers_too(window: Window) -> None:
    mine = new_sign(window, "shift+a", [house(by) for by in (0, 4, 8, -4, -8)])
    assert window.session.samples.counts_by_label()["A"] == 5
    assert mine.filters.buttons["A"].cget("text") == "A\n5"
    learn, undo = (button(mine, text) for text in ("Learn now", "Undo learning"))
    assert learn.instate(["disabled"])
    until(window, lambda: "Learned from 5 drawings: " in str(mine._status.cget("text")))
    assert window.session.recognizer.bundle.card.signs == "A"
    assert learn.instate(["disabled"])  # nothing is left to learn
    assert undo.instate(["!disabled"])
    mine.destroy()
    window.root.focus_force()  # as a window manager would
    window.root.update()
    window.draw(*house(2))
    window.key("Return")
    reading = window.session.reading
    assert reading
    assert (reading.text, reading.digit, reading.accepted) == ("A", None, True)
    assert "A" in window.text().split("\n")
    assert window.main.answer.bars._texts[-1] == "A"
    window.key("Delete")
    window.draw([(30.0, 70.0), (30.0, 200.0)], *house(2))
    window.key("Return")
    assert window.session.text == "1A"
    window.key("Delete")
    window.draw(ONE)
    window.key("Return")
    assert window.session.text == "1"


def test_a_click_on_its_bar_or_its_name_after_the_equals_sign_corrects_to_a_sign(window: Window) -> None:
    new_sign(window, "e", [house(by) for by in (0, 4, 8, -4, -8)]).destroy()  # e without = takes the eraser
    until(window, lambda: window.session.recognizer.bundle.card.signs == "e")
    window.draw(ONE)
    window.key("Return")
    bars = window.main.answer.bars
    x, y = bars.winfo_rootx() + bars.winfo_width() * 10.5 / 11, bars.winfo_rooty() + bars.winfo_height() / 2
    window.do(lambda: window.screen.click(x, y))
    until(window, says(window, "Saved as e."))
    assert window.session.text == "e"
    window.key("ctrl+z")
    assert window.session.samples.counts_by_label()["e"] == 5
    window.key("Delete")
    window.draw(ONE)
    window.key("Return")
    window.key("=")
    window.key("e")
    until(window, says(window, "Saved as e."))
    assert not window.main.erasing.get()
    assert window.session.samples.counts_by_label()["e"] == 6


def test_a_sign_named_in_the_answer_alone_waits_for_more_drawings(window: Window) -> None:
    window.draw(*house(0))
    window.key("Return")
    window.key("=")
    window.key("shift+a")
    until(window, says(window, "Saved as A, 1 of 5 drawings: then it's read."))
    assert window.session.recognizer.bundle.network == open_bundle().network
    window.key("=")
    window.key("Escape")
    assert not [each for each in window.main.answer.winfo_children() if isinstance(each, NameOfSign)]
    window.key("8")
    until(window, says(window, "Saved as an 8."))
    assert window.session.samples.counts_by_label()["8"] == 1


def test_a_name_that_is_none_is_refused(window: Window) -> None:
    mine = new_sign(window, "7", [house(0)])
    assert window.session.samples.count() == 0
    mine.destroy()
