"""Runs the system's own tools, and says in a sentence which are missing or why they fail."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from model.base.errors import UserError


def need(tool: str, package: str) -> None:
    """Check that a tool is there. Raises UserError, which names the Debian package that has it."""
    if shutil.which(tool) is None:
        raise UserError(f"{tool} is needed for this package and not there; install it (Debian: apt install {package}).")


def run(
    words: Sequence[object],
    folder: Path | None = None,
    more: Mapping[str, str] | None = None,
    name: str = "",
    umask: int = -1,
) -> str:
    """Run a tool and return what it printed. Raises UserError if it isn't there, or it fails.

    Args:
        words: the tool, its arguments and paths.
        folder: where it runs.
        more: additions to its environment.
        name: its name in the error if it fails; by default from the first word.
        umask: the one it runs with; by default this process' own.
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
            errors="replace",  # Windows' tools use other encodings
            check=False,
            umask=umask,
        )
    except OSError as error:
        raise UserError(f"{command[0]} can't be started ({error.strerror}); install it.") from error
    if done.returncode:
        raise failed(name or command[0], done.stderr.strip() or done.stdout)
    return done.stdout


def git(folder: Path, *words: str) -> str:
    """Run git in a folder and return what it printed. Raises UserError."""
    return run(["git", *words], folder, name=f"git {words[0]}").strip()


def failed(tool: str, said: str) -> UserError:
    """Return the error for a tool that failed: its last words."""
    return UserError(f"{tool} failed: {(said.strip() or 'it said nothing').splitlines()[-1]}")
