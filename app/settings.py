"""What the user has chosen, kept in one small file."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from app import paths
from app.whole_file import replaced
from model.errors import UserError
from model.ink import DEFAULT_WIDTH
from model.language import _


@dataclass(frozen=True, slots=True)
class Settings:
    """All that is remembered from one start to the next."""

    model: str = ""  # the folder of the model in use, among the user's own; empty: the bundled one
    threshold: float = 0.5  # of doubt, 0 to 1: above it, nothing is accepted as a digit
    teach_after: int = 0  # corrections, after which the model is taught by itself; 0: never
    data: str = ""  # the MNIST file or folder that was chosen last; empty: Keras' download
    live: bool = True  # the answer follows the pen
    inside: bool = False  # the panel that shows what the network does is unfolded
    width: int = DEFAULT_WIDTH  # pixels of the pen
    smooth: bool = True  # what the pen's hand trembles is taken out
    guide: bool = False  # a line to write on is shown
    language: str = ""  # its code; empty: the system's
    look: str = ""  # "light" or "dark"; empty: the system's
    place: str = ""  # of the window, as Tk says it: WIDTHxHEIGHT+LEFT+TOP; empty: where the system puts it
    recent: tuple[str, ...] = ()  # files that were opened or saved, the newest first


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
        found = value.get(field.name) if isinstance(value, dict) else None
        if field.name == "recent" and isinstance(found, list):
            found = tuple(name for name in found if isinstance(name, str))
        if type(found) is type(field.default):
            known[field.name] = found
    return Settings(**known)


def save(settings: Settings) -> None:
    """Keep the settings, in one step: a kill at any moment leaves the old file or the new one. Raises UserError."""
    try:
        path = paths.settings_file()
        path.parent.mkdir(parents=True, exist_ok=True)
        with replaced(path) as file:
            file.write(json.dumps(asdict(settings), indent=2).encode())
    except (OSError, RuntimeError) as error:
        raise UserError(
            _("The settings cannot be kept ({reason}); see that there is room on the disk.").format(reason=error)
        ) from error


def change(**values: Any) -> Settings:
    """Keep some settings with new values, the others as they are, and return all. Raises UserError."""
    changed = replace(load(), **values)
    save(changed)
    return changed
