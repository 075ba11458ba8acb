"""Opening the window, and saying so in a sentence where there can be none. What has Tk is imported last."""

from __future__ import annotations

import contextlib
import locale
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from app.kept import paths, settings
from model.base import language
from model.base.errors import UserError
from model.base.language import N_, _

if TYPE_CHECKING:
    from app.ui.window.main_window import MainWindow

COMMAND_LINE = N_("the command line works without it: inkling-cli recognize PATH")


class NoWindowError(UserError):
    """Why there is no window, and what works without one."""


def open_files(files: Sequence[Path], refuse: Callable[[str], NoReturn]) -> int:
    """Open files in the window that is open, or else in a new one; without files, bring it to the front.

    Where one is not there, ``refuse`` is given a sentence. Returns the exit status.
    """
    language.use(settings.load().language)
    for file in files:
        if not os.path.exists(file):  # noqa: PTH110  (Path's own raises where a name is too long)
            missing = _("there is neither a file nor a command {name!r}; name pictures or ink that exist")
            refuse(missing.format(name=str(file)))
    with contextlib.suppress(OSError, RuntimeError):  # RuntimeError: the user has no home at all
        if paths.running_file().exists():
            from app.facts.instance import hand_over  # noqa: PLC0415  (most starts find no window)

            if hand_over(files, paths.running_file()):
                return 0
    paths.keep_private()
    return run(files)


def run(files: Sequence[Path] = ()) -> int:
    """Open a window with some files, work until it is closed, and return the exit status. Raises UserError."""
    window = open_window()
    from app.ui.window.running import run_until_closed  # noqa: PLC0415  (where there is Tk)

    return run_until_closed(window, files)


def open_and_close() -> str:
    """Open the window, paint it, close it, and say so. Raises UserError."""
    window = open_window()
    try:
        window.root.update()
        return _("opened and closed (Tk {version})").format(version=window.root.tk.call("info", "patchlevel"))
    finally:
        window.close()


def open_window() -> MainWindow:
    """Open the window of the program, and return it before it is painted. Raises UserError."""
    _let_tcl_read_names()  # before it is loaded, which is when it looks
    try:
        import tkinter  # noqa: PLC0415  (a Python can come without it, and then this is where it shows)
    except ImportError as error:
        sentence = _("This Python has no Tk for the window (Debian: apt install python3-tk); {instead}")
        raise NoWindowError(sentence, instead=_(COMMAND_LINE)) from error
    from app.ui.window import running  # noqa: PLC0415

    try:
        root = running.open_root()
    except tkinter.TclError as error:
        if "display" in str(error):
            sentence = _("There is no display to open the window on; {instead}")
            raise NoWindowError(sentence, instead=_(COMMAND_LINE)) from error
        sentence = _("Tk is there but does not start; install Python's Tk again. Meanwhile {instead}")
        raise UserError(sentence, instead=_(COMMAND_LINE)) from error
    return running.fill(root)


def _let_tcl_read_names() -> None:
    """Let Tcl, too, read names as UTF-8 where the locale is C or is not installed; else it misses files.

    A Python that is not frozen does so itself (PEP 538), unless LC_ALL keeps it from that.
    """
    if sys.platform != "linux":
        return
    with contextlib.suppress(locale.Error):  # it is not installed, and C holds
        locale.setlocale(locale.LC_CTYPE, "")
    if locale.setlocale(locale.LC_CTYPE) == "C":
        if os.environ.get("LC_ALL"):
            os.environ["LC_MESSAGES"] = os.environ.pop("LC_ALL")  # whose language is still wanted
        os.environ["LC_CTYPE"] = "C.UTF-8"
