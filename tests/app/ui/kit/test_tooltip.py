"""Tooltips, found by a real pointer and a real keyboard."""

import time
import tkinter
from collections.abc import Iterator
from tkinter import ttk

import pytest

from app.ui.kit import style, theme, tooltip
from app.ui.kit.tooltip import Tooltip
from tests.app.ui.window.test_main_window import SEVEN, button
from tests.conftest import Window
from tests.screen import wait_for

UNDO = "Take the last stroke back"
LONG = "What is drawn is read as one number, and each of its digits is named with the one that it could be as well."


@pytest.fixture(autouse=True)
def _no_long_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tooltip, "REST", 60)
    monkeypatch.setattr(tooltip, "STAY", 60)


@pytest.fixture
def explained(window: Window) -> Iterator[Window]:
    """The window, with tooltips on two of its buttons."""
    window.draw(SEVEN)
    explain(button(window, "Undo"), UNDO, "Mod+Z")
    explain(button(window, "Recognize"), LONG)
    yield window
    theme.apply(window.root)


def explain(widget: tkinter.Misc, text: str, keys: str = "") -> None:
    tooltip.of(widget).explain(widget, text, keys)


def point_at(window: Window, widget: tkinter.Misc) -> None:
    x, y = widget.winfo_rootx() + 10, widget.winfo_rooty() + 10
    window.do(lambda: window.screen.move(x, y))


def live(window: Window, seconds: float = 0.12) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        window.root.update()
        time.sleep(0.005)


def comes(window: Window, words: str) -> None:
    """Run the window's loop until a tooltip says this."""

    def said() -> bool:
        window.root.update()
        return shown(window) == words

    wait_for(said, 10, words)


def shown(window: Window) -> str:
    """Return what the tooltips on the screen say."""
    found = [child for child in window.root.winfo_children() if isinstance(child, Tooltip)]
    assert len(found) <= 1
    words = []
    for each in found:
        if each.winfo_viewable():
            words += [str(label.cget("text")) for label in each.winfo_children() if label.winfo_ismapped()]
    return " ".join(words)


def the_tooltip(window: Window) -> Tooltip:
    found = window.root.nametowidget("tooltip")
    assert isinstance(found, Tooltip)
    return found


def test_it_comes_when_the_pointer_rests_and_goes_when_it_leaves(explained: Window) -> None:
    point_at(explained, button(explained, "Undo"))
    assert shown(explained) == ""
    comes(explained, f"{UNDO} Ctrl+Z")
    point_at(explained, explained.main.pad)
    assert shown(explained) == ""


def test_there_is_one_at_a_time(explained: Window) -> None:
    for text, said in (("Undo", f"{UNDO} Ctrl+Z"), ("Recognize", LONG), ("Undo", f"{UNDO} Ctrl+Z")):
        point_at(explained, button(explained, text))
        comes(explained, said)


def test_a_pointer_that_moves_on_asks_for_nothing(explained: Window) -> None:
    point_at(explained, button(explained, "Undo"))
    point_at(explained, explained.main.pad)
    live(explained)
    assert shown(explained) == ""


@pytest.mark.parametrize("deed", ["press", "key"])
def test_it_goes_when_something_is_done(explained: Window, deed: str) -> None:
    explained.main.pad.focus_set()
    point_at(explained, button(explained, "Undo"))
    comes(explained, f"{UNDO} Ctrl+Z")
    explained.do(explained.screen.press) if deed == "press" else explained.key("x")
    try:
        assert shown(explained) == ""
        live(explained)
        assert shown(explained) == ""
    finally:
        explained.do(explained.screen.release)


def test_none_comes_to_a_pen_that_is_down(explained: Window) -> None:
    explain(explained.main.pad, "Draw here")
    point_at(explained, explained.main.answer)
    explained.do(explained.screen.press)
    point_at(explained, explained.main.pad)
    live(explained)
    assert shown(explained) == ""
    explained.do(explained.screen.release)


def test_the_keyboard_finds_it_with_tab_and_keeps_the_focus(explained: Window) -> None:
    button(explained, "Clear").focus_set()
    explained.root.update()
    for _beyond_the_tools in range(3):
        explained.key("Tab")
    assert explained.root.focus_get() is button(explained, "Undo")
    comes(explained, f"{UNDO} Ctrl+Z")
    assert explained.root.focus_get() is button(explained, "Undo")
    explained.key("Tab")
    assert UNDO not in shown(explained)


def test_a_click_is_done_and_explains_nothing(explained: Window) -> None:
    explained.click(button(explained, "Undo"))
    live(explained)
    assert explained.session.drawing.is_blank
    assert shown(explained) == ""


def test_it_stays_on_the_screen_and_beside_the_pointer(window: Window) -> None:
    wide, high = window.root.winfo_screenwidth(), window.root.winfo_screenheight()
    corner = tkinter.Toplevel(window.root)
    corner.overrideredirect(True)
    label = ttk.Label(corner, text=".")
    label.pack(fill="both", expand=True)
    explain(label, LONG)
    for x, y in ((2, 2), (wide - 3, 2), (2, high - 3), (wide - 3, high - 3)):
        corner.geometry(f"40x40+{min(x, wide - 40)}+{min(y, high - 40)}")
        window.root.update()
        window.do(lambda x=x, y=y: window.screen.move(x, y))  # type: ignore[misc]
        comes(window, LONG)
        tip = the_tooltip(window)
        assert tip.winfo_viewable()
        left, top = tip.winfo_rootx(), tip.winfo_rooty()
        right, bottom = left + tip.winfo_width(), top + tip.winfo_height()
        assert (left >= 0, top >= 0, right <= wide, bottom <= high) == (True,) * 4
        assert not (left <= x < right and top <= y < bottom), "under the pointer it would take its clicks"


def test_it_has_the_colours_of_the_look(explained: Window) -> None:
    for look in (style.DARK, style.LIGHT):
        theme.apply(explained.root, look)
        point_at(explained, explained.main.pad)
        point_at(explained, button(explained, "Undo"))
        live(explained)
        assert str(the_tooltip(explained).cget("background")) == look.paper


def test_what_is_said_can_change_and_widgets_can_go(explained: Window) -> None:
    widget = button(explained, "Undo")
    explain(widget, "Otherwise")
    point_at(explained, widget)
    comes(explained, "Otherwise")
    button(explained, "Redo").destroy()  # or it would move under the pointer
    widget.destroy()
    live(explained)
    assert shown(explained) == ""


def test_a_tooltip_that_was_taken_away_with_its_window_s_contents_comes_again(explained: Window) -> None:
    point_at(explained, button(explained, "Undo"))
    for _ in range(3):
        the_tooltip(explained).destroy()
        explain(button(explained, "Undo"), "Again")
    point_at(explained, explained.main.pad)
    point_at(explained, button(explained, "Undo"))
    comes(explained, "Again")
