"""``packages``: the downloads that people expect, made from a bundle on the system that it runs on."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from model.base.errors import UserError
from model.commands.words import Commands
from release import deb, macos_packages, tarball, windows_packages
from release.bundle import Bundle, open_bundle
from release.project import ROOT

Maker = Callable[[Bundle, Path], Path]
MAKERS: dict[str, tuple[Maker, ...]] = {
    "linux": (tarball.make, deb.make),
    "win32": (windows_packages.make_zip, windows_packages.make_installer),
    "darwin": (macos_packages.make_zip, macos_packages.make_disk_image),
}


def add_packages(commands: Commands) -> None:
    """Add the command and its arguments."""
    packages = commands.add_parser(
        "packages",
        help="make packages of a bundle",
        description="Make what people download out of a bundle that is built: on Linux a .tar.xz and a .deb, on "
        "Windows a .zip and an installer, on macOS a .zip and a disk image.",
    )
    packages.add_argument("bundle", metavar="FOLDER", type=Path, help="the bundle's folder, as dist/inkling-light")
    packages.add_argument(
        "--output", metavar="DIR", type=Path, default=ROOT / "dist", help="where to write them (default: dist)"
    )
    packages.set_defaults(run=lambda arguments: print_packages(arguments.bundle, arguments.output))


def print_packages(folder: Path, output: Path) -> None:
    """Make each package, and print its size and how long it took; one failure doesn't keep the others from being made.

    Raises UserError if the folder isn't a bundle, or, in the end, if a package couldn't be made.
    """
    bundle = open_bundle(folder)
    failures = []
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{output} can't be made ({error.strerror}); choose another folder.") from error
    for make in MAKERS[sys.platform]:
        began = time.monotonic()
        try:
            path = make(bundle, output)
        except UserError as error:
            failures.append(str(error))
        except OSError as error:
            failures.append(f"{make.__module__} failed at {error.filename or output} ({error.strerror}); try again.")
        else:
            print(f"{path}  {path.stat().st_size / 1e6:.1f} MB, {time.monotonic() - began:.0f} s", flush=True)
    if failures:
        raise UserError("\n".join(failures))
