"""The archive for any Linux: the program, and a script that adds it to the menu of the user who unpacked it."""

from __future__ import annotations

from pathlib import Path

from release import archives, members
from release.bundle import Bundle
from release.members import Member
from release.project import filled

DATA = Path(__file__).resolve().parent / "linux"


def make(bundle: Bundle, output: Path) -> Path:
    """Make the archive in a folder. Raises UserError if xz isn't there, OSError if the disk is full."""
    path = output / bundle.name(".tar.xz")
    archives.tar_xz(contents(bundle), path, bundle.time)
    return path


def contents(bundle: Bundle) -> list[Member]:
    """Return the archive's content: one folder, named after the package and its version."""
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
        Member(f"{folder}/menu.sh", filled(DATA / "menu.sh", words), members.PROGRAM),
        Member(f"{folder}/README.txt", filled(DATA / "README.txt", words)),
        Member(f"{folder}/NOTICES.txt", bundle.notices().encode()),
    ]
