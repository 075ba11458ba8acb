"""Frozen programs: how large their folders are, and how soon their windows are ready."""

from __future__ import annotations

import argparse
import json
import os
import stat
import statistics
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks import programs
from benchmarks.programs import Figures, Program
from benchmarks.tables import markdown, spread
from model.base.errors import UserError

DISK_CACHE = Path("/proc/sys/vm/drop_caches")
PROGRAMS = {  # name -> (window title, file in the folder)
    "plain": ("Plain", "plain"),
    "light": ("Inkling", "inkling"),
    "full": ("Inkling", "inkling"),
}


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large a folder is: apparent sizes of files, a hard link once, a symbolic link as its own few bytes."""

    folder: int  # bytes
    files: int


def run(arguments: argparse.Namespace) -> Iterator[str]:
    """Measure the folders that are there, and yield what there is to say."""
    folders = folders_of(arguments)
    frozen = {name: Program(PROGRAMS[name][0], (str(executable(name, path)),)) for name, path in folders.items()}
    sizes = {name: measured(folder) for name, folder in folders.items()}
    warm = programs.measure(frozen, arguments.runs, arguments.answers, warm_up=True)
    cold = {}
    if arguments.cold and os.access(DISK_CACHE, os.W_OK):
        cold = programs.measure(frozen, arguments.runs, 0, before=forget_what_was_read)
    elif arguments.cold:
        print("Only root on Linux can empty the disk cache: without it, no start from the disk.", file=sys.stderr)
    yield json.dumps(ratios(sizes, warm)) if arguments.json else table(sizes, warm, cold)


def folders_of(arguments: argparse.Namespace) -> dict[str, Path]:
    """Return the folders that are to be measured; the full bundle's is left out where it isn't there."""
    folders = {name: getattr(arguments, name).resolve() for name in PROGRAMS}
    return {name: folder for name, folder in folders.items() if name != "full" or folder.is_dir()}


def executable(name: str, folder: Path) -> Path:
    """Return a folder's program. Raises UserError: there's none."""
    path = folder / PROGRAMS[name][1]
    if not os.access(path, os.X_OK) or path.is_dir():
        raise UserError(
            f"There is no frozen program in {folder}; make it with: python -m benchmarks freeze --only {name}"
        )
    return path


def measured(folder: Path) -> Sizes:
    """Return a folder's sizes."""
    statuses = [path.lstat() for path in folder.rglob("*")]
    files = {(each.st_dev, each.st_ino): each.st_size for each in statuses if not stat.S_ISDIR(each.st_mode)}
    return Sizes(sum(files.values()), len(files))


def forget_what_was_read() -> None:
    """Empty the disk cache, so that the next program is read from the disk."""
    os.sync()
    DISK_CACHE.write_text("3", encoding="ascii")


def ratios(sizes: Mapping[str, Sizes], figures: Mapping[str, Figures]) -> dict[str, float]:
    """Return how many times more the plain program takes than the light bundle."""
    size = round(sizes["plain"].folder / sizes["light"].folder, 2)
    return {"size_ratio": size, **programs.ratios(figures["plain"], figures["light"])}


def table(sizes: Mapping[str, Sizes], warm: Mapping[str, Figures], cold: Mapping[str, Figures]) -> str:
    """Return the figures for people, a column for each program."""
    rows = [_row("folder (MB)", {name: [each.folder / 1e6] for name, each in sizes.items()}, 1)]
    rows.append(_row("window ready (s)", {name: each.window_s for name, each in warm.items()}, 3))
    if cold:
        rows.append(_row("window ready, read from disk (s)", {name: each.window_s for name, each in cold.items()}, 2))
    rows.append(_row("answer (ms)", {name: each.answer_ms for name, each in warm.items()}, 1))
    rows.append(_row("memory (MB)", {name: each.memory_mb for name, each in warm.items()}, 1))
    rows.append(["files", *(f"{each.files:,}" for each in sizes.values()), ""])
    return markdown(["", *sizes, "plain / light"], rows)


def _row(name: str, values: Mapping[str, list[float]], places: int) -> list[str]:
    ratio = statistics.median(values["plain"]) / statistics.median(values["light"])
    return [name, *(spread(each, places) for each in values.values()), f"{ratio:.1f}"]
