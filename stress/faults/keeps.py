"""Kills at random moments while drawings are saved: each one that was confirmed must be there, intact, afterwards.

A drawing is confirmed once the program that saves it has printed its number, after `Samples.keep` has returned.
"""

from __future__ import annotations

import contextlib
import math
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.kept import samples_file
from app.kept.samples import Samples
from model.ink.ink import Drawing, Point, Stroke
from stress.report import Report

ROOT = Path(__file__).resolve().parent.parent.parent
LATEST = 0.8  # seconds after its start, at most, at which a keeper is killed
PATIENCE = 60.0  # seconds that a keeper waits for another one: a busy disk may be slower than a window's patience
NEW = 0.25  # the part of the kills that hit a store while it's being made
TWO = 0.5  # the part that hit one of two programs that save drawings at once, and then the other

KEEPER = """
import sys
from pathlib import Path
from stress.faults.keeps import keep_on
keep_on(Path(sys.argv[1]), int(sys.argv[2]))
"""


@dataclass
class Figures:
    """The numbers of killed programs and confirmed drawings, and what was wrong afterwards."""

    kills: int = 0
    before_the_first: int = 0  # kills of programs that hadn't confirmed anything yet
    confirmed: int = 0
    # In each store, drawings that are there although their number wasn't printed: killed in between.
    unconfirmed: dict[Path, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def drawing(number: int) -> Drawing:
    """Return the drawing for a number: one to three strokes, some with times and fractions of pixels."""
    chance = random.Random(number)
    places = (1.0, 0.1)[number % 2]
    strokes = [
        Stroke(
            tuple(
                Point(round(chance.uniform(0, 280) / places) * places, chance.randrange(280), step * 8)
                for step in range(chance.randint(1, 120))
            )
        )
        for _ in range(chance.randint(1, 3))
    ]
    return Drawing(tuple(strokes), canvas=(280, 280))


def keep_on(path: Path, first: int) -> None:
    """Save one drawing after another, and print the store's number and the drawing's for each that's saved."""
    samples_file.BUSY_PATIENCE = PATIENCE
    print("begun", flush=True)
    with Samples(path) as samples:
        number = first
        while True:
            kept = samples.keep(drawing(number), str(number % 10), "7")
            print(kept, number, flush=True)
            number += 1


def run(seconds: float, seed: int) -> Report:
    """Kill programs until the time is up, and check after each."""
    began = time.monotonic()
    figures = measure(sys.maxsize, seed, began + seconds)
    return Report(
        "keeps",
        tried=figures.kills,
        distinct=figures.kills,
        seconds=round(time.monotonic() - began, 1),
        outcomes={
            "killed before the first drawing": figures.before_the_first,
            "killed later": figures.kills - figures.before_the_first,
        },
        failures=tuple(f"keeps, seed {seed}: {each}" for each in figures.wrong),
        figures={"confirmed": figures.confirmed, "unconfirmed": sum(figures.unconfirmed.values())},
    )


def measure(kills: int, seed: int, end: float = math.inf) -> Figures:
    """Kill this many programs, at least one and until a moment of the monotonic clock, and check after each."""
    chance = random.Random(seed)
    figures = Figures()
    numbers = iter(range(0, sys.maxsize, 1_000_000))
    with tempfile.TemporaryDirectory() as folder:
        path, expected, stores = Path(folder) / "0" / "drawings.sqlite3", dict[int, int](), 1
        while figures.kills < kills and (time.monotonic() < end or not figures.kills):
            if chance.random() < NEW:
                path, expected, stores = Path(folder) / str(stores) / "drawings.sqlite3", {}, stores + 1
            count = 2 if chance.random() < TWO and figures.kills + 2 <= kills else 1
            keepers = [_start(path, next(numbers)) for _ in range(count)]
            for keeper in keepers:
                assert keeper.stdout
                keeper.stdout.readline()  # it has begun
            began = time.monotonic()
            for moment in sorted(chance.uniform(0, LATEST) for _ in keepers):
                time.sleep(max(0, began + moment - time.monotonic()))
                keepers[0].send_signal(signal.SIGKILL)
                confirmed = _confirmed(keepers.pop(0))
                figures.kills += 1
                figures.before_the_first += not confirmed
                figures.confirmed += len(confirmed)
                expected |= confirmed
                if not keepers:  # while another one is saving, the store is still changing
                    figures.wrong += _wrong(path, expected, figures)
    return figures


def _start(path: Path, first: int) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-c", KEEPER, str(path), str(first)]
    return subprocess.Popen(words, cwd=ROOT, env=dict(os.environ), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)


def _confirmed(keeper: subprocess.Popen[bytes]) -> dict[int, int]:
    """Return the store's number and the drawing's for all that a killed program has printed."""
    assert keeper.stdout
    said = keeper.stdout.read()  # the rest of it: `communicate` doesn't know about what was read ahead
    keeper.stdout.close()
    if keeper.wait() != -signal.SIGKILL:
        raise RuntimeError("a program that keeps drawings ended by itself; its last words are on standard error")
    lines = said.decode().splitlines(keepends=True)
    pairs = (line.split() for line in lines if line.endswith("\n"))  # the last one may be cut off
    return {int(kept): int(number) for kept, number in pairs}


def _wrong(path: Path, expected: dict[int, int], figures: Figures) -> list[str]:
    """Return what's wrong with a store after a kill: each confirmed drawing must be there as it was saved."""
    wrong = []
    with Samples(path) as samples:
        there = {each.id: each for each in samples.everything()}
        if samples.notice:
            wrong.append(samples.notice)
    if path.exists():
        with contextlib.closing(sqlite3.connect(path)) as connection:
            (said,) = connection.execute("PRAGMA integrity_check").fetchone()
        if said != "ok":
            wrong.append(f"the check of {path} says: {said}")
    for kept, number in expected.items():
        each = there.pop(kept, None)
        if each is None:
            wrong.append(f"{kept} is lost")
        elif each.read_as != "7" or each.drawing != replace(drawing(number), label=str(number % 10)):
            wrong.append(f"{kept} has another label, another answer or other ink")
    figures.unconfirmed[path] = sum(not each.drawing.is_blank for each in there.values())
    return wrong
