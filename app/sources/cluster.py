"""A Dask scheduler's workers, on any computers.

They need the same version of Inkling, and can't see this computer's files: each gets the model once, and the files'
contents with its handfuls. The scheduler itself needs no Inkling.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import logging
import pickle
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from pathlib import Path

from app.facts import log as logfile
from app.sources.batch import Answer
from app.sources.sources import Piece
from app.sources.spread import Crew, LostError, answers_of
from model.base import language, project
from model.base.errors import UserError
from model.base.language import _
from model.bundle.bundle import CARD_FILE, DOUBT_LITERT_FILE, EYE_LITERT_FILE, LITERT_FILE, Bundle, open_bundle
from model.reading.recognizer import Recognizer

ANSWER_SECONDS = 5.0  # that the scheduler has
WORKER_SECONDS = 30.0  # that we wait for a worker where there's none: one that was lost is started again meanwhile
COUNT_SECONDS = 5.0  # after which workers are counted again

Read = Callable[[dict[str, bytes], bytes], list[Answer]]


class Cluster(Crew):
    """The workers of a scheduler, whose address is as tcp://host:8786.

    Raises UserError: the scheduler doesn't answer, or has no worker.
    """

    far = True
    tries = 1  # the scheduler has tried several workers before it tells that one was lost

    def __init__(self, address: str, recognizer: Recognizer):
        from distributed import Client, KilledWorker  # noqa: PLC0415  (0.5 s, and an extra)

        _log_to_our_log()
        self.address = address
        self._killed = KilledWorker
        try:
            self._client = Client(address, timeout=ANSWER_SECONDS, set_as_default=False)
        except Exception as error:  # it raises what it pleases: OSError, ValueError, …
            sentence = _(
                "No Dask scheduler answers at {address}. Make sure that it's running, and that the address is right."
            )
            raise UserError(sentence, address=address) from error
        self._threshold = recognizer.threshold
        self._size, self._counted, self._last_seen = 0, 0.0, time.monotonic()
        try:
            while not self.size:
                self.check()
                time.sleep(0.1)
            # A task that is no more than its result: where all workers were lost, the scheduler makes it again.
            self._model = self._client.submit(dict, _files(recognizer.bundle), pure=False)
        except BaseException:
            self.__exit__()
            raise
        self._executor = self._client.get_executor(pure=False)
        self._read = _reader()

    @property
    def size(self) -> int:
        """How many of them read at once: one per process, whatever its number of threads."""
        now = time.monotonic()
        if not self._size or now - self._counted > COUNT_SECONDS:
            with contextlib.suppress(OSError):  # `check` tells
                self._size, self._counted = len(self._client.nthreads()), now
            if self._size:
                self._last_seen = now
        return self._size

    def send(self, handful: Sequence[Piece]) -> Future[list[Answer]]:
        """Give a handful to a worker. Raises UserError if the scheduler is lost."""
        self._see_the_scheduler()
        order = tuple(handful), self._threshold, language.current(), project.version()
        future: Future[list[Answer]] = self._executor.submit(self._read, self._model, pickle.dumps(order))
        return future

    def result(self, future: Future[list[Answer]], seconds: float) -> list[Answer]:
        """Return what was read. Raises LostError, TimeoutError, and UserError if a worker can't read."""
        try:
            return future.result(seconds)
        except self._killed as error:
            raise LostError from error
        except CancelledError as error:
            self._see_the_scheduler()
            raise LostError from error
        except (ImportError, AttributeError, pickle.UnpicklingError) as error:
            sentence = _(
                "A worker of {address} doesn't have Inkling {version}. Install the same version there as here."
            )
            raise UserError(sentence, address=self.address, version=project.version()) from error

    def check(self) -> None:
        """Raise UserError if the scheduler is lost, or has had no worker for a while."""
        self._see_the_scheduler()
        if not self.size and time.monotonic() - self._last_seen > WORKER_SECONDS:
            sentence = _("The Dask scheduler at {address} has no workers. Start some with: dask worker {address}")
            raise UserError(sentence, address=self.address)

    def _see_the_scheduler(self) -> None:
        if self._client.status != "running":
            sentence = _(
                "The connection to the Dask scheduler at {address} was lost. Start the scheduler again, then run "
                "this command again."
            )
            raise UserError(sentence, address=self.address)

    def __exit__(self, *_what: object) -> None:
        with contextlib.suppress(Exception):  # a scheduler that is lost can't be told
            self._client.close(timeout=2)  # with it all goes that nobody waits for


def _log_to_our_log() -> None:
    """Let what Dask logs go where all goes, which isn't standard error."""
    for name in list(logging.root.manager.loggerDict):
        if name.split(".")[0] in ("distributed", "tornado", "bokeh"):
            logger = logging.getLogger(name)
            logger.handlers.clear()
            logger.propagate = True


def _files(bundle: Bundle) -> dict[str, bytes]:
    """Return what of a bundle reads."""
    names = [LITERT_FILE]
    names += [DOUBT_LITERT_FILE] if bundle.card.doubt else []
    names += [EYE_LITERT_FILE] if bundle.card.eye else []
    return {CARD_FILE: (bundle.path / CARD_FILE).read_bytes(), **{name: bundle.read(name) for name in names}}


def _reader() -> Read:
    """Return what a worker does. Being local it travels whole, so the scheduler need not know it."""

    def read(model: dict[str, bytes], order: bytes) -> list:  # type: ignore[type-arg]
        with contextlib.suppress(ImportError, AttributeError):  # there's only a checkout
            importlib.import_module("inkling").lead()
        from app.sources.cluster import read as ours  # noqa: PLC0415  (the worker's own)

        return ours(model, order)

    return read


_one_at_a_time = threading.Lock()  # a worker can have threads, and a network is for one of them


def read(model: dict[str, bytes], order: bytes) -> list[Answer]:
    """Return the answers to an order; this runs in a worker. Raises ImportError if its Inkling has another version."""
    handful, threshold, code, version = pickle.loads(order)  # noqa: S301  (whoever can give a worker tasks runs code there)
    if version != project.version():
        raise ImportError(f"this is Inkling {project.version()}")
    with _one_at_a_time:
        language.use(code)
        logfile.is_elsewhere(_("the log of a worker of the scheduler"))
        return answers_of(_loaded(tuple(model.items())).with_threshold(threshold), handful)


@functools.lru_cache(maxsize=1)
def _loaded(files: tuple[tuple[str, bytes], ...]) -> Recognizer:
    """Return what reads with the files of a model."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files:
            (Path(folder) / name).write_bytes(content)
        return Recognizer(open_bundle(Path(folder)))
