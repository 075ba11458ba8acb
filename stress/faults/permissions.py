"""Folders and files that can't be read or written, or are something other than they should be."""

from __future__ import annotations

import contextlib
import fcntl
import os
import random
import shutil
import struct
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from stress.faults import ground
from stress.faults.ground import CONFIG, DATA, Ground, Tally
from stress.report import Report

FOLDERS = (".", ".config", CONFIG, ".local", ".local/share", DATA, f"{DATA}/models", f"{DATA}/models/mine", "new-model")
FILES = (
    *(f"{CONFIG}/settings.json", f"{CONFIG}/.settings.json.lock", f"{DATA}/drawings.sqlite3"),
    *(f"{DATA}/.drawings.sqlite3.lock", f"{DATA}/drawings.sqlite3-journal", f"{DATA}/last-drawing.json"),
    *(f"{DATA}/models/mine/card.json", f"{DATA}/models/mine/model.tflite", f"{DATA}/models/.mine.lock"),
    *("saved.inkling", "export.jsonl", "import.jsonl", "problem.zip", ".local/state/Inkling/log/inkling.log"),
)
GET_FLAGS, SET_FLAGS, IMMUTABLE = 0x80086601, 0x40086602, 0x10  # from linux/fs.h
# Root may do anything unless it drops that capability.
OBEDIENT = ("setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner", "--") if os.geteuid() == 0 else ()


def run(seconds: float, seed: int) -> Report:
    """Close, lock and replace things until the time is up: first each in each way, then two at once."""
    tally = Tally("permissions", seed)
    chance = random.Random(seed)
    single = [(path, way) for path in (*FOLDERS, *FILES) for way in WAYS if (path, way) not in FRESH and path != "."]
    single = [(path, way) for path, way in single if path not in FILES or way != "is a file"]  # it's a file already
    single += [(".", way) for way in CLOSED]
    chance.shuffle(single)
    with Ground(Path(tempfile.gettempdir())) as laid:  # nothing is immutable in memory
        while time.monotonic() - tally.began < seconds or not tally.count:
            chosen = [single[tally.count]] if tally.count < len(single) else chance.sample(single, 2)
            home = laid.home()
            undo = contextlib.ExitStack()
            for path, way in chosen:
                _change(home / path, way, undo, laid.folder)
            ran = ground.run(home, before=OBEDIENT)
            undo.close()
            replaced = [path for path, way in chosen if way in REPLACED]  # what was confirmed was in what's gone now
            elsewhere = [{"elsewhere": path} for path in replaced if path in FOLDERS]
            wrong = laid.audit(home, elsewhere if replaced else ran.said)
            if ran.errors or ran.status:
                wrong.append(f"it ended with {ran.status} and said {ran.errors[-2000:]!r}")
            said = any("said" in line for line in ran.said)
            what = ", ".join(f"{path} {way}" for path, way in chosen)
            tally.take(what, f"{chosen[0][1]}: {'a sentence' if said else 'done without'}", wrong)
    return tally.report()


def _change(path: Path, way: str, undo: contextlib.ExitStack, beside: Path) -> None:
    """Change what's at a path; the original goes next to the home, and is back once the stack is closed."""
    if way in REPLACED:
        aside = Path(tempfile.mkdtemp(dir=beside), path.name)
        there = path.exists() or path.is_symlink()
        if not path.parent.is_dir():
            return
        if there:
            path.rename(aside)
        REPLACED[way](path, aside.parent / "nowhere" / "at-all")
        undo.callback(_back, path, aside, there)
    elif path.exists():
        mode = path.stat().st_mode
        if way == "immutable":
            with contextlib.suppress(OSError):  # not every file system supports that
                undo.enter_context(_immutable(path))
        else:
            path.chmod(CLOSED[way] | (mode & 0o111 if path.is_file() else 0))
            undo.callback(_open_again, path, mode)


@contextlib.contextmanager
def _immutable(path: Path) -> Iterator[None]:
    """Make a file or folder immutable, as `chattr +i` does, and undo that in the end, wherever it was moved."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        before = fcntl.ioctl(descriptor, GET_FLAGS, bytes(8))
        (flags,) = struct.unpack("l", before)
        fcntl.ioctl(descriptor, SET_FLAGS, struct.pack("l", flags | IMMUTABLE))
        try:
            yield
        finally:
            fcntl.ioctl(descriptor, SET_FLAGS, before)
    finally:
        os.close(descriptor)


def _open_again(path: Path, mode: int) -> None:
    with contextlib.suppress(FileNotFoundError):
        path.chmod(mode)


def _back(path: Path, aside: Path, there: bool) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    if there and path.parent.is_dir():  # the model that it belonged to may have been deleted
        aside.rename(path)


REPLACED: dict[str, Callable[[Path, Path], None]] = {  # puts something at the path; the other path leads nowhere
    "is a file": lambda path, _nowhere: path.touch(),
    "is a folder": lambda path, _nowhere: path.mkdir(),
    "is a dangling link": lambda path, nowhere: path.symlink_to(nowhere),
    "is a link to itself": lambda path, _nowhere: path.symlink_to(path),
}
CLOSED = {"is read-only": 0o555, "is closed": 0o000, "can't be listed": 0o333, "immutable": 0}
WAYS = (*CLOSED, *REPLACED)
FRESH = ((".config", "is a folder"), (CONFIG, "is a folder"))  # with other settings, it's another user's home
