"""Environments without the training packages, and almost empty wheels to install there."""

from __future__ import annotations

import os
import sysconfig
import venv
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from model.base.project import requirements

TRAINS = tuple(each.name for each in requirements("train"))
# The tests' own runs need what one child watches another with, so the wheel leads to what's installed here.
PSUTIL = "__path__ = [{0!r}]\nwith open({0!r} + '/__init__.py') as file:\n    exec(file.read())\n"
_HIDDEN = (*(name.replace("-", "_") for name in TRAINS), "tensorboard", "sklearn", "inkling", "_inkling")


def wheel(folder: Path, name: str, requires: Sequence[str] = (), files: dict[str, str] | None = None) -> Path:
    """Make a wheel of version 99.0, and return its path."""
    plain = name.replace("-", "_")
    info = f"{plain}-99.0.dist-info"
    needed = "".join(f"Requires-Dist: {each}\n" for each in requires)
    files = {f"{plain}/__init__.py": "", **(files or {})}
    files |= {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 99.0\n{needed}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: a test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    folder.mkdir(exist_ok=True)
    path = folder / f"{plain}-99.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as made:
        for file, text in files.items():
            made.writestr(file, text)
        made.writestr(f"{info}/RECORD", "".join(f"{file},,\n" for file in [*files, f"{info}/RECORD"]))
    return path


@dataclass(frozen=True)
class Environment:
    """A virtual environment with everything that this one has, except the training packages."""

    place: Path

    @classmethod
    def make(cls, place: Path) -> Environment:
        """Make it from links to what's installed here, pip included."""
        venv.create(place, with_pip=False, symlinks=True)
        made = cls(place)
        for each in Path(sysconfig.get_path("purelib")).iterdir():
            if not each.name.startswith((*_HIDDEN, "__pycache__")) and each.suffix != ".pth":
                (made.site / each.name).symlink_to(each)
        return made

    @property
    def python(self) -> Path:
        """Its Python."""
        return self.place / "bin" / "python"

    @property
    def site(self) -> Path:
        """Where its packages are."""
        (found,) = self.place.glob("lib/python*/site-packages")
        return found

    def content(self) -> set[str]:
        """Return everything in it, except Python's caches."""
        found = set[str]()
        for folder, folders, files in os.walk(self.place):
            names = {name for name in (*folders, *files) if name != "__pycache__"}
            found |= {str(Path(folder, name).relative_to(self.place)) for name in names}
        return {name for name in found if "__pycache__" not in name}
