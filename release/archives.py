"""Archives: the same bytes from the same files, no matter who packs them, when or where."""

from __future__ import annotations

import shutil
import stat
import subprocess
import tarfile
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO

from model.base.files import replaced
from release import tools
from release.members import PROGRAM, Member, folders, in_order

# Two threads, however many cores there are: with one, xz writes different blocks. -9e would take a third longer, save
# 0.7 %, and need 65 MB instead of 9 to unpack.
XZ = ("xz", "--threads=2", "-6", "--stdout")


def tar_xz(members: Sequence[Member], path: Path, time: int) -> None:
    """Write members as a .tar.xz file, all owned by root and with the same time. Raises UserError."""
    tools.need("xz", "xz-utils")
    with replaced(path) as file, subprocess.Popen(XZ, stdin=subprocess.PIPE, stdout=file) as xz:
        assert xz.stdin is not None
        with xz.stdin, tarfile.open(fileobj=xz.stdin, mode="w|", format=tarfile.PAX_FORMAT) as archive:
            for name in folders(members):
                archive.addfile(_entry(name, tarfile.DIRTYPE, PROGRAM, time))
            for member in in_order(members):
                _add(archive, member, time)
        if xz.wait():
            raise tools.failed("xz", "")


def _add(archive: tarfile.TarFile, member: Member, time: int) -> None:
    if member.link:
        entry = _entry(member.name, tarfile.SYMTYPE, 0o777, time)
        entry.linkname = member.link
        archive.addfile(entry)
        return
    entry = _entry(member.name, tarfile.REGTYPE, member.mode, time)
    with _open(member) as content:
        entry.size = content.seek(0, 2)
        content.seek(0)
        archive.addfile(entry, content)


def _entry(name: str, kind: bytes, mode: int, time: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode, entry.mtime = kind, mode, time
    entry.uname = entry.gname = "root"  # the numeric ids are already 0
    return entry


def _open(member: Member) -> IO[bytes]:
    """Open a member's content; for a link, that's its target, as in .zip files."""
    content = member.link.encode() or member.content
    return BytesIO(content) if isinstance(content, bytes) else content.open("rb")


def zip_file(members: Sequence[Member], path: Path, time: int) -> None:
    """Write members as a .zip file, with modes and links for systems that support them. Raises OSError."""
    day = datetime.fromtimestamp(max(time, 315532800), UTC)  # zip starts in 1980
    with replaced(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for member in in_order(members):
            entry = zipfile.ZipInfo(member.name, day.timetuple()[:6])
            entry.create_system = 3  # Unix, which has modes; Windows doesn't mind
            entry.compress_type = zipfile.ZIP_DEFLATED
            kind = stat.S_IFLNK | 0o777 if member.link else stat.S_IFREG | member.mode
            entry.external_attr = kind << 16
            with archive.open(entry, "w") as to, _open(member) as content:
                shutil.copyfileobj(content, to)
