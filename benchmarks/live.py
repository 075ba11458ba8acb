"""From a pointer event at the X server to moved bars on the screen, over replayed drawings (Linux, Xvfb).

The window lives in this process; the hand and the eye are another one. The eye is the X server's own DAMAGE extension,
which tells when something was drawn into a window: no picture of the screen has to be fetched and compared.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import select
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import xcffib
import xcffib.damage
import xcffib.xproto

from app.kept import settings
from benchmarks import rulers
from benchmarks.tables import heading, percentile_99, row
from tests.screen import Area, Screen, virtual_screen

PACE = 0.008  # seconds between two events of a pen, at least
PATIENCE = 0.02  # seconds: bars that have not moved then had nothing to move for, or are late
BETWEEN = 0.05  # seconds between two drawings

WIDTHS = (12, 8, 8, 11, 20, 9)
HEADING = heading(("", "events", "moved", "median (ms)", "99th percentile (ms)", "most (ms)"), WIDTHS)

Strokes = list[list[tuple[float, float]]]


@dataclass
class Figures:
    """What was measured: milliseconds from an event to bars that moved, and the events after which they stayed."""

    moved: list[float] = field(default_factory=list)
    stayed: int = 0


def run(arguments: argparse.Namespace) -> Iterator[str]:
    """Measure, and yield each line as soon as it is known: drawings that are given, or the judges' pen ink."""
    with tempfile.TemporaryDirectory() as folder:
        words = (*rulers.JUDGES, "--limit", str(arguments.drawings))
        cases = arguments.cases or rulers.cases("pen_cases", "pen-digits.jsonl", Path(folder), *words)[0]
        yield HEADING
        for name, figures in measure(cases, arguments.drawings):
            yield line(name, figures)


def measure(cases: Path, drawings: int) -> Iterator[tuple[str, Figures]]:
    """Yield the figures of so many drawings, with the panel that shows the network folded and unfolded."""
    context = multiprocessing.get_context("spawn")  # a process has one display and one home
    for name, inside in (("panel shown", True), ("panel folded", False)):
        with ProcessPoolExecutor(1, context) as pool:
            yield name, pool.submit(_measure, cases, drawings, inside).result()


def _measure(cases: Path, drawings: int, inside: bool) -> Figures:
    with cases.open(encoding="utf-8") as lines:
        replayed = [json.loads(line)["strokes"] for line in islice(lines, drawings)]
    with virtual_screen(1280, 800) as display, tempfile.TemporaryDirectory() as home:
        os.environ |= {"DISPLAY": display, "HOME": home}
        settings.change(inside=inside)
        from app.ui.window.start import open_window  # noqa: PLC0415  (it reads where the home is)

        window = open_window()
        root, pad = window.root, window.pad
        root.update()
        root.focus_force()
        while not window.session.is_ready:
            root.update()
        window.answer.bars.grid()  # they come with the first ink
        root.update()
        canvas = Area(pad.winfo_rootx(), pad.winfo_rooty(), pad.winfo_width(), pad.winfo_height())
        ours, theirs = multiprocessing.Pipe()
        words = (display, canvas, window.answer.bars.winfo_id(), replayed, theirs)
        hand = multiprocessing.get_context("spawn").Process(target=_replay, args=words)
        hand.start()

        def look() -> None:
            if ours.poll() or not hand.is_alive():
                root.quit()
            else:
                root.after(50, look)

        look()
        root.mainloop()
        figures: Figures = ours.recv()
        hand.join()
        window.close()
    return figures


def line(name: str, figures: Figures) -> str:
    """Return figures as a line for people, below `HEADING`."""
    values = figures.moved
    median, high, most = statistics.median(values), percentile_99(values), max(values)
    events = len(values) + figures.stayed
    return row((name, f"{events:,}", f"{len(values):,}", f"{median:.2f}", f"{high:.2f}", f"{most:.2f}"), WIDTHS)


def _replay(display: str, canvas: Area, bars: int, drawings: Sequence[Strokes], answer: Connection) -> None:
    """Draw each of the drawings, and tell how long the bars took after each event."""
    screen, eye, figures = Screen(display), _Eye(display, bars), Figures()
    for strokes in drawings:
        for stroke in strokes:
            places = [(canvas.left + point[0], canvas.top + point[1]) for point in stroke]
            screen.move(*places[0])
            screen.press()
            stayed_at = 0.0  # when the last event was, if the bars have stayed
            for place in places[1:]:
                if eye.forget() and stayed_at:  # they were late
                    figures.stayed -= 1
                    figures.moved.append((time.perf_counter() - stayed_at) * 1000)
                began = time.perf_counter()
                screen.move(*place)
                if eye.sees_a_change(began + PATIENCE):
                    figures.moved.append((time.perf_counter() - began) * 1000)
                    stayed_at = 0.0
                else:
                    figures.stayed += 1
                    stayed_at = began
                time.sleep(max(0.0, began + PACE - time.perf_counter()))
            screen.release()
            time.sleep(PACE)
        time.sleep(BETWEEN)
        screen.key("Escape")
        time.sleep(BETWEEN)
    answer.send(figures)


class _Eye:
    """Sees when something is drawn into a window."""

    def __init__(self, display: str, window: int):
        self._connection: Any = xcffib.connect(display)  # type: ignore[no-untyped-call]
        self._damage = self._connection(xcffib.damage.key)
        self._damage.QueryVersion(1, 1).reply()
        self._number = self._connection.generate_id()
        self._damage.Create(self._number, window, xcffib.damage.ReportLevel.NonEmpty)
        self.forget()

    def forget(self) -> bool:
        """Look away from what was drawn until now, and return whether there was something."""
        self._damage.Subtract(self._number, 0, 0)
        self._connection.core.GetInputFocus().reply()  # when this is answered, the server has done the other
        seen = False
        while self._connection.poll_for_event() is not None:
            seen = True
        return seen

    def sees_a_change(self, end: float) -> bool:
        """Return whether something was drawn, as soon as it was, or at the end of this time."""
        while time.perf_counter() < end:
            if self._connection.poll_for_event() is not None:
                return True
            select.select([self._connection.get_file_descriptor()], [], [], max(0.0, end - time.perf_counter()))
        return False
