"""A way into the program, and the verdict on an input that went through it."""

from __future__ import annotations

import logging
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hypothesis.strategies import SearchStrategy

from model.base import own_process
from model.base.errors import UserError
from stress.guard import Guard
from stress.logged import Errors

ANSWER = "answer"
WAITING = 5  # an input may take this many times its computing time: it can wait for a disk


@dataclass(frozen=True, slots=True)
class Way:
    """A way into the program.

    Args:
        name: the kind's.
        grammar: makes inputs that are nearly right, as bytes.
        corpus: makes right inputs, and the worst known ones; coverage-guided fuzzing starts from them.
        enter: puts one input through it, in an empty folder that's also the user's home. Returns if there's an
            answer, and raises UserError if there's a sentence instead. Any other exception is a failure.
        modules: guide the fuzzer by their coverage.
        seconds: the computing time that one input may take.
        megabytes: how much one input may make the process grow: 300 less what the window has, 1,500 less the trainer's.
        longest: the most bytes that coverage-guided inputs have.
        ready: called once in the folder before the first input, before the guard is on.
        starts: the command of `python -m model` that it may start as a process.
    """

    name: str
    grammar: SearchStrategy[bytes]
    corpus: Callable[[], Sequence[bytes]]
    enter: Callable[[bytes, Path], object]
    modules: tuple[str, ...]
    seconds: float = 2.0
    megabytes: int = 200
    longest: int = 4096
    ready: Callable[[Path], object] = Path.exists
    starts: str = ""


class Judge:
    """Puts inputs through a way in, and says how each one ended.

    Args:
        way: the way in.
        home: the folder that the program may write to.
        slower: how many times slower the code runs because its places are counted.
    """

    def __init__(self, way: Way, home: Path, slower: float = 1.0):
        self._way = way
        self._seconds = slower * way.seconds
        self._home = home
        self._guard = Guard(home, [*own_process.program(), way.starts] if way.starts else ())
        self._errors = Errors()
        logging.lastResort = None

    def judge(self, content: bytes) -> tuple[str, str]:
        """Return how an input ended, as an answer or the origin of its sentence, and what's wrong with that."""
        self._errors.messages.clear()
        outcome, wrong = ANSWER, ""
        clock, computed = _clock(), time.process_time()
        before = _resident("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")  # resets the peak
        with self._guard as breaches:
            try:
                self._way.enter(content, self._home)
            except UserError as error:
                outcome, wrong = _origin(error), _bad_sentence(str(error))
            except BaseException:  # noqa: BLE001  (SystemExit too: whatever it is, the way has found it)
                outcome, wrong = "trace", traceback.format_exc()
        computed, clock = time.process_time() - computed, _clock() - clock
        grown = (_resident("VmHWM") - before) / 1000
        if not wrong and breaches:
            wrong = f"did what it must not: {breaches[0]}"
        if not wrong and self._errors.messages:
            wrong = self._errors.messages[0]
        if not wrong and (computed > self._seconds or clock > WAITING * self._seconds):
            wrong = f"took {computed:.1f} s of computing in {clock:.1f} s"
        if not wrong and grown > self._way.megabytes:
            wrong = f"took {grown:.0f} MB"
        return outcome, wrong


def _clock() -> float:
    """Return the time in seconds, without the time that this thread was ready to run but no core was free."""
    _computed, queued, _turns = map(int, Path("/proc/thread-self/schedstat").read_text().split())
    return time.monotonic() - queued / 1e9


def _origin(error: UserError) -> str:
    """Return the function that raised a sentence."""
    frames = list(traceback.walk_tb(error.__traceback__))
    frame = frames[-1][0]
    return f"{frame.f_globals.get('__name__', '?')}.{frame.f_code.co_name}"


def _bad_sentence(sentence: str) -> str:
    """Return what is wrong with a sentence for the user, if anything."""
    if not sentence.strip():
        return "the sentence is empty"
    if "Traceback" in sentence or "\n" in sentence:
        return f"not one sentence: {sentence!r}"
    if len(sentence) > 1000:
        return f"{len(sentence)} letters of sentence: {sentence[:300]!r}…"
    return ""


def _resident(which: str) -> int:
    """Return this process's memory in kilobytes: the current value (VmRSS) or the peak since its reset (VmHWM)."""
    if sys.platform != "linux":
        return 0
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(which):
            return int(line.split()[1])
    raise AssertionError(which)
