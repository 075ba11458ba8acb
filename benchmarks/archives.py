"""Packs frozen programs the way `release` packs downloads."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.bundles import executable, folders_of
from benchmarks.tables import markdown
from release import archives, members

KINDS = {"tar.xz": archives.tar_xz, "zip": archives.zip_file}


def run(arguments: argparse.Namespace) -> Iterator[str]:
    """Pack the existing folders, and yield the lines to print."""
    folders = folders_of(arguments)
    for name, folder in folders.items():
        executable(name, folder)
    yield table(packed(folders))


def packed(folders: Mapping[str, Path]) -> dict[str, dict[str, int]]:
    """Return how many bytes each kind of archive takes for each folder, by its name."""
    content = {name: members.of_folder(folder, folder.name) for name, folder in folders.items()}
    sizes: dict[str, dict[str, int]] = {kind: {} for kind in KINDS}
    with tempfile.TemporaryDirectory() as place:
        for kind, pack in KINDS.items():
            for name, files in content.items():
                path = Path(place, "packed")
                pack(files, path, 0)
                sizes[kind][name] = path.stat().st_size
    return sizes


def table(sizes: Mapping[str, Mapping[str, int]]) -> str:
    """Return the sizes for people, in 10^6 bytes."""
    rows = [
        [f"{kind} (MB)", *(f"{size / 1e6:,.1f}" for size in each.values()), f"{each['plain'] / each['light']:.1f}"]
        for kind, each in sizes.items()
    ]
    return markdown(["", *next(iter(sizes.values())), "plain / light"], rows)
