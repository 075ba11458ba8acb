"""A built bundle: the folder that PyInstaller made for one flavour, ready to be packed."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from model.base.errors import UserError
from release import appstream, desktop, notices, project, tools
from release.members import Member
from release.project import Project

SYSTEMS = {"linux": "linux", "win32": "windows", "darwin": "macos"}
MACHINES = {"amd64": "x86_64"}  # Windows' name for what all the others call x86_64


@dataclass(frozen=True, slots=True)
class Bundle:
    """What to pack, and what to say about it."""

    folder: Path
    flavour: str  # "light" or "full"
    project: Project
    time: int  # of everything in the package, in seconds since 1970

    @property
    def package(self) -> str:
        """The package's name."""
        return project.FLAVOURS[self.flavour]

    @property
    def carries(self) -> str:
        """What the flavour can do, in sentences."""
        return project.CARRIES[self.flavour]

    def name(self, ending: str, system: str = "") -> str:
        """Return the name of a download."""
        return f"{self.package}-{self.project.version}-{system or this_system()}{ending}"

    def shared(self) -> list[Member]:
        """Return what a Linux desktop looks for in a folder ``share``."""
        name = self.project.identifier
        return [
            Member(f"share/applications/{name}.desktop", desktop.entry(self.project).encode()),
            Member(f"share/metainfo/{name}.metainfo.xml", appstream.metainfo(self.project, self.carries, self.time)),
            Member(f"share/mime/packages/{name}.xml", desktop.ink_type(self.project)),
            *(Member(f"share/{icon.name}", icon.content) for icon in desktop.icons(self.project)),
        ]

    def notices(self) -> str:
        """Return the notices on whose work it contains."""
        return notices.text(self.folder, self.project)


def open_bundle(folder: Path) -> Bundle:
    """Return the bundle in a folder. Raises UserError if it isn't one, or isn't of this checkout's version."""
    own = project.load()
    name = folder.absolute().name.removesuffix(".app")
    flavour = next((flavour for flavour, each in project.FLAVOURS.items() if each == name), None)
    if flavour is None:
        raise UserError(f"{folder} is no bundle's folder; they are called {' and '.join(project.FLAVOURS.values())}.")
    command_line = own.programs[1][0]
    program = next((path for path in places(folder, command_line) if path.is_file()), None)
    if program is None:
        raise UserError(f"There is no {command_line} in {folder}; build it with: {_build(flavour)}")
    said = _version(program)
    if said.split()[-1:] != [own.version]:
        raise UserError(
            f"{program} calls itself {said or 'nothing'}, but this checkout is of {own.version}; "
            f"build it anew with: {_build(flavour)}"
        )
    return Bundle(folder, flavour, own, commit_time())


def this_system() -> str:
    """Return this system's name in downloads: ``linux-x86_64``."""
    machine = platform.machine().lower()
    return f"{SYSTEMS.get(sys.platform, sys.platform)}-{MACHINES.get(machine, machine)}"


def places(folder: Path, program: str) -> list[Path]:
    """Return where a bundle's program may be, depending on the system."""
    return [folder / program, folder / f"{program}.exe", folder / "Contents" / "MacOS" / program]


def _build(flavour: str) -> str:
    return f"pyinstaller build.spec -- --flavour {flavour}"


def _version(program: Path) -> str:
    """Return what a bundle reports as its version, which also shows that it runs. Raises UserError."""
    try:
        done = subprocess.run([program, "--version"], capture_output=True, encoding="utf-8", timeout=120, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UserError(
            f"{program} does not run here ({error}); packages are made on the system they are for."
        ) from error
    return done.stdout.strip()


def commit_time() -> int:
    """Return the time for everything in a package: from the environment, or else of the checkout's last commit."""
    said = os.environ.get("SOURCE_DATE_EPOCH", "")
    if said.isascii() and said.isdecimal():
        return int(said)
    try:
        return int(tools.git(project.ROOT, "log", "-1", "--format=%ct"))
    except UserError:  # it isn't a checkout, or git isn't there
        return int((project.ROOT / "pyproject.toml").stat().st_mtime)
