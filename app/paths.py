"""Where the program's own files are. The bundled model is found by `model.bundle`."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

NAME = "Inkling"
TEACHING = ".teaching.jsonl"  # beside the user's drawings


def shown(path: Path) -> str:
    """Return a path as people say it, with ``~`` for their home; on Windows nobody does."""
    try:
        return str(path) if os.name == "nt" else f"~/{path.relative_to(Path.home())}"
    except (ValueError, RuntimeError):  # it is elsewhere, or there is no home at all
        return str(path)


def log_file() -> Path:
    """Return where the log is written; the folder may not exist yet."""
    return Path(platformdirs.user_log_dir(NAME, appauthor=False)) / "inkling.log"


def settings_file() -> Path:
    """Return where the settings are kept; neither the file nor its folder need exist yet."""
    return Path(platformdirs.user_config_dir(NAME, appauthor=False)) / "settings.json"


def models_folder() -> Path:
    """Return where the user's own models are kept, a folder each; it may not exist yet."""
    return Path(platformdirs.user_data_dir(NAME, appauthor=False)) / "models"


def reports_folder() -> Path:
    """Return where reports on models are kept, a folder a model; it may not exist yet."""
    return Path(platformdirs.user_data_dir(NAME, appauthor=False)) / "reports"


def samples_file() -> Path:
    """Return where the user's own labelled drawings are kept; neither the file nor its folder need exist yet."""
    return Path(platformdirs.user_data_dir(NAME, appauthor=False)) / "drawings.sqlite3"


def teaching_file() -> Path:
    """Return where the drawings lie while a model learns them; the file exists only then."""
    return samples_file().with_name(TEACHING)


def last_drawing_file() -> Path:
    """Return where the open drawing is kept from one start to the next; neither the file nor its folder need exist."""
    return Path(platformdirs.user_data_dir(NAME, appauthor=False)) / "last-drawing.json"


def running_file() -> Path:
    """Return where the running window says how a second start reaches it; the file exists only meanwhile."""
    return Path(platformdirs.user_data_dir(NAME, appauthor=False)) / ".running.json"


def project_file() -> Path | None:
    """Return the checkout's pyproject.toml; None in an installed or frozen program."""
    path = Path(__file__).resolve().parent.parent / "pyproject.toml"
    return path if path.is_file() else None
