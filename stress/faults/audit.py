"""``python -m stress.faults.audit``: reports what's wrong in a home after a fault, each time in a new process.

Everything that was confirmed must be there; everything else must be as before or as intended, and intact.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import sys
import time
import traceback
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.kept import models, paths, sample, settings
from app.kept.last_drawing import LastDrawing
from app.kept.samples import Samples
from model.base.errors import UserError
from model.ink.ink import Drawing
from stress.faults import ground
from stress.faults.keeps import drawing
from stress.faults.scenario import FIRST, LAST, LOOK, MODEL, NAME, SAVED, SEVEN, WIDTH

LOCKS = re.compile(r"\.(drawings\.sqlite3|settings\.json|last-drawing(-\d)?\.json)\.lock")


def wrong(home: Path, said: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield what's wrong in the user's home, given what a program has said."""
    confirmed = {key: [line[key] for line in said if key in line] for line in said for key in line}
    yield from _drawings(confirmed)
    yield from _settings(confirmed)
    yield from _model(confirmed)
    yield from _files(home, confirmed)
    yield from _last_drawing()
    yield from _left(home)


def _drawings(confirmed: Mapping[str, Any]) -> Iterator[str]:
    with Samples(paths.samples_file()) as samples:
        there = {each.id: each for each in samples.everything()}
        if samples.notice:
            yield samples.notice
    for kept, number in [*ground.KEPT.items(), *confirmed.get("kept", ())]:
        each = there.pop(kept, None)
        labels = {1: ("1", "9")}.get(kept, (str(number % 10),))
        if kept == 1 and "relabelled" in confirmed:
            labels = ("9",)
        if kept == 2 and (each is None or "removed" in confirmed):
            if each is not None:
                yield "a drawing that was deleted is there"
        elif each is None:
            yield f"drawing {kept} is lost"
        elif each.drawing != replace(drawing(number), label=each.label) or each.label not in labels:
            yield f"drawing {kept} is another one"
    for each in there.values():
        ink = replace(each.drawing, label=None)
        if not any(ink == drawing(number) for number in (*range(FIRST, FIRST + 3), *range(400, 403))):
            yield f"drawing {each.id} is none that anybody drew"


def _settings(confirmed: Mapping[str, Any]) -> Iterator[str]:
    found = settings.load()
    notice = settings.notice()
    if notice:
        yield notice
    if found.width not in confirmed.get("width", (20, WIDTH))[-1 if "width" in confirmed else 0 :]:
        yield f"the pen's width is {found.width}"
    if found.look not in ((LOOK,) if "look" in confirmed else ("", LOOK)):
        yield f"the look is {found.look!r}"
    if found.threshold != confirmed.get("threshold", [ground.THRESHOLD])[-1]:
        yield f"the threshold is {found.threshold}"
    used = confirmed.get("used", [])
    if found.model not in (used or (MODEL, *confirmed.get("added", ()))) and not (
        not used and found.model.startswith("opened-")
    ):
        yield f"the model in use is {found.model!r}"


def _model(confirmed: Mapping[str, Any]) -> Iterator[str]:
    recognizer, notice = models.recognizer_in_use()
    if notice and "elsewhere" not in confirmed:  # the settings may name a model that was put into another folder
        yield notice
    recognizer.bundle.verify()
    read = recognizer.recognize(SEVEN).text
    if read != "7":
        yield f"the model in use reads {read!r}"
    card = recognizer.bundle.card
    if "copied" in confirmed and settings.load().model == MODEL and card.name not in ("new", NAME):
        yield f"the model in use is called {card.name!r}"
    for model in models.everything():
        if model.bundle is None or models.problem(model.key):
            yield f"the model {model.key} cannot be read"
    if "deleted" in confirmed and (paths.models_folder() / MODEL).exists():
        yield "the model that was deleted is there"


def _files(home: Path, confirmed: Mapping[str, Any]) -> Iterator[str]:
    saved = Drawing.from_json(json.loads((home / "saved.inkling").read_text()))
    if saved not in ((drawing(SAVED),) if "saved" in confirmed else (drawing(ground.OLD_SAVED), drawing(SAVED))):
        yield "the saved file is neither the old nor the new one"
    if "elsewhere" not in confirmed:  # it may belong to another folder's drawings
        exported = sample.read_file(home / "export.jsonl")
        least = confirmed.get("exported", [len(ground.KEPT)])[0]
        if len(exported) < least:
            yield f"{len(exported)} drawings are in the exported file, and {least} were to be"
    report = home / "problem.zip"
    if "reported" in confirmed and not zipfile.is_zipfile(report):
        yield "the report is lost"


def _last_drawing() -> Iterator[str]:
    last = LastDrawing(paths.last_drawing_file())
    try:
        found = last.take()
    finally:
        last.close()
    if found not in [drawing(number) for number in (ground.OPEN, *LAST, *range(800, 803))]:
        yield "the open drawing is none of those that were"


def _left(home: Path) -> Iterator[str]:
    """Yield what's left half done, an hour later and after the program has been used again."""
    for path in home.rglob(".inkling-*"):
        os.utime(path, (time.time() - 7200,) * 2)
    models.tidy()
    settings.change(width=40)
    with Samples(paths.samples_file()) as samples:
        samples.export(home / "export.jsonl")
    last = LastDrawing(paths.last_drawing_file())
    last.take()
    last.close()
    for path in home.rglob("*"):
        hidden = path.name.startswith(".") and path.relative_to(home).parts[0] in (".local", ".config")
        if (hidden and path.name not in (".local", ".config") and not LOCKS.fullmatch(path.name)) or re.search(
            r"\.inkling-\w{8}$|\.damaged-|\.part$", path.name
        ):
            yield f"{path.relative_to(home)} is left"


def look(home: Path, said: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what's wrong in a home, which is this process's user's from now on."""
    os.environ["HOME"] = str(home)
    found: list[str] = []
    try:
        for each in wrong(home, said):
            found.append(each)
    except UserError as error:
        found.append(str(error))
    except Exception:  # noqa: BLE001  (whatever it is, it is wrong)
        found.append(traceback.format_exc())
    return found


def main() -> None:
    """Answer each line of standard input in a fork of this process, which has only imported everything."""
    import sqlite3  # noqa: F401, PLC0415

    import filelock  # noqa: F401, PLC0415  (here what is needed each time, once)
    from ai_edge_litert.interpreter import Interpreter  # noqa: F401, PLC0415

    import app.ui  # noqa: F401, PLC0415
    from model.bundle import litert_check, litert_shapes  # noqa: F401, PLC0415
    from model.reading import parts, strokes  # noqa: F401, PLC0415

    logging.disable()  # problems are returned anyway
    for line in sys.stdin:
        asked = json.loads(line)
        sys.stdout.flush()
        child = os.fork()
        if not child:
            sys.stdout.write(json.dumps(look(Path(asked["home"]), asked["said"])) + "\n")
            sys.stdout.flush()
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status:
            sys.stdout.write(json.dumps([f"the look ended with {status}"]) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
