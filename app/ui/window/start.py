"""Opens the window, or says in a sentence why it can't. What needs Tk is imported last."""

from __future__ import annotations

import contextlib
import gc
import locale
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from app.kept import paths, profiles, settings
from model.base import language
from model.base.errors import UserError
from model.base.language import N_, _

if TYPE_CHECKING:
    from app.ui.window.main_window import MainWindow

COMMAND_LINE = N_("the command line works without it: inkling-cli recognize PATH")


class NoWindowError(UserError):
    """Why there isn't a window, and what works without one."""


def open_files(files: Sequence[Path], refuse: Callable[[str], NoReturn], profile: str | None) -> int:
    """Open files in the window that's open, or in a new one; without files, bring it to the front.

    If a file doesn't exist, ``refuse`` gets a sentence. The window is that of the profile with this name, or if it's
    None, of the last chosen profile. Returns the exit status. Raises UserError if no profile has the name.
    """
    profiles.begin(profile)
    language.use(settings.load().language)
    for file in files:
        if not os.path.exists(file):  # noqa: PTH110  (Path's own raises where a name is too long)
            missing = _("there's no file and no command {name!r}; name pictures or ink that exist")
            refuse(missing.format(name=str(file)))
    with contextlib.suppress(OSError, RuntimeError):  # RuntimeError: the user doesn't have a home at all
        if paths.running_file().exists():
            from app.facts.instance import hand_over  # noqa: PLC0415  (most starts find no window)

            if hand_over(files, paths.running_file()):
                return 0
    paths.keep_private()
    return run(files)


def run(files: Sequence[Path] = ()) -> int:
    """Open a window with some files, run until it's closed, and return the exit status. Raises UserError.

    If the user chooses another profile, another window replaces it.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # more threads would spin while they wait for each other
    interpreters = []  # Tcl's, which must not end in another thread just because that held the last reference
    while True:
        window = open_window()
        interpreters.append(window.root.tk)
        from app.ui.window.running import run_until_closed  # noqa: PLC0415  (where there is Tk)

        then = run_until_closed(window, files)
        if then is None:
            return 0
        files = ()
        del window
        gc.collect()  # in this thread
        try:
            then()
        except UserError as error:
            settings.note(str(error))
        language.use(settings.load().language)


def open_and_close() -> str:
    """Open the window, paint it, close it, and report that. Raises UserError."""
    window = open_window()
    try:
        window.root.update()
        return _("opened and closed (Tk {version})").format(version=window.root.tk.call("info", "patchlevel"))
    finally:
        window.close()


def open_window() -> MainWindow:
    """Open the program's window, and return it before it's painted. Raises UserError."""
    _let_tcl_read_names()  # before it's loaded, which is when it looks
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
            sentence = _("There's no display to open the window on; {instead}")
            raise NoWindowError(sentence, instead=_(COMMAND_LINE)) from error
        sentence = _("Tk is installed but doesn't start; install Python's Tk again. Meanwhile {instead}")
        raise UserError(sentence, instead=_(COMMAND_LINE)) from error
    return running.fill(root)


def _let_tcl_read_names() -> None:
    """Let Tcl, too, read names as UTF-8 if the locale is C or isn't installed; otherwise it can't find files.

    A Python that isn't frozen does that itself (PEP 538), unless LC_ALL prevents it.
    """
    if sys.platform != "linux":
        return
    with contextlib.suppress(locale.Error):  # it isn't installed, and C stays
        locale.setlocale(locale.LC_CTYPE, "")
    if locale.setlocale(locale.LC_CTYPE) == "C":
        if os.environ.get("LC_ALL"):
            os.environ["LC_MESSAGES"] = os.environ.pop("LC_ALL")  # its language is still wanted
        os.environ["LC_CTYPE"] = "C.UTF-8"
