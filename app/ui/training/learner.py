"""Learns each correction while the window is in use, and reports only the result."""

from __future__ import annotations

import contextlib
import logging
import sys
import tkinter as tk
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from app.jobs import teaching
from app.jobs.job import Job
from app.kept import models, settings
from app.kept.samples import Samples
from app.ui.kit.background import Background
from app.ui.kit.dialog import Follower
from model.base import events
from model.base.errors import UserError
from model.bundle.bundle import Bundle

if TYPE_CHECKING:
    from model.reading.recognizer import Recognizer


Found = tuple[str, "Recognizer"]  # a model's key, and its recognizer

SWITCH = 0.0005  # seconds: the window waits no longer than this for Python's lock while a thread works


class Learner:
    """Lets the model in use learn all saved drawings, whenever they change.

    Files are written and networks loaded in a thread, so that the pen keeps going meanwhile.

    Args:
        widget: it learns as long as this lives.
        samples: the drawings to learn from.
        current: returns the model in use. May raise UserError.
        use: gets the recognizer to use from now on.
        tell: gets whether that has worked, what else to say (what's wrong with it, or why it hasn't worked), and both
                in one sentence.
    """

    def __init__(
        self,
        widget: tk.Misc,
        samples: Samples,
        current: Callable[[], Bundle],
        use: Callable[[Recognizer], None],
        tell: Callable[[bool, str, str], None],
    ):
        self._samples, self._current, self._use, self._tell = samples, current, use, tell
        self._background, self._follower = Background(widget, self._failed), Follower(widget)
        self._teaching: teaching.Teaching | None = None
        self._ahead: Job | None = None  # prepares what's rehearsed, before anything is learned
        self._again = False  # whether the drawings have changed since it began
        self._closed = False

    @property
    def busy(self) -> bool:
        """Whether it's learning."""
        return self._background.busy or self._teaching is not None

    def prepare(self) -> None:
        """Prepare what's rehearsed, so that the first correction is learned as fast as others."""
        try:
            self._ahead = None if self.busy else teaching.rehearsing(self._current())
        except UserError as error:
            logging.info("nothing is rehearsed ahead", exc_info=error)

    def learn(self) -> bool:
        """Learn what's saved now. Returns whether there's anything to learn, or learning is under way.

        Learning under way is finished first, or dropped if what it learns was undone. Raises UserError.
        """
        bundle = self._current()
        if self.busy:
            self._again = True
            if self._teaching:
                self._teaching.check()
        elif not self._samples.differ(bundle.network):
            return False
        elif self._ahead and not self._ahead.over:
            self._follower.follow(self._ahead, self._rehearsed)
        elif self._samples.count():
            self._background.do(lambda: self._begun(bundle), self._started)
        elif bundle.is_taught:  # nothing is saved any more, so nothing is learned
            self._background.do(lambda: self._before(bundle), self._loaded)
        return True

    def end(self) -> None:
        """End what's under way: the window is closing."""
        self._closed = True
        self._background.stop()
        if self._ahead:
            self._ahead.cancel()
        if self._teaching:
            self._teaching.end()

    def _rehearsed(self, event: events.Event) -> None:
        """Learn what was waiting for the rehearsed digits."""
        if isinstance(event, events.LAST):
            self._ahead = None
            self._learn_now()

    def _begun(self, bundle: Bundle) -> teaching.Teaching:
        with _gently():
            begun = teaching.Teaching(self._samples, bundle)
        if self._closed:  # closed meanwhile, so nobody follows it
            begun.end()
        return begun

    def _before(self, bundle: Bundle) -> Found | None:
        key = teaching.before(bundle)
        return None if key is None else (key, models.proved(key))

    def _started(self, begun: teaching.Teaching) -> None:
        self._teaching = begun
        if self._again:
            begun.check()
        self._follower.follow(begun.job, self._take)

    def _take(self, event: events.Event) -> None:
        begun = self._teaching
        assert begun
        if not isinstance(event, events.LAST):
            begun.take(event)
            return

        def finish() -> Found | None:
            with _gently():
                begun.take(event)
                there = isinstance(event, events.Finished) and not begun.is_off
                return (begun.key, models.proved(begun.key)) if there else None

        self._background.do(finish, self._loaded)

    def _loaded(self, found: Found | None) -> None:
        """Read with the new model, unless learning was undone meanwhile or another model was chosen."""
        begun = self._teaching
        if found is None or (begun and not begun.is_from(self._current())):
            self._ended(learned=False)
            return
        if begun and begun.is_off:
            begun.drop()
            self._ended(learned=False)
            return
        key, recognizer = found
        self._use(recognizer)

        def keep() -> None:
            with _gently():
                settings.change(model=key)
                if begun:
                    teaching.make_room(key)

        self._background.do(keep, lambda _none: self._ended(learned=True))

    def _ended(self, *, learned: bool) -> None:
        line, whole = (self._teaching.in_short, self._teaching.result) if self._teaching else ("", "")
        self._teaching = None
        if not self._goes_on() and (learned or line):
            self._tell(learned, line, whole)

    def _goes_on(self) -> bool:
        """Learn what has changed meanwhile, and return whether there's anything."""
        again, self._again = self._again, False
        return again and self._learn_now()

    def _learn_now(self) -> bool:
        try:
            return self.learn()
        except UserError as error:
            self._failed(error)
            return True  # and the user is told why it can't

    def _failed(self, error: UserError) -> None:
        self._teaching = None
        if self._again:  # what was to be learned may no longer exist, and that may be the reason
            self._goes_on()
        else:
            self._tell(False, str(error), str(error))


@contextlib.contextmanager
def _gently() -> Iterator[None]:
    """Let the window have Python's lock sooner than usual: each of its calls to Tk asks for it again."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
