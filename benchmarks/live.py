"""From a pointer event at the X server to moved bars on the screen, over replayed drawings (Linux, Xvfb).

The window lives in this process; the hand and the eye are another one. The eye is the X server's own DAMAGE extension,
which tells when something was drawn into a window: no picture of the screen has to be fetched and compared. The window
tells when it has shown an answer, so that the hand need not wait long for bars that the answer leaves as they are.
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
from typing import TYPE_CHECKING, Any

import numpy as np
import xcffib
import xcffib.damage
import xcffib.xproto

from app.kept import settings
from benchmarks import rulers
from benchmarks.tables import heading, percentile_99, row
from model.ink.ink import Drawing
from tests.screen import Area, Screen, virtual_screen

if TYPE_CHECKING:
    from app.ui.window.main_window import MainWindow

PACE = 0.008  # seconds between two events of a pen, at least
PATIENCE = 0.02  # seconds: bars that haven't moved then had nothing to move for, or are late
AFTER = 0.003  # seconds, likewise, after an answer was shown
BETWEEN = 0.02  # seconds between two drawings
LOOSE = 50  # short strokes that are on the pad already, for the last line
OVER_LOOSE = 40  # drawings whose first stroke is drawn over them

WIDTHS = (16, 8, 8, 11, 20, 9)
HEADING = heading(("", "events", "moved", "median (ms)", "99th percentile (ms)", "most (ms)"), WIDTHS)

Strokes = list[list[tuple[float, float]]]


@dataclass
class Figures:
    """What was measured: milliseconds from an event to what moved by it, and the events after which nothing did."""

    moved: list[float] = field(default_factory=list)
    stayed: int = 0


@dataclass(frozen=True)
class Replay:
    """What the hand does, and what the eye looks at."""

    display: str
    canvas: Area
    seen: int  # the X window in which something is to move
    drawings: Sequence[Strokes]
    end: str  # the key that takes a drawing away again
    shown: Connection  # tells of each answer that is shown
    answer: Connection  # is told the figures


def run(arguments: argparse.Namespace) -> Iterator[str]:
    """Measure, and yield each line as soon as it's known, for the given drawings or the judges' pen ink."""
    with tempfile.TemporaryDirectory() as folder:
        words = (*rulers.JUDGES, "--limit", str(arguments.drawings))
        cases = arguments.cases or rulers.cases("pen_cases", "pen-digits.jsonl", Path(folder), *words)[0]
        yield HEADING
        for name, figures in measure(cases, arguments.drawings):
            yield line(name, figures)


def measure(cases: Path, drawings: int) -> Iterator[tuple[str, Figures]]:
    """Yield the figures of this many drawings and of a pad that is full.

    The panel that shows the network is unfolded for one half of the drawings and folded for the other. In the last
    figures it's the ink under the pen that moves, over loose strokes that take long to read.
    """
    with cases.open(encoding="utf-8") as lines:
        replayed = [json.loads(line)["strokes"] for line in islice(lines, drawings)]
    context = multiprocessing.get_context("spawn")  # a process has one display and one home
    for name, these, inside, loose in (
        ("panel shown", replayed[: (len(replayed) + 1) // 2], True, 0),
        ("panel folded", replayed[len(replayed) // 2 :], False, 0),
        (f"{LOOSE} loose strokes", [strokes[:1] for strokes in replayed[:OVER_LOOSE]], False, LOOSE),
    ):
        with ProcessPoolExecutor(1, context) as pool:
            yield name, pool.submit(_measure, these, inside, loose).result()


def _measure(drawings: Sequence[Strokes], inside: bool, loose: int) -> Figures:
    with virtual_screen(1280, 800) as display, tempfile.TemporaryDirectory() as home:
        os.environ |= {"DISPLAY": display, "HOME": home}
        settings.change(inside=inside)
        from app.ui.kit.background import collect_garbage_here  # noqa: PLC0415  (as below)
        from app.ui.window.start import open_window  # noqa: PLC0415  (it reads where the home is)

        window = open_window()
        root, pad, bars = window.root, window.pad, window.answer.bars
        collect_garbage_here(root, lambda: pad.is_drawing)  # as the program does
        root.update()
        root.focus_force()
        while not window.session.is_ready:
            root.update()
        bars.grid()  # they come with the first ink
        root.update()
        if loose:
            window.session.begin_with(_loose_strokes(loose, pad.size_in_pixels))
            window.editor.show()
        while window.editor.is_reading:
            root.update()
        canvas = Area(pad.winfo_rootx(), pad.winfo_rooty(), pad.winfo_width(), pad.winfo_height())
        ours, theirs = multiprocessing.Pipe()
        shown, showing = multiprocessing.Pipe(duplex=False)
        if not loose:  # an answer says nothing of the ink, which moves with every event
            _tell_of_answers(window, showing)
        seen, end = (pad, "ctrl+z") if loose else (bars, "Delete")
        replay = Replay(display, canvas, seen.winfo_id(), drawings, end, shown, theirs)
        hand = multiprocessing.get_context("spawn").Process(target=_replay, args=(replay,))
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


def _tell_of_answers(window: MainWindow, showing: Connection) -> None:
    """Let a window tell of each answer that it shows, as soon as the bars are drawn."""
    show = window.answer.show_reading

    def show_and_tell(*words: Any, **more: Any) -> None:
        show(*words, **more)
        window.root.after_idle(lambda: showing.send_bytes(b"."))

    window.answer.show_reading = show_and_tell  # type: ignore[method-assign]


def _loose_strokes(count: int, size: tuple[int, int]) -> Drawing:
    """Return a drawing of short strokes that lie anywhere, so that they can be grouped in many ways."""
    rng = np.random.default_rng(0)
    middles = rng.uniform(20, np.array(size) - 20, (count, 1, 2))
    strokes = (middles + rng.uniform(-15, 15, (count, 5, 2))).tolist()
    return Drawing.from_json({"strokes": strokes, "width": 10, "canvas": list(size)})


def line(name: str, figures: Figures) -> str:
    """Return figures as a line for people, below `HEADING`."""
    values = figures.moved
    median, high, most = statistics.median(values), percentile_99(values), max(values)
    events = len(values) + figures.stayed
    return row((name, f"{events:,}", f"{len(values):,}", f"{median:.2f}", f"{high:.2f}", f"{most:.2f}"), WIDTHS)


def _replay(replay: Replay) -> None:
    """Draw each of the drawings, and tell how long it took after each event until something moved."""
    screen, eye, figures = Screen(replay.display), _Eye(replay.display, replay.seen, replay.shown), Figures()
    for strokes in replay.drawings:
        for stroke in strokes:
            places = [(replay.canvas.left + point[0], replay.canvas.top + point[1]) for point in stroke]
            screen.move(*places[0])
            screen.press()
            stayed_at = 0.0  # when the last event was, if nothing has moved
            for place in places[1:]:
                if eye.forget() and stayed_at:  # it was late
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
        screen.key(replay.end)
        time.sleep(BETWEEN)
    replay.answer.send(figures)


class _Eye:
    """Sees when something is drawn into a window; ``shown`` tells of each answer that is shown."""

    def __init__(self, display: str, window: int, shown: Connection):
        self._shown = shown
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
        while self._shown.poll():
            self._shown.recv_bytes()
        return seen

    def sees_a_change(self, end: float) -> bool:
        """Return whether something was drawn, as soon as it was, or at the end of this time.

        It ends soon after an answer is shown.
        """
        server = self._connection.get_file_descriptor()
        while time.perf_counter() < end:
            if self._connection.poll_for_event() is not None:
                return True
            ready, _, _ = select.select([server, self._shown], [], [], max(0.0, end - time.perf_counter()))
            if self._shown in ready:
                self._shown.recv_bytes()
                end = min(end, time.perf_counter() + AFTER)
        return False
