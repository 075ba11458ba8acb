"""Undo and redo with their keys in the real window, over a full history of 1,000 steps, again and again.

A round goes all the way back and all the way forward, and draws a little more; the full count is ten rounds, 20,000
steps (about 500 seconds). If there's less time, the history is as long as a third of it allows.
"""

from __future__ import annotations

import time
from typing import Any

from app.drawing.session import Session
from stress.load.apart import apart
from stress.load.held import Record
from stress.load.player import PATIENCE, Play, Player
from stress.report import Report

STEPS = 1_000  # in the history
FULL = 20 * STEPS
MORE = 30  # new steps in each round; the oldest ones are dropped
OFTEN = 100  # steps between two looks
AT_ONCE = 3  # strokes before all ink is cleared, which is a step, too


def run(seconds: float, seed: int) -> Report:
    """Undo and redo until the time is up, or the full count is reached."""
    return apart(_work, seconds, seed)


def _work(seconds: float, seed: int) -> Report:
    person = Regretful(seconds, seed)
    person.play()
    figures: dict[str, Any] = {"full count": FULL, "steps": person.longest, "rounds": person.rounds}
    failures = (*person.faults, *person.record.leaks())
    return Report("undo", person.taken, person.taken, failures=failures, figures=figures | person.record.figures())


class Regretful(Player):
    """Somebody who draws, undoes all of it, and redoes it.

    Args:
        seconds: after these, the window is closed.
        seed: for what's drawn.
    """

    def __init__(self, seconds: float, seed: int):
        super().__init__(seconds, seed, Record(1_000))
        self.taken = 0  # steps back or forward
        self.rounds = 0
        self.longest = 0  # the longest history

    @property
    def is_done(self) -> bool:
        """Whether the time is up, or the full count is reached."""
        return self.taken >= FULL or self.passed > 1

    def chosen(self) -> Play:
        """Draw what there is to undo, and undo it."""
        yield from self._drawn(MORE if self.rounds else STEPS + 5)
        self.check()
        steps = _steps(self._session)
        self.longest = max(self.longest, steps)
        last = self._session.drawing
        yield from self._through("ctrl+z", -1, steps)
        self.check()
        if not self.is_done and (self._session.can_undo or _steps(self._session)):
            self.fault("not everything was undone")
        yield from self._through("ctrl+shift+z", 1, steps)
        self.check()
        if not self.is_done and (self._session.can_redo or self._session.drawing is not last):
            self.fault("not everything was made again")
        self.rounds += 1

    @property
    def _session(self) -> Session:
        return self.window.session

    def _drawn(self, steps: int) -> Play:
        """Draw short lines, and clear the pad after a few."""
        for _ in range(steps):
            if self.passed > 1 / 3 and not self.rounds and _steps(self._session):
                return
            before = self._session.drawing
            if len(before.strokes) == AT_ONCE:
                self.key("Delete")
            else:
                yield from self._line()
            yield from self._until_it_is_another(before)

    def _line(self) -> Play:
        pad = self.window.pad
        left, top = pad.winfo_rootx(), pad.winfo_rooty()
        self.move(left + self.chance.uniform(30, 250), top + self.chance.uniform(30, 120))
        yield
        self.press()
        yield
        self.move(left + self.chance.uniform(30, 250), top + self.chance.uniform(150, 280))
        yield
        self.release()

    def _through(self, key: str, by: int, steps: int) -> Play:
        """Press a key ``steps`` times, each time once the step before is visible."""
        for _ in range(steps):
            before = _steps(self._session)
            with self.record.timed():
                self.key(key)
                yield from self._until_it_is_another(self._session.drawing)
            if _steps(self._session) != before + by:
                self.fault(f"{key} went from step {before} to {_steps(self._session)}")
            self.taken += 1
            if self.taken % OFTEN == 0:
                self.record.look(self.taken, self.root, self.eye.resources)
            if self.is_done:
                return

    def _until_it_is_another(self, before: object) -> Play:
        end = time.monotonic() + PATIENCE
        while self._session.drawing is before:
            if time.monotonic() > end:
                self.fault("nothing came of it")
                return
            yield


def _steps(session: Session) -> int:
    """Return how many steps can be undone."""
    return session._history._cursor
