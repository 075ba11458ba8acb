"""The desktop's own program that shows file dialogs: which it is, how it's asked, and what it has answered."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

CANCELLED = 1  # the status of either program


@dataclass(frozen=True, slots=True)
class Question:
    """What a file dialog asks for.

    Args:
        start: a folder, with a slash at its end, or in it the name that is proposed.
        kinds: what to call files, and their endings, ``.png``; "*" are all.
    """

    what: Literal["file", "files", "folder", "save"]
    title: str
    start: str
    kinds: Mapping[str, Sequence[str]]


def command(question: Question) -> list[str]:
    """Return what asks in the desktop's manner; nothing where no desktop is, or no program of it that asks."""
    desktop = os.environ.get("XDG_CURRENT_DESKTOP", "").upper()
    if not desktop:
        return []
    order = ("kdialog", "zenity") if {"KDE", "LXQT"} & set(desktop.split(":")) else ("zenity", "kdialog")
    found = next(filter(None, map(shutil.which, order)), "")
    return [found, *_WORDS[os.path.basename(found)](question)] if found else []  # noqa: PTH119


def answer(process: subprocess.Popen[bytes]) -> tuple[str, ...] | None:
    """Wait for the end of what was started so, and return the paths that were chosen; None: it couldn't ask."""
    printed, _nothing = process.communicate()
    if process.returncode not in (0, CANCELLED):
        return None
    lines = os.fsdecode(printed).split("\n") if process.returncode == 0 else []
    return tuple(line for line in lines if line.startswith("/"))  # what has no path is on no disk: "(null)"


def _zenity(question: Question) -> list[str]:
    words = ["--file-selection", f"--title={question.title}", f"--filename={question.start}", "--separator=\n"]
    more = {"files": ["--multiple"], "folder": ["--directory"], "save": ["--save", "--confirm-overwrite"]}
    kinds = (f"--file-filter={name} | {_patterns(endings)}" for name, endings in question.kinds.items())
    return [*words, *more.get(question.what, ()), *kinds]


def _kdialog(question: Question) -> list[str]:
    """Its man page tells less than its source: without ``--separate-output`` spaces stand between names."""
    several = ["--multiple", "--separate-output"] if question.what == "files" else []
    asks = {"folder": "--getexistingdirectory", "save": "--getsavefilename"}.get(question.what, "--getopenfilename")
    kinds = " | ".join(f"{name} ({_patterns(endings)})" for name, endings in question.kinds.items())
    return ["--title", question.title, *several, asks, question.start, *([kinds] if kinds else [])]


def _patterns(endings: Sequence[str]) -> str:
    return " ".join(f"*{ending.removeprefix('*')}" for ending in endings)


_WORDS: dict[str, Callable[[Question], list[str]]] = {"zenity": _zenity, "kdialog": _kdialog}
