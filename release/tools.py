"""The systems' own tools, run: what they lack and why they fail is said in a sentence."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from model.errors import UserError


def need(tool: str, package: str) -> None:
    """See that there is a tool. Raises UserError, which says in which of Debian's packages it is."""
    if shutil.which(tool) is None:
        raise UserError(f"{tool} is needed for this package and not there; install it (Debian: apt install {package}).")


def run(words: Sequence[object], folder: Path | None = None, more: Mapping[str, str] | None = None) -> str:
    """Run a tool, its words and paths, in a folder, with more in its environment, and return what it printed.

    Raises UserError.
    """
    environment = {**os.environ, "LC_ALL": "C.UTF-8", **(more or {})}
    done = subprocess.run(
        list(map(str, words)), cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode:
        raise failed(str(words[0]), done.stderr or done.stdout)
    return done.stdout


def failed(tool: str, said: str) -> UserError:
    """Return what is to be said of a tool that failed: its last words."""
    return UserError(f"{tool} failed: {(said.strip() or 'it said nothing').splitlines()[-1]}")
