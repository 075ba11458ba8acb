"""The log: where traces and warnings go, so that the user never sees one."""

from __future__ import annotations

import logging
import logging.handlers
import os
from io import TextIOWrapper

from app.kept.paths import log_file
from model.base.files import make_folder, private_opener
from model.base.language import _


class _Log:
    """The log of this process, which has one, as it has one root logger."""

    place = ""  # as the user is told; empty: it could not be written


_log = _Log()


def place() -> str:
    """Return where the log is, to tell the user."""
    return _log.place or _("no log: it could not be written")


def is_elsewhere(where: str) -> None:
    """Say so to users from now on, in a process that is another program's, which has a log of its own."""
    _log.place = where


class _PrivateFileHandler(logging.handlers.RotatingFileHandler):
    """A log whose files, also those that come after a full one, are the user's alone."""

    def _open(self) -> TextIOWrapper:
        # Like its parent's, which knows no modes; closed by it.
        return open(self.baseFilename, self.mode, encoding=self.encoding, errors=self.errors, opener=private_opener)  # type: ignore[return-value]  # text, by its mode


def start() -> None:
    """Send what is logged to the log file, private to the user; go on without one where it cannot be written."""
    handler: logging.Handler = logging.NullHandler()  # a read-only home is no reason not to read digits
    try:
        path = log_file()
        make_folder(path.parent)
        if path.exists() and not path.is_file():
            raise FileExistsError(f"{path} is no file")  # a pipe there would wait for its reader for ever
        os.close(private_opener(str(path), os.O_CREAT | os.O_APPEND))
        handler = _PrivateFileHandler(
            path, maxBytes=500_000, backupCount=1, encoding="utf-8", errors="backslashreplace", delay=True
        )
        _log.place = str(path)
    except (OSError, RuntimeError):  # RuntimeError: the user has no home at all
        pass
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # a full disk must not fill the terminal too
