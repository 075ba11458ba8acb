"""``python -m docs.screenshots``: make the documentation's screenshots again, from the running program (Linux, Xvfb).

A window is opened on a virtual screen and used there through the X server: drawn on, typed into, clicked.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from docs.screenshots.performance import FILM, Performance


def main() -> int:
    """Run the command line and return its exit status."""
    shared = Path(os.environ.get("INKLING_SHARED", "../shared"))
    parser = argparse.ArgumentParser(prog="python -m docs.screenshots", description=__doc__)
    parser.add_argument("--all", metavar="FOLDER", type=Path, help="keep every state there, instead of those in docs")
    parser.add_argument("--data", metavar="FILE", type=Path, help="MNIST, which a training in the pictures reads")
    parser.add_argument(
        "--only",
        metavar="WORD",
        default="",
        help="of the sets: light, dark, chinese, inkling (the film); of --all: light-en-1x, …",
    )
    parser.add_argument("--part", choices=("window", "dialogs"), default="", help="of each set of --all")
    arguments = parser.parse_args()
    data = arguments.data or shared / "data" / "mnist.npz"
    if not data.is_file():
        parser.error(f"there is no {data}; name a file of MNIST with --data")
    for performance in _every(arguments.all, arguments.part) if arguments.all else _documented():
        if arguments.only in performance.name:
            performance.give(data)
    return 0


def _every(folder: Path, part: str) -> Iterator[Performance]:
    """Yield every look, language and fineness of the screen."""
    for look, language, factor in product(("light", "dark"), ("en", "zh_CN"), (1, 2)):
        yield Performance(f"{look}-{language}-{factor}x", {"look": look, "language": language}, factor, folder, part)


def _documented() -> Iterator[Performance]:
    """Yield what the documentation shows."""
    for name, look, language in (("light", "light", "en"), ("dark", "dark", "en"), ("chinese", "light", "zh_CN")):
        yield Performance(name, {"look": look, "language": language})
    yield Performance(FILM, {"look": "light", "language": "en", "learn": True})


if __name__ == "__main__":
    sys.exit(main())
