"""Reads drawing after drawing through one session: 100,000 if there's enough time (about 600 seconds).

Each is opened like a file's drawing, and the history has its limit of 1,000 steps from the start.
"""

from __future__ import annotations

import time
from itertools import islice

import numpy as np

from app.drawing.session import Session
from model.bundle.bundle import open_bundle
from model.reading.recognizer import Recognizer
from stress.load import ink
from stress.load.apart import apart
from stress.load.held import Record
from stress.report import Report

FULL = 100_000
OFTEN = 1_000  # recognitions between two looks; a tenth of that at first, so that short runs have some, too
STEPS = 1_000  # in the history
FEWEST = 0.9  # the part of the drawings that must be read as labelled: with fewer, nothing was really read


def run(seconds: float, seed: int) -> Report:
    """Read until the time is up, or the full count is reached."""
    return apart(_work, seconds, seed, screen=False)


def _work(seconds: float, seed: int) -> Report:
    recognizer = Recognizer(open_bundle())
    session = Session(lambda: (recognizer, ""))
    record = Record(10_000, allowed={"objects": 5_000})
    drawings = ink.digits(seed)
    for drawing in islice(drawings, STEPS):
        session.open(drawing)
    seen = np.zeros(FULL, np.int64)  # allocated at once, so that it doesn't look like a leak
    seen += 1
    right = read = 0
    end = time.monotonic() + seconds
    for drawing in islice(drawings, FULL):
        if time.monotonic() > end:
            break
        session.open(drawing)
        with record.timed():
            session.recognize()
        seen[read] = hash(drawing.strokes)
        read += 1
        right += session.text == drawing.label
        if read % (OFTEN if read > 5 * OFTEN else OFTEN // 10) == 0:
            record.look(read)
    failures = record.leaks()
    if right < FEWEST * read:
        failures.append(f"{right:,} of {read:,} drawings were read as they are labelled")
    told = {"full count": FULL, "of": ink.source(), "read right": round(right / max(read, 1), 4)}
    return Report(
        "recognitions", read, len(np.unique(seen[:read])), outcomes={"answer": read}, failures=tuple(failures),
        figures=told | record.figures(),
    )  # fmt: skip
