"""What an empty pad says."""

import tkinter

from app.ui.pad.empty_hint import MIDDLE, TAG, EmptyHint
from tests.app.ui.window.test_main_window import SEVEN
from tests.conftest import Window


def words(canvas: tkinter.Canvas) -> list[str]:
    return [str(canvas.tk.call(canvas, "itemcget", item, "-text")) for item in canvas.find_withtag(TAG)]


def test_it_stands_above_the_middle_at_every_size_and_fits(window: Window) -> None:
    pad = window.main.pad
    EmptyHint(pad).show(True)
    for size in ("480x360", "680x460", "1000x740"):
        window.root.geometry(size)
        window.root.update()
        assert len(words(pad)) == 2
        left, top, right, bottom = pad.bbox(TAG)
        wide, high = pad.winfo_width(), pad.winfo_height()
        assert left >= 0
        assert top >= 0
        assert right <= wide
        assert bottom <= high
        assert abs(left + right - wide) <= 4
        assert abs(bottom - (high // 2 - MIDDLE)) <= 4, "the keyboard's pen waits in the middle"
        (_, _, _, first), (_, second, _, _) = (pad.bbox(item) for item in pad.find_withtag(TAG))
        assert first <= second, "one under the other"


def test_it_goes_with_the_first_touch_and_comes_again_with_a_blank_canvas(window: Window) -> None:
    pad = window.main.pad
    hint = EmptyHint(pad)
    hint.show(True)
    hint.show(True)
    assert len(words(pad)) == 2
    x, y = window.canvas.left + window.canvas.width / 2, window.canvas.top + window.canvas.height / 2
    window.do(lambda: window.screen.move(x, y))
    window.do(window.screen.press)
    assert words(pad) == []
    window.do(window.screen.release)
    assert len(window.session.drawing.strokes) == 1, "it is not in the way of the pen"
    hint.show(window.session.drawing.is_blank)
    assert words(pad) == []
    window.key("Delete")
    hint.show(window.session.drawing.is_blank)
    assert words(pad)[0] == "Draw a digit or a number here"


def test_it_goes_when_the_keyboard_s_pen_comes_down(window: Window) -> None:
    window.main.draw_by_keyboard()
    window.root.update()
    assert words(window.main.pad)
    window.key("space")
    assert words(window.main.pad) == []


def test_it_changes_nothing_of_what_is_drawn(window: Window) -> None:
    pad = window.main.pad
    hint = EmptyHint(pad)
    hint.show(True)
    assert words(pad)[1] == "with the mouse, a finger or a pen"
    hint.show(False)
    window.draw(SEVEN)
    items = pad.find_all()
    hint.show(True)
    hint.show(False)
    assert pad.find_all() == items
