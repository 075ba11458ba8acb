"""What the user has chosen, kept in one small file."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import asdict, dataclass, fields
from typing import Any

from app import paths
from model.errors import UserError


@dataclass(frozen=True, slots=True)
class Settings:
    """All that is remembered from one start to the next."""

    model: str = ""  # the folder of the model in use, among the user's own; empty: the bundled one
    threshold: float = 0.5  # of doubt, 0 to 1: above it, nothing is accepted as a digit
    teach_after: int = 0  # corrections, after which the model is taught by itself; 0: never
    data: str = ""  # the MNIST file or folder that was chosen last; empty: Keras' download


def load() -> Settings:
    """Return the settings, those that nobody can read as they are at first."""
    try:
        value = json.loads(paths.settings_file().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, RuntimeError, ValueError, RecursionError):
        logging.warning("the settings cannot be read", exc_info=True)
        return Settings()
    known: dict[str, Any] = {}
    for field in fields(Settings):
        if isinstance(value, dict) and isinstance(value.get(field.name), type(field.default)):
            known[field.name] = value[field.name]
    return Settings(**known)


def save(settings: Settings) -> None:
    """Keep the settings, in one step: a kill at any moment leaves the old file or the new one. Raises UserError."""
    try:
        path = paths.settings_file()
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            with scratch.open("w", encoding="utf-8") as file:
                json.dump(asdict(settings), file, indent=2)
                file.flush()
                os.fsync(file.fileno())
            scratch.replace(path)
        finally:
            scratch.unlink(missing_ok=True)
    except (OSError, RuntimeError) as error:
        raise UserError(f"The settings cannot be kept ({error}); see that there is room on the disk.") from error
