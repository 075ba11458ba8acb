"""Commands of the program in separate processes: how they're started, and what a silent end means."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from model.base import language
from model.base.errors import UserError
from model.base.language import _
from model.base.program import FROZEN, ROOT

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


def start(words: Sequence[str], **how: Any) -> subprocess.Popen[bytes]:
    """Start ``python -m model`` with these arguments, connected by pipes. Raises UserError if that fails."""
    try:
        return subprocess.Popen(  # noqa: S603  (this program itself)
            [*program(), *words],
            stdin=subprocess.PIPE,  # when that closes, the child cancels itself; so it does when we are no more
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=environment(),
            **how,
        )
    except OSError as error:
        sentence = _("Another process can't be started ({reason}). Make room on the disk.")
        raise UserError(sentence, reason=error) from error


def unexpected(status: int, *, silent: bool = False) -> str:
    """Return a sentence for a child that ended without saying why; one without any output was ended here."""
    if status == -9 and not silent:
        return _("The system ended it; it may have run out of memory. Close other programs, and try again.")
    return _("It ended without a message (status {status}). The log has what it printed.").format(status=status)
