"""The log's file, which the log opens when there's something to write."""

from __future__ import annotations

from io import TextIOWrapper
from logging.handlers import RotatingFileHandler

from model.base.files import private_opener


class PrivateFileHandler(RotatingFileHandler):
    """A log whose files only the user can read, including those that follow a full one."""

    def _open(self) -> TextIOWrapper:
        # Like its parent's, which knows no modes; closed by it.
        return open(self.baseFilename, self.mode, encoding=self.encoding, errors=self.errors, opener=private_opener)  # type: ignore[return-value]  # text, by its mode
