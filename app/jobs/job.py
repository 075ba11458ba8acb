"""A command of ``python -m model`` in a child process: started, listened to, cancelled. Knows no toolkit."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from model.base import events, own_process
from model.base.errors import UserError
from model.bundle import bundle

SECONDS_TO_CLEAR_UP = 2.0  # for a cancelled child; it gives itself less
MOST_LINES = 5_000  # of libraries' output to keep
LONGEST_LINE_BYTES = 1_000  # of each of them
LONGEST_EVENT_BYTES = 10_000_000
MOST_EVENTS_WAITING = 20_000  # to be polled; after that, only the last event is added
NICENESS = 10  # of the child: the window goes first

_ON_WINDOWS = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0) | own_process.QUIET

log = logging.getLogger(__name__)


class Job:
    """Runs one command, which reports events and ends when its standard input does.

    Whatever happens to the child, the last event is one of `events.LAST`, and it comes when the process has ended. If
    there's no new model, nothing is left in its place but a checkpoint, from which a training can continue.

    Args:
        words: the command and its arguments, without ``--events``.
        output: the new folder of the bundle that it makes; None if it doesn't make one.
        sweep: removes what's left of anything else that it makes, whether it succeeded or not.

    Raises:
        UserError: the child can't be started.
    """

    def __init__(
        self, words: Sequence[str], output: Path | None = None, sweep: Callable[[], None] | None = None
    ) -> None:
        self.lines: deque[str] = deque(maxlen=MOST_LINES)  # what was printed besides the events
        self.last: events.Event | None = None  # the last event, once the job is over
        self.output = output
        self._sweep = sweep
        self._events: queue.SimpleQueue[events.Event] = queue.SimpleQueue()
        self._cancelled = False
        self._told: events.Event | None = None  # the last of `events.LAST` that the child reported
        self._process = own_process.start(
            [*words, "--events"],
            stderr=subprocess.PIPE,
            creationflags=_ON_WINDOWS,
            # So that the processes it starts can be ended with it; in its own session, its niceness wouldn't count.
            process_group=None if sys.platform == "win32" else 0,
        )
        if hasattr(os, "setpriority"):
            with contextlib.suppress(OSError):  # it has ended already
                # Its threads inherit it, as none has started yet.
                os.setpriority(os.PRIO_PROCESS, self._process.pid, NICENESS)
        assert self._process.stdin
        self._stdin = self._process.stdin
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    @property
    def process(self) -> int:
        """The child's process number."""
        return self._process.pid

    @property
    def makes(self) -> bool:
        """Whether it makes something that's removed if it doesn't succeed."""
        return self.output is not None or self._sweep is not None

    @property
    def over(self) -> bool:
        """Whether the child has ended; there may still be events to poll."""
        return not self._thread.is_alive()

    def poll(self, at_most: int = 200) -> list[events.Event]:
        """Return the events since the last call, a limited number at once, without waiting."""
        told: list[events.Event] = []
        while len(told) < at_most:
            try:
                told.append(self._events.get_nowait())
            except queue.Empty:
                break
        return told

    def go_on(self, words: Sequence[str], output: Path, control: events.Control) -> None:
        """Give a waiting child its arguments, which make a bundle at ``output``, and ask it for something."""
        self.output = output
        self._say(json.dumps(list(words)), events.to_line(control))

    def ask(self, control: events.Control) -> None:
        """Ask a running training for something; it reports when it's done."""
        self._say(events.to_line(control))

    def _say(self, *lines: str) -> None:
        with contextlib.suppress(OSError, ValueError):  # it has ended, and its last event says why
            self._stdin.write("".join(f"{line}\n" for line in lines).encode())
            self._stdin.flush()

    def cancel(self) -> None:
        """Ask the child to end, and make sure that it does; returns at once."""
        if self.over or self._cancelled:
            return
        self._cancelled = True
        with contextlib.suppress(OSError):
            self._stdin.close()
        killer = threading.Timer(SECONDS_TO_CLEAR_UP, self._kill)
        killer.daemon = True
        killer.start()

    def wait(self, seconds: float) -> bool:
        """Wait for the end, and return whether it has come."""
        self._thread.join(seconds)
        return self.over

    def _listen(self) -> None:
        """Put events on the queue until the child has ended, then clear up and put the last one."""
        assert self._process.stdout
        assert self._process.stderr
        pipes = (
            threading.Thread(target=self._hear, args=(self._process.stdout,), daemon=True),
            threading.Thread(target=self._keep, args=(self._process.stderr,), daemon=True),
        )
        for pipe in pipes:
            pipe.start()
        while self._process.poll() is None:
            pipes[0].join(0.05)
            if not pipes[0].is_alive():  # it has nothing more to say
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(SECONDS_TO_CLEAR_UP)
                break
        for pipe in pipes:  # processes that the child has started can hold them forever
            pipe.join(SECONDS_TO_CLEAR_UP / 4)
        silent = self._process.poll() is None
        if silent or any(pipe.is_alive() for pipe in pipes):
            self._kill()
        status = self._process.wait()
        for pipe in pipes:
            pipe.join(SECONDS_TO_CLEAR_UP / 4)
        with contextlib.suppress(OSError):
            self._stdin.close()
        last = self._told
        if self._cancelled:
            last = events.Cancelled()
        elif last is None:
            log.warning("a child ended with status %s:\n%s", status, "\n".join(list(self.lines)))
            last = events.Failed(own_process.unexpected(status, silent=silent))
        elif isinstance(last, events.Failed):
            log.warning("a child failed: %s\n%s", last.message, "\n".join(list(self.lines)))
        self._clear(keep=isinstance(last, events.Finished | events.Opened))
        self.last = last
        self._events.put(last)

    def _kill(self) -> None:
        """End the child and the processes it has started, if they're still there."""
        if self.over:
            return
        if hasattr(os, "killpg"):
            with contextlib.suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)
        else:
            self._process.kill()

    def _hear(self, stream: IO[bytes]) -> None:
        """Put events on the queue, and keep everything else that's printed there."""
        with stream:
            while line := stream.readline(LONGEST_EVENT_BYTES):
                try:
                    event = events.from_line(line.decode())
                except (ValueError, RecursionError):
                    self.lines.append(line[:LONGEST_LINE_BYTES].decode(errors="replace").rstrip())
                    continue
                if isinstance(event, events.LAST):
                    self._told = event
                elif self._events.qsize() < MOST_EVENTS_WAITING:
                    self._events.put(event)

    def _keep(self, stream: IO[bytes]) -> None:
        with stream:
            while line := stream.readline(LONGEST_LINE_BYTES):
                self.lines.append(line.decode(errors="replace").rstrip())

    def _clear(self, *, keep: bool) -> None:
        """Remove what the child has left, and what it made unless ``keep`` is true."""
        if self._sweep:
            self._kill()  # if it was killed, the processes it has started go on
            self._sweep()
        elif self.output:
            with contextlib.suppress(UserError), bundle.reserved(self.output):
                if not keep and not (self.output / bundle.CHECKPOINT_FILE).is_file():
                    shutil.rmtree(self.output, ignore_errors=True)
