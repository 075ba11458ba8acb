"""Uses the real program by real pointer and key events (Linux, Xvfb), with a hand, an eye, and a look inside.

A player runs on the window's own clock, so it keeps playing while a dialog waits for its answer.
"""

from __future__ import annotations

import contextlib
import os
import random
import sys
import threading
import time
import tkinter as tk
from abc import ABC, abstractmethod
from collections import Counter, deque
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

from app.kept import models
from app.kept.settings import Settings
from app.ui.kit.dialog import Dialog
from app.ui.window.main_window import MainWindow
from stress.load.apart import SIDES
from stress.load.eye import Eye
from stress.load.ground import ground
from stress.load.held import Record
from tests.screen import Screen

REMEMBERED = 30  # the acts reported with a failure
PATIENCE = 30.0  # seconds that anything may take, on a busy machine
SUBSTEP = 1  # milliseconds between two steps of a play

Play = Iterator[None]  # something to do; the window runs between its steps


class Player(ABC):
    """Plays with a window until it's done, then closes it.

    Args:
        seconds: the time that it has, counted from when the window opens.
        seed: for its choices; the result depends on the machine's pace, too.
        record: records what is held.
    """

    stand_ins = True  # replace the children that load TensorFlow

    def __init__(self, seconds: float, seed: int, record: Record):
        self.events: Counter[str] = Counter()  # counted by kind
        self.faults: list[str] = []
        self.chance = random.Random(seed)
        self.files: list[Path] = []  # the files to open
        self.record = record
        self.screen = Screen(os.environ["DISPLAY"])
        self.root: tk.Tk
        self.window: MainWindow
        self._close = MainWindow.close  # it's replaced while the player plays
        self._acts: deque[str] = deque(maxlen=REMEMBERED)
        self._down: set[int] = set()
        self._playing: Play = iter(())
        self._seconds = seconds
        self._began = 0.0

    def play(self) -> None:
        """Start the program, play with its window, and return when it has been closed."""
        from app.ui.window import start  # noqa: PLC0415  (it reads where the home is)

        opens = start.open_window

        def open_window() -> MainWindow:
            self.window = opens()
            self.root = self.window.root
            self.eye = Eye(os.environ["DISPLAY"], self.root)
            bad_end = self.root.register(lambda *words: self.fault(str(words)))
            self.root.tk.call("interp", "bgerror", "", bad_end)
            self.root.after(1000, self._play)
            return self.window

        with (
            ground(Path.home(), self.chance, self._quits, stand_ins=self.stand_ins) as self.files,
            _told(self.fault),
            mock.patch.object(start, "open_window", open_window),
        ):
            start.run()
        self.screen.close()

    @property
    @abstractmethod
    def is_done(self) -> bool:
        """Whether the window can be closed."""

    @abstractmethod
    def chosen(self) -> Play:
        """Return what to do next."""

    @property
    def passed(self) -> float:
        """The part of the time that has passed; more than 1 once it's up."""
        return (time.monotonic() - self._began) / self._seconds

    @property
    def count(self) -> int:
        """The number of events."""
        return self.events.total()

    def fault(self, what: str) -> None:
        """Record a failure, with what was done before it."""
        self.faults.append(f"event {self.count:,}: {what}\n  after: {', '.join(self._acts)}")

    def gone(self, error: tk.TclError) -> Play:
        """Return what to do when a widget that was being looked at no longer exists."""
        self.fault(f"Tk: {error}")
        return self.let_go()

    def did(self, kind: str, what: object) -> None:
        """Count an event."""
        self.events[kind] += 1
        self._acts.append(f"{kind} {what}")

    def later(self, action: Callable[[], object]) -> None:
        """Do something that may keep its caller waiting for an answer from the player."""

        def act() -> None:
            with contextlib.suppress(tk.TclError):  # the widget that it was for no longer exists
                action()

        self.root.after(1, act)  # rather than when idle: Tk's own dialogs run idle tasks while they're being built

    def move(self, x: float, y: float) -> None:
        """Move the pointer to a place on the screen."""
        place = min(max(round(x), 0), SIDES[0] - 1), min(max(round(y), 0), SIDES[1] - 1)
        self.did("motion", place)
        self.screen.move(*place)

    def press(self, button: int = 1) -> None:
        """Press a button of the pointer."""
        self.did("press", button)
        self.screen.press(button)
        self._down.add(button)

    def release(self, button: int = 1) -> None:
        """Release a button of the pointer."""
        self.did("release", button)
        self.screen.release(button)
        self._down.discard(button)

    def key(self, name: str) -> None:
        """Press a key, with or without modifiers."""
        self.did("key", name)
        self.screen.key(name)

    @property
    def held(self) -> int:
        """How many buttons of the pointer are down."""
        return len(self._down)

    def let_go(self) -> Play:
        """Release all buttons of the pointer."""
        for button in sorted(self._down):
            self.release(button)
            yield

    def focus(self, window: tk.Misc) -> None:
        """Give a window the keyboard, as a window manager does."""
        self.did("focus", window)
        self.root.tk.call("raise", window)
        self.root.tk.call("focus", "-force", self.root.tk.call("focus", "-lastfor", window))

    def close_dialogs(self) -> Play:
        """Close all dialogs, and cancel what's under way in them."""
        while True:
            if self.eye.grab:
                yield from self.answered(self.eye.grab)
                continue
            dialogs = [child for child in self.root.winfo_children() if isinstance(child, Dialog)]
            if not dialogs:
                return
            if dialogs[0].job:
                dialogs[0].job.cancel()
            self.later(dialogs[0].close)
            for _ in range(20):
                yield

    def answered(self, grab: str) -> Play:
        """Answer no to what blocks all other windows."""
        self.root.tk.call("focus", "-force", self.root.tk.call("focus", "-lastfor", grab))
        self.key("Escape")
        yield

    def look(self, done: int) -> Play:
        """Put everything away, and record what the program holds after ``done`` things."""
        yield from self.let_go()
        yield from self.close_dialogs()
        self.window.editor.clear()
        self.forget()
        self._set_back()
        end = time.monotonic() + PATIENCE
        while (self.window.files.busy or children()) and time.monotonic() < end:
            yield
        self.record.look(done, self.root, self.eye.resources)

    def forget(self) -> None:
        """Delete the models and drawings that were saved: a growing number of them isn't a leak."""
        self.window.learning.use(models.BUNDLED)
        for model in models.everything():
            if model.key != models.BUNDLED:
                models.delete(model.key)
        self.window.session.samples.remove_all()

    def _set_back(self) -> None:
        """Restore the default choices and the window's first size: more widgets aren't a leak."""
        for name in ("inside", "look", "language"):
            if getattr(self.window.choices.now, name):
                self.window.choices.keep(name, getattr(Settings(), name))
        self.root.geometry("680x460+0+0")

    def check(self) -> None:
        """Check that the window shows what the session has."""
        for wrong in self.eye.wrong(self.window):
            self.fault(wrong)

    def _quits(self) -> None:
        """Count an attempt to close the window."""
        self.events["Quit, not done"] += 1

    def _play(self) -> None:
        """Do the next thing; the timer is set first, since a dialog may keep this from returning."""
        self._began = self._began or time.monotonic()
        if self.is_done and not self.eye.grab:
            self.check()
            self._close(self.window)
            return
        self.root.after(SUBSTEP, self._play)
        try:
            next(self._playing)
        except StopIteration:
            self._playing = self.chosen()
        except tk.TclError as error:
            self._playing = self.gone(error)


def children() -> int:
    """Return how many of this process's children haven't ended."""
    return len(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


@contextlib.contextmanager
def _told(fault: Callable[[str], None]) -> Iterator[None]:
    """Report errors in threads, and those that Python can't raise; `apart` reports those in the log."""
    hook = mock.patch.object(threading, "excepthook", lambda words: fault(f"in a thread: {words.exc_value!r}"))
    unraisable = mock.patch.object(sys, "unraisablehook", lambda words: fault(f"unraisable: {words.exc_value!r}"))
    with hook, unraisable:
        yield
