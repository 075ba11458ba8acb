"""Keys of every keyboard: real key events under other layouts, and with Control, Alt and Super held.

A key is named by what's at its place on an American keyboard, whatever the layout makes of it.
"""

import subprocess
import time
import tkinter
from collections.abc import Callable, Iterator
from pathlib import Path
from tkinter import ttk
from types import SimpleNamespace
from typing import Any

import pytest

from app.kept import settings
from app.ui.drawings.drawings_dialog import DrawingsDialog
from app.ui.drawings.list_dialog import ListDialog
from app.ui.kit import key_events
from model.ink.ink import write_line
from tests.app.ui.kit.test_questions import all_in
from tests.app.ui.window.test_correcting import kept
from tests.app.ui.window.test_main_window import ONE, SEVEN, strokes
from tests.bench import SEVEN as SEVEN_INK
from tests.conftest import Window, missing
from tests.screen import PATIENCE, wait_for

Layout = Callable[..., None]

FIELD = "\N{CYRILLIC SMALL LETTER EF}\N{CYRILLIC SMALL LETTER U}4"  # what a, e and 4 type on a Russian layout


@pytest.fixture
def layout(window: Window, display: str) -> Iterator[Layout]:
    """Give the keyboard another layout, or several of which one is in use, by ``setxkbmap``'s names."""

    def choose(names: str, use: int = 0) -> None:
        try:
            subprocess.run(["setxkbmap", "-display", display, "-layout", names], check=True)
        except FileNotFoundError:
            missing("keyboards are needed: install setxkbmap (Debian: apt install x11-xkb-utils)")
        window.screen.use_layout(use)
        window.root.update()

    yield choose
    choose("us")


def answered(window: Window) -> None:
    window.draw(SEVEN)
    window.key("Return")
    assert window.text().startswith("7")


def said(window: Window) -> str:
    """Return the label that the drawing was saved with; "" if it wasn't saved."""
    return "".join(label for label, _read, _strokes in kept(window))


def menu_is_open(window: Window) -> bool:
    return bool(window.root.tk.call("grab", "current"))


@pytest.mark.parametrize("hold", ["ctrl", "alt", "super"])
def test_with_another_key_held_a_plain_key_does_nothing(window: Window, hold: str) -> None:
    answered(window)
    for key in ("4", "KP_7", "Delete", "e"):
        window.key(f"{hold}+{key}")
    assert menu_is_open(window) == (hold == "alt")  # Alt+E is the Edit menu
    if hold == "alt":
        window.key("Escape")
    assert said(window) == ""
    assert strokes(window) == 1
    assert not window.main.erasing.get()
    window.draw([(200, 200)])
    window.key(f"{hold}+Return")
    assert "Press Return" in window.text()


def test_shortcuts_heed_what_else_is_held(window: Window) -> None:
    window.draw(SEVEN)
    for keys in ("alt+ctrl+z", "super+ctrl+z"):
        window.key(keys)
        assert strokes(window) == 1
    window.key("ctrl+z")
    assert strokes(window) == 0


def test_the_locks_change_no_key(window: Window) -> None:
    window.draw(SEVEN)
    for lock in ("Caps_Lock", "Num_Lock"):
        window.key(lock)
    try:
        window.key("ctrl+z")
        assert strokes(window) == 0
        window.key("shift+ctrl+z")
        window.key("Return")
        for digit in "0123456789":
            window.key(f"KP_{digit}")
            assert said(window) == digit
        window.key("e")
        assert window.main.erasing.get()
    finally:
        for lock in ("Caps_Lock", "Num_Lock"):
            window.key(lock)


def test_digits_come_from_any_row_and_the_keypad(window: Window, layout: Layout) -> None:
    answered(window)
    for name in ("us", "fr", "be", "cz", "lt", "ir", "ara"):
        layout(name)
        for key in [*"0123456789", *(f"KP_{digit}" for digit in range(10))]:  # Num Lock is off
            window.key(key)
            assert (name, said(window)) == (name, key[-1])
        for key in ("ctrl+5", "alt+5", "super+5", "a"):
            window.key(key)
        assert (name, said(window)) == (name, "9")


def test_what_is_no_digit_with_shift_either_is_none(window: Window, layout: Layout) -> None:
    layout("hu")
    answered(window)
    window.key("0")  # Hungarian has an ö there, and its 0 to the left of the 1
    assert said(window) == ""
    window.key("`")
    assert said(window) == "0"
    layout("fr")
    window.key("shift+8")
    assert said(window) == "8"
    layout("us")
    window.key("shift+3")  # a #
    assert said(window) == "8"


def test_shortcuts_go_by_key_where_the_letter_is_not_latin(window: Window, layout: Layout) -> None:
    answered(window)
    eraser = False
    for name, use in (("ru", 0), ("us,ru", 1), ("gr", 0), ("il", 0), ("ara", 0), ("ge", 0), ("th", 0)):
        layout(name, use)
        window.key("ctrl+z")
        assert (name, strokes(window)) == (name, 0)
        window.key("shift+ctrl+z")
        assert (name, strokes(window)) == (name, 1)
        window.key("Return")
        window.root.clipboard_clear()
        window.key("ctrl+c")
        assert (name, window.root.clipboard_get()) == (name, "7")
        window.key("e")
        eraser = not eraser
        assert (name, window.main.erasing.get()) == (name, eraser)
        window.key("alt+ctrl+z")
        assert (name, strokes(window)) == (name, 1)


def test_a_shortcut_that_asks_for_a_folder_is_looked_at_no_more_when_the_keyboard_is_elsewhere(
    window: Window, tmp_path: Path
) -> None:
    """The letter's own key event only ends after the dialog, when a window manager may have the keyboard."""
    window.session.recognizer  # noqa: B018  (loads itself)
    (tmp_path / "seven.json").write_text(write_line(SEVEN_INK))
    settings.change(folder=str(tmp_path))

    def choose() -> None:
        window.root.update()
        tell = window.root.tk.call
        waiting = all_in(window, window.root.tk.splitlist(tell("grab", "current"))[0])
        button = next(each for each in waiting if each.endswith(".ok"))
        window.screen.take_keyboard_away()
        window.screen.click(tell("winfo", "rootx", button) + 10, tell("winfo", "rooty", button) + 10)

    window.root.after(300, choose)
    window.key("ctrl+shift+o")
    (opened,) = (child for child in window.root.winfo_children() if isinstance(child, ListDialog))
    assert "internal error" not in window.text()
    opened.close()


def test_menus_are_opened_and_gone_through_by_their_letters_places(window: Window, layout: Layout) -> None:
    for name, use in (("ru", 0), ("us,ru", 1)):
        layout(name, use)
        window.draw(SEVEN)
        window.key("alt+e")
        assert menu_is_open(window)
        window.key("c")
        assert strokes(window) == 0
        assert not menu_is_open(window)


def test_text_fields_have_their_keys_on_another_layout_and_no_plain_letter_is_taken_from_them(
    window: Window, layout: Layout
) -> None:
    layout("ru")
    answered(window)
    field = ttk.Entry(window.root)
    field.grid(row=2, column=0)
    field.focus_force()
    window.root.update()
    for key in ("a", "e", "4"):
        window.key(key)
    assert field.get() == FIELD
    assert not window.main.erasing.get()
    assert said(window) == ""
    field.selection_range(0, "end")
    window.key("ctrl+x")
    assert field.get() == ""
    window.key("ctrl+v")
    assert field.get() == FIELD
    field.destroy()


def test_latin_layouts_go_by_letter(window: Window, layout: Layout) -> None:
    layout("fr")
    window.draw(SEVEN)
    window.key("ctrl+z")  # a w
    window.key("ctrl+;")  # an m
    assert strokes(window) == 1
    window.key("ctrl+w")  # a z
    assert strokes(window) == 0


def test_my_drawings_take_digits_of_any_row_alone_and_keep_to_what_is_held(window: Window, layout: Layout) -> None:
    layout("fr")
    answered(window)
    window.key("1")
    dialog = window.main.dialogs.open("drawings")
    assert isinstance(dialog, DrawingsDialog)
    dialog.grid_of_cards.canvas.focus_force()
    window.root.update()
    window.key("space")
    for key in ("alt+2", "super+2", "ctrl+2", "alt+Delete", "super+KP_2"):
        window.key(key)
    assert said(window) == "1"
    window.key("2")
    assert said(window) == "2"
    window.key("KP_3")
    assert said(window) == "3"
    layout("ru")
    dialog.grid_of_cards.choose([])
    window.key("ctrl+a")
    assert len(dialog.grid_of_cards.selection.in_order) == 1


def test_return_and_escape_in_a_dialog_heed_what_is_held(window: Window) -> None:
    dialog = window.main.dialogs.open("shortcuts")
    window.root.update()
    dialog.focus_force()
    dialog.focus_set()
    window.root.update()
    for key in ("alt+Escape", "super+Escape", "ctrl+Escape"):
        window.key(key)
    assert dialog.winfo_exists()
    buttons = [child for child in dialog.buttons.winfo_children() if isinstance(child, ttk.Button)]
    next(each for each in buttons if each.cget("text") == "Close").focus_set()
    window.root.update()
    window.key("alt+Return")
    assert dialog.winfo_exists()
    window.key("Return")
    assert not dialog.winfo_exists()


# What Tk reports about keys on other systems, according to its source code.
def event(system: str, keycode: int, keysym: str, char: str = "", **more: int) -> Any:
    class Widget(tkinter.Misc):
        tk = SimpleNamespace(call=lambda *_words: system)  # type: ignore[assignment]

    return SimpleNamespace(
        type=tkinter.EventType.KeyPress,
        widget=Widget(),
        keycode=keycode,
        keysym=keysym,
        keysym_num=more.get("number", 0),
        char=char,
        state=more.get("state", 0),
    )


@pytest.mark.parametrize(
    ("pressed", "digit"),
    [
        (event("win32", 0x34, "quoteright", "'"), "4"),  # in France, digits need Shift
        (event("win32", 0x34, "4", "4", state=0x1), "4"),
        (event("win32", 0x34, "dollar", "$", state=0x1), ""),
        (event("win32", 0x34, "4", "4", state=0x8), "4"),  # Num Lock
        (event("win32", 0x34, "4", "", state=0x20000), ""),  # Alt
        (event("win32", 0xBC, "comma", ","), ""),
        (event("win32", 0x23, "End"), "1"),  # on the keypad
        (event("win32", 0x0C, "Clear"), "5"),
        (event("win32", 0x23, "End", state=0x40000), ""),
        (event("aqua", 21 << 24 | 0x27, "quoteright", "'"), "4"),
        (event("aqua", 21 << 24 | 0x34, "4", "4", state=0x8), ""),  # Command
        (event("aqua", 86 << 24 | 0x34, "KP_4", "4", state=0x20), "4"),  # on the keypad
        (event("aqua", 119 << 24 | 0xF72B, "End", "\uf72b", state=0x60), ""),
    ],
)
def test_digits_on_windows_and_macs(pressed: Any, digit: str) -> None:
    assert key_events.digit_of(pressed) == digit


@pytest.mark.parametrize(
    ("pressed", "letter"),
    [
        (event("win32", 0x5A, "??", "\x1a", state=0x4), "z"),
        (event("win32", 0x5A, "Cyrillic_ya", "", state=0x4, number=0x44F), "z"),
        (event("win32", 0x5A, "z", "\x1a", state=0x4, number=0x7A), ""),
        (event("win32", 0xDE, "Cyrillic_e", "э", state=0, number=0x44D), ""),
        (event("aqua", 6 << 24 | 0x44F, "Cyrillic_ya", "я", state=0x8, number=0x6D1), "z"),
        (event("aqua", 6 << 24 | 0x7A, "z", "z", state=0x8, number=0x7A), ""),
        (event("aqua", 6 << 24 | 0xE9, "eacute", "é", state=0, number=0xE9), ""),
        (event("aqua", 8 << 24 | 0x10EA, "Georgian_can", "ც", state=0, number=0x10010EA), "c"),
        (event("aqua", 8 << 24 | 0x1EA1, "U1EA1", "ạ", state=0, number=0x1001EA1), ""),
    ],
)
def test_letters_of_other_alphabets_on_windows_and_macs(pressed: Any, letter: str) -> None:
    assert key_events.latin(pressed) == letter


def hold_escape(window: Window) -> None:
    """Hold Escape until it repeats."""
    seen: list[int] = []
    name = window.root.bind_all("<KeyPress>", lambda event: seen.append(event.time), add="+")

    def hold() -> None:
        window.screen.hold("Escape")
        wait_for(lambda: len(seen) > 2, 10, "an Escape that repeats itself")
        window.screen.let_go("Escape")

    window.do(hold)
    script = str(window.root.tk.call("bind", "all", "<KeyPress>"))
    window.root.tk.call("bind", "all", "<KeyPress>", "\n".join(x for x in script.splitlines() if name not in x))


@pytest.mark.parametrize("opened", ["menu", "submenu", "dialog", "stroke"])
def test_escape_closes_something_and_clears_nothing(window: Window, opened: str) -> None:
    window.draw(SEVEN)
    if opened == "menu":
        window.key("alt+f")
    elif opened == "submenu":
        for key in ("alt+f", "r"):
            window.key(key)
    elif opened == "dialog":
        dialog = window.main.dialogs.open("shortcuts")
        window.root.update()
        dialog.focus_force()
        dialog.focus_set()
        window.root.update()
    else:
        pad = window.canvas
        window.do(lambda: window.screen.move(pad.left + 200, pad.top + 200))
        window.do(window.screen.press)
    hold_escape(window)
    window.key("Escape")  # once more, to be sure
    window.do(window.screen.release)
    assert not menu_is_open(window)
    assert strokes(window) == 1
    window.draw(ONE)
    window.key("Escape")  # nothing was closed since then, and still nothing is erased
    assert strokes(window) == 2


def test_escape_closes_a_drop_down_list_alone(window: Window) -> None:
    window.draw(SEVEN)
    dialog = window.main.dialogs.retrain()
    window.root.update()
    box = next(each for each in everything(dialog) if isinstance(each, ttk.Combobox))
    box.focus_force()
    window.root.update()
    window.key("Down")
    popdown = str(dialog.tk.call("ttk::combobox::PopdownWindow", box))
    assert dialog.tk.call("winfo", "viewable", popdown)
    hold_escape(window)
    assert dialog.winfo_exists()
    assert not dialog.tk.call("winfo", "viewable", popdown)
    assert strokes(window) == 1


def test_escape_takes_a_tooltip_away_and_no_ink(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.ui.kit.tooltip.STAY", 1)
    window.draw(SEVEN)
    window.key("Tab")
    tip = window.root.nametowidget("tooltip")
    wait_until(window, lambda: bool(tip.winfo_viewable()))
    window.key("Escape")
    assert not tip.winfo_viewable()
    assert strokes(window) == 1


def everything(widget: tkinter.Misc) -> Iterator[tkinter.Misc]:
    for child in widget.winfo_children():
        yield child
        yield from everything(child)


def wait_until(window: Window, look: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not look() and time.monotonic() < end:
        window.root.update()
    assert look()
