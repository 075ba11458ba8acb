"""A disk after a power cut: what was flushed is there; of the rest, whatever a file system may have written.

The model follows Pillai et al. (ALICE, OSDI 2014). Data that wasn't flushed is there, missing, short or zero, in any
order. Folder entries are written in order, across all folders or within each one, and at the latest when the folder
is flushed. Flushing a file doesn't write its name.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

TORN = 512  # bytes that a disk writes atomically


@dataclass(eq=False)
class File:
    """A file: its first content, and the writes since then."""

    first: bytes = b""
    writes: list[tuple[int, int, bytes]] = field(default_factory=list)  # moment, offset, data
    cuts: list[tuple[int, int]] = field(default_factory=list)  # moment, size
    flushes: list[int] = field(default_factory=list)
    size: int = 0

    def content(self) -> bytes:
        """Return the current content."""
        return self._with([*self.writes, *((moment, size, None) for moment, size in self.cuts)])

    def after(self, moment: int, chance: random.Random) -> bytes:
        """Return content that it may have if the power went at a moment."""
        flushed = max((each for each in self.flushes if each <= moment), default=-1)
        changes: list[tuple[int, int, bytes | None]] = [
            *(each for each in self.writes if each[0] <= moment),
            *((when, size, None) for when, size in self.cuts if when <= moment),
        ]
        safe = [each for each in changes if each[0] <= flushed]
        loose = sorted((each for each in changes if each[0] > flushed), key=lambda each: each[0])
        match chance.choice(("all", "none", "first", "some", "zeros")):
            case "none":
                loose = []
            case "first":
                loose = [_torn(each, chance) for each in loose[: chance.randint(0, len(loose))]]
            case "some":
                loose = [_torn(each, chance) for each in loose if chance.random() < 0.5]
            case "zeros":
                loose = [(when, at, data and bytes(len(data))) for when, at, data in loose]
        return self._with([*safe, *loose])

    def _with(self, changes: list[tuple[int, int, bytes | None]]) -> bytes:
        content = bytearray(self.first)
        for _moment, at, data in sorted(changes, key=lambda each: each[0]):
            end = at if data is None else at + len(data)
            content.extend(bytes(max(0, end - len(content))))
            if data is None:
                del content[at:]
            else:
                content[at:end] = data
        return bytes(content)


def _torn(change: tuple[int, int, bytes | None], chance: random.Random) -> tuple[int, int, bytes | None]:
    """Return a write, of which sometimes only the first blocks reached the disk."""
    moment, at, data = change
    if data is None or chance.random() < 0.7:
        return change
    return moment, at, data[: chance.randrange(0, len(data) + TORN) // TORN * TORN]


@dataclass(eq=False)
class Folder:
    """A folder: what its names stood for at first, and what they stand for now."""

    first: dict[str, Folder | File] = field(default_factory=dict)
    now: dict[str, Folder | File] = field(default_factory=dict)


Change = tuple[int, tuple[tuple[Folder, str, Folder | File | None], ...]]  # moment; the names' new targets


class Disk:
    """The files below a folder, with everything that happens to them; ``moment`` counts that.

    Args:
        folder: its files are read now, and count as flushed.
    """

    def __init__(self, folder: Path):
        self.root = _read(folder)
        self.moment = 0
        self._changes: list[Change] = []
        self._flushes: list[tuple[int, Folder]] = []

    def find(self, path: str) -> Folder | File | None:
        """Return what a path below the folder stands for now."""
        found: Folder | File | None = self.root
        for name in Path(path).parts:
            found = found.now.get(name) if isinstance(found, Folder) else None
        return found

    def put(self, paths: Mapping[str, Folder | File | None]) -> None:
        """Let paths stand for something else from now on, all at once; None removes a path."""
        changed = []
        for path, what in paths.items():
            above, _slash, name = path.rpartition("/")
            folder = self.find(above)
            assert isinstance(folder, Folder), path
            changed.append((folder, name, what))
        for folder, name, what in changed:
            folder.now.pop(name, None)
            if what is not None:
                folder.now[name] = what
        self._changes.append((self.moment, tuple(changed)))

    def flush(self, what: Folder | File) -> None:
        """Put a file's data, or a folder's names, on the disk."""
        if isinstance(what, File):
            what.flushes.append(self.moment)
        else:
            self._flushes.append((self.moment, what))

    def after(self, moment: int, chance: random.Random) -> Iterator[tuple[str, bytes | None]]:
        """Yield paths that may be found if the power went at a moment, with their files' content; None: a folder."""
        apart = chance.random() < 0.5  # whether each folder has its own order
        forced = self._forced(moment, apart)
        likely = chance.choice((0.0, 0.5, 0.9, 1.0))
        held: set[int] = set()  # folders for which nothing more is on the disk
        names: dict[int, dict[str, Folder | File]] = {}
        for number, (when, entries) in enumerate(self._changes):
            if when > moment:
                break
            folders = {id(folder) for folder, _name, _what in entries} if apart else {0}
            if number not in forced and (folders & held or chance.random() >= likely):
                held |= folders
                continue
            for folder, name, what in entries:
                there = names.setdefault(id(folder), dict(folder.first))
                there.pop(name, None)
                if what is not None:
                    there[name] = what
        yield from _found("", self.root, names, moment, chance)

    def _forced(self, moment: int, apart: bool) -> set[int]:
        """Return the numbers of the changes that flushing has put on the disk."""
        flushed = [each for each in self._flushes if each[0] <= moment]
        if not apart:
            last = max((when for when, _folder in flushed), default=-1)
            return {number for number, (when, _entries) in enumerate(self._changes) if when <= last}
        forced: set[int] = set()
        while flushed:
            last, folder = flushed.pop()
            above = None
            for number, (when, entries) in enumerate(self._changes):
                if when <= last and any(each[0] is folder for each in entries):
                    forced.add(number)
                for other, _name, what in entries if when <= last else ():
                    if what is folder:
                        above = when, other  # a folder that's flushed exists itself
            if above:
                flushed.append(above)
        return forced


def _found(
    path: str, folder: Folder, names: dict[int, dict[str, Folder | File]], moment: int, chance: random.Random
) -> Iterator[tuple[str, bytes | None]]:
    for name, what in names.get(id(folder), folder.first).items():
        place = f"{path}/{name}"
        if isinstance(what, File):
            yield place, what.after(moment, chance)
        else:
            yield place, None
            yield from _found(place, what, names, moment, chance)


def _read(folder: Path) -> Folder:
    read = Folder()
    for path in folder.iterdir():
        content: Folder | File = _read(path) if path.is_dir() else File(path.read_bytes(), size=path.stat().st_size)
        read.first[path.name] = read.now[path.name] = content
    return read
