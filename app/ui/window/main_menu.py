"""What stands in the window's menus, with the keys that do the same, and the settings that are chosen there."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from app.kept import settings
from app.ui.kit.menus import Entry, MenuBar
from model.base import language
from model.base.language import N_
from model.base.program import FROZEN

if TYPE_CHECKING:
    from app.ui.window.main_window import MainWindow

FILE, EDIT, VIEW, MODEL, HELP = N_("&File"), N_("&Edit"), N_("&View"), N_("&Model"), N_("&Help")
RECOGNIZE = N_("&Recognize")
UNDO, REDO, CLEAR, COPY = N_("&Undo"), N_("&Redo"), N_("&Clear"), N_("C&opy result")
ERASER, RECENT = N_("&Erase strokes"), N_("Open &recent")
OPEN_RECENT = f"{FILE}/{RECENT}"
RETRAIN, TEACH, UNDO_LEARNING = N_("Re&train…"), N_("Teac&h now"), N_("U&ndo learning")
PEN, LOOK, LANGUAGE, REFUSE = N_("&Pen width"), N_("Loo&k"), N_("Lan&guage"), N_("Re&fuse")

WIDTHS = ((N_("&Fine"), 12), (N_("&Normal"), 20), (N_("&Broad"), 28), (N_("&Marker"), 36))  # pixels
LOOKS = ((N_("&As the system"), ""), (N_("&Light"), "light"), (N_("&Dark"), "dark"))
DOUBTS = ((N_("&Never"), 1.0), (N_("&Seldom"), 0.9), (N_("N&ormally"), 0.5), (N_("O&ften"), 0.15))  # thresholds
TEACH_AFTER = 5  # new drawings, after which the model is taught by itself where the user wants that


class Choices:
    """Keeps the settings that are chosen in a window's menus, and shows there what is set."""

    def __init__(self, window: MainWindow):
        self.now = settings.load()
        self._window = window
        self._variables: dict[str, tk.Variable] = {}

    def one_of(self, menu: str, label: str, name: str, value: object) -> Entry:
        """Return the line of a menu that gives a setting this value."""
        variable = self._variables.setdefault(name, tk.StringVar(self._window.root))
        self._show(name)
        return Entry(menu, label, "", lambda: self._keep(name, value), variable, repr(value))

    def on_off(self, menu: str, label: str, keys: str, name: str, on: object = True) -> Entry:
        """Return the line of a menu that switches a setting between this value and none."""
        variable = self._variables.setdefault(name, tk.BooleanVar(self._window.root))
        assert isinstance(variable, tk.BooleanVar)
        self._show(name)
        return Entry(menu, label, keys, lambda: self._keep(name, on if variable.get() else type(on)()), variable)

    def refresh(self) -> None:
        """Show what is set, by whomever."""
        self.now = settings.load()
        for name in self._variables:
            self._show(name)

    def _show(self, name: str) -> None:
        variable, value = self._variables[name], getattr(self.now, name)
        variable.set(bool(value) if isinstance(variable, tk.BooleanVar) else repr(value))  # "" is no value to Tk

    def _keep(self, name: str, value: Any) -> None:
        self._window.attempt(lambda: settings.change(**{name: value}))
        self.now = replace(settings.load(), **{name: value})  # as chosen, even where it cannot be kept
        self._window.chosen(name)


def build(window: MainWindow) -> MenuBar:
    """Give a window its menus, and the keys that no menu shows."""

    def refresh_model_menu() -> None:
        """Show what can be done with the model now; what needs TensorFlow says so when it is chosen."""
        window.choices.refresh()
        menus.enable(UNDO_LEARNING, window.learning.can_undo())

    opened = {
        OPEN_RECENT: lambda: window.files.fill_recent(menus.menu(OPEN_RECENT)),
        VIEW: window.choices.refresh,
        MODEL: refresh_model_menu,
    }
    menus: MenuBar = MenuBar(window.root, entries(window), opened)
    for keys, by in (("Left", -1), ("Right", 1)):
        menus.bind(keys, partial(window.editor.select_beside, by))
    menus.bind_digits(window.editor.correct)
    return menus


def redo_keys(widget: tk.Misc) -> str:
    """Return the keys that this system's people press to redo."""
    return "Mod+Y" if str(widget.tk.call("tk", "windowingsystem")) == "win32" else "Mod+Shift+Z"


def _teach(window: MainWindow) -> None:
    """Teach the model in use. Raises UserError where there is nothing to learn from, before TensorFlow is offered."""
    if FROZEN or window.session.samples.count():  # a bundle offers nothing
        window.dialogs.with_tensorflow(N_("Learning"), window.learning.teach)
    else:
        window.learning.teach()  # which says what to do first


def entries(window: MainWindow) -> list[Entry]:
    """Return the lines of a window's menus."""
    one_of, on_off, editor = window.choices.one_of, window.choices.on_off, window.editor

    def later(action: Callable[[MainWindow], object]) -> Callable[[], None]:
        """Return an action on what is imported only when it is wanted, after the first paint."""
        return lambda: window.attempt(lambda: action(window))

    return [
        Entry(FILE, N_("&Open…"), "Mod+O", later(lambda it: it.files.open())),
        Entry(FILE, N_("Open &folder…"), "Mod+Shift+O", later(lambda it: it.files.open_folder())),
        Entry(OPEN_RECENT),
        Entry(FILE, N_("Read &page…"), "", later(lambda it: it.pages.read())),
        Entry(FILE, N_("&Save drawing…"), "Mod+S", later(lambda it: it.files.save())),
        Entry(FILE, N_("&Quit"), "Mod+Q", window.close),
        Entry(EDIT, UNDO, "Mod+Z", editor.undo),
        Entry(EDIT, REDO, redo_keys(window.root), editor.redo),
        Entry(EDIT, CLEAR, "Escape", editor.clear),
        Entry(EDIT, ERASER, "E", window.switch_tool, window.erasing),
        Entry(EDIT, N_("Draw by &keyboard"), "F6", window.draw_by_keyboard),
        Entry(EDIT, COPY, "Mod+C", editor.copy_result),
        Entry(EDIT, N_("&Paste"), "Mod+V", later(lambda it: it.files.paste())),
        on_off(VIEW, N_("&Answer follows the pen"), "Mod+L", "live"),
        on_off(VIEW, N_("&See inside"), "Mod+I", "inside"),
        on_off(VIEW, N_("G&uide line"), "", "guide"),
        on_off(VIEW, N_("S&mooth lines"), "", "smooth"),
        *(one_of(f"{VIEW}/{PEN}", label, "width", width) for label, width in WIDTHS),
        *(one_of(f"{VIEW}/{LOOK}", label, "look", name) for label, name in LOOKS),
        one_of(f"{VIEW}/{LANGUAGE}", N_("As the s&ystem"), "language", ""),
        *(one_of(f"{VIEW}/{LANGUAGE}", name, "language", code) for code, name in language.available().items()),
        Entry(MODEL, RECOGNIZE, "Return", editor.recognize),
        Entry(MODEL, TEACH, "Mod+T", later(_teach)),
        Entry(MODEL, UNDO_LEARNING, "", later(lambda it: it.learning.undo())),
        on_off(MODEL, N_("Teach by &itself"), "", "teach_after", TEACH_AFTER),
        Entry(MODEL, N_("My &drawings…"), "", later(lambda it: it.dialogs.open("drawings"))),
        *(one_of(f"{MODEL}/{REFUSE}", label, "threshold", value) for label, value in DOUBTS),
        Entry(MODEL, RETRAIN, "", later(lambda it: it.dialogs.retrain())),
        Entry(MODEL, N_("&Models…"), "", later(lambda it: it.dialogs.open("models"))),
        Entry(MODEL, N_("&Open…"), "", later(lambda it: it.dialogs.open("open model"))),
        Entry(MODEL, N_("&About this model"), "", later(lambda it: it.dialogs.about("model"))),
        Entry(HELP, N_("&Shortcuts"), "F1", later(lambda it: it.dialogs.open("shortcuts"))),
        Entry(HELP, N_("&Report a problem…"), "", later(lambda it: it.dialogs.open("problem"))),
        Entry(HELP, N_("&About Inkling"), "", later(lambda it: it.dialogs.about("inkling"))),
    ]
