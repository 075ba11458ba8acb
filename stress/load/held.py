"""What a process holds during a load, how long each thing takes, and how both change: their slopes."""

from __future__ import annotations

import gc
import math
import os
import statistics
import threading
import time
import tkinter as tk
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

SHOWN = 40  # the most looks that figures include
FEWEST = 5  # the fewest looks that can show a leak
TIMES = ("milliseconds", "slowest", "computing")

# How much each may grow over a whole run, once it's warm, before it's a leak: caches fill, memory is freed in pieces.
ALLOWED = {
    "megabytes": 20.0,
    "handles": 3.0,
    "threads": 2.0,
    "objects": 20_000.0,
    "commands": 100.0,
    "pictures": 50.0,  # a second look brings 30, once
    "widgets": 20.0,
    "resources": 60.0,
}


@dataclass(frozen=True, slots=True)
class Look:
    """What a process holds after this many things were done, and how long the last of them took."""

    done: int
    megabytes: float
    handles: int  # open files
    threads: int
    objects: int  # Python objects
    commands: int = 0  # that Tcl can call
    pictures: int = 0  # Tk pictures
    widgets: int = 0
    resources: int = 0  # in the X server: windows, pixmaps, fonts and so on
    milliseconds: float = 0.0  # the median since the previous look
    slowest: float = 0.0  # milliseconds: the 99th percentile
    computing: float = 0.0  # milliseconds of this process's own CPU time for one thing, whatever else the machine does


class Record:
    """Looks and times during one load.

    Args:
        unit: slopes are per this many things done.
        warm: the part of the run, 0 to 1, after which what's held should stay flat.
        allowed: how much more may be held at the end, where that differs from `ALLOWED`.
    """

    def __init__(self, unit: int, warm: float = 0.1, allowed: Mapping[str, float] | None = None):
        self.looks: list[Look] = []
        self._unit, self._warm = unit, warm
        self._allowed = {**ALLOWED, **(allowed or {})}
        self._times: list[float] = []  # milliseconds, since the last look
        self._computed: list[float] = []  # likewise

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Record how long something takes."""
        began, computed = time.perf_counter(), time.process_time()
        yield
        self._times.append((time.perf_counter() - began) * 1000)
        self._computed.append((time.process_time() - computed) * 1000)

    def look(self, done: int, root: tk.Tk | None = None, resources: Callable[[], int] | None = None) -> Look:
        """Record what this process holds, and its window too if there's one."""
        gc.collect()
        look = Look(
            done,
            int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6,
            len(os.listdir("/proc/self/fd")),  # noqa: PTH208  (names are enough)
            threading.active_count(),
            len(gc.get_objects()),
            len(root.tk.splitlist(root.tk.call("info", "commands"))) if root else 0,
            len(root.image_names()) if root else 0,
            _widgets(root) if root else 0,
            resources() if resources else 0,
            statistics.median(self._times) if self._times else 0.0,
            sorted(self._times)[math.ceil(len(self._times) * 0.99) - 1] if self._times else 0.0,
            statistics.median(self._computed) if self._computed else 0.0,
        )
        self._times.clear()
        self._computed.clear()
        self.looks.append(look)
        return look

    def slope(self, what: str) -> float:
        """Return how much it grows per unit, by least squares, once the load is warm."""
        looks = self._warm_looks()
        if len(looks) < 2:
            return 0.0
        values = [getattr(look, what) for look in looks]
        return self._unit * statistics.linear_regression([look.done for look in looks], values).slope

    def growth(self, what: str) -> float:
        """Return how much it has grown at the end, by its slope."""
        looks = self._warm_looks()
        return self.slope(what) * (looks[-1].done - looks[0].done) / self._unit if looks else 0.0

    def leaks(self) -> list[str]:
        """Return, as sentences, what grows by more than is allowed; nothing if there are too few looks."""
        if len(self._warm_looks()) < FEWEST:
            return []
        grown = {what: self.growth(what) for what in self._allowed}
        return [
            f"{what} grow by {more:.1f}, from {getattr(self._warm_looks()[0], what):.1f} to "
            f"{getattr(self.looks[-1], what):.1f} after {self.looks[-1].done:,}"
            for what, more in grown.items()
            if more > self._allowed[what]
        ]

    def figures(self) -> dict[str, Any]:
        """Return the slopes, the first tenth compared with the last, and the looks, thinned out."""
        looks = self._warm_looks()
        tenth = max(1, len(looks) // 10)
        held = [what for what in (*ALLOWED, *TIMES) if any(getattr(look, what) for look in self.looks)]
        slopes = {what: round(self.slope(what), 4) for what in held}
        return {
            "warm after": self._warm,
            "slopes": {f"each {self._unit:,}": slopes},
            **{what: _compared(looks[:tenth], looks[-tenth:], what) for what in held if what in TIMES},
            "looks": [_rounded(look, held) for look in _thinned(self.looks)],
        }

    def _warm_looks(self) -> list[Look]:
        end = self.looks[-1].done if self.looks else 0
        return [look for look in self.looks if look.done >= self._warm * end and look.done]


def _widgets(inside: tk.Misc) -> int:
    return sum(1 + _widgets(child) for child in inside.winfo_children())


def _compared(first: Sequence[Look], last: Sequence[Look], what: str) -> dict[str, float]:
    """Return the medians of the first looks and of the last ones, and their ratio."""
    if not first:
        return {}
    before, after = (statistics.median(getattr(look, what) for look in part) for part in (first, last))
    told = {"first tenth": before, "last tenth": after, **({"last / first": after / before} if before else {})}
    return {name: round(value, 3) for name, value in told.items()}


def _thinned(looks: Sequence[Look]) -> list[Look]:
    step = math.ceil(len(looks) / SHOWN)
    return [*looks[:-1:step], looks[-1]] if looks else []


def _rounded(look: Look, held: Sequence[str]) -> dict[str, float]:
    """Return a look without the things that nothing is held of."""
    return {
        name: round(value, 3) if isinstance(value, float) else value
        for name, value in asdict(look).items()
        if name in ("done", *held)
    }
