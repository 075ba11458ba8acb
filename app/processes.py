"""Workers that are processes of this program on this computer."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from app import log as logfile
from app.sources import Piece
from app.spread import Answer, LostError, answers_of
from model import language
from model.bundle import open_bundle
from model.errors import UserError
from model.language import _
from model.recognizer import Recognizer

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
    """A number of processes, each a pool of its own, so that one that is killed takes no other's work with it."""

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
        try:
            return future.result(seconds)
        except BrokenExecutor as error:
            raise LostError from error

    def check(self) -> None:
        """Do nothing: of a process that ends its pool tells."""

    def __enter__(self) -> Processes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in multiprocessing.active_children():
            process.kill()  # whatever it does: nobody waits for its answer
        for worker in (*self._workers, self._spare):
            worker.end()


class _Worker:
    """A pool of one process, which is started when there is something to do, and again after it was lost."""

    def __init__(self, order: Order):
        self._order = order
        self._pool: ProcessPoolExecutor | None = None
        self._futures: list[Future[list[Answer]]] = []

    @property
    def unfinished(self) -> int:
        """How many handfuls it has got and not read yet."""
        self._futures = [future for future in self._futures if not future.done()]
        return len(self._futures)

    def read(self, handful: Sequence[Piece]) -> Future[list[Answer]]:
        """Let it read a handful."""
        future = self._submit(handful)
        self._futures.append(future)
        return future

    def is_ready(self) -> bool:
        """Wait until it can read, and return whether that came."""
        try:
            self._submit([]).result()
        except BrokenExecutor:
            return False
        return True

    def end(self) -> None:
        """Start no more. Its process has been killed, so this takes no time."""
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def _submit(self, handful: Sequence[Piece]) -> Future[list[Answer]]:
        with _interrupts_held_back():
            if self._pool:
                try:
                    return self._pool.submit(_read, handful)
                except BrokenExecutor:
                    self._pool.shutdown()  # waits: its thread, found still closing at Python's end, would tell a trace
            # Spawned on every system: a fork of a process with threads can hang.
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(1, context, _begin, (self._order,))
            return self._pool.submit(_read, handful)


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Let Ctrl+C wait, and keep it from what is started meanwhile: a process that starts would tell its trace."""
    held: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: held.append(number))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT]) if hasattr(signal, "pthread_sigmask") else None
    try:
        yield
    finally:
        if mask is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, before)
    if held:
        raise KeyboardInterrupt


_recognizer: Recognizer  # of a worker


def _begin(order: Order) -> None:
    """Make this process a worker, which ends when the one that started it has ended."""
    global _recognizer  # noqa: PLW0603  (a process of a pool has no other place for it)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    logfile.start()
    language.use(order.language)
    _recognizer = Recognizer(open_bundle(order.bundle), order.threshold)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent
    parent.join()
    os._exit(1)


def _read(handful: Sequence[Piece]) -> list[Answer]:
    return answers_of(_recognizer, handful)
