"""Opens a file with the system's program for it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from model.base.errors import UserError
from model.base.files import usual_mask
from model.base.language import N_, _

_NO_PROGRAM = N_("This system has no program that opens {path}. Open it with a text editor or a Markdown viewer.")


def open_file(path: Path) -> Callable[[], str]:
    """Hand a file to the system's own program for it; return what tells, later, why that didn't work, or nothing.

    Raises UserError where the system has nothing that opens files.
    """
    try:
        if sys.platform == "win32":
            os.startfile(path)  # noqa: S606  (a file of our own)
            return lambda: ""
        process = subprocess.Popen(  # noqa: S603  (the system's own, a file of our own)
            ["open" if sys.platform == "darwin" else "xdg-open", path],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment(),
            start_new_session=True,
            umask=usual_mask(),
        )
    except OSError as error:
        raise UserError(_(_NO_PROGRAM), path=path) from error
    threading.Thread(target=process.wait, daemon=True).start()  # some openers stay as long as the file is open
    return lambda: _(_NO_PROGRAM).format(path=path) if process.returncode else ""


def environment() -> dict[str, str]:
    """Return the environment without the libraries of the frozen program, which other programs must not load."""
    environment = dict(os.environ)
    if getattr(sys, "frozen", False):
        for name in ("LD_LIBRARY_PATH", "TCL_LIBRARY", "TK_LIBRARY"):  # the last two from PyInstaller's hook for Tk
            environment.pop(name, None)
        if "LD_LIBRARY_PATH_ORIG" in os.environ:
            environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH_ORIG"]
    return environment
