"""One process at a time at a file: by the system's lock, or by a file that stands for it where there are no locks."""

from __future__ import annotations

import contextlib
import errno
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from filelock import BaseFileLock

HELD = ".held"  # ends the name of a file that stands for a lock
_NONE = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP}  # what a file system without locks says
_known: dict[Path, bool] = {}  # whether a folder has them, which must not change while something is held there


def file_lock(path: Path, patience: float) -> BaseFileLock:
    """Return the lock of a file, to be acquired: that raises filelock.Timeout where another has it, and OSError.

    Whoever comes to a file system finds the same there, so all of them use locks or none does. A file that stands for
    one names its process; when that is killed, the next one on the same computer takes it over.

    Args:
        path: the lock's own file, in a folder that exists; it may stay.
        patience: seconds to wait for others.
    """
    from filelock import FileLock, SoftFileLock  # noqa: PLC0415  (20 ms that opening the window does not need)

    if has_locks(path.parent):
        return FileLock(path, timeout=patience)
    return SoftFileLock(path.with_name(path.name + HELD), timeout=patience)


def has_locks(folder: Path) -> bool:
    """Return whether processes can keep each other from the files of a folder; where that cannot be tried, they can."""
    if folder not in _known:
        with contextlib.suppress(OSError):  # whoever wants to write there is told the same
            _known[folder] = _try(folder) or _try(folder)  # ENOLCK can be a moment's want of memory
    return _known.get(folder, True)


def _try(folder: Path) -> bool:
    if sys.platform == "win32":
        return True
    import fcntl  # noqa: PLC0415  (Windows has none)

    with tempfile.TemporaryFile(dir=folder) as file:
        try:
            for lock in (fcntl.flock, fcntl.lockf):  # ours, and SQLite's
                lock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                lock(file, fcntl.LOCK_UN)
        except OSError as error:
            if error.errno in _NONE:
                return False
            raise
    return True
