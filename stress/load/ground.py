"""A player's surroundings: files to open, children that learn nothing, file dialogs that may answer at once."""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path
from tkinter import filedialog
from unittest import mock

from app.ui.window.main_window import MainWindow
from model.base import events
from model.bundle.bundle import BUNDLED
from model.ink.ink import Drawing, Point, Stroke, write_line
from model.ink.render import render
from tests.conftest import save_npz, ten_patterns

CANVAS = (300, 280)
SEVEN = Stroke((Point(40, 60), Point(120, 60), Point(70, 230)))
ONE = Stroke((Point(220, 60), Point(220, 230)))
NAMES = ("a", "b.png", "c.svg", "d.json", "e.csv", "f.zip", "g.unknown", "no folder/h.png")  # to save as

# The stand-in for `python -m model`, which loads TensorFlow for seconds and learns for minutes. It reports events, ends
# when it's told to, and copies the built-in model if a model is asked for, or fails.
CHILD = """
import json, random, select, shutil, sys
bundled, told, command, *words = sys.argv[1:]
told = json.loads(told)
if command == "devices":
    print(told[command][-1], flush=True)
    command, *words = json.loads(sys.stdin.readline() or sys.exit())
failed, *lines = told[command]
if random.random() < 0.6:
    lines[-1] = failed
for line in lines:
    if select.select([sys.stdin], [], [], random.random() / 4)[0]:
        sys.exit()
    if line == lines[-1] != failed and "--output" in words and command != "evaluate":
        shutil.copytree(bundled, words[words.index("--output") + 1], dirs_exist_ok=True)
    print(line, flush=True)
"""


@contextmanager
def ground(
    folder: Path, chance: random.Random, quits: Callable[[], None], *, stand_ins: bool = True
) -> Iterator[list[Path]]:
    """Make what a player needs, and yield the files.

    Args:
        folder: for everything that it writes.
        chance: the random choices.
        quits: called when the window would be closed, which it isn't.
        stand_ins: whether other processes replace the children that load TensorFlow.
    """
    there = _files(folder)
    tools, saved = folder / "tools", folder / "saved"
    for each in (tools, saved):
        each.mkdir()
    (tools / "xdg-open").symlink_to("/bin/true")  # no other program must be started
    child = [sys.executable, "-S", "-E", "-c", CHILD, str(BUNDLED), json.dumps(_told())]
    answers: dict[str, Callable[[], object]] = {
        "askopenfilename": lambda: str(chance.choice(there)),
        "asksaveasfilename": lambda: str(saved / chance.choice(NAMES)),
        "askdirectory": lambda: str(folder),
    }
    patches: tuple[AbstractContextManager[object], ...] = (
        mock.patch("model.base.own_process.program", return_value=child) if stand_ins else nullcontext(),
        mock.patch.object(MainWindow, "close", side_effect=quits),
        mock.patch.dict(os.environ, PATH=f"{tools}:{os.environ['PATH']}", XDG_CURRENT_DESKTOP=""),  # Tk's file dialogs
        *(_sometimes(name, answer, chance) for name, answer in answers.items()),
    )
    with ExitStack() as stack:
        for patch in patches:
            stack.enter_context(patch)
        yield there


def _sometimes(name: str, answer: Callable[[], object], chance: random.Random) -> mock._patch[object]:
    """Let a file dialog answer at once half of the time; otherwise it opens."""
    asks: Callable[..., object] = getattr(filedialog, name)

    def ask(**options: object) -> object:
        found = answer()
        if chance.random() < 0.5:
            return (found,) if options.get("multiple") else found
        return asks(**options)

    return mock.patch.object(filedialog, name, ask)


def _files(folder: Path) -> list[Path]:
    """Make files that a user might open, and some that can't be opened."""
    seven, both, blank = (Drawing(strokes, canvas=CANVAS) for strokes in ((SEVEN,), (SEVEN, ONE), ()))
    made = []
    for name, drawing in (("seven.png", seven), ("both.png", both), ("blank.png", blank)):
        made.append(folder / name)
        render(drawing).save(made[-1])
    for name, text in (
        ("both.json", write_line(both)),
        ("page.jsonl", "\n".join(write_line(each) for each in (seven, both, blank))),
        ("labelled.jsonl", json.dumps({**seven.to_json(), "label": "7"})),
        ("broken.json", '{"strokes": [[[1, '),
        ("broken.png", "no picture"),
        ("notes.txt", "nothing to read"),
    ):
        made.append(folder / name)
        made[-1].write_text(text)
    return [*made, save_npz(folder / "small.npz", **ten_patterns(60, 20)), folder, folder / "gone.png"]


def _told() -> dict[str, list[str]]:
    """Return a child's output, by its command: first how it fails, last how it ends."""
    side = events.Side(90, 90, 100_000, 0.1)
    looking = events.Stage("looking")
    learned: list[events.Event] = [
        looking,
        events.Started("mlp-128", 100_000, "a processor", 60, 6, 20, 2, 3),
        events.Progress(1, 1, 2.0, 0.1),
        events.EpochDone(1, 1.5, 0.5, 1.4, 0.6, 0.1),
        events.Progress(2, 2, 1.0, 0.7),
        events.EpochDone(2, 1.0, 0.8, 1.1, 0.8, 0.1),
    ]
    failed, finished = events.Failed("This child learns nothing.", "cpu"), events.Finished("", 0.9, 0.5)
    taught = events.Taught(1, 0, 1, 2.0, 1.0, 0.9, 0.9, 100, 0.1, "", 1, "")
    told: dict[str, list[events.Event]] = {
        "devices": [events.Ready({"cpu": "a processor"})],
        "train": [failed, *learned, events.Compared(100, 100, side, side, ()), finished],
        "teach": [failed, *learned, taught, finished],
        "open": [events.Failed("It is not clear.", "ask"), looking, events.Opened("", "1", "dark", "scores", 190, 200)],
        "evaluate": [failed, looking, finished],
    }
    return {command: [events.to_line(event) for event in those] for command, those in told.items()}
