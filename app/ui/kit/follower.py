"""A child process listened to from the window's thread, a bounded number of events at a time."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from app.jobs.job import Job
from model.base import events

POLL = 50  # milliseconds between two looks at a job


class Follower:
    """Hands the events of one job after the other to somebody, as long as a widget lives.

    Args:
        widget: its clock is used.
    """

    def __init__(self, widget: tk.Misc):
        self.job: Job | None = None
        self._widget = widget
        self._looking = ""  # Tk's name for the next look at the job

    @property
    def busy(self) -> bool:
        """Whether a job is under way."""
        return self.job is not None and not self.job.over

    def follow(self, job: Job, tell: Callable[[events.Event], None]) -> None:
        """Hand each event of a job to ``tell``, in this thread, until the last, or until another job is followed."""
        self.job = job

        def look() -> None:
            for event in job.poll():
                if self.job is not job:
                    return
                tell(event)
                if isinstance(event, events.LAST):
                    return
            if self.job is job:
                self._looking = self._widget.after(POLL, look)

        look()

    def stop(self) -> None:
        """Look no more: the widget goes."""
        if self._looking:
            self._widget.after_cancel(self._looking)
