"""The window's menus, the keys that do the same, and the keys that no menu shows."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from app.kept import profiles
from app.ui.kit.menus import SEPARATOR, Entry, MenuBar
from model.base.language import N_

if TYPE_CHECKING:
    from app.ui.window.main_window import MainWindow

FILE, EDIT, VIEW, MODEL, HELP = N_("&File"), N_("&Edit"), N_("&View"), N_("&Model"), N_("&Help")
RECOGNIZE = N_("&Recognize")
UNDO, REDO, CLEAR, COPY = N_("&Undo"), N_("&Redo"), N_("&Clear"), N_("C&opy result")
RECENT = N_("Open &recent")
OPEN_RECENT = f"{FILE}/{RECENT}"
SHORTCUTS = N_("Shortcuts")
RETRAIN, SETTINGS = N_("Re&train…"), N_("Se&ttings…")
HAND = N_("Whose &hand")
WHOSE_HAND = f"{MODEL}/{HAND}"
PEN, PRACTICE = N_("The pen"), N_("P&ractice")


def build(window: MainWindow) -> MenuBar:
    """Give a window its menus, and the keys that no menu shows."""
    opened = {
        OPEN_RECENT: lambda: window.files.fill_recent(menus.menu(OPEN_RECENT)),
        VIEW: window.choices.refresh,
        WHOSE_HAND: lambda: window.hands.fill(menus.menu(WHOSE_HAND)),
    }
    menus: MenuBar = MenuBar(window.root, entries(window), opened)
    for entry in unseen(window):
        menus.bind_entry(entry)
    for keys, by in (("Left", -1), ("Right", 1)):
        menus.bind(keys, partial(window.editor.select_beside, by))
    menus.bind("BackSpace", window.editor.clear)  # a Mac's Delete key
    menus.bind_digits(window.editor.correct)
    menus.bind("equal", window.editor.name_sign)
    return menus


def redo_keys(widget: tk.Misc) -> str:
    """Return the keys for redo on this system."""
    return "Mod+Y" if str(widget.tk.call("tk", "windowingsystem")) == "win32" else "Mod+Shift+Z"


def entries(window: MainWindow) -> list[Entry]:
    """Return the lines of a window's menus: 24 at most, not counting submenus and profiles."""
    choices, editor = window.choices, window.editor
    later = partial(_later, window)
    see_inside = partial(choices.turned, "inside"), choices.switch("inside")
    return [
        Entry(FILE, N_("&Open…"), "Mod+O", later(lambda it: it.files.open())),
        Entry(FILE, N_("Open &folder…"), "Mod+Shift+O", later(lambda it: it.files.open_folder())),
        Entry(OPEN_RECENT),
        Entry(FILE, N_("Read &page…"), "", later(lambda it: it.pages.read())),
        Entry(FILE, SEPARATOR),
        Entry(FILE, N_("&Save drawing…"), "Mod+S", later(lambda it: it.files.save())),
        Entry(FILE, SEPARATOR),
        Entry(FILE, SETTINGS, "Mod+comma", later(lambda it: it.dialogs.open("settings"))),
        Entry(FILE, N_("&Quit"), "Mod+Q", window.close),
        Entry(EDIT, UNDO, "Mod+Z", editor.undo),
        Entry(EDIT, REDO, redo_keys(window.root), editor.redo),
        Entry(EDIT, SEPARATOR),
        Entry(EDIT, CLEAR, "Delete", editor.clear),
        Entry(EDIT, SEPARATOR),
        Entry(EDIT, COPY, "Mod+C", editor.copy_result),
        Entry(EDIT, N_("&Paste"), "Mod+V", later(lambda it: it.files.paste())),
        Entry(VIEW, N_("&See inside"), "Mod+I", *see_inside),
        Entry(VIEW, PRACTICE, "", later(lambda it: it.practice.switch()), window.practising),
        Entry(MODEL, RECOGNIZE, "Return", editor.answer),
        Entry(MODEL, SEPARATOR),
        Entry(MODEL, N_("My &drawings…"), "", later(lambda it: it.dialogs.open("drawings"))),
        *([Entry(WHOSE_HAND)] if profiles.several() else []),
        Entry(MODEL, N_("La&boratory…"), "Mod+B", later(lambda it: it.dialogs.experiment())),
        Entry(MODEL, SEPARATOR),
        Entry(MODEL, RETRAIN, "", later(lambda it: it.dialogs.retrain())),
        Entry(MODEL, N_("&Models…"), "", later(lambda it: it.dialogs.open("models"))),
        Entry(MODEL, N_("&Open model…"), "", later(lambda it: it.dialogs.open("open model"))),
        Entry(HELP, N_("&Lessons"), "", later(lambda it: it.lessons.open())),
        Entry(HELP, N_("&Guide"), "", later(lambda it: it.dialogs.about("guide"))),
        Entry(HELP, N_("&Report a problem…"), "", later(lambda it: it.dialogs.open("problem"))),
        Entry(HELP, N_("&About Inkling"), "", later(lambda it: it.dialogs.about("inkling"))),
    ]


def unseen(window: MainWindow) -> list[Entry]:
    """Return keys for what isn't in the menus: the buttons, the settings, My drawings."""
    choices, later = window.choices, partial(_later, window)
    return [
        Entry(HELP, SHORTCUTS, "F1", later(lambda it: it.dialogs.open("shortcuts"))),
        Entry(PEN, N_("Eraser"), "E", window.switch_tool, window.erasing),
        Entry(PEN, N_("Draw by keyboard"), "F6", window.draw_by_keyboard),
        Entry(PRACTICE, N_("Save what was misread"), "S", later(lambda it: it.practice.save())),
        Entry(PRACTICE, N_("Ask for something else"), "N", later(lambda it: it.practice.go_on())),
        Entry(MODEL, N_("Learn now"), "Mod+T", later(lambda it: it.learning.teach())),
        Entry(SETTINGS, N_("Answer follows the pen"), "Mod+L", partial(choices.turned, "live"), choices.switch("live")),
        Entry(SETTINGS, N_("Larger text"), "Mod+plus", partial(choices.resize_text, 1)),
        Entry(SETTINGS, N_("Smaller text"), "Mod+minus", partial(choices.resize_text, -1)),
        Entry(SETTINGS, N_("Text as at first"), "Mod+0", partial(choices.resize_text, 0)),
    ]


def _later(window: MainWindow, action: Callable[[MainWindow], object]) -> Callable[[], None]:
    """Return an action whose module is imported only when it's needed, after the first paint."""
    return lambda: window.attempt(lambda: action(window))
