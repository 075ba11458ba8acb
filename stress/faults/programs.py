"""Kills at random moments: of the trainer while it overwrites the model in use, and of the program while it trains.

After each, the program must start with an intact model, and its self-test must pass.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from model.base import events
from model.bundle.bundle import BUNDLED
from stress.faults.ground import ROOT, Tally
from stress.report import Report
from tests.conftest import save_npz, ten_patterns
from tests.screen import virtual_screen

AT_ONCE = 2  # this machine has as many cores
MOST = 10_000
ENDING = 30.0  # seconds that a trainer has to notice that its program has ended: two of them take all cores here
WRITING = events.Stage("writing the model")

PROGRAM = """
import sys, time
from app.ui.window.start import open_window
window = open_window()
root = window.root
root.after(300, window.dialogs.retrain)
def train():
    dialog = window.dialogs.retrain()
    dialog.setup.fill({"network": "mlp-128", "epochs": "2", "data": sys.argv[1], "own_data": True})
    dialog.train()
root.after(600, train)
root.mainloop()
"""


KINDS = ("writer", "trainer", "program", "trainer")


def run(seconds: float, seed: int) -> Report:
    """Kill trainers, some while they write the model, and programs that train, until the time is up."""
    tally = Tally("programs", seed)
    with virtual_screen() as display, tempfile.TemporaryDirectory() as folder:
        os.environ["DISPLAY"] = display
        data = save_npz(Path(folder) / "mnist.npz", **ten_patterns(6000, 500))
        homes = [_home(Path(folder) / f"home-{number}") for number in range(AT_ONCE)]
        free = list(homes)

        def one(number: int) -> None:
            if number and time.monotonic() - tally.began > seconds:
                return
            kind, chance = KINDS[number % len(KINDS)], random.Random(f"{seed} {number}")
            home = free.pop()
            try:
                if kind == "program":
                    when = _kill_program(home, data, chance)
                else:
                    when = ""
                    while not when:  # it had ended already
                        when = _kill_trainer(home, data, chance, writing=kind == "writer")
                wrong = _wrong(home)
                tally.take(f"{kind} {number}, killed while {when}", when, [wrong] if wrong else [])
            finally:
                free.append(home)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(one, range(MOST)))
    return tally.report()


def _home(path: Path) -> Path:
    """Make a home in which a copy of the built-in model is in use."""
    model = path / ".local/share/Inkling/models/mine"
    shutil.copytree(BUNDLED, model)
    settings = path / ".config/Inkling/settings.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({"model": "mine"}))
    return path


def _kill_trainer(home: Path, data: Path, chance: random.Random, *, writing: bool) -> str:
    """Train over the model in use and kill the trainer at a random moment; return what it was doing, if alive."""
    output = home / ".local/share/Inkling/models/mine"
    words = ["train", "--network", "mlp-128", "--epochs", "2", "--data", data, "--output", output, "--events"]
    began = time.monotonic()
    doing = "loading TensorFlow and the images"
    with _process(["-m", "model", *map(str, words)], home) as process:
        moment = began + chance.uniform(0, 7)
        told: queue.SimpleQueue[events.Event] = queue.SimpleQueue()
        threading.Thread(target=_listen, args=(process, told), daemon=True).start()
        while process.poll() is None and (writing or time.monotonic() < moment):
            with contextlib.suppress(queue.Empty):
                event = told.get(timeout=0.002)
                doing = event.doing if isinstance(event, events.Stage) else _NAMES.get(type(event), doing)
                if event == WRITING:
                    if writing:
                        moment = time.monotonic() + chance.uniform(0, 2)
                    writing = False
        alive = process.poll() is None
        process.send_signal(signal.SIGKILL)
    return doing if alive else ""


_NAMES: dict[type[events.Event], str] = {events.Started: "training", events.Finished: "ending"}


def _listen(process: subprocess.Popen[bytes], told: queue.SimpleQueue[events.Event]) -> None:
    assert process.stdout
    with contextlib.suppress(ValueError):  # the pipe was closed, or the kill cut off the last line
        for line in process.stdout:
            told.put(events.from_line(line.decode()))


def _kill_program(home: Path, data: Path, chance: random.Random) -> str:
    with _process(["-c", PROGRAM, str(data)], home) as process:
        time.sleep(chance.uniform(0, 9))
        process.send_signal(signal.SIGKILL)
    end = time.monotonic() + ENDING
    while _processes(home) and time.monotonic() < end:
        time.sleep(0.01)
    return "the program, training"


def _wrong(home: Path) -> str:
    """Return what's wrong in a home after a kill, if anything."""
    alive = _processes(home)
    if alive:
        return f"processes {alive} are left"
    with _process(["-m", "app", "self-test"], home) as process:
        said = process.communicate()[0].decode()
    if process.returncode != 0 or "model in use: " not in said:
        return said
    script = "from app.kept import models; models.tidy()"
    with _process(["-c", script], home) as process:
        process.wait()
    left = [path.name for path in (home / ".local/share/Inkling/models").glob(".*")]
    return f"{left} are left" if left else ""


def _processes(home: Path) -> list[int]:
    """Return the processes that use this home."""
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if f"HOME={home}\0".encode() in environment.read_bytes():
                found.append(int(environment.parent.name))
    return found


@contextlib.contextmanager
def _process(words: list[str], home: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = os.environ | {"HOME": str(home)}
    with subprocess.Popen(
        [sys.executable, *words],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        yield process
