"""``python -m stress.faults.actors NAME WORD``: programs that each repeat one thing, alongside other programs."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from app.kept import models, paths, settings
from app.kept.last_drawing import LastDrawing, read_last
from app.kept.samples import Samples
from model.base.errors import UserError
from model.bundle import bundle
from model.bundle.bundle import open_bundle
from stress.faults.keeps import drawing
from stress.faults.scenario import MODEL, NEW_MODEL, SEVEN

TIMES = 12


def _say(**what: object) -> None:
    os.write(1, json.dumps(what).encode() + b"\n")


def set_width(_word: str) -> None:
    """Change one setting again and again."""
    for width in range(30, 30 + TIMES):
        settings.change(width=width)
        _say(width=width)


def set_threshold(_word: str) -> None:
    """Change another setting again and again."""
    for number in range(30, 30 + TIMES):
        settings.change(threshold=number / 1000)
        _say(threshold=number / 1000)


def keep(word: str) -> None:
    """Save drawings, numbered from a number on."""
    with Samples(paths.samples_file()) as samples:
        for number in range(int(word), int(word) + TIMES):
            _say(kept=[samples.keep(drawing(number), str(number % 10), "7"), number])


def read(_word: str) -> None:
    """Read with the model in use, loaded again each time."""
    for _ in range(TIMES):
        recognizer, notice = models.recognizer_in_use()
        _say(read=recognizer.recognize(SEVEN).text, notice=notice)


def copy_over(_word: str) -> None:
    """Overwrite the model in use with a copy again and again."""
    for _ in range(TIMES // 2):
        with _sentence("Another Inkling is making a model"):
            bundle.copy_bundle(open_bundle(Path.home() / NEW_MODEL), paths.models_folder() / MODEL)
            _say(copied=True)


def tidy(_word: str) -> None:
    """List the models, which cleans up what killed programs have left."""
    for _ in range(TIMES):
        _say(models=len(models.everything()))


def rename(word: str) -> None:
    """Rename the model in use again and again."""
    for number in range(TIMES):
        with _sentence("Another Inkling is making a model"):
            models.rename(MODEL, f"{word} {number}")
            _say(renamed=number)


def draw(word: str) -> None:
    """Act as a window with its own drawing, which no other program may overwrite."""
    last = LastDrawing(paths.last_drawing_file())
    last.take()
    last.keep(drawing(int(word)))
    deadline = time.monotonic() + 5
    path = last._path
    while path and time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if path.read_bytes().startswith(b"{"):
                break
    time.sleep(0.2)
    found = read_last(path) if path else None
    _say(own=found == drawing(int(word)), place=path.name if path else "")
    last.close()


@contextlib.contextmanager
def _sentence(expected: str) -> Iterator[None]:
    try:
        yield
    except UserError as error:
        _say(said=str(error), expected=expected in str(error))


if __name__ == "__main__":
    logging.disable()
    globals()[sys.argv[1]](sys.argv[2])
