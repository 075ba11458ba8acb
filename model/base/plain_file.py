"""Files that anybody may have made, opened and read: plain ones alone, and no more of them than there may be."""

from __future__ import annotations

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path


def open_plain(path: Path) -> BufferedReader:
    """Return a file open for reading. Raises OSError, also for pipes and devices, which need not ever end."""
    try:
        file = open(path, "rb", opener=_at_once)  # noqa: SIM115  (Path.open knows no opener)
    except ValueError as error:  # a name with a zero in it
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path)) from error
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path))
    return file


def _at_once(path: str, flags: int) -> int:
    """Open a file without waiting, as for a pipe that nobody writes to."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def read_plain(path: Path, most: int) -> bytes:
    """Return what is in a file. Raises OSError, EFBIG where that is more than ``most`` bytes."""
    with open_plain(path) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return content
