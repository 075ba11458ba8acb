"""Where the program's own files are. The bundled model is found by `model.bundle`."""

from __future__ import annotations

from pathlib import Path

import platformdirs

NAME = "Inkling"


def log_file() -> Path:
    """Return where the log is written; the folder may not exist yet."""
    return Path(platformdirs.user_log_dir(NAME, appauthor=False)) / "inkling.log"


def project_file() -> Path | None:
    """Return the checkout's pyproject.toml; None in an installed or frozen program."""
    path = Path(__file__).resolve().parent.parent / "pyproject.toml"
    return path if path.is_file() else None
