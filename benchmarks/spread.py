"""A folder of many pictures read in one process, in several, and by a Dask scheduler's workers, one of them killed."""

from __future__ import annotations

import argparse
import contextlib
import io
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from app.sources.pictures import PICTURE_ENDINGS
from benchmarks.rulers import data
from model.ink.ink import Drawing, read_lines
from model.ink.render import render
from release.project import ROOT

SIDES = (28, 200)  # pixels, the smallest and the largest
DIFFERENT = 2_000  # pictures; each comes again under other names
PAUSE = 0.5  # seconds between two looks at the memory


@dataclass(frozen=True, slots=True)
class Figures:
    """What one way of reading took."""

    way: str
    seconds: float
    own_mb: float  # the peak of the process that prints, 10^6 bytes
    workers_mb: tuple[float, ...]  # of each that it started
    answers: bytes

    def line(self, first: Figures, names: Sequence[str]) -> str:
        """Return it as a line, compared with the first way."""
        told = [json.loads(line) for line in self.answers.splitlines()]
        ordered = [Path(each["source"]).name for each in told] == list(names)
        lost = sum("error" in each for each in told)
        answers = f"{len(told)} answers {'in order' if ordered else 'NOT IN ORDER'}, {lost} of them none"
        memory = f"{self.own_mb:.0f} MB, its workers' {' + '.join(f'{each:.0f}' for each in self.workers_mb) or 0} MB"
        same = "the same" if self.answers == first.answers else "OTHER THAN THE FIRST'S"
        return f"{self.way:32} {self.seconds:8.1f} s, {len(told) / self.seconds:5.0f}/s, {memory}, {answers}, {same}"


def run(arguments: argparse.Namespace) -> Iterator[str]:
    """Measure, and yield what there is to say."""
    with tempfile.TemporaryDirectory() as folder:
        many, fewer = Path(folder) / "many", Path(folder) / "fewer"
        names = make(many, arguments.pictures, arguments.seed)
        ways = [read(many, "--jobs", str(jobs)) for jobs in arguments.jobs]
        yield from (way.line(ways[0], names) for way in ways)
        if arguments.cluster_pictures:
            names = make(fewer, arguments.cluster_pictures, arguments.seed)
            here = read(fewer, "--jobs", "1")
            yield here.line(here, names)
            with cluster(Path(folder)) as (address, nanny):
                yield read(fewer, "--scheduler", address, killed=nanny).line(here, names)


def make(folder: Path, count: int, seed: int) -> list[str]:
    """Make a folder of pictures of people's digits, the one in the middle damaged, and return their names in order."""
    chance = random.Random(seed)  # noqa: S311  (no secret)
    different = []
    with data("pen-digits.jsonl").open("rb") as lines:
        for drawing in itertools.islice(read_lines(lines), min(count, DIFFERENT)):
            assert isinstance(drawing, Drawing)
            side, ending, file = chance.randint(*SIDES), chance.choice(PICTURE_ENDINGS), io.BytesIO()
            small = render(drawing).resize((side, side), Image.Resampling.BILINEAR)
            small.save(file, Image.registered_extensions()[ending])
            different.append((ending, file.getvalue()))
    folder.mkdir()
    names = []
    for number in range(count):
        ending, content = chance.choice(different)
        names.append(f"{number:06}{ending}")
        (folder / names[-1]).write_bytes(content)
    middle = folder / names[count // 2]
    os.truncate(middle, middle.stat().st_size // 2)
    return names


def read(folder: Path, *words: str, killed: subprocess.Popen[bytes] | None = None) -> Figures:
    """Read a folder one way, half-way kill what a process has started, and return what it took."""
    command = [sys.executable, "-m", "app", "recognize", "--json", *words, str(folder)]
    half = sum(1 for _ in folder.iterdir()) // 2
    peaks: dict[int, float] = {}
    with tempfile.TemporaryFile() as answers:
        began = time.perf_counter()
        with subprocess.Popen(command, cwd=ROOT, stdout=answers, stderr=subprocess.DEVNULL) as process:
            while process.poll() is None:
                time.sleep(PAUSE)
                for pid in (process.pid, *children(process.pid)):
                    peaks[pid] = max(peaks.get(pid, 0), peak(pid))
                if killed and os.pread(answers.fileno(), 1 << 30, 0).count(b"\n") >= half:
                    os.kill(children(killed.pid)[-1], signal.SIGKILL)
                    killed = None
        seconds = time.perf_counter() - began
        own = peaks.pop(process.pid)
        workers = tuple(sorted(each for each in peaks.values() if each > 30))  # what counts semaphores is small
        answers.seek(0)
        return Figures(" ".join(words), seconds, own, workers, answers.read())


@contextlib.contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Start a scheduler and two workers; yield its address, and the process that started and minds the first worker."""
    file = folder / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    here = ["--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(file)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with contextlib.ExitStack() as stack:
        words = [["scheduler", "--port", "0"]] + [["worker", "--nthreads", "1", "--local-directory", str(folder)]] * 2
        processes = []
        for each in words:
            command = [*dask, *each, *here]
            process = stack.enter_context(
                subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            )
            stack.callback(process.terminate)
            processes.append(process)
            while not file.exists():
                time.sleep(0.1)
        yield json.loads(file.read_text(encoding="utf-8"))["address"], processes[1]


def children(pid: int) -> list[int]:
    """Return the numbers of the processes that a process has started, in their order."""
    found: list[int] = []
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += map(int, listed.read_text(encoding="ascii").split())
    return sorted(found)


def peak(pid: int) -> float:
    """Return the largest resident size of a process until now, in 10^6 bytes; 0 when it's gone."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    return 0
