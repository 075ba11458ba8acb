"""The archive for any Linux: the program, and a script that puts it into the menu of the one who unpacked it."""

from __future__ import annotations

from pathlib import Path
from string import Template

from release import archives, members
from release.bundle import Bundle
from release.members import Member

DATA = Path(__file__).resolve().parent / "linux"


def make(bundle: Bundle, output: Path) -> Path:
    """Make the archive in a folder. Raises UserError: xz is not there; OSError: the disk is full."""
    path = output / bundle.name(".tar.xz")
    archives.tar_xz(contents(bundle), path, bundle.time)
    return path


def contents(bundle: Bundle) -> list[Member]:
    """Return what is in the archive: one folder, named after package and version."""
    folder = f"{bundle.package}-{bundle.project.version}"
    program, command_line = (name for name, _entry in bundle.project.programs)
    words = {
        "title": bundle.project.title,
        "version": bundle.project.version,
        "description": bundle.project.description,
        "carries": bundle.carries,
        "program": program,
        "command_line": command_line,
        "identifier": bundle.project.identifier,
    }
    return [
        *members.of_folder(bundle.folder, folder),
        *(Member(f"{folder}/{each.name}", each.content) for each in bundle.shared()),
        Member(f"{folder}/menu.sh", _filled("menu.sh", words), members.PROGRAM),
        Member(f"{folder}/README.txt", _filled("README.txt", words)),
        Member(f"{folder}/NOTICES.txt", bundle.notices().encode()),
    ]


def _filled(name: str, words: dict[str, str]) -> bytes:
    """Return a file of ours with its @{words} filled in: a shell has its own use for the dollar."""
    return _Filled((DATA / name).read_text(encoding="utf-8")).substitute(words).encode()


class _Filled(Template):
    delimiter = "@"
