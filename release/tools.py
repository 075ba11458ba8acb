"""The systems' own tools, run: what they lack and why they fail is said in a sentence."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from model.base.errors import UserError


def need(tool: str, package: str) -> None:
    """See that there is a tool. Raises UserError, which says in which of Debian's packages it is."""
    if shutil.which(tool) is None:
        raise UserError(f"{tool} is needed for this package and not there; install it (Debian: apt install {package}).")


def run(
    words: Sequence[object], folder: Path | None = None, more: Mapping[str, str] | None = None, name: str = ""
) -> str:
    """Run a tool and return what it printed. Raises UserError: it is not there, or it fails.

    Args:
        words: the tool, its words and paths.
        folder: where it runs.
        more: what is added to its environment.
        name: what it is called when it fails; by default as the first word has it.
    """
    environment = {**os.environ, "LC_ALL": "C.UTF-8", **(more or {})}
    command = list(map(str, words))
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            errors="replace",  # Windows' tools speak otherwise
            check=False,
        )
    except OSError as error:
        raise UserError(f"{command[0]} cannot be started ({error.strerror}); install it.") from error
    if done.returncode:
        raise failed(name or command[0], done.stderr.strip() or done.stdout)
    return done.stdout


def git(folder: Path, *words: str) -> str:
    """Run git in a folder and return what it printed. Raises UserError."""
    return run(["git", *words], folder, name=f"git {words[0]}").strip()


def failed(tool: str, said: str) -> UserError:
    """Return what is to be said of a tool that failed: its last words."""
    return UserError(f"{tool} failed: {(said.strip() or 'it said nothing').splitlines()[-1]}")
