"""Measures whole programs, each in its own process, in turn, with the same hand and the same eye for all."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np

from release.project import ROOT
from tests.screen import Area, Screen, virtual_screen, wait_for

SEVEN = [(60, 60), (130, 60), (200, 60), (170, 140), (140, 220)]  # pixels of the canvas


@dataclass(frozen=True, slots=True)
class Program:
    """A program that can be started, and how its window is known."""

    title: str
    command: tuple[str, ...]


@dataclass
class Figures:
    """What was measured of one program: one value a run, of answers one value a click."""

    window_s: list[float] = field(default_factory=list)  # from start to ink on the canvas
    answer_ms: list[float] = field(default_factory=list)  # from click to shown answer
    memory_mb: list[float] = field(default_factory=list)  # peak of the process tree, 10^6 bytes


def measure(
    programs: Mapping[str, Program],
    runs: int,
    answers: int,
    *,
    before: Callable[[], None] | None = None,
    warm_up: bool = False,
) -> dict[str, Figures]:
    """Return the figures of programs by their names, after this many runs of each in turn.

    Args:
        programs: what is measured, by name.
        runs: of each.
        answers: clicks in each run; without any, only the window is measured.
        before: what is done before each run.
        warm_up: let each run once before, uncounted, so that the disk cache has them all.
    """
    figures = {name: Figures() for name in programs}
    with virtual_screen(800, 600) as display:
        screen = Screen(display)
        if warm_up:
            for program in programs.values():
                _run(screen, display, program, 1, Figures())
        for _ in range(runs):
            for name, program in programs.items():
                if before:
                    before()
                _run(screen, display, program, answers, figures[name])
        screen.close()
    return figures


def ratios(more: Figures, less: Figures) -> dict[str, float]:
    """Return how many times more one program takes than the other, by the medians of both."""
    pairs = {
        "window_ratio": (more.window_s, less.window_s),
        "answer_ratio": (more.answer_ms, less.answer_ms),
        "memory_ratio": (more.memory_mb, less.memory_mb),
    }
    return {name: round(statistics.median(one) / statistics.median(other), 2) for name, (one, other) in pairs.items()}


def _run(screen: Screen, display: str, program: Program, answers: int, figures: Figures) -> None:
    began = time.perf_counter()
    with _process(program.command, display) as process:
        window = screen.window(program.title, 120)
        canvas = screen.canvas(window)
        _wait_until_usable(screen, canvas)
        figures.window_s.append(time.perf_counter() - began)
        if not answers:
            return
        parts = _parts(screen, window, canvas)
        _click(screen, parts.clear)
        for _ in range(answers):
            figures.answer_ms.append(_time_an_answer(screen, parts) * 1000)
        figures.memory_mb.append(_peak_memory(process.pid) / 1e6)


@contextmanager
def _process(command: tuple[str, ...], display: str) -> Iterator[subprocess.Popen[bytes]]:
    with tempfile.TemporaryDirectory() as home:
        settings_file = Path(home) / ".config" / "Inkling" / "settings.json"
        settings_file.parent.mkdir(parents=True)
        settings_file.write_text('{"live": false}', encoding="utf-8")  # an answer to a click is what both can give
        with _started(command, {"DISPLAY": display, "HOME": home}) as process:
            yield process


@contextmanager
def _started(command: tuple[str, ...], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"} | environment
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # or our modules, unlike TensorFlow's, are compiled at each start
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _wait_until_usable(screen: Screen, canvas: Area) -> None:
    """Draw a short stroke until it's seen: a window can be mapped before its canvas listens."""
    x, y = canvas.left + 40, canvas.top + 40
    for _ in range(1000):
        screen.stroke([(x, y), (x + 30, y)], follow=False)
        try:
            wait_for(lambda: screen.is_dark(x + 15, y), 0.05, "ink")
        except TimeoutError:
            continue
        return
    raise TimeoutError("no stroke came to the canvas")


class Parts(NamedTuple):
    """Where the hand and the eye go: the same in both programs, which have the answer right of the canvas."""

    canvas: Area
    recognize: Area
    clear: Area
    answer: Area  # a strip across the digit, because a larger part of the screen takes longer to read than the answer


def _parts(screen: Screen, window: int, canvas: Area) -> Parts:
    leaves = screen.leaves(window)
    bottom, right = canvas.top + canvas.height, canvas.left + canvas.width
    recognize, clear, *_ = sorted((leaf for leaf in leaves if leaf.top >= bottom), key=lambda leaf: leaf.left)
    edge = max(leaf.left + leaf.width for leaf in leaves)
    strip = Area(right + 4, canvas.top + canvas.height // 2, edge - right - 8, 4)
    return Parts(canvas, recognize, clear, strip)


def _time_an_answer(screen: Screen, parts: Parts) -> float:
    """Return the seconds from the click to a large digit in the answer's place."""
    left, top = parts.canvas[:2]
    screen.stroke([(x + left, y + top) for x, y in SEVEN])
    time.sleep(0.1)  # a person goes from the canvas to the button
    if _shows_a_digit(screen, parts.answer):
        raise RuntimeError("there is an answer before the click")
    screen.move(*_middle(parts.recognize))
    time.sleep(0.02)
    screen.press()
    began = time.perf_counter()
    screen.release()  # a button acts when it is let go
    wait_for(lambda: _shows_a_digit(screen, parts.answer), 60, "an answer", pause=0)
    seconds = time.perf_counter() - began
    _click(screen, parts.clear)
    x, y = SEVEN[0]
    wait_for(lambda: not screen.is_dark(x + left, y + top), 60, "a clear canvas")
    time.sleep(0.02)
    return seconds


def _shows_a_digit(screen: Screen, strip: Area) -> bool:
    """Return whether a bold black line crosses the strip, which lines of help, small and grey, don't have."""
    return bool(np.count_nonzero(np.asarray(screen.pixels(strip)).max(2) < 64) >= 5 * strip.height)


def _click(screen: Screen, area: Area) -> None:
    screen.click(*_middle(area))


def _middle(area: Area) -> tuple[float, float]:
    return area.left + area.width / 2, area.top + area.height / 2


def _peak_memory(pid: int) -> int:
    """Return the sum of the largest resident sizes of a process and its descendants, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    (peak,) = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return int(peak) * 1024 + sum(_peak_memory(int(child)) for child in children)
