"""Spreads reading over workers: pieces go out in handfuls, and the answers come back in order.

The number of pieces under way or waiting for their turn is limited, so any number of files needs the same memory.
"""

from __future__ import annotations

import logging
import queue
import threading
from abc import abstractmethod
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from pathlib import Path

from app.sources import sources
from app.sources.batch import Answer
from app.sources.sources import Piece, Subject
from model.base.errors import UserError
from model.base.language import _
from model.reading.recognizer import Recognizer

HANDFUL_PIECES = 32  # in a handful: more makes no faster, and a worker that is lost costs less
HANDFUL_BYTES = 1_000_000  # of their contents, at which a handful is full
AHEAD = 2  # handfuls for each worker at once, so that none waits for the next
ROOM_BYTES = 8_000_000  # for each worker: what was taken from the files and isn't answered yet
PIECE_BYTES = 4_096  # that a piece takes with its answer, besides its content
CHECK_SECONDS = 0.5  # after which somebody looks whether the workers are still there

log = logging.getLogger(__name__)


class LostError(Exception):
    """A worker has ended, and with it what it was reading."""


class Crew(AbstractContextManager["Crew"]):
    """Workers, wherever they are. All of them stop when the context is left."""

    far = False  # they don't see this computer's files: what is in them must travel
    tries = 2  # of a file alone, after which it is the file that ends whoever reads it

    @property
    @abstractmethod
    def size(self) -> int:
        """How many of them read at once."""

    @abstractmethod
    def send(self, handful: Sequence[Piece]) -> Future[list[Answer]]:
        """Give a handful to a worker. Raises UserError if there are none left."""

    def send_alone(self, piece: Piece) -> Future[list[Answer]]:
        """Let a worker read a piece alone, so that if the worker ends, the piece was the reason.

        Raises UserError like `send`.
        """
        return self.send([piece])

    def result(self, future: Future[list[Answer]], seconds: float) -> list[Answer]:
        """Return what was read.

        Raises LostError, UserError, and TimeoutError if there's no result after the seconds.
        """
        return future.result(seconds)

    def check(self) -> None:
        """Raise UserError if no answer can be expected any more."""


def answers_of(recognizer: Recognizer, handful: Iterable[Piece]) -> list[Answer]:
    """Return the answers to everything in some pieces: this is a worker's job."""
    return [Answer.of(recognizer, subject) for piece in handful for subject in sources.subjects(piece)]


def answers(pieces: Iterable[Piece], crew: Crew) -> Generator[Answer]:
    """Yield the answers to the pieces in order, each as soon as its turn comes.

    A handful goes out when it's full, or when a worker is free, so slow input is answered at once. Raises UserError if
    the workers are gone, and whatever ``pieces`` raises.
    """
    inbox: queue.SimpleQueue[Piece | BaseException | None] = queue.SimpleQueue()  # None: a handful is through
    room = _Room(ROOM_BYTES * crew.size)
    reader = threading.Thread(target=_fill, args=(pieces, crew.far, room, inbox.put), daemon=True)
    reader.start()
    waiting: deque[Piece] = deque()
    out: deque[tuple[list[Piece], Future[list[Answer]]]] = deque()
    busy, ended = 0, False
    try:
        while out or waiting or not ended:
            try:
                event = inbox.get(timeout=CHECK_SECONDS)
            except queue.Empty:
                crew.check()
                continue
            if isinstance(event, Piece):
                waiting.append(event)
            elif event is None:
                busy -= 1
            elif isinstance(event, StopIteration):
                ended = True
            else:
                raise event
            while waiting and (busy < crew.size or (busy < AHEAD * crew.size and len(waiting) >= HANDFUL_PIECES)):
                handful = _handful(waiting)
                future = crew.send(handful)
                out.append((handful, future))
                busy += 1
                future.add_done_callback(lambda _future: inbox.put(None))
            while out and out[0][1].done():
                handful, future = out.popleft()
                yield from _told(crew, handful, future)
                room.free(sum(map(_weight, handful)))
    finally:
        room.close()


def _fill(pieces: Iterable[Piece], far: bool, room: _Room, put: Callable[[Piece | BaseException], None]) -> None:
    """Take pieces as long as there is room for them: in a thread, because input can be slow."""
    try:
        for piece in pieces:
            taken = sources.with_content(piece) if far else piece
            if not room.take(_weight(taken)):
                return
            put(taken)
        put(StopIteration())
    except BaseException as error:  # noqa: BLE001  (it is raised where the answers are)
        put(error)


def _weight(piece: Piece) -> int:
    return PIECE_BYTES + (len(piece.content) if isinstance(piece.content, bytes) else 0)


def _handful(waiting: deque[Piece]) -> list[Piece]:
    """Take what a worker gets at once: at least a piece."""
    handful = [waiting.popleft()]
    weight = _weight(handful[0])
    while waiting and len(handful) < HANDFUL_PIECES and weight < HANDFUL_BYTES:
        handful.append(waiting.popleft())
        weight += _weight(handful[-1])
    return handful


def _told(crew: Crew, handful: Sequence[Piece], future: Future[list[Answer]]) -> Iterator[Answer]:
    """Yield the answers to a handful; where its worker was lost, piece by piece, to find which of them it was."""
    try:
        yield from _wait(crew, future)
    except LostError:
        log.warning("a worker was lost with %s pieces, the first of them %r", len(handful), Path(handful[0].source))
        for piece in handful:
            yield from _alone(crew, piece)


def _alone(crew: Crew, piece: Piece) -> list[Answer]:
    for _try in range(crew.tries):
        try:
            return _wait(crew, crew.send_alone(piece))
        except LostError:
            log.warning("a worker was lost with %r alone", Path(piece.source))
    sentence = _(
        "It ended the process that read it, which may have run out of memory. Leave it out, or make it smaller."
    )
    subject = Subject(piece.source, piece.index, UserError(sentence), piece.line)
    return [Answer(subject.source, subject.index, subject.name, UserError(sentence))]


def _wait(crew: Crew, future: Future[list[Answer]]) -> list[Answer]:
    while True:
        try:
            return crew.result(future, CHECK_SECONDS)
        except TimeoutError:
            crew.check()


class _Room:
    """How much may be taken before something is answered. The last piece may be larger than what is left."""

    def __init__(self, size: int):
        self._left = size
        self._closed = False
        self._change = threading.Condition()

    def take(self, weight: int) -> bool:
        """Wait for room and take it; return False when nobody wants more."""
        with self._change:
            self._change.wait_for(lambda: self._left > 0 or self._closed)
            self._left -= weight
            return not self._closed

    def free(self, weight: int) -> None:
        with self._change:
            self._left += weight
            self._change.notify()

    def close(self) -> None:
        with self._change:
            self._closed = True
            self._change.notify()
