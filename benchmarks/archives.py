"""Frozen programs packed as they are downloaded; nothing is written to the disk."""

from __future__ import annotations

import argparse
import lzma
import os
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, cast

from benchmarks.bundles import executable, folders_of
from benchmarks.tables import markdown


def run(arguments: argparse.Namespace) -> Iterator[str]:
    """Pack the folders that are there, and yield what there is to say."""
    folders = folders_of(arguments)
    for name, folder in folders.items():
        executable(name, folder)
    yield table(packed(folders))


def packed(folders: Mapping[str, Path]) -> dict[str, dict[str, int]]:
    """Return how many bytes each kind of archive takes for each folder, by its name."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # the compressors let other threads work
        sizes = {
            kind: {name: pool.submit(pack, folder) for name, folder in folders.items()} for kind, pack in KINDS.items()
        }
    return {kind: {name: size.result() for name, size in each.items()} for kind, each in sizes.items()}


def table(sizes: Mapping[str, Mapping[str, int]]) -> str:
    """Return the sizes for people, in 10^6 bytes."""
    rows = [
        [f"{kind} (MB)", *(f"{size / 1e6:,.1f}" for size in each.values()), f"{each['plain'] / each['light']:.1f}"]
        for kind, each in sizes.items()
    ]
    return markdown(["", *next(iter(sizes.values())), "plain / light"], rows)


def tar_xz(folder: Path) -> int:
    """Return how many bytes a folder makes as .tar.xz, compressed as xz does it unless told otherwise."""
    counter = _Counter()
    with (
        lzma.open(cast("IO[bytes]", counter), "wb", preset=6) as stream,
        tarfile.open(fileobj=stream, mode="w|") as archive,
    ):
        archive.add(folder, folder.name)
    return counter.count


def zipped(folder: Path) -> int:
    """Return how many bytes a folder makes as .zip, compressed as much as Deflate can, links as links."""
    counter = _Counter()
    with zipfile.ZipFile(cast("IO[bytes]", counter), "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(folder.rglob("*")):
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            if path.is_symlink():
                archive.writestr(name, str(path.readlink()))
            else:
                archive.write(path, name)
    return counter.count


KINDS: dict[str, Callable[[Path], int]] = {"tar.xz": tar_xz, "zip": zipped}


class _Counter:
    """Takes bytes as a file does, and counts them."""

    def __init__(self) -> None:
        self.count = 0

    def write(self, data: bytes) -> int:
        self.count += len(data)
        return len(data)

    def flush(self) -> None:
        """Have nothing left to write."""
