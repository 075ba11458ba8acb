"""Where the program's own files are. The bundled model is found by `model.bundle.bundle`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import platformdirs

from model.base import files
from model.base.program import NAME

TEACHING = ".teaching.jsonl"  # beside the user's drawings

_NOWHERE = Path(os.devnull)  # nobody can make a folder in it


def shown(path: Path) -> str:
    """Return a path as people say it, with ``~`` for their home; on Windows nobody does."""
    try:
        return str(path) if sys.platform == "win32" else f"~/{path.relative_to(Path.home())}"
    except (ValueError, RuntimeError):  # it is elsewhere, or there is no home at all
        return str(path)


def log_file() -> Path:
    """Return where the log is written; the folder may not exist yet."""
    return _own(platformdirs.user_log_dir) / "inkling.log"


def settings_file() -> Path:
    """Return where the settings are kept; neither the file nor its folder need exist yet."""
    return _own(platformdirs.user_config_dir) / "settings.json"


def models_folder() -> Path:
    """Return where the user's own models are kept, a folder each; it may not exist yet."""
    return _own(platformdirs.user_data_dir) / "models"


def reports_folder() -> Path:
    """Return where reports on models are kept, a folder a model; it may not exist yet."""
    return _own(platformdirs.user_data_dir) / "reports"


def samples_file() -> Path:
    """Return where the user's own labelled drawings are kept; neither the file nor its folder need exist yet."""
    return _own(platformdirs.user_data_dir) / "drawings.sqlite3"


def teaching_file() -> Path:
    """Return where the drawings lie while a model learns them; the file exists only then."""
    return samples_file().with_name(TEACHING)


def last_drawing_file() -> Path:
    """Return where the open drawing is kept from one start to the next; neither the file nor its folder need exist."""
    return _own(platformdirs.user_data_dir) / "last-drawing.json"


def running_file() -> Path:
    """Return where the running window says how a second start reaches it; the file exists only meanwhile."""
    return _own(platformdirs.user_data_dir) / ".running.json"


def keep_private() -> None:
    """Let this process and its children make private files alone from now on, and tighten the program's folders."""
    files.make_private_by_default()
    for folder in (settings_file().parent, log_file().parent, models_folder(), reports_folder()):
        if folder.is_dir():
            files.tighten(folder)


def _own(find: Callable[..., str]) -> Path:
    """Return one of the program's own folders; for a user without a home one that cannot be, so that nothing is kept.

    Without that, some versions of platformdirs raise RuntimeError, and others name a folder `~` wherever one works.
    """
    try:
        folder = Path(find(NAME, appauthor=False))
    except RuntimeError:
        return _NOWHERE / NAME
    return folder if folder.is_absolute() else _NOWHERE / NAME
