"""What a program does to a home's files, recorded by strace call by call, with the data (Linux)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from stress.faults.calls import strace
from stress.faults.ground import SCENARIO, Ground, run

_NAMES = (
    *("openat", "close", "lseek", "write", "pwrite64", "sendfile", "copy_file_range", "fsync", "fdatasync"),
    *("rename", "renameat", "renameat2", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir", "writev", "pwritev"),
    *("pwritev2", "fallocate", "link", "linkat", "symlink", "symlinkat", "truncate", "ftruncate", "dup", "dup2"),
)
_LINE = re.compile(r"^([\d.]+) (\w+)\((.*)\) += (\d+)")
_WORD = re.compile(r'"([^"]*)"|(-?\w+)<([^>]*)>(?:\(deleted\))?|\[(\d+)\]|([^,\s][^,]*)')  # everything is hexadecimal


class Call(NamedTuple):
    """A successful system call: its name, its words, and what it returned.

    A word is bytes if it's a path or data, (number, path) if it's an open file, otherwise its text.
    """

    name: str
    words: tuple[bytes | tuple[str, bytes] | str, ...]
    result: int

    def content(self, place: int) -> bytes:
        """Return the word at a place: a path or data."""
        word = self.words[place]
        assert isinstance(word, bytes)
        return word

    def file(self, place: int) -> tuple[str, bytes]:
        """Return the word at a place: an open file; ("", empty bytes) if it isn't one."""
        word = self.words[place]
        return word if isinstance(word, tuple) else ("", b"")

    def text(self, place: int) -> str:
        """Return the word at a place as it was written."""
        word = self.words[place]
        assert isinstance(word, str)
        return word


def record(ground: Ground, home: Path) -> list[Call]:
    """Run the scenario in a home, and return what it did, in order. Raises RuntimeError."""
    place = ground.folder / "record"
    names = ",".join(f"?{name}" for name in _NAMES)
    options = ("--seccomp-bpf", "-ff", "-ttt", "-y", "-xx", "-s", "100000000", "-o", str(place), "-e", f"trace={names}")
    ran = run(home, SCENARIO, strace(*options))
    if ran.status or ran.errors:
        raise RuntimeError(f"the scenario cannot be recorded ({ran.status}): {ran.errors}")
    timed = [each for file in ground.folder.glob("record.*") for each in _read(file)]  # one file for each thread
    return [call for _time, call in sorted(timed, key=lambda each: each[0])]


def _read(file: Path) -> Iterator[tuple[float, Call]]:
    for line in file.read_text(encoding="ascii", errors="replace").splitlines():
        found = _LINE.match(line)
        if found:
            time, name, words, result = found.groups()
            yield float(time), Call(name, tuple(_word(each) for each in _WORD.finditer(words)), int(result))


def _word(found: re.Match[str]) -> bytes | tuple[str, bytes] | str:
    text, number, path, offset, other = found.groups()
    if text is not None:
        return bytes.fromhex(text.replace("\\x", ""))
    if number is not None:
        return number, bytes.fromhex(path.replace("\\x", ""))
    return str(offset or other)
