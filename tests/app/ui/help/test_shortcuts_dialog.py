"""The sheet of shortcuts: made from menu entries, with keys written as on each system."""

import tkinter
from collections.abc import Iterator
from tkinter import ttk

import pytest

from app.ui.help.shortcuts_dialog import ANSWER, GESTURES, PAGE, PEN, ShortcutsDialog, columns, plain
from app.ui.kit.keys import shown, shown_parts
from app.ui.kit.menus import Entry
from tests.app.ui.window.test_main_window import ONE, SEVEN, button, buttons
from tests.conftest import Window
from tests.screen import wait_for

LINES = [
    Entry("&File", "&Open…", "Mod+O"),
    Entry("&File", "Save &drawing…", "Mod+S"),
    Entry("&File", "&Quit", "Mod+Q"),
    Entry("&Edit", "&Undo", "Mod+Z"),
    Entry("&Edit", "&Redo", "Mod+Shift+Z"),
    Entry("&Edit", "&Clear", "Escape"),
    Entry("&Edit", "C&opy result", "Mod+C"),
    Entry("&View", "See &inside", "F2"),
    Entry("&Model", "&Recognize", "Return"),
    Entry("&Model", "Teac&h now", "Mod+T"),
    Entry("&Model", "&Models…"),
    Entry("&Help", "&Shortcuts", "F1"),
]


def texts(widget: tkinter.Misc) -> Iterator[str]:
    for child in widget.winfo_children():
        if isinstance(child, ttk.Label | tkinter.Label) and child.winfo_ismapped():
            yield str(child.cget("text"))
        yield from texts(child)


def opened(window: Window, lines: list[Entry]) -> ShortcutsDialog:
    dialog = ShortcutsDialog(window.root, lines, lambda: None)
    window.root.update()
    dialog.focus_force()  # as a window manager would
    dialog.focus_set()
    window.root.update()
    return dialog


def test_a_button_opens_the_guide(window: Window) -> None:
    dialog = window.main.dialogs.open("shortcuts")
    window.root.update()
    guide = next(each for each in buttons(dialog) if each.cget("text") == "Guide")
    guide.invoke()
    assert window.main.dialogs._open["about"].entered()["page"] == "guide"


@pytest.mark.parametrize(
    ("keys", "x11", "aqua"),
    [
        ("Mod+S", "Ctrl S", "⌘ S"),
        ("Mod+Shift+z", "Ctrl Shift Z", "⇧ ⌘ Z"),
        ("Alt+Left", "Alt ←", "⌥ ←"),
        ("Escape", "Esc", "esc"),
        ("F1", "F1", "F1"),
        ("Mod+plus", "Ctrl +", "⌘ +"),
        ("Mod+minus", "Ctrl −", "⌘ −"),
        ("", "", ""),
    ],
)
def test_keys_are_read_as_the_system_s_people_do(keys: str, x11: str, aqua: str) -> None:
    assert shown_parts(keys, "x11") == shown_parts(keys, "win32") == x11.split()
    assert shown_parts(keys, "aqua") == aqua.split()


def test_the_sheet_shows_every_entry_that_has_keys_and_no_other(window: Window) -> None:
    dialog = opened(window, [*LINES, *GESTURES])
    said = list(texts(dialog))
    for line in LINES:
        assert (plain(line.label) in said) == bool(line.keys), line
    assert {"File", "Edit", "View", "Model", "Help", "The pen", "The answer"} <= set(said)
    place = said.index("Redo")
    assert said[place + 1 : place + 4] == ["Ctrl", "Shift", "Z"]
    assert "press the digit's key, or click its bar" in said
    assert shown("Mod+Shift+Z", dialog) == "Ctrl+Shift+Z"
    assert not any("&" in text for text in said)


def test_its_columns_are_balanced_and_keep_groups_whole() -> None:
    left, right = columns([*LINES, *GESTURES])
    menus = ["&File", "&Edit", "&View", "&Model", "&Help"]
    assert [group[0].menu for group in (*left, *right)] == [*menus, PEN, ANSWER, PAGE]
    assert all(line.menu == group[0].menu for group in (*left, *right) for line in group)
    lengths = [sum(len(group) + 2 for group in column) for column in (left, right)]
    assert max(lengths) <= 0.6 * sum(lengths)
    assert columns([]) == ([], [])


def test_a_long_sheet_fits_the_screen_and_is_scrolled_by_wheel_and_keys(window: Window) -> None:
    lines = [Entry(f"Menu {number // 10}", f"Action {number}", "F1") for number in range(200)]
    dialog = opened(window, lines)
    assert dialog.winfo_height() <= window.root.winfo_screenheight()
    canvas = window.root.focus_get()
    assert isinstance(canvas, tkinter.Canvas)
    places = [canvas.yview()[0]]
    for key in ("Down", "Next", "End"):
        window.key(key)
        places.append(canvas.yview()[0])
    assert places == sorted(set(places))
    assert canvas.yview()[1] == 1
    window.key("Home")
    x, y = dialog.winfo_rootx() + 40, dialog.winfo_rooty() + 40
    window.do(lambda: window.screen.click(x, y, 5))
    assert 0 < canvas.yview()[0] < 0.2
    window.key("Escape")
    assert not dialog.winfo_exists()


def test_a_short_sheet_is_shown_whole_and_does_not_move(window: Window) -> None:
    dialog = opened(window, LINES)
    canvas = window.root.focus_get()
    assert isinstance(canvas, tkinter.Canvas)
    x, y = dialog.winfo_rootx() + 40, dialog.winfo_rooty() + 40
    window.do(lambda: window.screen.click(x, y, 4))
    window.key("Down")
    assert canvas.yview() == (0, 1)
    for _button in ("Guide", "Close"):
        window.key("Tab")
    window.key("Return")
    assert not dialog.winfo_exists()


def test_the_gestures_do_what_the_sheet_says(window: Window) -> None:
    """One line of GESTURES after the other: the sheet says nothing that isn't proved here."""
    proved = set()
    x, y = window.canvas.left + 60, window.canvas.top + 60
    window.do(lambda: window.screen.click(x, y))
    assert len(window.session.drawing.strokes[0].points) == 1
    proved.add("Draw a dot")
    window.click(button(window, "Clear"))
    window.draw([(x * 0.4, y) for x, y in SEVEN], [(x + 90, y) for x, y in ONE])
    assert len(window.session.drawing.strokes) == 2
    proved.add("Draw")
    window.key("Return")
    wait_for(lambda: window.session.text == "71", 5, "the answer")
    for key, selected in (("Left", 0), ("Right", 1)):
        window.main.editor.selected = 1 - selected
        window.key(key)
        assert window.main.editor.selected == selected
        proved.add(f"Choose the digit to the {key.lower()}")
    window.key("4")
    assert window.session.labels == {1: "4"}
    bars = window.main.answer.bars
    left, top, wide = bars.winfo_rootx(), bars.winfo_rooty(), bars.winfo_width()
    window.do(lambda: window.screen.click(left + wide * 0.95, top + 40))
    assert window.session.labels == {1: "9"}
    proved.add("Say what it is")
    answer = window.main.answer._text
    middle, row = answer.winfo_rootx() + answer.winfo_width() // 2, answer.winfo_rooty() + answer.winfo_height() // 2
    window.do(lambda: window.screen.click(middle - 15, row))
    assert window.main.editor.selected == 0
    proved.add("Choose a digit")
    assert proved == {line.label for line in GESTURES if line.menu != PAGE}  # the page view has its own tests
