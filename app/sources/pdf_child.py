"""The child process that draws a PDF's pages: it's watched and limited, and its answers aren't trusted."""

from __future__ import annotations

import contextlib
import queue
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from typing import IO, BinaryIO

from model.base import own_process

MOST_PAGE_PIXELS = 12_000_000  # of a page: one of A3 has 8 million, at 200 an inch
MOST_MEMORY = 1_000_000_000  # bytes that the child has in memory: a colour scan at 600 an inch takes 400 MB
MOST_SECONDS = 20  # that it computes for an answer; a dense page takes 1

_ANSWER = re.compile(rb"(pages|drawn|password|damaged)((?: \d{1,9})*)\n")
_COUNTS = {b"pages": 1, b"drawn": 3}  # how many numbers follow a word
_LONGEST_LINE = 100  # bytes of an answer, without the pixels
_PIXEL_BYTES, _MOST_PADDING = 3, 3  # red, green, blue; a row of pixels may be filled up to a multiple of four

Answer = tuple[bytes, tuple[int, ...], bytes]  # its word, its numbers, and the pixels behind them


class LostError(Exception):
    """The child has ended or has to: it takes too much, or its answer is invalid."""


class Child:
    """``python -m model pages``, asked for one thing after another. Raises UserError where no process starts."""

    def __init__(self) -> None:
        # What libraries print of a stranger's file is for nobody.
        self._process = own_process.start(["pages"], creationflags=own_process.QUIET, stderr=subprocess.DEVNULL)
        assert self._process.stdin
        assert self._process.stdout
        self._asked, answers = self._process.stdin, self._process.stdout
        self._heard: queue.SimpleQueue[Answer | None] = queue.SimpleQueue()
        threading.Thread(target=_hear, args=(answers, self._heard), daemon=True).start()
        self._before: float | None = None  # seconds that it had computed when it was asked
        self._answers = self._watched()

    def ask(self, line: str, content: BinaryIO | None = None) -> Answer:
        """Return its answer to a line followed by some content. Raises LostError."""
        self._before = None
        try:
            self._asked.write(f"{line}\n".encode())
            if content:
                shutil.copyfileobj(content, self._asked)
            self._asked.flush()
        except OSError as error:
            raise LostError from error
        try:
            return next(self._answers)
        except StopIteration as end:
            raise LostError from end

    def end(self) -> None:
        """Kill it: it has nothing to clean up."""
        self._process.kill()
        self._process.wait()
        with contextlib.suppress(OSError):  # what it wasn't told any more
            self._asked.close()

    def _watched(self) -> Iterator[Answer]:
        from model.base import watching  # noqa: PLC0415  (it imports what comes with the extra)

        return watching.told_by(self._process, self._heard, self._check)

    def _check(self, memory: float, seconds: float) -> None:
        """Raise LostError when it takes more than it may for an answer."""
        if self._before is None:
            self._before = seconds
        if memory > MOST_MEMORY or seconds - self._before > MOST_SECONDS:
            raise LostError(f"it took {memory / 1e6:.0f} MB and {seconds - self._before:.0f} s")


def _hear(stream: IO[bytes], heard: queue.SimpleQueue[Answer | None]) -> None:
    """Keep the child's answers up to its end, or to the first that is none."""
    with stream:
        while answer := _answer(stream):
            heard.put(answer)
    heard.put(None)


def _answer(stream: IO[bytes]) -> Answer | None:
    """Return the next answer, with no more pixels than were asked for."""
    found = _ANSWER.fullmatch(stream.readline(_LONGEST_LINE))
    if not found:
        return None
    word, numbers = found[1], tuple(map(int, found[2].split()))
    if len(numbers) != _COUNTS.get(word, 0):
        return None
    if word != b"drawn":
        return word, numbers, b""
    width, height, stride = numbers
    if not 0 < width * height <= MOST_PAGE_PIXELS or not 0 <= stride - width * _PIXEL_BYTES <= _MOST_PADDING:
        return None
    pixels = stream.read(stride * height)
    return (word, numbers, pixels) if len(pixels) == stride * height else None
