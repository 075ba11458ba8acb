"""Power cuts: the scenario is recorded once, and its disk rebuilt as it may be after a cut at any moment."""

from __future__ import annotations

import hashlib
import json
import os
import random
import time
from pathlib import Path
from typing import Any

from stress.faults.disk import Disk, File, Folder
from stress.faults.ground import Ground, Tally
from stress.faults.record import Call, record
from stress.report import Report

LARGE = 100_000  # bytes from which a file is linked to a copy that was written before
IGNORED = ("-shm",)  # endings of shared memory's names: it's made again


def run(seconds: float, seed: int) -> Report:
    """Cut the power at random moments until the time is up, and check what's found then."""
    tally = Tally("power", seed)
    with Ground() as ground:
        disk, said = play(ground)
        (ground.folder / "large").mkdir()
        number = 0
        while time.monotonic() - tally.began < seconds or not number:
            chance = random.Random(f"{seed} {number}")
            moment = chance.randint(0, disk.moment)
            home = ground.folder / f"disk-{number}"
            _write(home, disk, moment, chance, ground.folder / "large")
            confirmed = [line for when, line in said if when <= moment]
            doing = next(iter(confirmed[-1])) if confirmed else "nothing"
            tally.take(f"cut {number} at {moment}", f"after {doing}", ground.audit(home, confirmed))
            number += 1
    return tally.report(calls=disk.moment)


def play(ground: Ground) -> tuple[Disk, list[tuple[int, dict[str, Any]]]]:
    """Record the scenario; return its disk, and when each thing was said."""
    home = ground.home()
    disk = Disk(home)
    said: list[tuple[int, dict[str, Any]]] = []
    player = _Player(disk, home)
    for call in record(ground, home):
        if call.name == "write" and call.file(0)[0] == "1":  # standard output
            disk.moment += 1
            said.append((disk.moment, json.loads(call.content(1))))
        elif player.concerns(call):
            disk.moment += 1
            player.take(call)
    player.check()
    return disk, said


class _Player:
    """Replays on a disk what system calls did in a home."""

    def __init__(self, disk: Disk, home: Path):
        self._disk, self._home = disk, home
        self._open: dict[str, tuple[Folder | File, int]] = {}  # file's number -> the file, and the position in it

    def concerns(self, call: Call) -> bool:
        """Return whether a call concerns the home."""
        paths = (word[1] if isinstance(word, tuple) else word for word in call.words if not isinstance(word, str))
        return any(f"{os.fsdecode(path)}/".startswith(f"{self._home}/") for path in paths)

    def take(self, call: Call) -> None:
        """Replay a call. Raises RuntimeError if it isn't a known one."""
        number = call.file(0)[0]
        if call.name == "close":
            self._open.pop(number, None)
        elif number in self._open:
            self._on_file(call, number)
        elif what := getattr(self, f"_{call.name}", None):
            what(call)
        elif not number:
            raise RuntimeError(f"{call.name} is not known here")

    def check(self) -> None:
        """Raise RuntimeError unless the disk matches the home: otherwise a call was misunderstood."""
        for path in self._home.rglob("*"):
            found = self._disk.find(str(path.relative_to(self._home)))
            if path.name.endswith(IGNORED):
                continue
            if (isinstance(found, File) and found.content() != path.read_bytes()) or found is None:
                raise RuntimeError(f"{path} was recorded wrongly")

    def _openat(self, call: Call) -> None:
        path, flags = self._path(call.content(1), call.file(0)), call.text(2)
        if path is None or path.endswith(IGNORED):
            return
        found = self._disk.find(path)
        if found is None:
            found = File()
            self._disk.put({path: found})
        if "O_TRUNC" in flags and isinstance(found, File) and found.size:
            self._cut(found, 0)
        size = found.size if isinstance(found, File) and "O_APPEND" in flags else 0
        self._open[str(call.result)] = found, size

    def _on_file(self, call: Call, number: str) -> None:
        what, place = self._open[number]
        if call.name in ("fsync", "fdatasync"):
            self._disk.flush(what)
        elif call.name == "lseek":
            self._open[number] = what, call.result
        elif isinstance(what, File):
            match call.name:
                case "write":
                    self._put(what, place, call.content(1)[: call.result])
                    self._move(number, call.result)
                case "pwrite64":
                    self._put(what, int(call.text(3)), call.content(1)[: call.result])
                case "sendfile":
                    self._sendfile(call, what, place)
                    self._move(number, call.result)
                case "ftruncate":
                    self._cut(what, int(call.text(1)))
                case other:
                    raise RuntimeError(f"{other} is not known here")

    def _sendfile(self, call: Call, target: File, place: int) -> None:
        source = self._open[call.file(1)[0]][0]
        assert isinstance(source, File)
        start = int(call.text(2).strip("["))
        self._put(target, place, source.content()[start : start + call.result])

    def _rename(self, call: Call) -> None:
        source, target = self._path(call.content(0)), self._path(call.content(1))
        if source and target:
            self._disk.put({source: None, target: self._disk.find(source)})

    def _mkdir(self, call: Call) -> None:
        path = self._path(call.content(0))
        if path:
            self._disk.put({path: Folder()})

    def _unlink(self, call: Call) -> None:
        path = self._path(call.content(0))
        if path and not path.endswith(IGNORED):
            self._disk.put({path: None})

    _rmdir = _unlink

    def _unlinkat(self, call: Call) -> None:
        path = self._path(call.content(1), call.file(0))
        if path:
            self._disk.put({path: None})

    def _path(self, name: bytes, folder: tuple[str, bytes] = ("", b"/")) -> str | None:
        """Return a path relative to the home; None for paths outside it."""
        whole = Path(os.fsdecode(folder[1]), os.fsdecode(name))
        return str(whole.relative_to(self._home)) if whole.is_relative_to(self._home) else None

    def _put(self, file: File, place: int, data: bytes) -> None:
        file.writes.append((self._disk.moment, place, data))
        file.size = max(file.size, place + len(data))

    def _cut(self, file: File, size: int) -> None:
        file.cuts.append((self._disk.moment, size))
        file.size = size

    def _move(self, number: str, by: int) -> None:
        what, place = self._open[number]
        self._open[number] = what, place + by


def _write(home: Path, disk: Disk, moment: int, chance: random.Random, large: Path) -> None:
    """Make a home's folder as it may be found if the power went at a moment."""
    home.mkdir()
    for name, content in disk.after(moment, chance):
        path = home / name.lstrip("/")
        if content is None:
            path.mkdir()
        elif len(content) < LARGE:
            path.write_bytes(content)
        else:
            same = large / hashlib.blake2b(content).hexdigest()
            if not same.exists():
                same.write_bytes(content)
            os.link(same, path)
