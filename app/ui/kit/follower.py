"""A child process listened to from the window's thread, a bounded number of events at a time."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial

from app.jobs.job import Job
from app.ui.kit.timer import Timer
from model.base import events

POLL = 50  # milliseconds between two looks at a job


class Follower:
    """Hands the events of one job after the other to somebody, as long as a widget lives."""

    def __init__(self, widget: tk.Misc):
        self.job: Job | None = None
        self._timer = Timer(widget)

    @property
    def busy(self) -> bool:
        """Whether a job is under way."""
        return self.job is not None and not self.job.over

    def follow(self, job: Job, tell: Callable[[events.Event], None]) -> None:
        """Hand each event of a job to ``tell``, in this thread, until the last, or until another job is followed."""
        self.job = job
        self._timer.stop()
        for event in job.poll():
            tell(event)
            if isinstance(event, events.LAST) or self.job is not job:
                return
        self._timer.start(POLL, partial(self.follow, job, tell))
