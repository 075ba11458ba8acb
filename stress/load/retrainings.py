"""Trains again and again in one window, with real child processes; every other new model is used.

The full count is 50; each takes about ten seconds. What's timed is an answer while it trains.
"""

from __future__ import annotations

import tempfile
import time
import tkinter as tk
from itertools import cycle
from pathlib import Path
from tkinter import ttk
from typing import Any

from app.kept import models, paths, settings
from app.ui.training.training_dialog import TrainingDialog
from model.base import events
from stress.load import ink
from stress.load.apart import apart
from stress.load.held import Record
from stress.load.player import PATIENCE, Play, Player, children
from stress.report import Report
from tests.conftest import save_npz, ten_patterns

FULL = 50
LONGEST = 120.0  # seconds for one
BETWEEN = 0.5  # seconds between two answers
USE, KEEP = "Use the new model", "Keep the current model"


def run(seconds: float, seed: int) -> Report:
    """Retrain until the time is up, at least once, or until the full count is reached."""
    return apart(_work, seconds, seed)


def _work(seconds: float, seed: int) -> Report:
    person = Trainer(seconds, seed)
    person.play()
    figures: dict[str, Any] = {"full count": FULL, "seconds of each": [round(each, 1) for each in person.took]}
    failures = (*person.faults, *person.record.leaks())
    return Report(
        "retrainings", person.done, person.done, outcomes=person.outcomes, failures=failures,
        figures=figures | person.record.figures(),
    )  # fmt: skip


class Trainer(Player):
    """Somebody who trains models.

    Args:
        seconds: after these, no new training begins.
        seed: for what's drawn meanwhile.
    """

    stand_ins = False  # the children are real

    def __init__(self, seconds: float, seed: int):
        super().__init__(seconds, seed, Record(10))
        self.done = 0
        self.outcomes = dict.fromkeys((USE, KEEP), 0)
        self.took: list[float] = []  # seconds
        self._busy = False  # a window that's closed during training asks
        self._data = save_npz(Path.home() / "patterns.npz", **ten_patterns(6000, 500))
        self._drawings = ink.digits(seed)
        self._choices = cycle((USE, KEEP))

    @property
    def is_done(self) -> bool:
        """Whether the time is up, or the full count is reached."""
        return not self._busy and (self.done >= FULL or self.passed > 1)

    def chosen(self) -> Play:
        """Retrain once."""
        self._busy = True
        yield from self._retrained()
        self._busy = False

    def _retrained(self) -> Play:
        began = time.monotonic()
        used, choice = settings.load().model, next(self._choices)
        self.window.dialogs.retrain()
        (dialog,) = (child for child in self.root.winfo_children() if isinstance(child, TrainingDialog))
        yield
        dialog.setup.fill({"network": "mlp-128", "epochs": "1", "data": str(self._data), "own_data": True})
        dialog.train()
        while dialog.progress.last is None:
            if time.monotonic() - began > LONGEST:
                self.fault(f"no end after {LONGEST:.0f} s")
                return
            self.window.session.begin_with(next(self._drawings))  # otherwise a history would fill up meanwhile
            with self.record.timed():
                self.window.editor.show()
                self.root.update_idletasks()
            answered = time.monotonic()
            while time.monotonic() < answered + BETWEEN and dialog.progress.last is None:
                yield
        if not isinstance(dialog.progress.last, events.Finished):
            self.fault(f"ended with {dialog.progress.last}")
            return
        made = dialog._output.name
        yield from self._clicked(dialog, choice)
        self.done += 1
        self.outcomes[choice] += 1
        self.took.append(time.monotonic() - began)
        yield from self._seen(made if choice == USE else used)

    def _clicked(self, dialog: TrainingDialog, text: str) -> Play:
        """Click a button, once the dialog has stopped moving."""
        for _ in range(20):
            yield
        (button,) = (each for each in _buttons(dialog) if str(each.cget("text")) == text)
        self.move(button.winfo_rootx() + button.winfo_width() / 2, button.winfo_rooty() + button.winfo_height() / 2)
        yield
        self.press()
        yield
        self.release()
        end = time.monotonic() + PATIENCE
        while dialog.winfo_exists() and time.monotonic() < end:
            yield

    def _seen(self, used: str) -> Play:
        """Check that the models are as expected, and record what the program holds."""
        end = time.monotonic() + PATIENCE
        while children() and time.monotonic() < end:
            yield
        if children():
            self.fault(f"{children()} children are left")
        listed = models.everything()
        if len(listed) != self.done + 1 or any(model.bundle is None for model in listed):
            self.fault(f"{len(listed) - 1} models of {self.done} are listed, some perhaps damaged")
        if [model.key for model in listed if model.in_use] != [used]:
            self.fault(f"the model in use is not {used!r}")
        left = [path.name for path in paths.models_folder().iterdir() if path.name.startswith(".")]
        left += [path.name for path in Path(tempfile.gettempdir()).iterdir()]
        if left:
            self.fault(f"left behind: {', '.join(left)}")
        self.window.editor.clear()
        self.record.look(self.done, self.root, self.eye.resources)


def _buttons(inside: tk.Misc) -> list[ttk.Button]:
    found = [child for child in inside.winfo_children() if isinstance(child, ttk.Button) and child.winfo_ismapped()]
    return [*found, *(button for child in inside.winfo_children() for button in _buttons(child))]
