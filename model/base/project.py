"""What pyproject.toml (if installed, the metadata) says about the program: the version, and what it requires."""

from __future__ import annotations

import tomllib
from importlib import metadata
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from model.base import program
from model.base.program import DISTRIBUTION, FROZEN


def _project() -> dict[str, Any]:
    """Return what the checkout's file says; nothing in an installed or frozen program."""
    path = program.project_file()
    return tomllib.loads(path.read_text(encoding="utf-8"))["project"] if path else {}


def version() -> str:
    """Return the program's version: the checkout's own, else the installed distribution's."""
    return str(_project().get("version") or metadata.version(DISTRIBUTION))


def named(extra: str = "") -> list[str]:
    """Return the requirements of an extra as the checkout names them, else as they were installed; a bundle's are all.

    Raises KeyError where a checkout has no such extra.
    """
    if project := _project():
        return list(project["optional-dependencies"][extra] if extra else project["dependencies"])
    try:
        told = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        told = []
    return [each for each in told if FROZEN or ("extra ==" in each) == bool(extra)]


def requirements(extra: str = "") -> list[Requirement]:
    """Return what an extra requires on this system, without the program itself; the base install without one.

    Raises KeyError where a checkout has no such extra.
    """
    found = []
    for each in map(Requirement, named(extra)):
        if each.marker and not each.marker.evaluate({"extra": extra}):
            continue
        each.marker = None
        if canonicalize_name(each.name) == DISTRIBUTION:
            found += [more for other in sorted(each.extras) for more in requirements(other)]
        else:
            found.append(each)
    return found
