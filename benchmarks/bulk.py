"""Many pictures read by Inkling, by a script with OpenCV and ONNX Runtime, and by Keras' `predict` in batches.

Each has its own process, from its start to its last answer, and all read the same folder with the same network.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from benchmarks import rulers
from benchmarks.spread import children, peak
from benchmarks.tables import markdown, spread
from model.base import installation
from model.base.errors import UserError
from model.bundle.bundle import BUNDLED, KERAS_FILE
from model.data import data
from release.project import ROOT

NEEDED = ("cv2", "keras", "tf2onnx", "onnxruntime")  # in addition to what Inkling itself needs
PAUSE = 0.1  # seconds between two looks at the memory
NETWORK = BUNDLED / KERAS_FILE


@dataclass(frozen=True, slots=True)
class Figures:
    """What one program took in one run, and how well it read."""

    pictures: int
    right: int
    seconds: float
    cpu: float  # seconds of all cores
    memory: float  # the sum of the peaks of its processes, 10^6 bytes

    @property
    def rate(self) -> float:
        """Pictures a second."""
        return self.pictures / self.seconds


def run(arguments: argparse.Namespace) -> Iterator[str]:
    """Measure, and yield what there is to say. Raises UserError: a package that it measures with is missing."""
    if not all(importlib.util.find_spec(name) for name in NEEDED):
        raise UserError(
            "OpenCV, ONNX Runtime and Keras read beside Inkling here; "
            f"install them with: {installation.command('bench')}"
        )
    figures = measure(arguments.data or rulers.mnist(), arguments.pictures, arguments.runs)
    yield json.dumps(ratios(figures)) if arguments.json else table(figures)


def measure(mnist: Path | None, count: int, runs: int) -> dict[str, list[Figures]]:
    """Read so many of MNIST's test images, as PNG, each way in turn, ``runs`` times."""
    with tempfile.TemporaryDirectory() as name:
        folder, network = Path(name, "pictures"), Path(name, "network.onnx")
        labels = make(folder, mnist, count)
        _run(["model", "export", "--format", "onnx", "--output", str(network)])
        ways = {
            "Inkling, `--jobs 1`": ["app", "recognize", str(folder)],
            "Inkling, `--jobs 0`": ["app", "recognize", "--jobs", "0", str(folder)],
            "OpenCV and ONNX Runtime": ["benchmarks.peer", str(network), str(folder)],
            "Keras' `predict`": ["benchmarks.predict", str(NETWORK), str(folder)],
        }
        figures: dict[str, list[Figures]] = {way: [] for way in ways}
        for _ in range(runs):
            for way, words in ways.items():
                figures[way].append(read(words, labels))
        return figures


def table(figures: Mapping[str, Sequence[Figures]]) -> str:
    """Return the figures for people."""
    head = ["", "pictures a second", "CPU (s)", "read right", "memory (MB)"]
    rows = [
        [
            way,
            spread([each.rate for each in runs], 0),
            spread([each.cpu for each in runs], 1),
            f"{runs[0].right / runs[0].pictures:.2%}",
            spread([each.memory for each in runs], 0),
        ]
        for way, runs in figures.items()
    ]
    return markdown(head, rows)


def ratios(figures: Mapping[str, Sequence[Figures]]) -> dict[str, float]:
    """Return how many times as many pictures a second as Inkling in one process each way reads."""
    rates = {way: statistics.median(each.rate for each in runs) for way, runs in figures.items()}
    first = next(iter(rates.values()))
    return {way: round(rate / first, 2) for way, rate in rates.items()}


def make(folder: Path, mnist: Path | None, count: int) -> dict[str, str]:
    """Make a folder of the first of MNIST's test images, and return their labels by their files' paths."""
    loaded = data.load(mnist)
    folder.mkdir()
    labels = {}
    for number, (image, label) in enumerate(zip(loaded.test_images[:count], loaded.test_labels[:count], strict=True)):
        path = folder / f"{number:05}.png"
        Image.fromarray(image).save(path)
        labels[str(path)] = str(label)
    return labels


def read(words: Sequence[str], labels: Mapping[str, str]) -> Figures:
    """Read pictures with ``python -m WORD…``, and return what it took. Raises UserError: it failed."""
    began = time.perf_counter()
    answers, cpu, memory = _run(words)
    seconds = time.perf_counter() - began
    told = dict(line.split("\t")[:2] for line in answers.splitlines())
    right = sum(told.get(path) == label for path, label in labels.items())
    return Figures(len(labels), right, seconds, cpu, memory)


def _run(words: Sequence[str]) -> tuple[str, float, float]:
    """Run ``python -m WORD…``, and return what it printed, its CPU time in seconds, and its memory in 10^6 bytes.

    Both are those of all that it started, too. Raises UserError: it failed.
    """
    command = [sys.executable, "-m", *words]
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
    peaks: dict[int, float] = {}
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=complaints)
        ended = 0
        while not ended:
            for pid in (process.pid, *children(process.pid)):
                peaks[pid] = max(peaks.get(pid, 0), peak(pid))
            time.sleep(PAUSE)
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)  # of whom it has waited for itself, too
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        complaints.seek(0)
        if process.returncode:
            reason = complaints.read().decode(errors="replace").strip()
            raise UserError(f"python -m {' '.join(words)} failed: {reason}")
        return said.read().decode(), usage.ru_utime + usage.ru_stime, sum(peaks.values())
