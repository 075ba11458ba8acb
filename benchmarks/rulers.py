"""What is measured with: MNIST, and people's ink placed by the tools next to the shared data."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from model.base.errors import UserError
from release.project import ROOT

JUDGES = ("--people", "judge")  # whose drawings nothing was trained on or chosen by
SHARED = Path(os.environ.get("INKLING_SHARED", ROOT.parent / "shared")).resolve()


def data(name: str) -> Path:
    """Return a file of the shared data. Raises UserError: it isn't there."""
    path = SHARED / "data" / name
    if not path.is_file():
        raise UserError(
            "This measures with shared data that is no part of the project: "
            f"there is no {path.name} in its folder, which INKLING_SHARED names (../shared by default)."
        )
    return path


def mnist() -> Path | None:
    """Return MNIST from the shared data; None: Keras downloads it."""
    return data("mnist.npz") if (SHARED / "data" / "mnist.npz").is_file() else None


def cases(tool: str, ink: str, folder: Path, *words: str, pictures: bool = False) -> tuple[Path, Path]:
    """Let a tool draw on canvases, and return the file of drawings and the folder of their pictures.

    Args:
        tool: pen_cases for single digits, number_cases for numbers, scribbles for what is neither.
        ink: the file of the shared data that it places; empty for scribbles, which need none.
        folder: where both are made.
        words: what else the tool is told.
        pictures: whether there are to be any.
    """
    made = folder / tool / (ink or "scribbles.jsonl")
    made.parent.mkdir(exist_ok=True)
    more = ["--pictures", str(made.with_suffix(""))] if pictures else []
    placed = [str(data(ink))] if ink else []
    with made.open("wb") as lines:
        command = [sys.executable, str(SHARED / "tools" / f"{tool}.py"), *placed, *words, *more]
        subprocess.run(command, stdout=lines, check=True)
    return made, made.with_suffix("")
