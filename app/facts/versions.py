"""The versions of the libraries and the system, for About and for problem reports."""

from __future__ import annotations

import contextlib
import platform
import sys
from importlib import metadata

from app.facts.card_text import UNKNOWN
from model.base import project
from model.base.installation import tensorflow_is_missing
from model.base.language import N_
from model.base.program import FROZEN, NAME

LIBRARIES = (("LiteRT", "ai-edge-litert"), ("NumPy", "numpy"), ("Pillow", "pillow"))
SYSTEM = N_("System")


def versions(tk: str) -> list[tuple[str, str]]:
    """Return names and versions, the system's last; only the window knows Tk's."""
    flavour = (" (light)" if tensorflow_is_missing() else " (full)") if FROZEN else ""
    return [
        (NAME, project.version() + flavour),
        ("Python", platform.python_version()),
        ("Tk", tk),
        *((name, of_library(library)) for name, library in LIBRARIES),
        (SYSTEM, f"{_system()}, {platform.machine()}"),
    ]


def of_library(*names: str) -> str:
    """Return an installed library's version, by its names in the package index; a dash if it's unknown."""
    for name in names:
        with contextlib.suppress(metadata.PackageNotFoundError):
            return metadata.version(name)
    return UNKNOWN


def _system() -> str:
    if sys.platform == "linux":
        try:
            name = platform.freedesktop_os_release()["PRETTY_NAME"]
        except (OSError, KeyError):
            name = "Linux"
        return f"{name}, Linux {platform.release()}"
    if sys.platform == "darwin":
        return f"macOS {platform.mac_ver()[0]}"
    return f"{platform.system()} {platform.release()} ({platform.version()})"
