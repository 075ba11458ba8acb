"""Errors that are logged while something is tried: a bug that was caught is still a bug."""

from __future__ import annotations

import logging


class Errors(logging.Handler):
    """Collects each error's message, with its traceback, as soon as it exists."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []
        logging.getLogger().addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Collect a message; skip Pillow's, which are about its input, since it raises an error next."""
        if record.name.startswith("PIL."):
            return
        self.messages.append(f"logged an error: {self.format(record)}")
