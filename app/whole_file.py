"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from app.private import share

UNFINISHED = ".inkling-"  # how the names of files begin that are being written


@contextmanager
def replaced(path: Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """Yield a file to write that takes the place of ``path`` when it is whole; until then what was there stays.

    A private one can be read by the user alone. Raises OSError, and then what was there is there still: a full disk
    does not cost the older file.
    """
    path = path.resolve()  # so that a link stays a link
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
        Path(name).unlink()
        raise
