"""The window's longest pause, and the time of an answer, while a training keeps both cores busy (Linux, Xvfb)."""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
import tkinter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app.ui.training.training_dialog import TrainingDialog
from benchmarks import rulers
from model.base import events
from model.ink.ink import Point
from tests.screen import virtual_screen

BEAT = 10  # milliseconds
BETWEEN_ANSWERS = 0.5  # seconds
SEVEN = [Point(80, 60, 0), Point(200, 60, 100), Point(130, 230, 200)]


@dataclass
class Figures:
    """What was measured over a whole training, from the click on Train to the choice; all in milliseconds."""

    beats: list[float] = field(default_factory=list)  # between two beats of a heart that should beat every `BEAT`
    answers: list[float] = field(default_factory=list)  # from the command to the digit on the screen
    last: events.Event | None = None


def run(arguments: argparse.Namespace) -> Iterator[str]:
    """Measure, and yield what there is to say."""
    yield table(measure(arguments.network, arguments.epochs, (arguments.data or rulers.data("mnist.npz")).resolve()))


def measure(network: str, epochs: int, data: Path) -> Figures:
    """Return the figures of one training that is asked for in the real window."""
    figures = Figures()
    with virtual_screen() as display, tempfile.TemporaryDirectory() as home:
        os.environ |= {"DISPLAY": display, "HOME": home}
        from app.ui.window.start import open_window  # noqa: PLC0415  (it reads where the home is)

        window = open_window()
        root = window.root
        _let_live(root, 2)
        window.session.add_stroke(SEVEN, (280, 280))
        window.dialogs.retrain()
        (dialog,) = (child for child in root.winfo_children() if isinstance(child, TrainingDialog))
        dialog.setup.fill({"network": network, "epochs": str(epochs), "data": str(data), "own_data": True})
        began = 0.0

        def beat() -> None:
            nonlocal began
            now = time.perf_counter()
            if began:
                figures.beats.append((now - began) * 1000)
            began = now
            root.after(BEAT, beat)

        dialog.train()
        beat()
        answered = time.monotonic()
        while dialog.progress.last is None:
            root.update()
            if time.monotonic() - answered > BETWEEN_ANSWERS:
                answered = time.monotonic()
                clicked = time.perf_counter()
                window.editor.recognize()
                root.update_idletasks()
                figures.answers.append((time.perf_counter() - clicked) * 1000)
            time.sleep(0.001)
        figures.last = dialog.progress.last
        window.close()
    return figures


def table(figures: Figures) -> str:
    """Return the figures as lines for people."""
    assert isinstance(figures.last, events.Finished), figures.last
    beats, answers = sorted(figures.beats), sorted(figures.answers)
    return (
        f"a training of {figures.last.seconds:.0f} s: {len(beats):,} beats, the longest pause {beats[-1]:.1f} ms "
        f"(median {statistics.median(beats):.1f}); {len(answers)} answers, the slowest {answers[-1]:.1f} ms "
        f"(median {statistics.median(answers):.1f})"
    )


def _let_live(root: tkinter.Tk, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        root.update()
        time.sleep(0.005)
