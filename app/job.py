"""A command of ``python -m model`` in a child process: started, listened to, cancelled. Knows no toolkit."""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import shutil
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from model import bundle, events, language
from model.errors import UserError
from model.language import _
from model.needs import FROZEN

PATIENCE = 2.0  # seconds that a cancelled child has to clear up; it gives itself less
LINES = 5_000  # of what libraries print are kept
GENTLE = 10  # how nice the child is: the window goes first

_ITS_OWN = {"PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}

_ON_WINDOWS = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0) | getattr(subprocess, "CREATE_NO_WINDOW", 0)

log = logging.getLogger(__name__)


class Job:
    """Runs one command, which tells events and ends with its standard input.

    Whatever becomes of the child, the last event is one of `events.LAST`, it comes when the process has ended, and
    without a new model nothing is left where that was to be.

    Args:
        words: the command and its words, without ``--events``.
        output: the folder of the bundle that it makes, new; None when it makes none.

    Raises:
        UserError: the child cannot be started.
    """

    def __init__(self, words: Sequence[str], output: Path | None = None) -> None:
        self.lines: deque[str] = deque(maxlen=LINES)  # what was printed beside the events
        self.last: events.Event | None = None  # the last event, once the job is over
        self.output = output
        self._events: queue.SimpleQueue[events.Event] = queue.SimpleQueue()
        self._cancelled = False
        try:
            self._process = subprocess.Popen(  # noqa: S603  (this program itself)
                [*_program(), *words, "--events"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=Path(bundle.__file__).parent.parent,
                env=os.environ | _ITS_OWN | {"LANGUAGE": language.current()},  # its sentences are shown here
                creationflags=_ON_WINDOWS,
            )
        except OSError as error:
            sentence = _("Another process cannot be started ({reason}); see that there is room on the disk.")
            raise UserError(sentence.format(reason=error)) from error
        if hasattr(os, "setpriority"):
            with contextlib.suppress(OSError):  # it has ended already
                os.setpriority(os.PRIO_PROCESS, self._process.pid, GENTLE)  # its threads, all still to come, inherit it
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    @property
    def process(self) -> int:
        """The child's process number."""
        return self._process.pid

    @property
    def over(self) -> bool:
        """Whether the child has ended; events can still wait to be polled."""
        return not self._thread.is_alive()

    def poll(self, at_most: int = 200) -> list[events.Event]:
        """Return what was told since the last time, a bounded number at once, without waiting."""
        told: list[events.Event] = []
        while len(told) < at_most:
            try:
                told.append(self._events.get_nowait())
            except queue.Empty:
                break
        return told

    def cancel(self) -> None:
        """Ask the child to end, and see that it does; returns at once."""
        if self.over or self._cancelled:
            return
        self._cancelled = True
        with contextlib.suppress(OSError):
            self._stdin.close()
        killer = threading.Timer(PATIENCE, self._process.kill)
        killer.daemon = True
        killer.start()

    def wait(self, seconds: float) -> bool:
        """Wait for the end, and return whether it came."""
        self._thread.join(seconds)
        return self.over

    @property
    def _stdin(self) -> IO[bytes]:
        assert self._process.stdin
        return self._process.stdin

    def _listen(self) -> None:
        """Put events on the queue until the child has ended, then clear up and put the last one."""
        assert self._process.stdout
        assert self._process.stderr
        errors = threading.Thread(target=self._keep, args=(self._process.stderr,), daemon=True)
        errors.start()
        last: events.Event | None = None
        for line in self._process.stdout:
            try:
                event = events.from_line(line.decode())
            except ValueError:
                self.lines.append(line.decode(errors="replace").rstrip())
                continue
            if isinstance(event, events.LAST):
                last = event
            else:
                self._events.put(event)
        status = self._process.wait()
        errors.join()
        for stream in (self._stdin, self._process.stdout, self._process.stderr):
            with contextlib.suppress(OSError):
                stream.close()
        if self._cancelled:
            last = events.Cancelled()
        elif last is None:
            log.warning("a child ended with status %s:\n%s", status, "\n".join(self.lines))
            last = events.Failed(_unexpected(status))
        elif isinstance(last, events.Failed):
            log.warning("a child failed: %s\n%s", last.message, "\n".join(self.lines))
        self._clear(keep=isinstance(last, events.Finished | events.Opened))
        self.last = last
        self._events.put(last)

    def _keep(self, stream: IO[bytes]) -> None:
        for line in stream:
            self.lines.append(line.decode(errors="replace").rstrip())

    def _clear(self, *, keep: bool = False) -> None:
        """Remove what the child has left, and what it made unless that is to be kept."""
        if self.output:
            with contextlib.suppress(UserError), bundle.reserved(self.output):
                if not keep:
                    shutil.rmtree(self.output, ignore_errors=True)


def _program() -> list[str]:
    """Return how ``python -m model`` is started: the frozen program is its own Python."""
    return [sys.executable, "model"] if FROZEN else [sys.executable, "-m", "model"]


def _unexpected(status: int) -> str:
    if status == -9:
        return _("The system ended it, perhaps for want of memory; close other programs and try again.")
    return _("It ended without a word (status {status}); what it printed is in the log.").format(status=status)
