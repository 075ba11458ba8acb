"""How this program is installed (a checkout, a wheel, a bundle), what it requires, and the commands that add to it."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import shutil
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from model.base.program import DISTRIBUTION, FROZEN, ROOT

if TYPE_CHECKING:
    from packaging.requirements import Requirement

_WINDOWS = os.name == "nt"
_PLAIN = re.compile(r"[\w:./\\=-]+")  # words that cmd.exe takes as they are; "tensorflow>=2.19" would write a file


def project_file() -> Path | None:
    """Return the checkout's pyproject.toml; None in an installed or frozen program."""
    path = ROOT / "pyproject.toml"
    return path if path.is_file() else None


def requirements(extra: str = "") -> list[Requirement]:
    """Return what an extra requires on this system, without the program itself; the base install without one.

    Raises KeyError where a checkout has no such extra.
    """
    from packaging.requirements import Requirement  # noqa: PLC0415  (opening the window needs it not)
    from packaging.utils import canonicalize_name  # noqa: PLC0415

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


def command(extra: str = "", package: str = "", *, file: str = "", anew: bool = False) -> str:
    """Return the command, for this system's shell, that installs something where this program runs.

    Args:
        extra: what to install; the base install, where it is empty.
        package: of that, this one alone.
        file: a list of packages in the checkout, instead.
        anew: though it is there already.
    """
    project = project_file()
    if file:
        what = ["-r", str(ROOT / file)]
    elif package or project is None:  # from a wheel: by what its extras stand for, as no index has the wheel itself
        what = [str(each) for each in requirements(extra) if package in ("", each.name)]
    else:
        what = ["-e", f"{project.parent}[{extra}]" if extra else str(project.parent)]
    words = [*(["--force-reinstall"] if anew else []), *what]
    python = sys.executable
    if externally_managed():  # there pip refuses; an environment of its own sees all that is there
        place = (project.parent if project else Path.home()) / ".venv"
        make = _shell([python, "-m", "venv", "--system-site-packages", str(place)])
        inside = place / ("Scripts/python.exe" if _WINDOWS else "bin/python")
        return f"{make} && {_shell([str(inside), '-m', 'pip', 'install', *words])}"
    if has_pip():
        return _shell([python, "-m", "pip", "install", *words])
    if uv := shutil.which("uv"):  # which makes environments without pip
        return _shell([uv, "pip", "install", "--python", python, *words])
    return f"{_shell([python, '-m', 'ensurepip'])} && {_shell([python, '-m', 'pip', 'install', *words])}"


def has_pip() -> bool:
    """Return whether this Python has pip."""
    return importlib.util.find_spec("pip") is not None


def externally_managed() -> bool:
    """Return whether the system looks after this Python's packages (PEP 668), so that pip adds none."""
    return sys.prefix == sys.base_prefix and Path(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED").is_file()


def named(extra: str = "") -> list[str]:
    """Return the requirements of an extra as the checkout names them, else as they were installed; a bundle's are all.

    Raises KeyError where a checkout has no such extra.
    """
    path = project_file()
    if path is not None:
        import tomllib  # noqa: PLC0415  (30 ms that opening the window does not need)

        project = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
        return list(project["optional-dependencies"][extra] if extra else project["dependencies"])
    from importlib import metadata  # noqa: PLC0415  (as above)

    try:
        told = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        told = []
    return [each for each in told if FROZEN or ("extra ==" in each) == bool(extra)]


def _shell(words: Sequence[str]) -> str:
    """Return words as this system's shell takes them for one each."""
    if not _WINDOWS:
        return shlex.join(words)
    return " ".join(word if _PLAIN.fullmatch(word) else f'"{word}"' for word in words)
