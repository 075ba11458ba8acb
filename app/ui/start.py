"""Opening the window, and saying so in a sentence where there can be none."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from app.session import Session
from model.errors import UserError
from model.language import N_, _

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow
    from model.recognizer import Recognizer

COMMAND_LINE = N_("the command line works without it: inkling-cli recognize PATH")


class NoWindowError(UserError):
    """Why there is no window, and what works without one."""


def run() -> int:
    """Open the window, work until it is closed, and return the exit status."""
    window = open_window()
    # Tk shows Python a Ctrl+C in the terminal only with the next event, so the system ends the program itself.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    window.root.mainloop()
    return 0


def open_and_close() -> str:
    """Open the window, paint it, close it, and say so. Raises NoWindowError."""
    window = open_window()
    try:
        window.root.update()
        return _("opened and closed (Tk {version})").format(version=window.root.tk.call("info", "patchlevel"))
    finally:
        window.close()


def open_window() -> MainWindow:
    """Open the window of the program, and return it before it is painted. Raises UserError."""
    try:
        import tkinter  # noqa: PLC0415  (a Python can come without it, and then this is where it shows)
    except ImportError as error:
        raise NoWindowError(
            _("This Python has no Tk for the window (Debian: apt install python3-tk); {instead}").format(
                instead=_(COMMAND_LINE)
            )
        ) from error
    from app.ui.main_window import MainWindow  # noqa: PLC0415

    try:
        root = tkinter.Tk(className="Inkling")
    except tkinter.TclError as error:
        if "display" in str(error):
            raise NoWindowError(
                _("There is no display to open the window on; {instead}").format(instead=_(COMMAND_LINE))
            ) from error
        raise UserError(
            _("Tk is there but does not start; install Python's Tk again. Meanwhile {instead}").format(
                instead=_(COMMAND_LINE)
            )
        ) from error
    return MainWindow(root, Session(_load_recognizer))


def _load_recognizer() -> tuple[Recognizer, str]:
    from app import models  # noqa: PLC0415  (after the first paint)

    return models.recognizer_in_use()
