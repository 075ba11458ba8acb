"""Model ▸ Retrain…: asked for, watched, compared, chosen; the training itself is a child process."""

from __future__ import annotations

import logging
import time
import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from tkinter import ttk
from typing import Any

from app.jobs.job import Job
from app.jobs.training import WAITING, TrainingProgress
from app.kept import models, settings
from app.ui.kit.dialog import Dialog
from app.ui.kit.key_events import PRESSES, bind_plain
from app.ui.training.progress_page import ProgressPage
from app.ui.training.training_result import TrainingResult
from app.ui.training.training_setup import TrainingSetup
from model.base import events
from model.base.errors import UserError
from model.base.language import N_, _
from model.bundle.bundle import Bundle

WIDEST = 700  # pixels of a page
REDRAW = 0.2  # seconds between two pictures of the curves


class TrainingDialog(Dialog):
    """Trains a model; closing it keeps the model in use.

    Args:
        parent: the main window.
        current: returns the bundle of the model in use; may raise UserError.
        use: reads with a model, by its key, from now on.
    """

    def __init__(self, parent: tk.Misc, current: Callable[[], Bundle], use: Callable[[str], None]):
        super().__init__(parent, _("Retrain the model"))
        self._current, self._use = current, use
        self.setup = TrainingSetup(self.body.inside, current(), settings.load().data)
        self._page: ttk.Frame = self.setup
        self.first = self.setup
        self.progress = TrainingProgress()
        self._drawn = 0.0  # when the curves were
        self._output = Path()
        self._show_setup()
        self._load()

    @property
    def stays(self) -> bool:
        """Whether it goes on as it is when the language or the look changes: a training, and what came of it, do."""
        return self._page is not self.setup

    def entered(self) -> dict[str, Any]:
        """Return how the form is filled in."""
        return self.setup.filled()

    def enter(self, entered: dict[str, Any]) -> None:
        """Fill in the form in the same way."""
        self.setup.fill(entered)

    def train(self) -> None:
        """Start what the form says."""
        try:
            choice = self.setup.choice()
            settings.change(data=str(choice.data or ""))
            self._output = models.new_place(choice.network)
            now = time.strftime(_("%d %b %H:%M")).lstrip("0")
            words = choice.words(self._current().path, f"{choice.network}, {now}", self._output)
            job = self.job if self.job and not self.job.last else self._load()
        except UserError as error:
            self.tell(error)
            return
        job.go_on(words, self._output)
        self._precious = True
        self.progress = TrainingProgress()
        page = ProgressPage(self.body.inside, self.room(WIDEST))
        self._show(page, (N_("Cancel"), self.cancel, "TButton"))
        self.first = page  # and not Cancel: a key pressed by mistake must not end an hour's work
        self.focus_set()
        for key in PRESSES:
            self.unbind(key)
        self.say(_("You can go on drawing meanwhile; the current model reads."))
        page.show(self.progress, job.lines)

    def cancel(self) -> None:
        """End the training; the form comes back when its process has ended."""
        if self.job:
            self.say(_("Ending the training…"))
            self.job.cancel()

    def _load(self) -> Job:
        """Start a child that loads what trains, and waits to be told what. Raises UserError."""
        job = Job(WAITING)
        self.follow(job, self._told, precious=False)
        return job

    def _told(self, event: events.Event) -> None:
        if isinstance(event, events.Ready):
            self.setup.offer_devices(event.devices)
        if not isinstance(self._page, ProgressPage):  # why a child that still waits has ended is said when it is needed
            return
        self.progress.take(event)
        if self.progress.last:
            self.show_end(self.progress.last)
        elif time.monotonic() - self._drawn > REDRAW or not isinstance(event, events.Progress):
            self._drawn = time.monotonic()
            assert self.job
            self._page.show(self.progress, self.job.lines)

    def show_end(self, last: events.Event) -> None:
        """Show what came of it."""
        self.say("")
        if isinstance(last, events.Finished) and self.progress.compared:
            self._show_result(self.progress.compared)
            return
        self._show_setup()
        if isinstance(last, events.Failed):
            logging.info("told the user: %s", last.message)
            self.say(last.message, problem=True)
            if last.instead == "data":
                self._button(N_("Choose a file…"), self.setup.choose_file, "TButton")
            elif last.instead == "cpu":
                self.setup.choose_cpu()
                self._button(N_("Train on the CPU"), self.train, "TButton")
        else:
            self.say(_("The training was cancelled; nothing of it is left."))

    def _show_setup(self) -> None:
        self._show(self.setup, (N_("Train"), self.train, "Accent.TButton"), (N_("Close"), self.close, "TButton"))

    def _show_result(self, compared: events.Compared) -> None:
        key = self._output.name
        names = (models.name(settings.load().model), models.name(key))
        better = compared.new.right > compared.current.right
        use = (N_("Use the new model"), lambda: self._decide(key), "Accent.TButton" if better else "TButton")
        keep = (N_("Keep the current model"), self.close, "TButton" if better else "Accent.TButton")
        self._show(
            TrainingResult(self.body.inside, compared, names, self.room(WIDEST)),
            *((use, keep) if better else (keep, use)),
        )
        self.say(_("The other one stays among the models, under Model ▸ Models…"))

    def _decide(self, key: str) -> None:
        self._use(key)
        self.close()

    def _show(self, page: ttk.Frame, *buttons: tuple[str, Callable[[], None], str]) -> None:
        """Show a page with its buttons; Return presses the one that has the keyboard, or else the first."""
        if self._page is not page:
            self._page.pack_forget() if self._page is self.setup else self._page.destroy()
        self._page = page
        page.pack(fill="both", expand=True)
        self.buttons.clear()
        for place, (text, command, name) in enumerate(buttons):
            button = self._button(text, command, name)
            if place == 0:
                self.first = button
                self.focus_set()
                for key in PRESSES:
                    bind_plain(self, key, lambda _event, first=button: first.invoke())  # type: ignore[misc]

    def _button(self, text: str, command: Callable[[], None], name: str) -> ttk.Button:
        button = ttk.Button(self.buttons, text=_(text), command=command, style=name)
        self.buttons.show(button)
        return button
