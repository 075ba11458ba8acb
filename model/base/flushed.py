"""What was written, brought to the disk, so that a cut of the power does not take it back."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path


def flush_file(path: Path) -> None:
    """Have what a file holds on the disk. Raises OSError."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def flush_folder(path: Path) -> None:
    """Have the names in a folder on the disk: without that, a file that was moved into it can be missing again."""
    if sys.platform == "win32":
        return  # Windows opens no folders
    with contextlib.suppress(OSError):  # some file systems flush none
        folder = os.open(path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
