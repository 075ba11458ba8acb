"""The user's settings, kept in one small file."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from app.kept import paths
from model.base.errors import UserError
from model.base.files import file_lock, make_folder, replaced, set_aside
from model.base.language import _
from model.ink.ink import DEFAULT_WIDTH

TEXT_SIZES = (90, 100, 110, 125, 150, 175, 200)  # per cent; these can be chosen
RANGES = {
    "threshold": (0.0, 1.0),
    "width": (2, 100),
    "text_size": (TEXT_SIZES[0], TEXT_SIZES[-1]),
}  # least and most; anything beyond is nonsense
LOOKS = ("", "light", "dark")
MOST_RECENT = 8  # files
LOCK_PATIENCE = 2.0  # seconds that a change waits for another window's
LARGEST_SETTINGS = 1_000_000  # bytes; anything larger isn't a settings file

_notices: list[str] = []  # what happened to the file, until the user is told


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that's remembered from one start to the next."""

    model: str = ""  # the folder of the model in use, among the user's own; empty: the built-in one
    threshold: float = 0.5  # of doubt, 0 to 1: above it, nothing is accepted as a digit
    learn: bool = True  # from each correction
    relearned: str = ""  # the hash of the last built-in network that tried to learn what an older one was taught
    data: str = ""  # the MNIST file or folder that was chosen last; empty: Keras' download
    live: bool = True  # the answer follows the pen
    inside: bool = False  # the panel that shows what the network does is open
    width: int = DEFAULT_WIDTH  # pixels of the pen
    smooth: bool = True  # the hand's tremor is smoothed out
    guide: bool = False  # a line to write on is visible
    language: str = ""  # its code; empty: the system's
    look: str = ""  # "light" or "dark"; empty: the system's
    text_size: int = 100  # per cent, of all text
    welcomed: bool = False  # the welcome for new users was shown
    name: str = ""  # of the profile whose settings these are
    profile: str = ""  # only in the first profile's settings: the key of the last chosen profile
    place: str = ""  # of the window: WIDTHxHEIGHT+LEFT+TOP, and " zoomed"; empty: where the system puts it
    folder: str = ""  # where pictures or ink were last chosen; empty: the user's documents
    page_folder: str = ""  # likewise for pages; if this or one of the next is empty, `folder` is used
    data_folder: str = ""  # for data to train on
    model_folder: str = ""
    save_folder: str = ""
    recent: tuple[str, ...] = ()  # files that were opened or saved, the newest first


def load(profile: str | None = None) -> Settings:
    """Return the settings of a profile, by default the one in use; a damaged file is set aside.

    Unreadable settings have their defaults.
    """
    try:
        return _settings(_found(paths.settings_file(profile)))
    except (OSError, RuntimeError):  # RuntimeError: the user has no home at all
        logging.warning("the settings cannot be read", exc_info=True)
        return Settings()


def notice() -> str:
    """Return a sentence on what happened to the settings file, once; empty if nothing did."""
    told = _notices[-1] if _notices else ""
    _notices.clear()
    return told


def note(sentence: str) -> None:
    """Set the sentence that `notice` returns next."""
    _notices.append(sentence)


def change(of: str | None = None, /, **values: Any) -> Settings:
    """Save new values of some settings, the others staying as they are in the file, and return all. Raises UserError.

    They are ``of`` a profile, by default the one in use. It's done in one step: a kill at any moment leaves the old
    file or the new one. Unknown settings in the file, because a newer Inkling wrote it, stay there.
    """
    try:
        path = paths.settings_file(of)
        make_folder(path.parent)
        with file_lock(path.with_name(f".{path.name}.lock"), LOCK_PATIENCE):
            found = _found(path)  # a file that can't be read now mustn't be overwritten
            changed = replace(_settings(found), **values)
            with replaced(path, private=True) as file:
                file.write(json.dumps(asdict(Settings()) | found | values, indent=2).encode())
    except TimeoutError as error:
        raise UserError(_("Another Inkling is changing the settings. Try again when it's done.")) from error
    except (OSError, RuntimeError) as error:
        sentence = _("The settings can't be saved ({reason}). Make room on the disk.")
        raise UserError(sentence, reason=error) from error
    return changed


def _found(path: Path) -> dict[str, Any]:
    """Return a file's content; empty if there's no file, or it's damaged and set aside. Raises OSError."""
    try:
        value = None if path.stat().st_size > LARGEST_SETTINGS else json.loads(path.read_text(encoding="utf-8"))
        json.dumps(value, indent=2)  # if it's nested too deeply to be written again, it's damaged, too
    except FileNotFoundError:
        return {}
    except (ValueError, RecursionError):
        logging.warning("the settings are damaged", exc_info=True)
        value = None
    if isinstance(value, dict):
        return value
    try:
        path = set_aside(path)
        sentence = _(
            "The settings file was damaged. It's now called {name}, and the settings are back to their defaults."
        )
    except OSError:
        logging.warning("the damaged settings cannot be set aside", exc_info=True)
        sentence = _("The settings file {name} is damaged. The settings are back to their defaults.")
    note(sentence.format(name=path.name))
    return {}


def _settings(found: Mapping[str, Any]) -> Settings:
    return Settings(**{each.name: _read(each.name, found.get(each.name), each.default) for each in fields(Settings)})


def _read(name: str, found: Any, default: Any) -> Any:
    """Return a setting as it was found, limited to sensible values; the default if it has the wrong type."""
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
