"""Model ▸ Retrain…: set up, watch, compare, choose; the training itself is a child process."""

from __future__ import annotations

import logging
import time
import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from tkinter import ttk
from typing import Any

from app.jobs import unfinished
from app.jobs.job import Job
from app.jobs.training import WAITING, Choice, TrainingProgress
from app.kept import models, settings
from app.ui.kit.dialog import Dialog
from app.ui.kit.key_events import PRESSES, bind_plain
from app.ui.kit.svg import save_svg
from app.ui.training.progress_page import ProgressPage
from app.ui.training.training_result import TrainingResult
from app.ui.training.training_setup import TrainingSetup
from app.ui.training.watch_part import WatchPart
from model.base import events
from model.base.errors import UserError
from model.base.language import N_, _
from model.bundle.bundle import Bundle

WIDEST = 700  # pixels: a page's greatest width
REDRAW = 0.2  # seconds between two drawings of the curves


class TrainingDialog(Dialog):
    """Trains a model, or continues a training that was stopped; closing it keeps the model in use.

    Args:
        parent: the main window.
        current: returns the bundle of the model in use; may raise UserError.
        use: switches to a model, by its key.
    """

    lost = N_("What it has learned until now is saved now and then; Model ▸ Retrain… offers to go on from there.")

    def __init__(self, parent: tk.Misc, current: Callable[[], Bundle], use: Callable[[str], None]):
        super().__init__(parent, _("Retrain the model"))
        self._current, self._use = current, use
        self.setup = TrainingSetup(self.body.inside, current(), settings.load().data, lambda: self.say(""))
        self._page: ttk.Frame = self.setup
        self.first = self.setup
        self.progress = TrainingProgress()
        self._drawn = 0.0  # when the curves were drawn
        self._output = Path()
        self._show_setup()
        self._load()

    @property
    def stays(self) -> bool:
        """Whether it stays as it is when the language or appearance changes: a training and its result do."""
        return self._page is not self.setup

    def entered(self) -> dict[str, Any]:
        """Return the form's entries."""
        return self.setup.filled()

    def enter(self, entered: dict[str, Any]) -> None:
        """Fill in the form with these entries."""
        self.setup.fill(entered)

    def train(self) -> None:
        """Start the training in the form."""
        try:
            choice = self.setup.choice()
            if choice.data:
                from model.data.arrays import check_kind  # noqa: PLC0415  (NumPy, after the first paint)

                check_kind(choice.data)
            settings.change(data=str(choice.data or ""))
            now = time.strftime(_("%d %b %H:%M")).lstrip("0")
            self._begin(choice, f"{choice.network}, {now}", models.new_place(choice.network))
        except UserError as error:
            self.tell(error)
            self._offer_instead(error.instead)

    def go_on(self) -> None:
        """Continue the stopped training on the form's device."""
        assert self._stopped
        stopped = self._stopped
        self.attempt(lambda: self._begin(stopped.on(self.setup.device), stopped.name, stopped.place, "--resume"))

    def _begin(self, choice: Choice, name: str, place: Path, *more: str) -> None:
        """Start a training; its model gets this name and place. Raises UserError."""
        noted = unfinished.noted(choice, name)
        words = choice.words(self._current().path, name, place, "--asked", noted, *more)
        job = self.job if self.job and not self.job.last else self._load()
        self._output = place
        job.go_on(words, place, events.Control())
        self._precious = True
        self.progress = TrainingProgress()
        page = self._watched(int(choice.knobs["epochs"]), job.ask)
        self._show(page, (N_("Cancel"), self.cancel, "TButton"))
        self.pause = self.add_button(N_("Pause"), page.watch.pause)
        self.more = self.add_button(N_("One more epoch"), page.watch.learn_more)
        self._enable()
        self.first = page  # rather than Cancel: a key pressed by mistake must not end an hour's work
        self.focus_set()
        for key in PRESSES:
            self.unbind(key)
        self.say(_("You can keep drawing meanwhile; the current model reads."))
        page.show(self.progress, job.lines)

    def _watched(self, epochs: int, ask: Callable[[events.Control], None] | None) -> ProgressPage:
        """Return a training's page; if there's nobody to ask, that of one that's over."""
        wide = self.room(WIDEST)

        def watch(page: tk.Misc) -> WatchPart:
            return WatchPart(page, wide, ask, lambda canvas: save_svg(self, canvas, "training.svg"))

        return ProgressPage(self.body.inside, wide, epochs, watch)

    def _show_learned(self, back: Callable[[], None]) -> None:
        """Show again how it was learned."""
        page = self._watched(1, None)
        self._show(page, (N_("Back"), back, "TButton"))
        page.show(self.progress, self.job.lines if self.job else [])
        page.fold_watch()

    def _enable(self) -> None:
        """Enable the buttons that work now."""
        progress = self.progress
        is_learning = progress.control is not None and progress.fraction is not None
        self.pause.configure(text=_("Go on") if progress.is_paused else _("Pause"))
        self.pause.state(["!disabled" if is_learning else "disabled"])
        is_own = progress.started is not None and progress.started.role == "network"  # rather than a teacher's
        self.more.state(["!disabled" if is_learning and is_own else "disabled"])

    def cancel(self) -> None:
        """End the training; the form comes back when its process has ended."""
        if self.job:
            self.say(_("Stopping the training…"))
            self.job.cancel()

    def _load(self) -> Job:
        """Start a child process that loads what training needs, and waits for instructions. Raises UserError."""
        job = Job(WAITING)
        self.follow(job, self._told, precious=False)
        return job

    def _told(self, event: events.Event) -> None:
        if isinstance(event, events.Ready):
            self.setup.offer_devices(event.devices)
        if not isinstance(self._page, ProgressPage):  # why a waiting child has ended is shown when it's needed
            return
        self.progress.take(event)
        if self.progress.last:
            self.show_end(self.progress.last)
        elif time.monotonic() - self._drawn > REDRAW or not isinstance(event, events.Progress):
            self._drawn = time.monotonic()
            assert self.job
            self._page.show(self.progress, self.job.lines)
            self._enable()

    def show_end(self, last: events.Event) -> None:
        """Show the result."""
        self.say("")
        if isinstance(last, events.Finished) and self.progress.compared:
            self._show_result(self.progress.compared)
            return
        self._show_setup()
        if isinstance(last, events.Failed):
            logging.info("told the user: %s", last.message)
            self.say(last.message, problem=True)
            self._offer_instead(last.instead)
        elif self._stopped and self._stopped.place == self._output:
            self.say(_("The training was stopped. It can go on later, too, with the same settings and images."))
        else:
            self.say(_("The training was cancelled, and left nothing behind."))

    def _offer_instead(self, instead: str) -> None:
        """Offer an alternative; see `model.base.events.Failed`."""
        if instead == "data":
            self._show_setup()  # without the earlier offer
            self.add_button(N_("Choose a file…"), self.setup.choose_file)
        elif instead == "cpu":
            self.setup.choose_cpu()
            goes_on = self._stopped and self._stopped.place == self._output
            self.add_button(N_("Train on the CPU"), self.go_on if goes_on else self.train)

    def _delete_stopped(self) -> None:
        assert self._stopped
        self._stopped.delete()
        self._show_setup()

    def _show_setup(self) -> None:
        self._stopped = unfinished.newest()
        self.setup.offer(self._stopped, self.go_on, self._delete_stopped)
        self._show(self.setup, (N_("Train"), self.train, "Accent.TButton"), (N_("Close"), self.close, "TButton"))

    def _show_result(self, compared: events.Compared) -> None:
        key = self._output.name
        names = (models.name(settings.load().model), models.name(key))
        better = min(compared.gained) >= 0 < max(compared.gained)
        use = (N_("Use the new model"), lambda: self._decide(key), "Accent.TButton" if better else "TButton")
        keep = (N_("Keep the current model"), self.close, "TButton" if better else "Accent.TButton")
        self._show(
            TrainingResult(self.body.inside, compared, names, self.room(WIDEST)),
            *((use, keep) if better else (keep, use)),
        )
        self.add_button(N_("How it learned"), lambda: self._show_learned(lambda: self._show_result(compared)))
        other = _("The other one stays in Model ▸ Models…")
        self.say("\n".join([*self.progress.notes, other]))

    def _decide(self, key: str) -> None:
        self._use(key)
        self.close()

    def _show(self, page: ttk.Frame, *buttons: tuple[str, Callable[[], None], str]) -> None:
        """Show a page with its buttons; Return presses the focused button, or else the first one."""
        if self._page is not page:
            self._page.pack_forget() if self._page is self.setup else self._page.destroy()
        self._page = page
        page.pack(fill="both", expand=True)
        self.buttons.clear()
        for place, (text, command, name) in enumerate(buttons):
            button = self.add_button(text, command, name)
            if place == 0:
                self.first = button
                self.focus_set()
                for key in PRESSES:
                    bind_plain(self, key, lambda _event, first=button: first.invoke())  # type: ignore[misc]
