"""Freezes the programs with PyInstaller: the plain one in the usual way, and Inkling's two bundles with build.spec."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bundles import Sizes, executable, measured
from benchmarks.tables import markdown
from model.base.errors import UserError
from release.project import FLAVOURS, ROOT

PLAIN = "plain"
MODEL = Path("assets", "model", "model.keras")  # what the plain program loads, from the folder above its own
TOLD = ("pyinstaller", "tensorflow", "tensorflow-cpu", "ai-edge-litert")  # whose versions are worth telling


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a program is frozen."""

    installed: tuple[tuple[str, ...], ...]  # what pip installs into an environment of its own, one after the other
    words: tuple[str, ...]  # for PyInstaller
    folder: str  # what that makes


def _locked(lock: str, extras: str) -> tuple[tuple[str, ...], ...]:
    """Return what brings a bundle's packages by their hashes, and then the checkout."""
    tools, rest = ("--require-hashes", "-r", "requirements/tools.txt"), ("-r", f"requirements/{lock}.txt")
    own = ("--no-index", "--no-build-isolation", "-e", f".[{extras}]")
    return tools, ("--require-hashes", "--no-build-isolation", *rest), own


RECIPES = {
    PLAIN: Recipe(
        (("tensorflow", "pillow", "matplotlib", "pyinstaller"),), ("--windowed", "benchmarks/plain.py"), "plain"
    ),
    "light": Recipe(_locked("light", "build"), ("build.spec", "--", "--flavour", "light"), FLAVOURS["light"]),
    "full": Recipe(_locked("full", "build,train-cpu"), ("build.spec", "--", "--flavour", "full"), FLAVOURS["full"]),
}


def run(arguments: argparse.Namespace) -> Iterator[str]:
    """Freeze the chosen programs, and yield a table."""
    rows = []
    for name in arguments.only:
        python = environment(name, arguments.environments.resolve())
        seconds, sizes = freeze(name, python, arguments.output.resolve())
        rows.append([name, f"{seconds:.0f}", f"{sizes.folder / 1e6:,.1f}", f"{sizes.files:,}", versions(python)])
    yield markdown(["", "build (s)", "folder (MB)", "files", "made with"], rows)


def environment(name: str, folder: Path) -> Path:
    """Return the Python of the environment that a program is frozen in; the environment is created if needed."""
    python = folder / name / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        _call([sys.executable, "-m", "venv", str(folder / name)])
        for words in RECIPES[name].installed:
            _call([str(python), "-m", "pip", "install", "--quiet", *words])
    return python


def freeze(name: str, python: Path, output: Path) -> tuple[float, Sizes]:
    """Freeze a program into a folder of ``output``, and return how long PyInstaller took and what it made."""
    recipe = RECIPES[name]
    with tempfile.TemporaryDirectory() as work:  # nothing is left from an earlier build
        more = ["--noconfirm", "--distpath", str(output), "--workpath", work]
        if name == PLAIN:
            more += ["--specpath", work]
        began = time.monotonic()
        _call([str(python), "-m", "PyInstaller", *more, *recipe.words], PYINSTALLER_CONFIG_DIR=f"{work}/settings")
        seconds = time.monotonic() - began
    made = output / recipe.folder
    if name == PLAIN:
        (made / MODEL).parent.mkdir(parents=True)
        shutil.copyfile(ROOT / MODEL, made / MODEL)
    executable(name, made)
    return seconds, measured(made)


def versions(python: Path) -> str:
    """Return the versions of what an environment freezes with."""
    command = [str(python), "-m", "pip", "list", "--format", "json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    installed = {each["name"].lower().replace("_", "-"): each["version"] for each in json.loads(done.stdout)}
    return ", ".join(f"{name} {installed[name]}" for name in TOLD if name in installed)


def _call(command: list[str], **environment: str) -> None:
    """Run a command whose remarks go to standard error. Raises UserError: it failed."""
    done = subprocess.run(command, cwd=ROOT, stdout=sys.stderr, env=os.environ | environment, check=False)
    if done.returncode:
        raise UserError(f"{' '.join(command[1:5])} … failed; its last words above say why.")
