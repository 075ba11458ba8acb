"""The files of a package, as they will be there for whoever unpacks it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

_LIBRARY = re.compile(r"\.so(\.|$)")

FILE, PROGRAM = 0o644, 0o755  # set, because who made the bundle may have had any umask


@dataclass(frozen=True, slots=True)
class Member:
    """A file or a link of a package."""

    name: str  # its place in the package, with slashes
    content: Path | bytes = b""  # or where that is
    mode: int = FILE
    link: str = ""  # to where, when it is one


def of_folder(folder: Path, under: str) -> list[Member]:
    """Return what is in a folder, to be put under a name; links stay links."""
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
    """Return members by name: the same package from the same files, in whatever order the disk has them."""
    return sorted(members, key=lambda member: member.name)


def folders(members: Iterable[Member]) -> list[str]:
    """Return the folders that members are in, each before what is in it."""
    return sorted({str(parent) for member in members for parent in PurePosixPath(member.name).parents} - {"."})


def write(members: Iterable[Member], place: Path) -> None:
    """Write members below a folder, each with its own mode."""
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
    """Return whether a file is to be started; libraries and texts of wheels, which are not, can have that mode too."""
    if not path.stat().st_mode & 0o100 or _LIBRARY.search(path.name):
        return False
    with path.open("rb") as file:
        return file.read(4).startswith((b"\x7fELF", b"#!"))
