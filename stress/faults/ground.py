"""The ground for faults: a home with models, drawings and settings, the program in it, and the audit afterwards."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any

from app.drawing import drawing_file
from app.kept import sample
from app.kept.samples import Samples
from model.bundle.bundle import BUNDLED, LITERT_FILE, open_bundle, write_bundle
from model.ink.ink import write_line
from stress.faults.keeps import drawing
from stress.faults.scenario import MODEL, NEW_MODEL
from stress.report import Report

ROOT = Path(__file__).resolve().parent.parent.parent
SCENARIO = ("-m", "stress.faults.scenario")
DATA, CONFIG = ".local/share/Inkling", ".config/Inkling"
KEPT = {1: 1, 2: 2, 3: 3}  # the numbers of the drawings that are saved at first, in the store and in `keeps.drawing`
OPEN, OLD_SAVED = 10, 11  # the drawings that are open and in a file at first
THRESHOLD = 0.25  # of doubt, in the settings at first
MEMORY = Path("/dev/shm")  # noqa: S108  (only a new folder in it is used)
PATIENCE = 60.0  # seconds that a program may take


@dataclass(frozen=True, slots=True)
class Ran:
    """A program's output: the scenario's lines, its standard error, and its exit status."""

    said: tuple[Mapping[str, Any], ...]
    errors: str
    status: int


@dataclass
class Tally:
    """The results of a kind of fault, so far."""

    kind: str
    seed: int
    outcomes: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    tried: set[str] = field(default_factory=set)
    count: int = 0
    began: float = field(default_factory=time.monotonic)

    def take(self, what: str, outcome: str, wrong: Sequence[str] = ()) -> None:
        """Count a fault, with its outcome and what was wrong afterwards."""
        self.count += 1
        self.tried.add(what)
        self.outcomes[outcome] += 1
        self.failures += [f"{self.kind}, seed {self.seed}, {what}: {each}" for each in wrong]

    def report(self, **figures: Any) -> Report:
        """Return all results."""
        seconds = round(time.monotonic() - self.began, 1)
        outcomes = dict(self.outcomes.most_common())
        return Report(self.kind, self.count, len(self.tried), seconds, outcomes, tuple(self.failures), figures=figures)


class Ground:
    """A folder with a home that's copied for each fault, and a process that audits what faults leave.

    Args:
        folder: holds everything meanwhile; by default in memory, if there's such a disk.
    """

    def __init__(self, folder: Path | None = None):
        folder = MEMORY if folder is None and os.access(MEMORY, os.W_OK) else folder
        self._temporary = tempfile.TemporaryDirectory(prefix="inkling-faults-", dir=folder)
        self.folder = Path(self._temporary.name).resolve()
        self.first = lay_out(self.folder / "first")
        self._count = 0
        self._auditor = subprocess.Popen(
            [sys.executable, "-m", "stress.faults.audit"],
            cwd=ROOT,
            env=environment(self.folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def __enter__(self) -> Ground:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._auditor.communicate()
        self._temporary.cleanup()

    def home(self) -> Path:
        """Return a new copy of the home."""
        self._count += 1
        return Path(
            shutil.copytree(self.first, self.folder / f"home-{self._count}", copy_function=linked, symlinks=True)
        )

    def audit(self, home: Path, said: Sequence[Mapping[str, Any]], *, keep: bool = False) -> list[str]:
        """Return what's wrong in a home, as another process finds it; then remove the home."""
        assert self._auditor.stdin
        assert self._auditor.stdout
        self._auditor.stdin.write(json.dumps({"home": str(home), "said": said}).encode() + b"\n")
        self._auditor.stdin.flush()
        wrong: list[str] = json.loads(self._auditor.stdout.readline())
        if not keep:
            shutil.rmtree(home, ignore_errors=True)
        return wrong


def lay_out(home: Path) -> Path:
    """Make a home in which a model is in use, drawings are saved, settings chosen, and files written."""
    data, config = home / DATA, home / CONFIG
    bundle = open_bundle()
    card = replace(bundle.card, name="old", doubt={}, eye={}, reads_only=True)
    content = (BUNDLED / LITERT_FILE).read_bytes()
    for place, more, name in ((data / "models" / MODEL, b"", "old"), (home / NEW_MODEL, b"\0" * 16, "new")):

        def write(folder: Path, content: bytes = content + more) -> None:  # what follows the network tells them apart
            (folder / LITERT_FILE).write_bytes(content)
            (folder / "history.jsonl").write_bytes((BUNDLED / "history.jsonl").read_bytes())

        write_bundle(place, write, replace(card, name=name))
    with Samples(data / "drawings.sqlite3") as samples:
        for number in KEPT.values():
            samples.keep(drawing(number), str(number % 10), "7")
        samples.export(home / "export.jsonl")
    sample.write_file(home / "import.jsonl", [sample.sample(drawing(n), str(n % 10), "7") for n in range(400, 403)])
    config.mkdir(parents=True)
    (config / "settings.json").write_text(json.dumps({"model": MODEL, "width": 20, "threshold": THRESHOLD}))
    (data / "last-drawing.json").write_text(write_line(drawing(OPEN)) + "\n")
    drawing_file.save(drawing(OLD_SAVED), home / "saved.inkling")
    return home


def linked(source: str, target: str) -> str:
    """Copy a file; one that's never overwritten in place is only linked."""
    if source.endswith(".tflite"):
        os.link(source, target)
        return target
    return str(shutil.copy2(source, target))


def environment(home: Path) -> dict[str, str]:
    """Return an environment in which a home is the user's."""
    rest = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    return rest | {"HOME": str(home), "LANGUAGE": "en", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}


def run(
    home: Path,
    words: Sequence[str] = SCENARIO,
    before: Sequence[str] = (),
    more: Mapping[str, str] | None = None,
    prepare: Callable[[], None] | None = None,
) -> Ran:
    """Run Python with some arguments in a home, and return what it printed.

    Args:
        home: the user's.
        words: Python's arguments.
        before: the command that starts it, such as strace; may be empty.
        more: additions to the environment.
        prepare: called in the child before it starts.
    """
    with subprocess.Popen(
        [*before, sys.executable, *words],
        cwd=ROOT,
        env=environment(home) | dict(more or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=prepare,  # noqa: PLW1509  (no threads here that hold locks)
        start_new_session=True,
    ) as process:
        try:
            printed, errors = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            printed, errors = process.communicate()
            errors += f"\nstill running after {PATIENCE:.0f} s".encode()
    return Ran(_lines(printed), errors.decode(errors="replace").strip(), process.returncode)


def _lines(printed: bytes) -> tuple[Mapping[str, Any], ...]:
    """Return what was said; the last line may be cut off."""
    whole = (line for line in printed.splitlines(keepends=True) if line.endswith(b"\n"))
    return tuple(json.loads(line) for line in whole if line.startswith(b"{"))
