"""Trainers that die, hang, flood or talk nonsense: each leads to one last event and a sentence, and leaves nothing."""

from __future__ import annotations

import contextlib
import logging
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from app.jobs import job
from model.base import events
from stress.faults import stand_in
from stress.faults.ground import Tally
from stress.report import Report

WAYS = (
    *(stand_in.dies, stand_in.hangs, stand_in.floods, stand_in.talks_nonsense),
    *(stand_in.lives_on, stand_in.leaves_a_child, stand_in.says_nothing),
)
LISTENED = 0.5  # seconds, at most, until a trainer that doesn't end is cancelled; two in three aren't cancelled
LATEST = 3.5  # seconds after that until it has ended: two of patience, and what a busy machine takes
LONGEST = 10.0  # seconds that a trainer may take if it isn't cancelled
LARGEST = 100  # MB that this process may grow by


def run(seconds: float, seed: int) -> Report:
    """Start trainers until the time is up, and check what jobs make of them."""
    tally = Tally("trainers", seed)
    slowest = largest = 0.0
    logging.getLogger("app.jobs.job").addHandler(logging.NullHandler())
    with tempfile.TemporaryDirectory(prefix="inkling-faults-") as folder:
        while time.monotonic() - tally.began < seconds or tally.count < len(WAYS):
            way = WAYS[tally.count % len(WAYS)]
            words = [way.__name__, f"{seed} {tally.count}"]
            before = _megabytes()
            took, last, wrong = attempt(words, Path(folder), random.Random(words[1]))
            slowest, largest = max(slowest, took), max(largest, _megabytes() - before)
            tally.take(" ".join(words), f"{words[0]}: {last}", wrong)
    return tally.report(slowest_cancel_seconds=round(slowest, 2), largest_growth_megabytes=round(largest))


def attempt(words: list[str], folder: Path, chance: random.Random) -> tuple[float, str, list[str]]:
    """Run a trainer; return the seconds from cancelling to its end, its last event, and what was wrong."""
    output = folder / "models" / "new"
    output.mkdir(parents=True)
    wrong = []
    with _instead(words):
        one = job.Job(["train", "--output", str(output)], output)
    cancelled = chance.random() < 0.3 or words[0] in ("hangs", "floods")
    told = _told(one, chance.uniform(0, LISTENED) if cancelled else LONGEST)
    began = time.monotonic()
    if cancelled:
        one.cancel()
        one.wait(LONGEST)
        told += _told(one, 0)
    took = time.monotonic() - began if cancelled else 0.0
    lasts = [event for event in told if isinstance(event, events.LAST)]
    if not one.over or one.last is None:
        wrong.append("it is not over")
    if took > LATEST:
        wrong.append(f"it ended {took:.1f} s after it was cancelled")
    if len(lasts) != 1 or told[-1] is not lasts[0]:
        wrong.append(f"{len(lasts)} last events")
    elif isinstance(lasts[0], events.Failed) and (not lasts[0].message.strip() or "\n" in lasts[0].message):
        wrong.append(f"a bad sentence: {lasts[0].message!r}")
    wrong += [f"process {each} is left" for each in _left(one.process)]
    if output.exists() and not isinstance(one.last, events.Finished):
        wrong.append("what it made is left")
    if output.exists():
        output.rmdir()
    left = [path.name for path in output.parent.iterdir()]
    output.parent.rmdir()
    return took, type(one.last).__name__, wrong + [f"{name} is left" for name in left]


@contextlib.contextmanager
def _instead(words: list[str]) -> Iterator[None]:
    """Make jobs start a trainer that misbehaves."""
    program = [sys.executable, "-I", "-S", stand_in.__file__, *words]
    with mock.patch("model.base.own_process.program", return_value=program):
        yield


def _told(one: job.Job, seconds: float) -> list[events.Event]:
    """Return a job's events during this many seconds, polled as a window does, until its last event."""
    told: list[events.Event] = []
    end = time.monotonic() + seconds
    while True:
        new = one.poll(1000)
        told = [*told, *new][-2000:]
        if (told and isinstance(told[-1], events.LAST)) or (not new and time.monotonic() >= end):
            return told
        if time.monotonic() < end:
            time.sleep(0.01)


def _left(group: int) -> list[int]:
    """Return the live processes in a group."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError):
            state, _parent, its_group = stat.read_text().rsplit(")", 1)[1].split()[:3]
            if int(its_group) == group and state not in "ZX":
                found.append(int(stat.parent.name))
    return found


def _megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
