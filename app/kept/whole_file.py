"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from app.kept.private import share
from model.base.flushed import flush_folder

UNFINISHED = ".inkling-"  # how the names of files begin that are being written
STALE = 3600  # seconds; nobody writes for so long
_NAMES = re.compile(re.escape(UNFINISHED) + r"\w{8}")


@contextmanager
def replaced(path: Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """Yield a file to write that takes the place of ``path`` when it is whole; until then what was there stays.

    A private one can be read by the user alone. Raises OSError, and then what was there is there still: a full disk
    does not cost the older file. Afterwards it is on the disk, under its name. What programs that were killed have left
    beside it is removed.
    """
    path = Path(os.path.realpath(path))  # so that a link stays a link; unlike `resolve` it takes one to itself
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
    clear(path.parent)


def clear(folder: Path) -> None:
    """Remove what programs that were killed while they wrote have left in a folder."""
    with contextlib.suppress(OSError):
        for entry in os.scandir(folder):
            if entry.name.startswith(UNFINISHED) and _NAMES.fullmatch(entry.name):
                with contextlib.suppress(OSError):  # whoever wrote it has just finished it
                    if time.time() - entry.stat().st_mtime > STALE:
                        Path(entry.path).unlink()
