"""A command done in a child process that is watched: with more memory or time than it may take, or asked to, it ends.

What opens strangers' files hands them to libraries that ignore signals while they compute, and make room for whatever a
file says. A second process does handle signals, and sees what they take.
"""

from __future__ import annotations

import contextlib
import queue
import subprocess
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from model.base import events, own_process, watching
from model.base.errors import UserError
from model.base.language import _
from model.bundle import bundle
from model.commands.listener import Report

MOST_MEMORY = 3_000_000_000  # bytes that lie in memory: TensorFlow takes 700 MB, a network of 190 MB 2.6 GB
MOST_SECONDS = 300  # that its cores compute together: TensorFlow's start and a usual network take 20
SECONDS_TO_END = 2.0  # that it has when it has told how it went
SECONDS_TO_CLEAR_UP = 0.5  # that it has after itself; less than listener.GRACE
LONGEST_EVENT_BYTES = 1_000_000


def run(command: str, words: Sequence[str], report: Report, output: Path) -> None:
    """Do a command in a child process, and report what it tells.

    Args:
        command: of `python -m model`.
        words: what else it's given, but ``--events``.
        report: is called with the events but the last.
        output: the folder that it writes; nothing is left next to it at the end.

    Raises:
        UserError: it says so itself, or takes more than it may, or ends without a word.
        KeyboardInterrupt: it was cancelled.
    """
    child = own_process.start([command, "--events", *words], creationflags=own_process.QUIET)
    with _ended(child, output):
        for event in _told(child):
            if isinstance(event, events.LAST):
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(SECONDS_TO_END)
            match event:
                case events.Failed():
                    failed = UserError(event.message)
                    failed.instead = event.instead
                    raise failed
                case events.Cancelled():
                    raise KeyboardInterrupt
            report(event)
            if isinstance(event, events.LAST):
                return
        raise UserError(own_process.unexpected(child.wait()))


@contextlib.contextmanager
def _ended(child: subprocess.Popen[bytes], output: Path) -> Iterator[None]:
    """See to it that a child is no more afterwards, and that nothing of it is left."""
    assert child.stdin
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            child.stdin.close()
        try:
            child.wait(SECONDS_TO_CLEAR_UP)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            # Whoever holds the place removes what a kill has left.
            with contextlib.suppress(UserError), bundle.reserved(output):
                pass


def _told(child: subprocess.Popen[bytes]) -> Iterator[events.Event]:
    """Give what a child tells, and look at it meanwhile. Raises UserError when it takes more than it may."""
    assert child.stdout
    told: queue.SimpleQueue[events.Event | None] = queue.SimpleQueue()
    threading.Thread(target=_hear, args=(child.stdout, told), daemon=True).start()
    yield from watching.told_by(child, told, check)


def check(memory: float, seconds: float) -> None:
    """Raise UserError when a child takes more than it may."""
    if memory > MOST_MEMORY:
        sentence = _("It took more than {most} GB of memory, so it was stopped. Choose a smaller network.")
        raise UserError(sentence, most=f"{MOST_MEMORY / 1e9:g}")
    if seconds > MOST_SECONDS:
        sentence = _("It computed for more than {most} seconds, so it was stopped. Choose a smaller network.")
        raise UserError(sentence, most=MOST_SECONDS)


def _hear(stream: IO[bytes], told: queue.SimpleQueue[events.Event | None]) -> None:
    with stream:
        while line := stream.readline(LONGEST_EVENT_BYTES):
            with contextlib.suppress(ValueError, RecursionError):
                told.put(events.from_line(line.decode()))
    told.put(None)


def limit() -> None:
    """Let the system end this process when it has computed for too long, should nobody watch it any more."""
    watching.limit(MOST_SECONDS + 10)
