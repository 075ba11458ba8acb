"""Workers that are processes of this program on this computer."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.facts import log as logfile
from app.sources.batch import Answer
from app.sources.sources import Piece
from app.sources.spread import Crew, LostError, answers_of
from model.base import language
from model.base.errors import UserError
from model.base.language import _
from model.bundle.bundle import open_bundle
from model.reading.recognizer import Recognizer

if sys.platform != "win32":  # which has none
    from multiprocessing import resource_tracker
if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

STARTS = 3  # of a worker in a row that may fail

log = logging.getLogger(__name__)


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Processes(Crew):
    """Processes, each with its own pipe and thread, so that a killed one doesn't take others' work with it.

    (Python's own pool needs semaphores, which don't exist everywhere.)
    """

    def __init__(self, count: int, recognizer: Recognizer):
        self._workers = [_Worker(recognizer) for _each in range(count)]
        self._spare = _Worker(recognizer)  # started when it's needed: for what others were lost with
        self._idle = list(self._workers)
        self._threads, self._spare_thread = ThreadPoolExecutor(count), ThreadPoolExecutor(1)

    @property
    def size(self) -> int:
        """How many of them read at once."""
        return len(self._workers)

    def send(self, handful: Sequence[Piece]) -> Future[list[Answer]]:
        """Give a handful to the next free process."""

        def read() -> list[Answer]:
            worker = self._idle.pop()
            try:
                return worker.read(handful)
            finally:
                self._idle.append(worker)

        return self._threads.submit(read)

    def send_alone(self, piece: Piece) -> Future[list[Answer]]:
        """Give a piece to a process that does nothing else. The future raises UserError if none can be started."""

        def read() -> list[Answer]:
            for _each in range(STARTS):
                try:
                    self._spare.read([])  # it can be started
                except LostError:
                    continue
                return self._spare.read([piece])
            sentence = _(
                "No reading process can be started. Close other programs, or use fewer --jobs ({file} says more)."
            )
            raise UserError(sentence, file=logfile.place())

        return self._spare_thread.submit(read)

    def __exit__(self, *_what: object) -> None:
        for worker in (*self._workers, self._spare):
            worker.end()
        for threads in (self._threads, self._spare_thread):
            threads.shutdown(cancel_futures=True)


class _Worker:
    """A process that reads a handful at a time, started when there's something to do, and again after it was lost."""

    def __init__(self, recognizer: Recognizer):
        self._order = recognizer.bundle.path, recognizer.threshold, language.current()
        self._changing = threading.Lock()
        self._ended = False
        self._process: SpawnProcess | None = None
        self._pipe: Connection[Any, Any] | None = None

    def read(self, handful: Sequence[Piece]) -> list[Answer]:
        """Return the answers to a handful, once it has them. Raises LostError."""
        try:
            with self._changing:
                pipe = self._pipe or self._start()
            pipe.send(handful)
            answers: list[Answer] | Exception = pipe.recv()
        except (OSError, EOFError) as error:
            log.info("a process that reads has ended: %r", error)
            with self._changing:
                self._lose()
            raise LostError from error
        if isinstance(answers, Exception):
            raise answers
        return answers

    def end(self) -> None:
        """Kill it, whatever it does, and start no other: nobody waits for its answer."""
        with self._changing:
            self._ended = True
            self._lose()

    def _start(self) -> Connection[Any, Any]:
        if self._ended:
            raise EOFError
        if sys.platform != "win32":
            resource_tracker.ensure_running()  # each spawned process has it, and its start lets Ctrl+C in again
            # What is started here has what this thread has: Ctrl+C would end it with a trace before it can say no.
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        context = multiprocessing.get_context("spawn")  # on every system: a fork of a process with threads can hang
        self._pipe, its_own = context.Pipe()
        self._process = context.Process(target=_run, args=(*self._order, its_own), daemon=True)
        self._process.start()
        its_own.close()  # so that the end of the process is the end of the pipe
        return self._pipe

    def _lose(self) -> None:
        if self._process and self._process.pid:
            self._process.kill()
            self._process.join()
        if self._pipe and not self._ended:  # else its thread may be waiting at it, and hears of its end
            self._pipe.close()
        self._process = self._pipe = None


def _run(bundle: Path, threshold: float, code: str, pipe: Connection[Any, Any]) -> None:
    """Be a worker: read what comes through the pipe until that ends, or the process that started this one has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    logfile.start()
    language.use(code)
    try:
        recognizer = Recognizer(open_bundle(bundle), threshold)
        while True:
            handful = pipe.recv()
            try:
                answers: list[Answer] | Exception = answers_of(recognizer, handful)
            except Exception as error:  # noqa: BLE001  (a bug, which is told where the answers are)
                answers = error
            pipe.send(answers)
    except (EOFError, BrokenPipeError):
        pass  # nobody asks any more
    except Exception:
        log.exception("a process that reads cannot go on")


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent
    parent.join()
    os._exit(1)
