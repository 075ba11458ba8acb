"""Inkling and the plain program from their sources, in turn, with the same hand and the same eye on both."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator

from benchmarks import programs
from benchmarks.programs import Figures, Program
from benchmarks.tables import markdown, percentile_99, spread

PROGRAMS = {
    "plain": Program("Plain", (sys.executable, "-m", "benchmarks.plain")),
    "inkling": Program("Inkling", (sys.executable, "-m", "app")),
}


def run(arguments: argparse.Namespace) -> Iterator[str]:
    """Measure, and yield what there is to say."""
    figures = programs.measure(PROGRAMS, arguments.runs, arguments.answers)
    yield json.dumps(ratios(figures)) if arguments.json else table(figures)


def ratios(figures: dict[str, Figures]) -> dict[str, float]:
    """Return how many times more the plain program takes, by the medians."""
    return programs.ratios(figures["plain"], figures["inkling"])


def table(figures: dict[str, Figures]) -> str:
    """Return the figures for people."""
    head = ["", "window ready (s)", "answer (ms)", "99th percentile (ms)", "memory (MB)"]
    rows = [
        [
            name,
            spread(each.window_s, 3),
            spread(each.answer_ms, 1),
            f"{percentile_99(each.answer_ms):,.1f}",
            spread(each.memory_mb, 1),
        ]
        for name, each in figures.items()
    ]
    window, answer, memory = ratios(figures).values()
    return markdown(head, [*rows, ["ratio", f"{window:.1f}", f"{answer:.1f}", "", f"{memory:.1f}"]])
