"""What `inkling` is in a wheel: a folder with `app`, `model` and `assets` in it, which no other package writes over."""

from __future__ import annotations

import sys
from pathlib import Path

HOME = Path(__file__).parent


def lead() -> None:
    """Have the program's modules found here first; where it is installed from its checkout, they are not here."""
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
