"""``python -m release``: versions and release notes, a bundle's packages, locks, and building everything twice."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from model.base.errors import UserError
from release.changelog import add_notes
from release.locks import add_lock
from release.packages import add_packages
from release.reproduce import add_reproduce
from release.sbom import add_sbom
from release.stores import add_stores
from release.version import add_version


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted."""
    arguments = _parser().parse_args(words)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # notes go to a file, whatever the terminal's encoding
    try:
        arguments.run(arguments)
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m release", description="Make releases of Inkling.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for add in (add_version, add_notes, add_packages, add_lock, add_sbom, add_reproduce, add_stores):
        add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
