"""The log: where traces and warnings go, so that the user never sees one."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from app.kept.paths import log_file
from model.base.files import make_folder, private_opener
from model.base.language import _


class _Log:
    """The log of this process, which has one, as it has one root logger."""

    place = ""  # as the user is told; empty: it couldn't be written


_log = _Log()


def place() -> str:
    """Return where the log is, to tell the user."""
    return _log.place or _("no log, because it couldn't be written")


def is_elsewhere(where: str) -> None:
    """Say so to users from now on, in a process that is another program's, which has a log of its own."""
    _log.place = where


class _FileHandler(logging.Handler):
    """Opens the log, which is the user's alone, when there's something to write: most starts have nothing."""

    def __init__(self, path: Path):
        super().__init__()
        self._path = path
        self._file: logging.Handler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        if self._file is None:
            from app.facts.log_file import PrivateFileHandler  # noqa: PLC0415  (sockets and pickles come with it)

            self._file = PrivateFileHandler(
                self._path, maxBytes=500_000, backupCount=1, encoding="utf-8", errors="backslashreplace", delay=True
            )
            self._file.setFormatter(self.formatter)
        self._file.handle(record)

    def close(self) -> None:
        """Close the file."""
        if self._file:
            self._file.close()
        super().close()


def start() -> None:
    """Send log messages to the log file, private to the user; continue without one if it can't be written."""
    handler: logging.Handler = logging.NullHandler()  # a read-only home is no reason not to read digits
    try:
        path = log_file()
        make_folder(path.parent)
        if path.exists() and not path.is_file():
            raise FileExistsError(f"{path} is no file")  # a pipe there would wait for its reader forever
        os.close(private_opener(str(path), os.O_CREAT | os.O_APPEND))
        handler = _FileHandler(path)
        _log.place = str(path)
    except (OSError, RuntimeError):  # RuntimeError: the user has no home at all
        pass
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # a full disk must not fill the terminal too
