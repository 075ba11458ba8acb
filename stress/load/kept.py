"""Saves 10,000 drawings as corrections, as the window does, and then works through them in *My drawings…*.

Half of the time is for saving (2,000 take about 20 seconds). Then the dialog is used in the real window, with 100
drawings and with all of them: opened, scrolled, filtered. All are relabelled, exported, deleted and put back, too.
"""

from __future__ import annotations

import statistics
import time
import tkinter as tk
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

from app.drawing.session import Session
from app.kept import paths
from app.kept.samples import Samples
from app.ui.drawings.drawings_dialog import DrawingsDialog
from app.ui.kit import theme
from model.bundle.bundle import open_bundle
from model.reading.recognizer import Recognizer
from stress.load import ink
from stress.load.apart import apart
from stress.load.held import Record
from stress.report import Report

FULL = 10_000
STEPS = 1_000  # in the history
FEW = 100  # drawings, to compare all of them with
WARM = 0.2  # a session remembers the last 1,000 that it saved
OFTEN = 50  # drawings between two looks
SCROLLS = 9  # steps of the wheel


def run(seconds: float, seed: int) -> Report:
    """Save drawings for half of the time, or until the full count is reached, and work with them."""
    return apart(_work, seconds, seed)


def _work(seconds: float, seed: int) -> Report:
    record = Record(10_000, WARM)
    recognizer = Recognizer(open_bundle())
    failures: list[str] = []
    root = tk.Tk(className="Inkling")
    theme.apply(root)
    figures: dict[str, Any] = {"full count": FULL, "of": ink.source()}
    with Samples(paths.samples_file()) as samples:
        session = Session(lambda: (recognizer, ""), samples)
        drawings = ink.digits(seed)
        for drawing in islice(drawings, STEPS):  # the history is full from the start
            session.open(drawing)
        kept = 0
        end = time.monotonic() + seconds / 2
        for drawing in islice(drawings, FULL):
            session.open(drawing)
            session.recognize()
            with record.timed():
                session.correct(0, drawing.label or "0")
            kept += 1
            if kept == FEW:
                figures[f"dialog with {kept:,}"] = _looked_through(root, samples)
            if kept % (OFTEN if kept < 20 * OFTEN else 5 * OFTEN) == 0:
                record.look(kept)
            if time.monotonic() > end and kept > FEW:
                break
        figures["file"] = {"MB": _size(samples.path), "bytes each": round(_size(samples.path) * 1e6 / kept)}
        figures[f"dialog with {kept:,}"] = _looked_through(root, samples)
        figures[f"all {kept:,}, in seconds"], wrong = _worked_through(samples, kept)
    root.destroy()
    few, all_ = (figures[f"dialog with {count:,}"] for count in (FEW, kept))
    if all_["items drawn, at most"] > few["items drawn, at most"] + 100:
        failures.append(f"the grid draws {all_['items drawn, at most']} items of {kept:,} drawings")
    failures += [*wrong, *record.leaks()]
    return Report("kept", kept, kept, failures=tuple(failures), figures=figures | record.figures())


class Learnt:
    """A stand-in for learning: no model ever learns."""

    def teach(self) -> None:
        """Learn nothing."""

    def undo(self) -> None:
        """Undo nothing."""

    def can_teach(self) -> bool:
        """Return that nothing waits to be learned."""
        return False

    def can_undo(self) -> bool:
        """Return that there's nothing to take back."""
        return False


def _looked_through(root: tk.Tk, samples: Samples) -> dict[str, float]:
    """Open the dialog, scroll its grid with the wheel and to its end with a key, choose a filter, and close it.

    Returns milliseconds of CPU time, which other work on the machine doesn't change.
    """
    took: dict[str, float] = {}

    def timed(what: str, action: Callable[[], object]) -> float:
        began = time.process_time()
        action()
        root.update()
        took[what] = round((time.process_time() - began) * 1000, 1)
        return took[what]

    dialogs: list[DrawingsDialog] = []
    timed("opened", lambda: dialogs.append(DrawingsDialog(root, samples, Learnt(), lambda: None)))
    (dialog,) = dialogs
    dialog.focus_force()
    dialog.focus_set()
    root.update()
    canvas = dialog.grid_of_cards.canvas
    items = [len(canvas.find_all())]
    steps = []
    for _ in range(SCROLLS):
        steps.append(timed("scrolled by a step", lambda: canvas.event_generate("<Button-5>")))
        items.append(len(canvas.find_all()))
    took["scrolled by a step"] = statistics.median(steps)
    timed("to the end", lambda: canvas.event_generate("<End>"))
    items.append(len(canvas.find_all()))
    timed("one digit's", dialog.filters.buttons["7"].invoke)
    timed("all again", dialog.filters.buttons[""].invoke)
    timed("closed", dialog.close)
    return took | {"items drawn, at most": max(items)}


def _worked_through(samples: Samples, kept: int) -> tuple[dict[str, float], list[str]]:
    """Do everything that the dialog can with all drawings at once; return the seconds, and what's wrong afterwards."""
    took: dict[str, float] = {}
    wrong: list[str] = []

    def timed(what: str, action: Callable[[], object]) -> None:
        began = time.perf_counter()
        action()
        took[what] = round(time.perf_counter() - began, 3)

    def see(what: str, *, right: bool) -> None:
        if not right:
            wrong.append(f"{what} went wrong with {kept:,} drawings")

    before = samples.everything()
    see("keeping", right=len(before) == kept)
    ids = samples.ids()
    timed("listed", lambda: samples.some(ids))
    place = Path.home() / "all.jsonl"
    timed("exported", lambda: samples.export(place))
    with Samples(Path.home() / "other.sqlite3") as other:
        timed("imported", lambda: other.take(place))
        see("export and import", right=[each.ink for each in other.everything()] == list(_distinct(before)))
    timed("relabelled", lambda: samples.relabel(ids, "3"))
    see("relabelling", right=samples.counts_by_label()["3"] == kept)
    timed("put back", lambda: samples.put_back(before))
    see("putting back", right=samples.everything() == before)
    timed("deleted", lambda: samples.remove(ids))
    see("deleting", right=samples.count() == 0)
    samples.put_back(before)
    timed("deleted for good", samples.remove_all)
    see("deleting for good", right=samples.count() == 0 and _size(samples.path) < 1)
    return took, wrong


def _distinct(samples: list[Any]) -> dict[str, None]:
    return dict.fromkeys(each.ink for each in samples)


def _size(path: Path) -> float:
    """Return a database's size in megabytes."""
    return round(path.stat().st_size / 1e6, 3)
