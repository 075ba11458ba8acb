"""A package's files, as they'll be when it's unpacked."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

_LIBRARY = re.compile(r"\.so(\.|$)")

FILE, PROGRAM = 0o644, 0o755  # set here, because the bundle may have been made with any umask


@dataclass(frozen=True, slots=True)
class Member:
    """A file or a link in a package."""

    name: str  # its place in the package, with slashes
    content: Path | bytes = b""  # or where that is
    mode: int = FILE
    link: str = ""  # its target, if it's a link


def of_folder(folder: Path, under: str) -> list[Member]:
    """Return what's in a folder, to be put in another one, ``under``; links stay links."""
    found = []
    for place, folders, files in os.walk(folder):
        links = [name for name in folders if Path(place, name).is_symlink()]
        for path in (Path(place, name) for name in (*files, *links)):
            name = f"{under}/{path.relative_to(folder).as_posix()}"
            if path.is_symlink():
                found.append(Member(name, link=path.readlink().as_posix()))
            else:
                found.append(Member(name, path, PROGRAM if _is_program(path) else FILE))
    return found


def in_order(members: Iterable[Member]) -> list[Member]:
    """Return members sorted by name: the same package from the same files, whatever their order on the disk."""
    return sorted(members, key=lambda member: member.name)


def folders(members: Iterable[Member]) -> list[str]:
    """Return the folders that members are in, each before its content."""
    return sorted({str(parent) for member in members for parent in PurePosixPath(member.name).parents} - {"."})


def write(members: Iterable[Member], place: Path) -> None:
    """Write members into a folder, each with its own mode."""
    members = list(members)
    for name in ("", *folders(members)):
        (place / name).mkdir(exist_ok=True)
        (place / name).chmod(PROGRAM)
    for member in members:
        path = place / member.name
        if member.link:
            path.symlink_to(member.link)
            continue
        if isinstance(member.content, bytes):
            path.write_bytes(member.content)
        else:
            shutil.copyfile(member.content, path)
        path.chmod(member.mode)


def _is_program(path: Path) -> bool:
    """Return whether a file is meant to be run; wheels' libraries and texts aren't, but can have that mode, too."""
    if not path.stat().st_mode & 0o100 or _LIBRARY.search(path.name):
        return False
    with path.open("rb") as file:
        return file.read(4).startswith((b"\x7fELF", b"#!"))
