"""Where the program's own files are. `model.bundle.bundle` finds the built-in model.

Drawings, models and settings belong to the profile in use; all profiles share the log and what networks rehearse.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import platformdirs

from model.base import files
from model.base.program import NAME

TEACHING = ".teaching.jsonl"  # next to the user's drawings

FIRST = ""  # the key of the profile that's always there

_NOWHERE = Path(os.devnull)  # no folder can be made in it
_in_use = FIRST


def profile() -> str:
    """Return the key of the profile in use."""
    return _in_use


def use_profile(key: str) -> None:
    """Use another profile's files from now on; none of the previous profile's may be open."""
    global _in_use  # noqa: PLW0603  (a process has one user at a time)
    _in_use = key


def profiles_folder() -> Path:
    """Return where all profiles but the first are, each in a folder named by its key; it may not exist yet."""
    return _own(platformdirs.user_data_dir) / "profiles"


def shown(path: Path) -> str:
    """Return a path as people write it, with ``~`` for their home, except on Windows."""
    try:
        return str(path) if sys.platform == "win32" else f"~/{path.relative_to(Path.home())}"
    except (ValueError, RuntimeError):  # it's outside the home, or there's no home at all
        return str(path)


def log_file() -> Path:
    """Return where the log is written; the folder may not exist yet."""
    return _own(platformdirs.user_log_dir) / "inkling.log"


def settings_file(profile: str | None = None) -> Path:
    """Return where a profile's settings are kept; the file and its folder may not exist yet."""
    return _of(profile, platformdirs.user_config_dir) / "settings.json"


def models_folder(profile: str | None = None) -> Path:
    """Return where a profile's own models are kept, one folder each; it may not exist yet."""
    return _of(profile, platformdirs.user_data_dir) / "models"


def reports_folder() -> Path:
    """Return where reports on models are kept, one folder per model; it may not exist yet."""
    return _of(None, platformdirs.user_data_dir) / "reports"


def samples_file(profile: str | None = None) -> Path:
    """Return where a profile's labelled drawings are kept; the file and its folder may not exist yet."""
    return _of(profile, platformdirs.user_data_dir) / "drawings.sqlite3"


def teaching_file() -> Path:
    """Return where the drawings are while a model learns them; the file exists only then."""
    return samples_file().with_name(TEACHING)


def rehearsal_folder() -> Path:
    """Return where what networks rehearse is kept, one file each; it can be deleted, and may not exist yet."""
    return _own(platformdirs.user_cache_dir) / "rehearsal"


def answers_folder() -> Path:
    """Return where models' answers to test images are kept, one file each; it can be deleted, and may not exist yet."""
    return _own(platformdirs.user_cache_dir) / "answers"


def last_drawing_file() -> Path:
    """Return where the open drawing is kept from one start to the next; the file and its folder may not exist yet."""
    return _of(None, platformdirs.user_data_dir) / "last-drawing.json"


def running_file(profile: str | None = None) -> Path:
    """Return where a profile's window says how a second start can reach it; the file exists only meanwhile."""
    return _of(profile, platformdirs.user_data_dir) / ".running.json"


def keep_private() -> None:
    """Make this process and its children create only private files from now on; also make our folders private."""
    files.make_private_by_default()
    own = (settings_file(FIRST), settings_file(), log_file())
    for folder in (*(path.parent for path in own), models_folder(), reports_folder()):
        if folder.is_dir():
            files.tighten(folder)


def _of(profile: str | None, find: Callable[..., str]) -> Path:
    """Return a profile's equivalent of one of the program's folders, which are the first's; None: the one in use."""
    key = _in_use if profile is None else profile
    return profiles_folder() / key if key else _own(find)


def _own(find: Callable[..., str]) -> Path:
    """Return one of the program's own folders; for a user without a home, an impossible one, so that nothing is kept.

    Without that, some versions of platformdirs raise RuntimeError, and others use a folder `~` in the working folder.
    """
    try:
        folder = Path(find(NAME, appauthor=False))
    except RuntimeError:
        return _NOWHERE / NAME
    return folder if folder.is_absolute() else _NOWHERE / NAME
