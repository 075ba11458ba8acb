"""The downloads for Windows: the folder as a .zip file, and an installer that Inno Setup compiles."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from app.sources.pictures import PICTURE_ENDINGS
from model.base.errors import UserError
from release import archives, ink_file, members, tools
from release.bundle import Bundle
from release.members import Member
from release.project import ROOT

SCRIPT = ROOT / "release" / "windows" / "inkling.iss"
INNO_SETUP = "Inno Setup 6"  # its folder, where its own installer puts it
_NUMBERS = re.compile(r"\d+(?:\.\d+)*")


def make_zip(bundle: Bundle, output: Path) -> Path:
    """Make the .zip file in a folder. Raises OSError if the disk is full."""
    path = output / bundle.name(".zip")
    folder = f"{bundle.package}-{bundle.project.version}"
    notices = Member(f"{folder}/NOTICES.txt", bundle.notices().encode())
    archives.zip_file([*members.of_folder(bundle.folder, folder), notices], path, bundle.time)
    return path


def make_installer(bundle: Bundle, output: Path) -> Path:
    """Make the installer in a folder. Raises UserError if Inno Setup isn't there, or rejects the script."""
    path = output / bundle.name("-setup.exe")
    words = {
        "Title": bundle.project.title,
        "Version": bundle.project.version,
        "Numbers": _numbers(bundle.project.version),
        "Publisher": bundle.project.authors,
        "Description": bundle.project.description,
        "Identifier": bundle.project.identifier,
        "Program": bundle.project.programs[0][0],
        "Architecture": "arm64" if "arm64" in path.name else "x64compatible",
        "Ending": ink_file.ENDING,
        "Type": ink_file.TYPE,
        "TypeName": ink_file.NAME,
        "Pictures": ";".join(PICTURE_ENDINGS),
        "Icon": ROOT / "assets" / "icon" / "inkling.ico",
        "Source": bundle.folder.absolute(),
        "Output": output.absolute(),
        "Name": path.stem,
    }
    tools.run([_compiler(), "/Qp", *(f"/D{name}={value}" for name, value in words.items()), SCRIPT])
    return path


def _numbers(version: str) -> str:
    """Return a version in Windows' form, which has only numbers: 1.2.0rc1 becomes 1.2.0."""
    found = _NUMBERS.match(version)
    assert found is not None
    return found[0]


def _compiler() -> str:
    """Return where Inno Setup's compiler is. Raises UserError."""
    folders = ("ProgramFiles(x86)", ""), ("ProgramFiles", ""), ("LOCALAPPDATA", "Programs")  # for all users, or for one
    usual = [Path(os.environ.get(name, ""), below, INNO_SETUP) for name, below in folders]
    found = shutil.which("iscc") or shutil.which("iscc", path=os.pathsep.join(map(str, usual)))
    if found is None:
        raise UserError(f"The installer is made by {INNO_SETUP}, which is not there; install it from jrsoftware.org.")
    return found
