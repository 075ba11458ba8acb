"""Watches a worker from outside: takes in its counts, and reports hangs and crashes with the input that caused them."""

from __future__ import annotations

import contextlib
import itertools
import json
import math
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from stress.report import Report
from stress.way import WAITING
from stress.worker import DIGEST, EDGES, SEEN

ROOT = Path(__file__).resolve().parent.parent
STARTING = 300.0  # seconds that a worker has to import what it needs, on a busy machine
LIFE = 100.0  # seconds that a worker lives
MOST_FAILURES = 20  # after these, there's enough to fix
LARGEST = 4_000  # MB of memory at which a worker is ended, before the machine suffers


def attempt(module: str, seconds: float, seed: int, kept: Path) -> Report:
    """Try inputs for a module's way in: half of the time by its grammar, and half guided by coverage.

    Inputs that fail are saved in a folder, under names that the failures give. Without Atheris, which exists only
    for Linux, the grammar gets all of the time.
    """
    campaign = _Campaign(module, kept)
    engines = ["grammar", "guided"] if find_spec("atheris") else ["grammar"]
    reports = [campaign.run(engine, seconds / len(engines), seed) for engine in engines]
    outcomes: Counter[str] = Counter()
    for report in reports:
        outcomes.update(report.outcomes)
    return Report(
        campaign.name,
        tried=sum(report.tried for report in reports),
        distinct=len(campaign.seen),
        seconds=round(sum(report.seconds for report in reports), 1),
        outcomes=dict(outcomes.most_common()),
        failures=tuple(failure for report in reports for failure in report.failures),
        reached=_thinned(reports[-1].reached),
    )


class _Campaign:
    """Runs workers for one way in, one after another.

    Args:
        module: with the way in.
        kept: the folder for inputs that fail.
    """

    def __init__(self, module: str, kept: Path):
        self.name = module.rpartition(".")[2]
        self.seen: set[bytes] = set()  # digests of the distinct inputs
        self._module = module
        self._kept = kept

    def run(self, engine: str, seconds: float, seed: int) -> Report:
        """Run one worker of an engine after another until the time is up.

        Each worker hands what guides it to the next. None lives for long, since what fuzzers remember fills the memory.
        """
        began = time.monotonic()
        total = Report(self.name)
        with tempfile.TemporaryDirectory(prefix="inkling-stress-") as corpus:
            for number in itertools.count():
                left = seconds - (time.monotonic() - began)
                if left <= 0 or len(total.failures) >= MOST_FAILURES:
                    break
                words = ["--guided", corpus] if engine == "guided" else []
                part = self._run([*words, "--seconds", f"{min(left, LIFE):.1f}"], seed + number)
                best = total.reached[-1][1] if total.reached else 0
                total = replace(
                    total,
                    tried=total.tried + part.tried,
                    outcomes=Counter(total.outcomes) + Counter(part.outcomes),
                    failures=total.failures
                    + tuple(f"{self._module}, {engine}, {failure}" for failure in part.failures),
                    reached=total.reached
                    + tuple((total.tried + tried, edges) for tried, edges in part.reached if edges > best),
                )
        return replace(total, seconds=time.monotonic() - began)

    def _run(self, words: Sequence[str], seed: int) -> Report:
        """Run one worker with more arguments, and return its report."""
        with tempfile.TemporaryDirectory(prefix="inkling-stress-") as made:
            folder = Path(made)
            (folder / "home").mkdir()
            words = [sys.executable, "-m", "stress.worker", self._module, *words, "--seed", str(seed), "--folder", made]
            with subprocess.Popen(
                words,
                cwd=ROOT,
                env=_environment(folder / "home"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            ) as process:
                said, why = _follow(process)
                failures = []
                for identifier, text in said.get("failures", ()):
                    place = self._kept / f"{self.name}-{identifier}"
                    _keep(folder / f"input.{identifier}", place)
                    failures.append(f"{text} (input {place.name})")
                if why:
                    place = self._kept / f"{self.name}-last-{seed}"
                    _keep(folder / "input", place)
                    failures.append(f"{why} (input {place.name})")
            with contextlib.suppress(OSError):  # if it ended before it began
                digests = (folder / SEEN).read_bytes()
                self.seen.update(digests[start : start + DIGEST] for start in range(0, len(digests), DIGEST))
            return Report(
                self.name,
                tried=said.get("tried", 0),
                outcomes=said.get("outcomes", {}),
                failures=tuple(f"seed {seed}: {failure}" for failure in failures),
                reached=tuple(said.get("reached", ())),
            )


def _thinned(reached: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return some of the pairs (inputs tried, places reached), each with some 1.6 times the inputs of the last."""
    return tuple({int(5 * math.log10(tried)): (tried, edges) for tried, edges in reached if tried}.values())


def _follow(process: subprocess.Popen[bytes]) -> tuple[dict[str, Any], str]:
    """Return a worker's last report, and why it had to be ended or ended early, if it did."""
    assert process.stdout
    assert process.stderr
    told: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    reached: list[tuple[int, int]] = []
    last_words: list[str] = []
    listeners = [
        threading.Thread(target=_lines, args=(process.stdout, told), daemon=True),
        threading.Thread(target=_printed, args=(process.stderr, reached, last_words), daemon=True),
    ]
    for listener in listeners:
        listener.start()
    said: dict[str, Any] = {}
    patience = STARTING
    heard = time.monotonic()
    why = ""
    while process.poll() is None:
        with contextlib.suppress(queue.Empty):
            said = json.loads(told.get(timeout=0.2))
            heard, patience = time.monotonic(), max(30.0, 30.0 * WAITING)
        size = _megabytes(process.pid)
        if time.monotonic() - heard > patience:
            why = f"hangs for {patience:.0f} s"
        elif size > LARGEST:
            why = f"ended at {size} MB"
        if why:
            process.kill()
    for listener in listeners:
        listener.join(5)
    while not told.empty():
        said = json.loads(told.get())
    if not why and process.returncode != 0:
        why = f"the process ended with {process.returncode}: {' / '.join(last_words[-5:])}"
    said["reached"] = reached
    return said, why


def _lines(stream: IO[bytes], told: queue.SimpleQueue[bytes]) -> None:
    for line in stream:
        told.put(line)


def _printed(stream: IO[bytes], reached: list[tuple[int, int]], last_words: list[str]) -> None:
    for line in stream:
        text = line.decode(errors="replace").rstrip()
        found = EDGES.search(text)
        if found:
            tried, edges = map(int, found.groups())
            if not reached or edges > reached[-1][1]:
                reached.append((tried, edges))
        else:
            last_words.append(text)
            del last_words[:-20]


def _keep(found: Path, place: Path) -> None:
    with contextlib.suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(found, place)


def _environment(home: Path) -> dict[str, str]:
    rest = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    return rest | {
        "HOME": str(home),
        "TMPDIR": str(home),
        "LANGUAGE": "en",
        "PYTHONFAULTHANDLER": "1",
        "HYPOTHESIS_STORAGE_DIRECTORY": str(home),
    }


def _megabytes(process: int) -> int:
    with contextlib.suppress(OSError, IndexError):
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") // 1_000_000
    return 0
