"""What a bundle and its packages say about the program. It's in pyproject.toml and nowhere else."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

ROOT = Path(__file__).resolve().parent.parent
FLAVOURS = {"light": "inkling-light", "full": "inkling"}  # -> the folder in dist/, and the package's name
CARRIES = {
    "light": "This is the light one: it reads, keeps drawings and opens models; the full one also learns and trains.",
    "full": "This is the full one: it reads, learns from drawings and trains networks, with TensorFlow inside.",
}
NO_ADDRESS = "nobody@example.invalid"  # Debian requires one; by RFC 2606, nothing can be sent to this one


@dataclass(frozen=True, slots=True)
class Project:
    """The program as pyproject.toml describes it."""

    name: str  # of the program's file and of the downloads, in lowercase
    distribution: str  # its name for pip
    title: str  # of the window, in menus
    version: str
    description: str  # one sentence
    licence: str  # its SPDX identifier
    authors: str
    address: str  # of theirs, for packages that must have one
    keywords: tuple[str, ...]
    identifier: str  # reverse-DNS, for macOS, AppStream and Windows' installers
    python: str  # the versions that it runs on, as a specifier
    requirements: tuple[str, ...]  # of the base install, in pip's format
    programs: tuple[tuple[str, str], ...]  # the name, and what it starts in `app.__main__`; the window's is first


def load(root: Path = ROOT) -> Project:
    """Read a checkout's pyproject.toml. Raises OSError, KeyError or tomllib.TOMLDecodeError if it isn't ours."""
    whole = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    project, own = whole["project"], whole["tool"]["inkling"]
    return Project(
        name=next(iter(project["scripts"])),
        distribution=project["name"],
        title=own["title"],
        version=project["version"],
        description=project["description"],
        licence=project["license"],
        authors=", ".join(author["name"] for author in project["authors"]),
        address=next((author["email"] for author in project["authors"] if "email" in author), NO_ADDRESS),
        keywords=tuple(project["keywords"]),
        identifier=own["identifier"],
        python=project["requires-python"],
        requirements=tuple(project["dependencies"]),
        programs=tuple((name, entry.partition(":")[2]) for name, entry in project["scripts"].items()),
    )


def filled(path: Path, words: Mapping[str, str]) -> bytes:
    """Return one of our files with its @{words} filled in: a shell has its own use for the dollar. Raises OSError."""
    return _Filled(path.read_text(encoding="utf-8")).substitute(words).encode()


class _Filled(Template):
    delimiter = "@"
