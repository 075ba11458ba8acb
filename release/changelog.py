"""CHANGELOG.md: what's new, one section per version, and one called Unreleased for what isn't released yet."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from model.base.errors import UserError
from model.commands.words import Commands
from release import project

NAME = "CHANGELOG.md"
UNRELEASED = "Unreleased"


def add_notes(commands: Commands) -> None:
    """Add the command and its arguments."""
    notes = commands.add_parser("notes", help="print what is new in a version", description=print_notes.__doc__)
    notes.add_argument("version", metavar="VERSION", nargs="?", help="(default: the present one)")
    notes.set_defaults(run=lambda arguments: print_notes(project.ROOT, arguments.version))


def print_notes(root: Path, version: str | None) -> None:
    """Print a version's section of the changelog, one line per paragraph, for the download page."""
    version = version or project.load(root).version
    found = sections(text(root))
    if version not in found:
        raise UserError(f"{NAME} says nothing of {version}; it has {', '.join(found) or 'no version at all'}.")
    # GitHub shows every newline as a line break.
    print(re.sub(r"(?<=\S)\n(?! *(?:[-#>|]|$)) *", " ", found[version], flags=re.MULTILINE))


def text(root: Path) -> str:
    """Return a checkout's changelog, keeping its line ends. Raises UserError."""
    try:
        return (root / NAME).read_bytes().decode("utf-8")
    except OSError as error:
        raise UserError(f"{root / NAME} can't be read ({error.strerror}); it belongs into the checkout.") from error


def sections(changelog: str) -> dict[str, str]:
    """Return what's below each version's heading, the newest first. Raises UserError if two have the same name."""
    parts = re.split(r"^## (.*)$", "\n".join(changelog.splitlines()), flags=re.MULTILINE)[1:]
    titles = [title.strip() for title in parts[::2]]
    for title, times in Counter(titles).items():
        if times > 1:
            raise UserError(f"{NAME} has the heading ## {title} {times} times; make one section of them.")
    return dict(zip(titles, (part.strip() for part in parts[1::2]), strict=True))


def released(changelog: str, version: str, day: str) -> str:
    """Return the changelog with the unreleased section as a version's, dated. Raises UserError."""
    found = sections(changelog)
    if version in found:
        raise UserError(f"{NAME} has a section ## {version} already; choose another version.")
    if not found.get(UNRELEASED):
        raise UserError(f"{NAME} says nothing under ## {UNRELEASED}; write there what is new for those who use it.")
    if next(iter(found)) != UNRELEASED:
        raise UserError(f"{NAME} has sections above ## {UNRELEASED}; move that one to the top.")
    end = "\r\n" if "\r\n" in changelog else "\n"
    heading = end.join((f"## {version}", "", f"Released {day}.", "", ""))
    return re.sub(rf"^## {UNRELEASED}[ \t]*\s*", lambda _: heading, changelog, count=1, flags=re.MULTILINE)
