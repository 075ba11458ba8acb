"""What the program keeps is its user's alone: folders that nobody else enters, files that nobody else reads.

On Windows the folders of a user's programs are private by themselves.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from app.kept import paths

FOLDER, FILE = 0o700, 0o600  # modes
OTHERS = 0o077  # of a mode, what is not the user's
PIECE = 1_000_000  # bytes that are overwritten at once

_usual: int | None = None  # the umask that the program was started with; None: it is the one that holds

log = logging.getLogger(__name__)


def by_default() -> None:
    """Let this process and its children make nothing but private files from now on, and tighten the program's folders.

    What users save for themselves gets its modes from `share`.
    """
    global _usual  # noqa: PLW0603  (a process has one umask)
    before = os.umask(OTHERS)
    _usual = before if _usual is None else _usual
    kept = paths.models_folder(), paths.reports_folder()
    for folder in (paths.settings_file().parent, paths.log_file().parent, *kept):
        if folder.is_dir():
            _tighten(folder)


def make_folder(path: Path) -> None:
    """Make one of the program's own folders, where it is not there yet, and keep others out of it. Raises OSError.

    What lacks above it is made in the same way, as the XDG specification asks; what is there above it stays as it is.
    """
    for each in reversed([each for each in (path, *path.parents) if not each.exists()]):
        each.mkdir(mode=FOLDER, exist_ok=True)
    path.mkdir(mode=FOLDER, exist_ok=True)  # raises where there is something else
    _tighten(path)


def opener(path: str, flags: int) -> int:
    """Open a file for `open` as its ``opener``, a new one private."""
    return os.open(path, flags, FILE)


def overwrite(path: Path, left: int = 0) -> None:
    """Put zeros over what is in a file, on the disk too, and cut it to so many bytes. Raises OSError."""
    with path.open("r+b", buffering=0) as file:
        for start in range(0, size := os.fstat(file.fileno()).st_size, PIECE):
            file.write(bytes(min(PIECE, size - start)))
        os.fsync(file.fileno())
        file.truncate(min(left, size))


def erase(path: Path) -> None:
    """Put zeros over a file and remove it, where there is one; of a link, remove the link. Raises OSError."""
    with contextlib.suppress(FileNotFoundError):
        if not path.is_symlink():
            overwrite(path)
        path.unlink()


def share(made: Iterable[Path]) -> None:
    """Give what a user has saved the modes that any program's files have."""
    mask = usual_mask()
    for path in made:
        with contextlib.suppress(OSError):  # a disk without modes: then there is nothing to give
            path.chmod((0o777 if path.is_dir() else 0o666) & ~mask)


def usual_mask() -> int:
    """Return the umask that the program was started with."""
    if _usual is not None:
        return _usual
    mask = os.umask(OTHERS)  # there is no other way to ask; what a thread makes meanwhile is rather private
    os.umask(mask)
    return mask


def _tighten(folder: Path) -> None:
    """Keep others out of a folder that an older Inkling has made, up to the one that has the program's name."""
    names = folder.parts
    if paths.NAME not in names:
        return  # it was named by somebody: a test, or a benchmark
    above = len(names) - 1 - names[::-1].index(paths.NAME)
    for each in (folder, *folder.parents)[: len(names) - above]:
        with contextlib.suppress(OSError):  # somebody else's, or on a disk without modes
            if each.stat().st_mode & OTHERS and sys.platform != "win32":
                each.chmod(FOLDER)
                log.info("%s is private now", each)
