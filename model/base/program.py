"""The program itself: what it's called, where it lies, and whether it's a bundle."""

from __future__ import annotations

import sys
from pathlib import Path

NAME = "Inkling"
DISTRIBUTION = "inkling-digits"  # under which it's installed; in the package index, `inkling` is somebody else's
FROZEN = getattr(sys, "frozen", False)  # a bundle, to which nothing can be installed; the full one has all

# It has `assets` next to `app` and `model`, in a checkout, in site-packages and in a frozen program.
ROOT = Path(__file__).resolve().parents[2]


def project_file() -> Path | None:
    """Return the checkout's pyproject.toml; None in an installed or frozen program."""
    path = ROOT / "pyproject.toml"
    return path if path.is_file() else None
