"""The package `inkling` in a wheel: it has `app`, `model` and `assets` in it, so no other package overwrites them."""

from __future__ import annotations

import sys
from pathlib import Path

HOME = Path(__file__).parent


def lead() -> None:
    """Make Python look for the program's modules here first; if it's installed from a checkout, they aren't here."""
    if (HOME / "app").is_dir() and sys.path[:1] != [str(HOME)]:
        sys.path.insert(0, str(HOME))


def main() -> int:
    """Run ``inkling`` and return its exit status."""
    lead()
    from app.__main__ import main as program  # noqa: PLC0415  (it is found only now)

    return program()


def command_line() -> int:
    """Run ``inkling-cli`` and return its exit status."""
    lead()
    from app.__main__ import command_line as program  # noqa: PLC0415  (as above)

    return program()
