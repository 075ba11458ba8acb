"""What the user has chosen, kept in one small file."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from app.kept import paths
from model.base.errors import UserError
from model.base.files import file_lock, make_folder, replaced, set_aside
from model.base.language import _
from model.ink.ink import DEFAULT_WIDTH

RANGES = {"threshold": (0.0, 1.0), "teach_after": (0, 1000), "width": (2, 100)}  # least and most; beyond is nonsense
LOOKS = ("", "light", "dark")
MOST_RECENT = 8  # files
LOCK_PATIENCE = 2.0  # seconds that a change waits for one of another window
LARGEST_SETTINGS = 1_000_000  # bytes; more are no settings

_notices: list[str] = []  # what befell the file, until it is told


@dataclass(frozen=True, slots=True)
class Settings:
    """All that is remembered from one start to the next."""

    model: str = ""  # the folder of the model in use, among the user's own; empty: the bundled one
    threshold: float = 0.5  # of doubt, 0 to 1: above it, nothing is accepted as a digit
    teach_after: int = 0  # new drawings, after which the model is taught by itself; 0: never
    relearned: str = ""  # the hash of the built-in network that has last tried to learn what an older one was taught
    data: str = ""  # the MNIST file or folder that was chosen last; empty: Keras' download
    live: bool = True  # the answer follows the pen
    inside: bool = False  # the panel that shows what the network does is unfolded
    width: int = DEFAULT_WIDTH  # pixels of the pen
    smooth: bool = True  # what the pen's hand trembles is taken out
    guide: bool = False  # a line to write on is shown
    language: str = ""  # its code; empty: the system's
    look: str = ""  # "light" or "dark"; empty: the system's
    place: str = ""  # of the window: WIDTHxHEIGHT+LEFT+TOP, and " zoomed"; empty: where the system puts it
    recent: tuple[str, ...] = ()  # files that were opened or saved, the newest first


def load() -> Settings:
    """Return the settings, those that nobody can read as they are at first; a damaged file is set aside."""
    try:
        return _settings(_found())
    except (OSError, RuntimeError):  # RuntimeError: the user has no home at all
        logging.warning("the settings cannot be read", exc_info=True)
        return Settings()


def notice() -> str:
    """Return a sentence on what befell the settings' file, once; empty when nothing did."""
    told = _notices[-1] if _notices else ""
    _notices.clear()
    return told


def change(**values: Any) -> Settings:
    """Keep some settings with new values, the others as they are in the file now, and return all. Raises UserError.

    It is done in one step: a kill at any moment leaves the old file or the new one. What is in the file and unknown
    here, because a newer Inkling wrote it, stays there.
    """
    try:
        path = paths.settings_file()
        make_folder(path.parent)
        with file_lock(path.with_name(f".{path.name}.lock"), LOCK_PATIENCE):
            found = _found()  # a file that cannot be read now is not to be written over
            changed = replace(_settings(found), **values)
            with replaced(path, private=True) as file:
                file.write(json.dumps(asdict(Settings()) | found | values, indent=2).encode())
    except TimeoutError as error:
        raise UserError(_("Another Inkling is changing the settings; try again when it is done.")) from error
    except (OSError, RuntimeError) as error:
        sentence = _("The settings cannot be kept ({reason}); see that there is room on the disk.")
        raise UserError(sentence, reason=error) from error
    return changed


def _found() -> dict[str, Any]:
    """Return what is in the file: nothing where there is none, or a damaged one, which is set aside. Raises OSError."""
    path = paths.settings_file()
    try:
        value = None if path.stat().st_size > LARGEST_SETTINGS else json.loads(path.read_text(encoding="utf-8"))
        json.dumps(value, indent=2)  # what is nested so deeply that it cannot be written again is damaged, too
    except FileNotFoundError:
        return {}
    except (ValueError, RecursionError):
        logging.warning("the settings are damaged", exc_info=True)
        value = None
    if isinstance(value, dict):
        return value
    try:
        path = set_aside(path)
        sentence = _("The file of your settings was damaged. It is kept as {name}; the settings are as at first.")
    except OSError:
        logging.warning("the damaged settings cannot be set aside", exc_info=True)
        sentence = _("The file of your settings is damaged ({name}); the settings are as at first.")
    _notices.append(sentence.format(name=path.name))
    return {}


def _settings(found: Mapping[str, Any]) -> Settings:
    return Settings(**{each.name: _read(each.name, found.get(each.name), each.default) for each in fields(Settings)})


def _read(name: str, found: Any, default: Any) -> Any:
    """Return a setting as it was found, held to what makes sense; what is of another kind is as at first."""
    if name == "recent" and isinstance(found, list):
        return tuple(each for each in found if isinstance(each, str))[:MOST_RECENT]
    if isinstance(default, float) and type(found) is int:
        found = float(found) if abs(found) < 1000 else default
    if type(found) is not type(default) or found != found or (name == "look" and found not in LOOKS):  # noqa: PLR0124  (NaN)
        return default
    if name in RANGES:
        least, most = RANGES[name]
        return min(max(found, least), most)
    return found
