"""What is logged as an error while something is tried: a bug that was caught is one still."""

from __future__ import annotations

import logging


class Errors(logging.Handler):
    """Keeps each such message, with its trace, from when it is made."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []
        logging.getLogger().addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a message; Pillow's are about what it is given, and it raises next."""
        if record.name.startswith("PIL."):
            return
        self.messages.append(f"logged an error: {self.format(record)}")
