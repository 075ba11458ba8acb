"""``python -m stress.faults.scenario``: a few minutes of a user's work, without a window; reports what's confirmed.

It works in its user's home, which `stress.faults.ground` has laid out. It prints a line of JSON for each thing that's
done: what was confirmed has to be there, whatever happens next.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.drawing import drawing_file
from app.facts import log, problem_report
from app.kept import models, paths, settings
from app.kept.last_drawing import LastDrawing
from app.kept.samples import Samples
from model.base.errors import UserError
from model.bundle import bundle
from model.bundle.bundle import open_bundle
from model.ink.ink import Drawing
from stress.faults.keeps import drawing

SEVEN = Drawing.from_json({"strokes": [[[80, 60], [200, 60], [130, 230]]]})
MODEL = "mine"  # the key of the model in use, until another one is added and used
NEW_MODEL = "new-model"  # in the user's home: a copy that overwrites the model
WIDTH, LOOK = 33, "dark"  # the chosen settings
FIRST = 100  # the numbers of the drawings that are saved
LAST = (200, 201)  # of the open drawings
SAVED = 300  # of the drawing that's written to a file
NAME = "Called otherwise"


def _say(**what: Any) -> None:
    """Print what's done; a fault may hit this, too, and then nothing was confirmed."""
    with contextlib.suppress(OSError):
        os.write(1, json.dumps(what).encode() + b"\n")


def _read() -> None:
    recognizer, notice = models.recognizer_in_use()
    _say(read=recognizer.recognize(SEVEN).text, notice=notice)


def _keep() -> None:
    with Samples(paths.samples_file()) as samples:
        for number in range(FIRST, FIRST + 3):
            _say(kept=[samples.keep(drawing(number), str(number % 10), "7"), number])


def _relabel_and_remove() -> None:
    with Samples(paths.samples_file()) as samples:
        samples.relabel([1], "9")
        _say(relabelled=1)
        samples.remove([2])
        _say(removed=2)


def _settings() -> None:
    settings.change(width=WIDTH)
    _say(width=WIDTH)
    settings.change(look=LOOK)
    _say(look=LOOK)


def _export() -> None:
    with Samples(paths.samples_file()) as samples:
        _say(exported=samples.export(Path.home() / "export.jsonl"))


def _import() -> None:
    with Samples(paths.samples_file()) as samples:
        taken = samples.take(Path.home() / "import.jsonl")
        for kept, number in zip(taken.new, range(400, 403), strict=False):
            _say(kept=[kept, number])


def _last_drawing() -> None:
    last = LastDrawing(paths.last_drawing_file())
    last.take()
    for number in LAST:
        last.keep(drawing(number))
    last.close()


def _save() -> None:
    drawing_file.save(drawing(SAVED), Path.home() / "saved.inkling")
    _say(saved=True)


def _report() -> None:
    problem_report.write(problem_report.collect("8.6", open_bundle, SEVEN), Path.home() / "problem.zip")
    _say(reported=True)


def _copy_over() -> None:
    bundle.copy_bundle(open_bundle(Path.home() / NEW_MODEL), paths.models_folder() / MODEL)
    _say(copied=True)


def _rename() -> None:
    models.rename(MODEL, NAME)
    _say(renamed=True)


def _another_model() -> None:
    key = models.add(Path.home() / NEW_MODEL)
    _say(added=key)
    models.use(key)
    _say(used=key)
    models.delete(MODEL)
    _say(deleted=MODEL)


STEPS: tuple[Callable[[], None], ...] = (
    *(_read, _keep, _relabel_and_remove, _settings, _export, _import, _last_drawing, _save, _report),
    *(_copy_over, _rename, _another_model),
)


def main() -> None:
    """Do everything once; if something ends in a sentence, the rest is still done."""
    log.start()
    _say(begun=True)
    for step in STEPS:
        try:
            step()
        except UserError as error:
            _say(step=step.__name__, said=str(error))
    _say(ended=True)


if __name__ == "__main__":
    main()
