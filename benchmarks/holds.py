"""How long the window's thread is held while a correction is learned and the pen moves (Linux, Xvfb).

The window lives in this process and its hand in another one, which draws without pause. Each event that the window
handles is measured: its wall time, in which the machine may have done something else, and its CPU time, in which a pen
waits on any machine. What's measured while nothing is learned is next to it.
"""

from __future__ import annotations

import _tkinter
import argparse
import multiprocessing
import os
import statistics
import tempfile
import time
import tkinter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

from app.kept import settings
from benchmarks.tables import markdown, percentile_99
from model.ink.ink import Point
from tests.screen import Area, Screen, virtual_screen

PACE = 0.008  # seconds between two events of the pen
DRAWN = (("1", ((105, 95), (140, 50), (140, 230))), ("7", ((60, 60), (200, 60), (130, 230))))  # in turn, and moved


@dataclass
class Held:
    """How long the window handled each event in one situation, in milliseconds."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def row(self, name: str) -> list[str]:
        """Return them as cells of a table."""
        each = [(statistics.median(of), percentile_99(of), max(of)) for of in (self.wall, self.cpu)]
        return [name, f"{len(self.wall):,}", *(f"{number:.2f}" for three in each for number in three)]


def run(arguments: argparse.Namespace) -> Iterator[str]:
    """Measure, and yield the table, and how busy the machine was."""
    learning, drawing, seconds = measure(arguments.corrections)
    head = ["the pen moves", "events", *(f"{what} {kind}" for kind in ("(ms)", "of CPU (ms)") for what in _WHAT)]
    yield markdown(head, [learning.row("and it learns"), drawing.row("and it doesn't")])
    load = os.getloadavg()[0]
    yield ""
    yield f"{arguments.corrections} corrections, learned in {seconds:.1f} s each; the machine's load was {load:.1f}"


_WHAT = ("median", "99th percentile", "longest")


def measure(corrections: int) -> tuple[Held, Held, float]:
    """Return what was held while it learned, and while it didn't, and the mean seconds of a correction's learning."""
    learning, drawing, seconds = Held(), Held(), 0.0
    with virtual_screen() as display, tempfile.TemporaryDirectory() as home:
        os.environ |= {"DISPLAY": display, "HOME": home}
        from app.ui.window.start import open_window  # noqa: PLC0415  (it reads where the home is)

        settings.change(welcomed=True)
        window = open_window()
        learner, pad = window.learning._learner, window.pad
        _turns(window.root, lambda: window.session.is_ready and not window._loading.waits)
        learner.prepare()
        _turns(window.root, lambda: not learner._ahead or learner._ahead.over)
        area = Area(pad.winfo_rootx(), pad.winfo_rooty(), pad.winfo_width(), pad.winfo_height())
        ours, theirs = multiprocessing.get_context("spawn").Pipe()
        hand = multiprocessing.get_context("spawn").Process(target=_draw, args=(display, area, theirs), daemon=True)
        hand.start()
        for number in range(corrections):
            window.editor.clear()
            label, corners = DRAWN[number % len(DRAWN)]
            stroke = [Point(x + 2 * number, y, 100.0 * place) for place, (x, y) in enumerate(corners)]
            window.session.add_stroke(stroke, (280, 280))
            window.editor.recognize()
            window.editor.correct(label)
            began = time.monotonic()
            ours.send(True)
            _turns(window.root, lambda: not learner.busy, learning)
            took = time.monotonic() - began
            seconds += took / corrections
            end = time.monotonic() + took
            _turns(window.root, lambda end=end: time.monotonic() > end, drawing)  # type: ignore[misc]
            ours.send(False)
            ours.recv()  # the pen is up
            window.root.update()
        ours.close()
        hand.join()
        window.close()
    return learning, drawing, seconds


def _turns(root: tkinter.Tk, until: Callable[[], bool], held: Held | None = None) -> None:
    """Let the window's loop turn, an event each time, until something is so."""
    while not until():
        wall, cpu = time.perf_counter(), time.thread_time()
        if not root.tk.dooneevent(_tkinter.DONT_WAIT):
            time.sleep(0.001)
        elif held:
            held.wall.append((time.perf_counter() - wall) * 1000)
            held.cpu.append((time.thread_time() - cpu) * 1000)


def _draw(display: str, area: Area, orders: Connection) -> None:
    """Draw lines to and fro on the pad between two orders, and say when the pen is up."""
    hand = Screen(display)
    try:
        while orders.recv():
            place = 0
            while not orders.poll():
                hand.move(area.left + 40, area.top + 40)
                hand.press()
                for place in range(100):
                    if orders.poll():
                        break
                    hand.move(area.left + 40 + abs((place * 7) % 300 - 150), area.top + 40 + place * 2)
                    time.sleep(PACE)
                hand.release()
            orders.recv()
            orders.send(place)
    except EOFError:
        pass  # the window is through
    hand.close()
