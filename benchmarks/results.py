"""A benchmark's output, with the command, the machine and the day; kept in a file until it's measured again."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from model.base import project
from model.base.errors import UserError
from release import tools
from release.project import ROOT

FOLDER = ROOT / "benchmarks" / "results"


@dataclass(frozen=True, slots=True)
class Result:
    """One measurement."""

    command: str
    date: str  # of its end, as 2026-11-23
    seconds: int  # that it took
    version: str  # of the program
    commit: str  # short, with a word when files were changed; empty outside of a checkout
    machine: str
    output: tuple[str, ...]  # lines


def measured(words: Sequence[str]) -> Result:
    """Run ``python -m benchmarks WORD…`` in a separate process. Raises UserError if it fails."""
    of = commit()
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", *words],
        cwd=ROOT,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )
    command = " ".join(["python -m benchmarks", *words])
    if done.returncode:
        raise UserError(f"{command} failed; its last words above say why.")
    return Result(
        command=command,
        date=datetime.now(UTC).date().isoformat(),
        seconds=round(time.monotonic() - began),
        version=project.version(),
        commit=of,
        machine=machine(),
        output=tuple(done.stdout.splitlines()),
    )


def save(name: str, result: Result, folder: Path) -> None:
    """Keep a result in place of the previous one."""
    folder.mkdir(exist_ok=True)
    text = json.dumps(asdict(result), ensure_ascii=False, indent=1)
    (folder / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")


def load(name: str, folder: Path) -> Result | None:
    """Return what is kept; None: nothing."""
    try:
        kept = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Result(**{**kept, "output": tuple(kept["output"])})


def machine() -> str:
    """Return the facts about this machine that matter for a figure, without its name."""
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count()
    parts = [f"{cores} cores of {_processor()}", platform.machine()]
    if hasattr(os, "sysconf"):
        parts.append(f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB")
    return ", ".join([*parts, _system(), f"Python {platform.python_version()}"])


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def _system() -> str:
    if sys.platform == "linux":
        return platform.freedesktop_os_release().get("PRETTY_NAME", "Linux")
    return f"{platform.system()} {platform.release()}"


def commit() -> str:
    """Return the commit that is measured, and whether files aren't as it has them (except figures, which are new)."""
    changes = [
        "status",
        "--porcelain",
        "--untracked-files=no",
        "--",
        ".",
        ":!benchmarks/results",
        ":!benchmarks/README.md",
        ":!stress/results.jsonl",
        ":!stress/README.md",
    ]
    try:
        name, changed = (tools.git(ROOT, *words) for words in (["rev-parse", "--short", "HEAD"], changes))
    except UserError:  # no checkout, or no git
        return ""
    return f"{name} with changes" if changed else name
