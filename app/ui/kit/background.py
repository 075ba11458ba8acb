"""Things to do later, or meanwhile in a thread, and what only the window's own thread may do."""

from __future__ import annotations

import gc
import queue
import threading
import tkinter as tk
from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import Literal, NoReturn, TypeVar

from app.facts import memory
from model.base.errors import UserError
from model.base.work import Work

SOON, LATER = 5, 20  # milliseconds until the first look at what came of it, and between two more
SLICE = 0.004  # seconds of work at a time: half of the time between two events of a pen
BETWEEN_SLICES = 1  # milliseconds, and then until Tk has drawn
UNDRAWN = "::undrawn"  # Tcl's variable, from a slice until Tk is idle, which is when it draws
BETWEEN_CLEARINGS = 100  # milliseconds

Result = TypeVar("Result")


class Timer:
    """Does one thing later; a newer one replaces what's waiting, and the end of a widget ends the wait."""

    def __init__(self, widget: tk.Misc):
        self._widget = widget
        self._waiting = ""  # Tk's name for what waits
        widget.bind("<Destroy>", self._destroyed, add="+")

    @property
    def waits(self) -> bool:
        """Whether something is still waiting."""
        return bool(self._waiting)

    def start(self, wait: int | Literal["idle"], action: Callable[[], object]) -> None:
        """Do something in this many milliseconds, or when the window is idle."""

        def run() -> None:
            self._waiting = ""
            action()

        self.stop()
        self._waiting = self._widget.after(wait, run)

    def stop(self) -> None:
        """Drop what's waiting."""
        if self._waiting:
            self._widget.after_cancel(self._waiting)
            self._waiting = ""

    def _destroyed(self, event: tk.Event[tk.Misc]) -> None:
        if event.widget is self._widget:  # a window is told of what was in it, too
            self.stop()


def on_change(variable: tk.Variable, widget: tk.Misc, action: Callable[[], object]) -> None:
    """Do something whenever a variable is set, as long as a widget lives; Tk alone would keep both."""
    name = variable.trace_add("write", lambda *_what: action())

    def destroyed(event: tk.Event[tk.Misc]) -> None:
        if event.widget is widget:
            variable.trace_remove("write", name)

    widget.bind("<Destroy>", destroyed, add="+")


class Slices:
    """Does one piece of work a slice at a time; a newer one replaces it, and the end of a widget ends it.

    Between two slices, whoever works at them, the window does its other work and draws what has changed, so that a pen
    doesn't wait. Errors go to ``tell``.
    """

    def __init__(self, widget: tk.Misc, tell: Callable[[UserError], None]):
        self._timer, self._tell, self._tk = Timer(widget), tell, widget.tk
        self._work: Work[None] | None = None

    @property
    def busy(self) -> bool:
        """Whether something is left to be done."""
        return self._work is not None

    def start(self, work: Work[None], wait: int | Literal["idle"] = BETWEEN_SLICES) -> None:
        """Begin some work in this many milliseconds, or when the window is idle."""
        self._work = work
        self._timer.start(wait, self._take_turn)

    def go_on(self, seconds: float = SLICE) -> None:
        """Work for this many seconds now, and continue later if it isn't done; a UserError is reported and ends it."""
        work, end = self._work, perf_counter() + seconds
        if work is None:
            return
        self._timer.stop()
        self._work = None  # should it end here, with an error too
        self._tk.call("set", UNDRAWN, 1)
        self._tk.call("after", "idle", f"unset -nocomplain {UNDRAWN}")
        try:
            while perf_counter() < end:
                next(work)
        except StopIteration:
            return
        except UserError as error:
            self._tell(error)
            return
        if self._work is None:  # the work itself has begun nothing newer
            self._work = work
            self._timer.start("idle", lambda: self._timer.start(BETWEEN_SLICES, self._take_turn))  # after the others

    def stop(self) -> None:
        """Drop the rest."""
        self._timer.stop()
        self._work = None

    def _take_turn(self) -> None:
        if self._tk.getboolean(self._tk.call("info", "exists", UNDRAWN)):
            self._timer.start(BETWEEN_SLICES, self._take_turn)
        else:
            self.go_on()


class Background:
    """Does one thing at a time, as long as a widget lives; a newer one replaces what's under way.

    Errors go to ``tell``.
    """

    def __init__(self, widget: tk.Misc, tell: Callable[[UserError], None]):
        self._timer, self._tell = Timer(widget), tell

    @property
    def busy(self) -> bool:
        """Whether something is under way."""
        return self._timer.waits

    def do(self, work: Callable[[], Result], then: Callable[[Result], None]) -> None:
        """Let a thread work, and pass its result to this thread; a UserError is reported, others are raised here."""
        ended: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()

        def run() -> None:
            try:
                ended.put(partial(then, work()))
            except UserError as error:
                ended.put(partial(self._tell, error))
            except Exception as error:  # noqa: BLE001  (raised again in the window's thread, where bugs are told)
                ended.put(partial(_raise, error))
            memory.give_back()  # a picture of many megapixels, perhaps

        def look() -> None:
            if ended.empty():
                self._timer.start(LATER, look)
            else:
                ended.get()()

        threading.Thread(target=run, daemon=True).start()
        self._timer.start(SOON, look)

    def stop(self) -> None:
        """Stop waiting for what's under way."""
        self._timer.stop()


def in_turn(root: tk.Misc, action: Callable[[], object]) -> None:
    """Do what may close a window once everything under way is over.

    `after_idle` would do it within anybody's `update_idletasks`, who'd be left with a window that's gone.
    """
    root.after(0, action)


def _raise(error: Exception) -> NoReturn:
    raise error


def collect_garbage_here(root: tk.Misc, is_busy: Callable[[], bool]) -> Callable[[], None]:
    """Collect garbage in the window's thread alone, while no pen is down, and return what leaves it to Python again.

    Widgets, pictures and fonts are among it, and with each goes a call to Tk, which another thread leaves to the
    window's and waits for. Where the window's waits for that thread meanwhile, as for its start, both would wait
    forever.
    """

    def look() -> None:
        due = [each for each in (2, 1, 0) if gc.get_count()[each] > gc.get_threshold()[each]]
        if due and not is_busy():
            gc.collect(due[0])
            if due[0] == 2:
                memory.give_back()  # in a day's use it was tens of megabytes; this takes milliseconds, seldom
        root.after(BETWEEN_CLEARINGS, look)  # last, so that a long collection leaves time for others

    gc.disable()
    look()
    return gc.enable
