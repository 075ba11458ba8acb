"""Commands of this program in processes of their own: how they are started, and what an end without a word means."""

from __future__ import annotations

import os
import subprocess
import sys

from model.base import language
from model.base.language import _
from model.base.program import FROZEN

QUIET = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # on Windows, where each process of a console's has one else


def program() -> list[str]:
    """Return how ``python -m model`` is started: the frozen program is its own Python."""
    return [sys.executable, "model"] if FROZEN else [sys.executable, "-m", "model"]


def environment() -> dict[str, str]:
    """Return what a child finds in its environment."""
    # It starts in the program's own folder, and what is there is to be found, before anything else of these names.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}
    spoken = {"LANGUAGE": language.current()}  # its sentences are shown here
    return inherited | spoken | {"PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}


def unexpected(status: int, *, silent: bool = False) -> str:
    """Return a sentence for a child that ended without saying why; a silent one was ended here."""
    if status == -9 and not silent:
        return _("The system ended it, perhaps for want of memory; close other programs and try again.")
    return _("It ended without a word (status {status}); what it printed is in the log.").format(status=status)
