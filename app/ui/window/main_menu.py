"""What stands in the window's menus, with the keys that do the same."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.ui.kit.menus import Entry, MenuBar
from app.ui.window.learning import OFTEN
from model.base import language
from model.base.language import N_
from model.base.program import FROZEN

if TYPE_CHECKING:
    import tkinter as tk
    from collections.abc import Callable

    from app.ui.window.main_window import MainWindow

FILE, EDIT, VIEW, MODEL, HELP = N_("&File"), N_("&Edit"), N_("&View"), N_("&Model"), N_("&Help")
UNDO, REDO, CLEAR, COPY = N_("&Undo"), N_("&Redo"), N_("&Clear"), N_("C&opy result")
ERASER, RECENT = N_("&Erase strokes"), N_("Open &recent")
OPEN_RECENT = f"{FILE}/{RECENT}"
RETRAIN, TEACH, UNDO_LEARNING = N_("Re&train…"), N_("Teac&h now"), N_("U&ndo learning")
PEN, LOOK, LANGUAGE, REFUSE = N_("&Pen width"), N_("Loo&k"), N_("Lan&guage"), N_("Re&fuse")

WIDTHS = ((N_("&Fine"), 12), (N_("&Normal"), 20), (N_("&Broad"), 28), (N_("&Marker"), 36))  # pixels
LOOKS = ((N_("&As the system"), ""), (N_("&Light"), "light"), (N_("&Dark"), "dark"))
DOUBTS = ((N_("&Never"), 1.0), (N_("&Seldom"), 0.9), (N_("N&ormally"), 0.5), (N_("O&ften"), 0.15))  # thresholds


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
        menus.bind(keys, partial(window.select_beside, by))
    menus.bind_digits(window.correct)
    return menus


def redo_keys(widget: tk.Misc) -> str:
    """Return the keys that this system's people press to redo."""
    return "Mod+Y" if str(widget.tk.call("tk", "windowingsystem")) == "win32" else "Mod+Shift+Z"


def teach(window: MainWindow) -> None:
    """Teach the model in use. Raises UserError where there is nothing to learn from, before TensorFlow is offered."""
    if FROZEN or window.session.samples.count():  # a bundle offers nothing
        window.dialogs.with_tensorflow(N_("Learning"), window.learning.teach)
    else:
        window.learning.teach()  # which says what to do first


def entries(window: MainWindow) -> list[Entry]:
    """Return the lines of a window's menus."""
    one_of, on_off = window.choices.one_of, window.choices.on_off
    dialogs, learning = window.dialogs, window.learning
    tried = partial(partial, window.attempt)

    def later(action: Callable[[MainWindow], object]) -> Callable[[], None]:
        """Return an action on what is imported only when it is wanted, after the first paint."""
        return partial(window.attempt, partial(action, window))

    return [
        Entry(FILE, N_("&Open…"), "Mod+O", later(lambda it: it.files.open())),
        Entry(FILE, N_("Open &folder…"), "Mod+Shift+O", later(lambda it: it.files.open_folder())),
        Entry(OPEN_RECENT),
        Entry(FILE, N_("&Save drawing…"), "Mod+S", later(lambda it: it.files.save())),
        Entry(FILE, N_("&Quit"), "Mod+Q", window.close),
        Entry(EDIT, UNDO, "Mod+Z", window.undo),
        Entry(EDIT, REDO, redo_keys(window.root), window.redo),
        Entry(EDIT, CLEAR, "Escape", window.clear),
        Entry(EDIT, ERASER, "E", window.switch_tool, window.erasing),
        Entry(EDIT, N_("Draw by &keyboard"), "F6", window.draw_by_keyboard),
        Entry(EDIT, COPY, "Mod+C", window.copy_result),
        Entry(EDIT, N_("&Paste"), "Mod+V", later(lambda it: it.files.paste())),
        on_off(VIEW, N_("&Answer follows the pen"), "Mod+L", "live"),
        on_off(VIEW, N_("&See inside"), "Mod+I", "inside"),
        on_off(VIEW, N_("G&uide line"), "", "guide"),
        on_off(VIEW, N_("S&mooth lines"), "", "smooth"),
        *(one_of(f"{VIEW}/{PEN}", label, "width", width) for label, width in WIDTHS),
        *(one_of(f"{VIEW}/{LOOK}", label, "look", name) for label, name in LOOKS),
        one_of(f"{VIEW}/{LANGUAGE}", N_("As the s&ystem"), "language", ""),
        *(one_of(f"{VIEW}/{LANGUAGE}", name, "language", code) for code, name in language.available().items()),
        Entry(MODEL, N_("&Recognize"), "Return", window.recognize),
        Entry(MODEL, TEACH, "Mod+T", tried(partial(teach, window))),
        Entry(MODEL, UNDO_LEARNING, "", tried(learning.undo)),
        on_off(MODEL, N_("Teach by &itself"), "", "teach_after", OFTEN),
        Entry(MODEL, N_("My &drawings…"), "", tried(dialogs.drawings)),
        *(one_of(f"{MODEL}/{REFUSE}", label, "threshold", value) for label, value in DOUBTS),
        Entry(MODEL, RETRAIN, "", tried(dialogs.retrain)),
        Entry(MODEL, N_("&Models…"), "", tried(dialogs.models)),
        Entry(MODEL, N_("&Open…"), "", tried(dialogs.open_model)),
        Entry(MODEL, N_("&About this model"), "", tried(dialogs.about_model)),
        Entry(HELP, N_("&Shortcuts"), "F1", tried(dialogs.shortcuts)),
        Entry(HELP, N_("&Report a problem…"), "", tried(dialogs.report_problem)),
        Entry(HELP, N_("&About Inkling"), "", tried(dialogs.about)),
    ]
