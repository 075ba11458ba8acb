"""What a bundle and its packages say of the program. It stands in pyproject.toml and nowhere else."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLAVOURS = {"light": "inkling-light", "full": "inkling"}  # -> the folder in dist/, and the package's name
CARRIES = {
    "light": "This is the light one: it reads, keeps drawings and opens models; the full one also learns and trains.",
    "full": "This is the full one: it reads, learns from drawings and trains networks, with TensorFlow inside.",
}
NO_ADDRESS = "nobody@example.invalid"  # Debian wants one; nothing can be sent to this one, by RFC 2606


@dataclass(frozen=True, slots=True)
class Project:
    """The program as pyproject.toml describes it."""

    name: str  # of the program's file and of what people download: in small letters
    distribution: str  # the name that pip knows it by
    title: str  # of the window, in menus
    version: str
    description: str  # one sentence
    licence: str  # its SPDX identifier
    authors: str
    address: str  # of theirs, where packages must name one
    keywords: tuple[str, ...]
    identifier: str  # reverse-DNS, as macOS, AppStream and Windows' installers ask for
    programs: tuple[tuple[str, str], ...]  # name and what it starts of `app.__main__`, the window's first


def load(root: Path = ROOT) -> Project:
    """Read a checkout's pyproject.toml. Raises OSError, KeyError or tomllib.TOMLDecodeError: it is not one of ours."""
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
        programs=tuple((name, entry.partition(":")[2]) for name, entry in project["scripts"].items()),
    )
