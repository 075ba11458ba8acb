"""File ▸ Settings…: it shows what's set, and a choice holds at once and at the next start."""

from dataclasses import fields
from tkinter import ttk

import pytest

from app.kept import settings
from app.kept.settings import Settings
from app.ui.kit import style
from app.ui.window.running import come_to_front
from app.ui.window.settings_dialog import SETTINGS, SettingsDialog
from model.base import language
from tests.conftest import Window

EVERY = [setting for group in SETTINGS.values() for setting in group]


def opened(window: Window) -> SettingsDialog:
    window.key("ctrl+,")
    dialog = window.main.dialogs._open["settings"]
    assert isinstance(dialog, SettingsDialog)
    dialog.focus_force()  # what a window manager would do
    dialog.focus_set()
    window.root.update()
    return dialog


def choose(window: Window, name: str, place: int) -> None:
    """Choose an entry of a list by keyboard."""
    dialog = opened(window)
    box = dialog._widgets[name]
    assert isinstance(box, ttk.Combobox)
    box.focus_force()
    window.root.update()
    for key in ("Down", *["Up"] * 8, *["Down"] * place, "Return"):  # to its first entry, and down from there
        window.key(key)
    window.do(lambda: None)


def test_all_that_the_menus_had_can_be_chosen() -> None:
    known = {field.name for field in fields(Settings)}
    assert {setting.name for setting in EVERY} <= known
    assert known - {setting.name for setting in EVERY} == {  # these are set by using the program, or elsewhere
        *("model", "relearned", "data", "inside", "place", "recent", "welcomed", "name", "profile"),
        *("folder", "page_folder", "data_folder", "model_folder", "save_folder"),
    }


def test_what_is_set_is_shown(window: Window) -> None:
    dialog = opened(window)
    shown = {name: str(box.get()) for name, box in dialog._widgets.items() if isinstance(box, ttk.Combobox)}
    assert shown == {
        "language": "As the system",
        "look": "As the system",
        "text_size": "100 %",
        "width": "Normal",
        "threshold": "Normal",
    }
    on = {name: box.instate(["selected"]) for name, box in dialog._widgets.items() if isinstance(box, ttk.Checkbutton)}
    assert on == {"smooth": True, "guide": False, "live": False, "learn": False}


def test_all_settings_are_in_sight_on_a_laptop(window: Window) -> None:
    dialog = opened(window)
    panel, frame = 36, 24  # pixels high, of a desktop and a window
    assert dialog.winfo_reqheight() <= 768 - panel - frame


@pytest.mark.parametrize(
    ("name", "place", "value"),
    [("look", 2, "dark"), ("text_size", 4, 150), ("width", 3, 36), ("threshold", 0, 1.0)],
)
def test_what_is_chosen_holds_at_once(window: Window, name: str, place: int, value: object) -> None:
    choose(window, name, place)
    assert getattr(settings.load(), name) == value
    again = window.main.dialogs._open["settings"]
    assert again.winfo_exists()
    assert {"look": style.now.colours is style.DARK, "text_size": style.now.text == 1.5}.get(name, True)


def test_another_language_is_spoken_by_the_settings_too(window: Window) -> None:
    choose(window, "language", 2)
    try:
        window.do(lambda: None)
        assert language.current() == "zh_CN"
        dialog = window.main.dialogs._open["settings"]
        assert dialog.title() == "设置"
    finally:
        window.set("language", "en")


def test_a_choice_waits_until_nobody_is_at_work_on_the_window(window: Window) -> None:
    dialog = opened(window)
    box = dialog._widgets["language"]
    assert isinstance(box, ttk.Combobox)
    box.current(2)
    box.event_generate("<<ComboboxSelected>>")
    dialog.update_idletasks()  # as the dialog itself does to learn its size
    assert dialog.winfo_exists()
    window.root.update()
    assert not dialog.winfo_exists()  # a new one in that language replaces it
    assert language.current() == "zh_CN"


def test_the_window_comes_to_the_front_when_a_dialog_that_had_the_keyboard_is_gone(window: Window) -> None:
    opened(window)
    window.set("language", "zh_CN")  # which rebuilds the dialog
    window.main.dialogs._open["settings"].close()
    window.root.update()
    come_to_front(window.root)  # Tk 8.6 used to end the process here, asking a dead widget for its window
    window.root.update()
    window.key("ctrl+,")
    assert window.main.dialogs._open["settings"].winfo_exists()


def test_a_mark_is_turned_by_a_click_and_by_the_keys_of_the_window(window: Window) -> None:
    dialog = opened(window)
    window.click(dialog._widgets["live"])
    assert settings.load().live
    window.root.focus_force()
    window.root.update()
    window.key("ctrl+l")
    assert not settings.load().live
    assert not dialog._widgets["live"].instate(["selected"])
    dialog.focus_force()
    window.root.update()
    window.key("Escape")
    assert not dialog.winfo_exists()
