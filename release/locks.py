"""``lock``: all packages that CI and the bundles use, one version of each, identified by its hash."""

from __future__ import annotations

import argparse
import importlib.util
import re
import sys
from pathlib import Path

from model.base import installation
from model.base.errors import UserError
from model.commands.words import Commands
from release import tools
from release.project import ROOT

FOLDER = "requirements"
COMMAND = "python -m release lock"
OLDEST = "3.11"  # Python; what differs on newer ones and on other systems is in the same file, with a marker
LOCKS = {  # file -> what it takes from pyproject; the first is installed before the others, as it builds some of them
    "tools": ("--group", "tools"),
    "light": ("--extra", "build", "--extra", "pdf"),
    "full": ("--extra", "build", "--extra", "pdf", "--extra", "train-cpu"),
    "ci": ("--extra", "train", "--extra", "test"),
    "docs": ("--extra", "docs"),
    "thorough": ("--extra", "train", "--extra", "test", "--group", "thorough"),
    "release": ("--group", "release"),
}

_ENTRY = re.compile(r"^(?P<name>[a-z0-9.-]+)==(?P<version>[^\s;]+).*\n(?P<hashes>(?: +--hash.*\n)+)", re.MULTILINE)
_HASH = re.compile(r"sha256:([0-9a-f]{64})")


def add_lock(commands: Commands) -> None:
    """Add the command and its arguments."""
    lock = commands.add_parser(
        "lock",
        help="choose the packages that CI and bundles are made with",
        description=f"Write {FOLDER}/*.txt anew: for everything that pyproject.toml asks for one version, "
        "with the hashes of its files, for each system and Python.",
    )
    lock.add_argument("--upgrade", action="store_true", help="take the newest versions, also where older ones still do")
    lock.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> None:
    for path in write(ROOT, upgrade=arguments.upgrade):
        print(path.relative_to(ROOT))


def hashes(name: str) -> dict[tuple[str, str], list[str]]:
    """Return the SHA-256 of each locked package's files, by its name and version. Raises OSError."""
    text = (ROOT / FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    return {(each["name"], each["version"]): _HASH.findall(each["hashes"]) for each in _ENTRY.finditer(text)}


def write(root: Path, *, upgrade: bool = False) -> list[Path]:
    """Write a checkout's locks and return their paths. Raises UserError if uv isn't there, or fails."""
    if importlib.util.find_spec("uv") is None:
        command = installation.command(file=f"{FOLDER}/release.txt")
        raise UserError(f"uv is needed to choose packages; install it with: {command}")
    (root / FOLDER).mkdir(exist_ok=True)
    written = []
    for name, asked in LOCKS.items():
        path = root / FOLDER / f"{name}.txt"
        words = ["pip", "compile", "--quiet", *asked, "--universal", "--python-version", OLDEST, "--generate-hashes"]
        words += ["--no-emit-index-url", "--no-emit-find-links"]  # each machine decides where a package comes from
        words += ["--upgrade"] if upgrade else []
        words += ["--output-file", path.relative_to(root).as_posix()]
        words += ["pyproject.toml"] if "--extra" in asked else []
        tools.run([sys.executable, "-m", "uv", *words], root, {"UV_CUSTOM_COMPILE_COMMAND": COMMAND}, name="uv")
        written.append(path)
    return written
