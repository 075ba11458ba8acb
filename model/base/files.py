"""Safe files: only plain ones are read; they're written whole, flushed, private, set aside if damaged, and locked.

On Windows the folders of a user's programs are private by themselves.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import itertools
import logging
import os
import re
import stat
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from model.base.program import NAME

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from filelock import BaseFileLock

FOLDER_MODE, FILE_MODE = 0o700, 0o600  # of what is its user's alone
OTHERS = 0o077  # of a mode, what isn't the user's
UNFINISHED = ".inkling-"  # how the names of files begin that are being written
STALE = 3600  # seconds; nobody writes for so long
DAMAGED = ".damaged-"  # in the names of files that were set aside
OVERWRITTEN_AT_ONCE = 1_000_000  # bytes

HELD = ".held"  # ends the name of a file that stands for a lock

_LOCKLESS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP}  # what a file system without locks says
_has_locks: dict[Path, bool] = {}  # whether a folder has them, which must not change while something is held there
_UNFINISHED_NAME = re.compile(re.escape(UNFINISHED) + r"\w{8}")

log = logging.getLogger(__name__)


def real(path: Path) -> Path:
    """Return where a path leads; unlike `Path.resolve`, it raises nothing for a link to itself."""
    return Path(os.path.realpath(path))


def unused(path: Path, ending: str = "") -> Path:
    """Return the path with an ending; if that exists, the first free one with a number before the ending."""
    numbers = itertools.chain([""], (f"-{number}" for number in itertools.count(2)))
    named = (path.with_name(f"{path.name}{number}{ending}") for number in numbers)
    return next(each for each in named if not os.path.exists(each))  # noqa: PTH110  (Path.exists raises where nobody may look)


def open_plain(path: Path) -> BufferedReader:
    """Return a file open for reading. Raises OSError, also for pipes and devices, which may never end."""
    try:
        # Without waiting, as for a pipe that nobody writes to; Path.open knows no opener.
        file = open(path, "rb", opener=lambda name, flags: os.open(name, flags | getattr(os, "O_NONBLOCK", 0)))  # noqa: SIM115
    except ValueError as error:  # a name with a zero in it
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path)) from error
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path))
    return file


def read_plain(path: Path, most: int) -> bytes:
    """Return a file's contents. Raises OSError, with EFBIG if there are more than ``most`` bytes."""
    with open_plain(path) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return content


@contextlib.contextmanager
def replaced(path: Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """Yield a file to write that replaces ``path`` when it's complete; until then, the old file stays.

    Only the user can read a private one. Raises OSError, and then the old file is still there: a full disk doesn't cost
    it. Afterwards the new file is flushed to the disk, under its name. What killed programs left next to it is removed.
    """
    path = real(path)  # so that a link stays a link
    handle, name = tempfile.mkstemp(prefix=UNFINISHED, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if not private:
            share([Path(name)])  # a temporary one is private
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    flush_folder(path.parent)
    remove_unfinished(path.parent)


def keep_newest(folder: Path, most: int) -> None:
    """Remove all files of a folder but so many that were written or touched last. Raises OSError."""
    for path in sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime)[:-most]:
        path.unlink(missing_ok=True)


def remove_unfinished(folder: Path) -> None:
    """Remove what programs left in a folder when they were killed while writing."""
    with contextlib.suppress(OSError):
        for entry in os.scandir(folder):
            if _UNFINISHED_NAME.fullmatch(entry.name):
                with contextlib.suppress(OSError):  # whoever wrote it has just finished it
                    if time.time() - entry.stat().st_mtime > STALE:
                        Path(entry.path).unlink()


def flush_file(path: Path) -> None:
    """Flush a file's contents to the disk, so that a power cut doesn't undo it. Raises OSError."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def flush_folder(path: Path) -> None:
    """Flush a folder's names to the disk: without that, a file that was moved into it can be missing again."""
    if sys.platform == "win32":
        return  # Windows opens no folders
    with contextlib.suppress(OSError):  # some file systems flush none
        folder = os.open(path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def set_aside(path: Path, *endings: str) -> Path:
    """Rename a damaged file to a name that says when, and return its new path. Raises OSError.

    Files next to it with its name and one of the endings are removed first: a new file mustn't take them for its own.
    """
    aside = unused(path.with_name(f"{path.name}{DAMAGED}{time.strftime('%Y%m%d-%H%M%S')}"))
    for ending in (*endings, ""):
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + ending).rename(aside.with_name(aside.name + ending))
    return aside


def make_folder(path: Path) -> None:
    """Make one of the program's own folders, where it isn't there yet, and keep others out of it. Raises OSError.

    Missing parent folders are made in the same way, as the XDG specification asks; existing ones stay as they are.
    """
    for each in reversed([each for each in (path, *path.parents) if not each.exists()]):
        each.mkdir(mode=FOLDER_MODE, exist_ok=True)
    path.mkdir(mode=FOLDER_MODE, exist_ok=True)  # raises where there's something else
    tighten(path)


def tighten(folder: Path) -> None:
    """Keep others out of a folder that an older Inkling made, up to the one with the program's name."""
    names = folder.parts
    if NAME not in names:
        return  # it was named by somebody: a test, or a benchmark
    above = len(names) - 1 - names[::-1].index(NAME)
    for each in (folder, *folder.parents)[: len(names) - above]:
        with contextlib.suppress(OSError):  # somebody else's, or on a disk without modes
            if each.stat().st_mode & OTHERS and sys.platform != "win32":
                each.chmod(FOLDER_MODE)
                log.info("%s is private now", each)


def private_opener(path: str, flags: int) -> int:
    """Open a file for `open` as its ``opener``, a new one private."""
    return os.open(path, flags, FILE_MODE)


def overwrite(path: Path, left: int = 0) -> None:
    """Overwrite a file with zeros, on the disk, too, and cut it to this many bytes. Raises OSError."""
    with path.open("r+b", buffering=0) as file:
        for start in range(0, size := os.fstat(file.fileno()).st_size, OVERWRITTEN_AT_ONCE):
            file.write(bytes(min(OVERWRITTEN_AT_ONCE, size - start)))
        os.fsync(file.fileno())
        file.truncate(min(left, size))


def erase(path: Path) -> None:
    """Overwrite a file with zeros and remove it, if it exists; for a link, remove the link. Raises OSError."""
    with contextlib.suppress(FileNotFoundError):
        if not path.is_symlink():
            overwrite(path)
        path.unlink()


def make_private_by_default() -> None:
    """Make this process and its children create only private files; what users save gets its modes from `share`."""
    usual_mask()  # is asked for before it changes
    os.umask(OTHERS)


@functools.cache
def usual_mask() -> int:
    """Return the umask that the program was started with."""
    mask = os.umask(OTHERS)  # there's no other way to ask; what a thread makes meanwhile is rather private
    os.umask(mask)
    return mask


def share(made: Iterable[Path]) -> None:
    """Give a file that the user saved the modes that any program's files have."""
    for path in made:
        with contextlib.suppress(OSError):  # a disk without modes: then there's nothing to give
            path.chmod((0o777 if path.is_dir() else 0o666) & ~usual_mask())


def file_lock(path: Path, patience: float) -> BaseFileLock:
    """Return a lock on a separate file; acquiring it raises TimeoutError after this many seconds, and OSError.

    All processes find the same on a file system, so all of them use real locks or none does. A file that stands for a
    lock names its process; if that is killed, the next one on the same computer takes the lock over.
    """
    from filelock import FileLock, SoftFileLock  # noqa: PLC0415  (20 ms that opening the window doesn't need)

    if has_locks(path.parent):
        return FileLock(path, timeout=patience, thread_local=False)
    return SoftFileLock(path.with_name(path.name + HELD), timeout=patience, thread_local=False)


def drop_lock(lock: BaseFileLock) -> None:
    """Release a lock, and remove its file while it's still held: whoever waits for it sees that it's gone."""
    with contextlib.suppress(OSError):  # it stays, then, and the next who holds it removes it
        Path(lock.lock_file).unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # the system lets it go at the latest with this process
        lock.release()


def has_locks(folder: Path) -> bool:
    """Return whether processes can lock files in a folder; True if that can't be tried."""
    if folder not in _has_locks:
        with contextlib.suppress(OSError):  # whoever wants to write there is told the same
            _has_locks[folder] = _try(folder) or _try(folder)  # ENOLCK can be a moment's want of memory
    return _has_locks.get(folder, True)


def _try(folder: Path) -> bool:
    if sys.platform == "win32":
        return True
    with tempfile.TemporaryFile(dir=folder) as file:
        try:
            for lock in (fcntl.flock, fcntl.lockf):  # ours, and SQLite's
                lock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                lock(file, fcntl.LOCK_UN)
        except OSError as error:
            if error.errno in _LOCKLESS:
                return False
            raise
    return True
