"""Debian's shared libraries: those in a bundle, and those that it needs from the system."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

from release import tools

_OWNED = re.compile(r"^(?P<packages>[^ /][^/]*): (?P<path>/.*)$", re.MULTILINE)
_DEPENDS = "shlibs:Depends="


def binaries(folder: Path) -> list[Path]:
    """Return the programs and libraries in a folder."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if file.read(4) == b"\x7fELF":
                    found.append(path)
    return found


def carried(folder: Path) -> list[str]:
    """Return this machine's Debian packages that a folder's libraries come from; none on another system."""
    names = {path.name for path in binaries(folder)}
    libraries = sorted(name for name in names if name.startswith("lib") and ".so" in name)
    try:
        done = subprocess.run(
            ["dpkg-query", "--search", *(f"*/{name}" for name in libraries)],
            capture_output=True,
            encoding="utf-8",
            check=False,  # it fails if one of them isn't from any package
        )
    except FileNotFoundError:
        return []
    return sorted({package for owned in _OWNED.finditer(done.stdout) for package in _packages(owned)})


def versions(packages: Iterable[str]) -> dict[str, str]:
    """Return the versions of Debian packages, as installed here."""
    words = ["dpkg-query", "--show", "--showformat", "${binary:Package} ${Version}\n", *packages]
    return dict(line.split() for line in tools.run(words).splitlines()) if len(words) > 4 else {}


def needed(stage: Path, package: str) -> str:
    """Return what a staged package depends on, for its Depends field. Raises UserError.

    dpkg-shlibdeps finds it from the symbols used. It only goes by the libraries' names, so those in the bundle are
    excluded.
    """
    tools.need("dpkg-shlibdeps", "dpkg-dev")
    debian = stage.parent / "debian"  # it only works next to such a folder, with such a file
    debian.mkdir()
    (debian / "control").write_text(f"Source: {package}\n\nPackage: {package}\nArchitecture: any\n", encoding="utf-8")
    found = binaries(stage)
    words = ["dpkg-shlibdeps", "-O", "--warnings=0", f"-S{stage.name}"]
    words += [f"-l{folder.relative_to(stage.parent)}" for folder in sorted({path.parent for path in found})]
    words += [f"-x{each.partition(':')[0]}" for each in carried(stage)]
    words += [f"-e{path.relative_to(stage.parent)}" for path in found]
    said = tools.run(words, stage.parent) if found else _DEPENDS
    return said.strip().removeprefix(_DEPENDS)


def copyrights(packages: Iterable[str]) -> dict[str, str]:
    """Return the copyright notices of Debian packages, as installed with them."""
    places = {package: Path("/usr/share/doc", package.partition(":")[0], "copyright") for package in packages}
    return {
        package: place.read_text(encoding="utf-8", errors="replace")
        for package, place in places.items()
        if place.is_file()
    }


def _packages(owned: re.Match[str]) -> list[str]:
    return [] if owned["packages"].startswith("diversion") else owned["packages"].split(", ")
