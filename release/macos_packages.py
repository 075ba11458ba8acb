"""The downloads for macOS: the program as a .zip file, and as a disk image to drag it from.

Apple's own tools make both: only they keep links, modes and signatures. (PyInstaller signs what it builds, ad hoc.)
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from model.base.errors import UserError
from release import tools
from release.bundle import Bundle


def make_zip(bundle: Bundle, output: Path) -> Path:
    """Make the .zip file in a folder. Raises UserError."""
    path = output / bundle.name(".zip")
    with tempfile.TemporaryDirectory(dir=output, prefix=".zip-") as name:
        program = _copy(bundle, Path(name))
        made = Path(name, path.name)
        tools.run(["ditto", "-c", "-k", "--sequesterRsrc", "--keepParent", program, made])
        made.replace(path)
    return path


def make_disk_image(bundle: Bundle, output: Path) -> Path:
    """Make the disk image in a folder: the program, and next to it a link to where it goes. Raises UserError."""
    path = output / bundle.name(".dmg")
    with tempfile.TemporaryDirectory(dir=output, prefix=".dmg-") as name:
        content = Path(name, bundle.project.title)
        content.mkdir()
        _copy(bundle, content)
        (content / "Applications").symlink_to("/Applications")
        made = Path(name, path.name)
        words = ["-volname", bundle.project.title, "-srcfolder", content, "-fs", "HFS+", "-format", "UDZO"]
        tools.run(["hdiutil", "create", *words, "-imagekey", "zlib-level=9", "-quiet", made])
        made.replace(path)
    return path


def _copy(bundle: Bundle, folder: Path) -> Path:
    """Copy the program, under its name in the Finder, the same for both flavours. Raises UserError."""
    built = bundle.folder.with_suffix(".app")  # PyInstaller puts it next to the folder
    if not built.is_dir():
        raise UserError(f"There is no {built}; PyInstaller makes it, on macOS, beside {bundle.folder.name}.")
    program = folder / f"{bundle.project.title}.app"
    tools.run(["ditto", built, program])
    return program
