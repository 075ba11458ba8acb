"""Workers that are processes of this program on this computer."""

from __future__ import annotations

import logging
import multiprocessing
import os
import queue
import signal
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple

from app.facts import log as logfile
from app.sources.sources import Piece
from app.sources.spread import Answer, LostError, answers_of
from model.base import language
from model.base.errors import UserError
from model.base.language import _
from model.bundle.bundle import open_bundle
from model.reading.recognizer import Recognizer

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


class Order(NamedTuple):
    """What a worker reads with, and the language that it speaks."""

    bundle: Path
    threshold: float
    language: str


class Processes:
    """A number of processes, each with a pipe of its own, so that one that is killed takes no other's work with it."""

    far = False
    tries = 2  # the system can end a process for reasons of its own

    def __init__(self, count: int, recognizer: Recognizer):
        self.size = count
        order = Order(recognizer.bundle.path, recognizer.threshold, language.current())
        self._workers = [_Worker(order) for _each in range(count)]
        self._spare = _Worker(order)  # started when it is needed: for what others were lost with

    def send(self, handful: Sequence[Piece]) -> Future[list[Answer]]:
        """Let the process with the least to do read a handful."""
        return min(self._workers, key=lambda worker: worker.unfinished).read(handful)

    def send_alone(self, piece: Piece) -> Future[list[Answer]]:
        """Let a process that has nothing else to do read a piece. Raises UserError: none can be started."""
        for _each in range(STARTS):
            if self._spare.is_ready():
                return self._spare.read([piece])
        sentence = _(
            "No process that reads can be started; close other programs, or use fewer of them ({file} has more)."
        )
        raise UserError(sentence.format(file=logfile.place()))

    def result(self, future: Future[list[Answer]], seconds: float) -> list[Answer]:
        """Return what was read. Raises LostError and TimeoutError."""
        return future.result(seconds)

    def check(self) -> None:
        """Do nothing: what has ended is told as soon as it was asked for something."""

    def __enter__(self) -> Processes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in (*self._workers, self._spare):
            worker.end()


class _Worker:
    """A process that reads a handful at a time, started when there is something to do, and again after it was lost.

    A thread speaks to it through a pipe. (A pool of Python's needs semaphores, which there are not everywhere.)
    """

    def __init__(self, order: Order):
        self._order = order
        self._tasks: queue.SimpleQueue[tuple[Sequence[Piece], Future[list[Answer]]] | None] = queue.SimpleQueue()
        self._futures: list[Future[list[Answer]]] = []
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._ended = False
        self._process: SpawnProcess | None = None
        self._pipe: Connection[Any, Any] | None = None

    @property
    def unfinished(self) -> int:
        """How many handfuls it has got and not read yet."""
        self._futures = [future for future in self._futures if not future.done()]
        return len(self._futures)

    def read(self, handful: Sequence[Piece]) -> Future[list[Answer]]:
        """Let it read a handful. The future raises LostError."""
        future: Future[list[Answer]] = Future()
        self._futures.append(future)
        self._tasks.put((handful, future))
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, daemon=True)
            self._thread.start()
        return future

    def is_ready(self) -> bool:
        """Wait until it can read, and return whether that came."""
        try:
            self.read([]).result()
        except LostError:
            return False
        return True

    def end(self) -> None:
        """Kill it, whatever it does, and start no other: nobody waits for its answer."""
        with self._starting:
            self._ended = True
            self._lose()
        if self._thread:
            self._tasks.put(None)
            self._thread.join()

    def _work(self) -> None:
        while task := self._tasks.get():
            handful, future = task
            try:
                future.set_result(self._ask(handful))
            except Exception as error:  # noqa: BLE001  (it is raised where the answers are)
                future.set_exception(error)

    def _ask(self, handful: Sequence[Piece]) -> list[Answer]:
        try:
            with self._starting:
                pipe = self._pipe or self._start()
            pipe.send(handful)
            answers: list[Answer] | Exception = pipe.recv()
        except (OSError, EOFError) as error:
            log.info("a process that reads has ended: %r", error)
            with self._starting:
                self._lose()
            raise LostError from error
        if isinstance(answers, Exception):
            raise answers
        return answers

    def _start(self) -> Connection[Any, Any]:
        if self._ended:
            raise EOFError
        context = multiprocessing.get_context("spawn")  # on every system: a fork of a process with threads can hang
        if os.name == "posix":
            from multiprocessing import resource_tracker  # noqa: PLC0415  (Windows has none)

            resource_tracker.ensure_running()  # each spawned process has it, and its start lets Ctrl+C in again
            # What is started here has what this thread has: Ctrl+C would end it with a trace before it can say no.
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        self._pipe, its_own = context.Pipe()
        self._process = context.Process(target=_run, args=(self._order, its_own), daemon=True)
        self._process.start()
        its_own.close()  # so that the end of the process is the end of the pipe
        return self._pipe

    def _lose(self) -> None:
        """Have no process any more."""
        if self._process and self._process.pid:
            self._process.kill()
            self._process.join()
        if self._pipe and not self._ended:  # else its thread may be waiting at it, and hears of its end
            self._pipe.close()
        self._process = self._pipe = None


def _run(order: Order, pipe: Connection[Any, Any]) -> None:
    """Be a worker: read what comes through the pipe until that ends, or the process that started this one has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    logfile.start()
    language.use(order.language)
    try:
        recognizer = Recognizer(open_bundle(order.bundle), order.threshold)
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
