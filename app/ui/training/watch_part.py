"""The knobs of a training under way, and pictures of what it has learned so far."""

from __future__ import annotations

import math
import tkinter as tk
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from tkinter import ttk
from typing import Any

from app.jobs.training import TrainingProgress
from app.ui.kit import style
from app.ui.kit.background import Timer
from app.ui.kit.flow import Flow
from app.ui.kit.numbers import share
from app.ui.kit.slider import Slider
from app.ui.laboratory.inspector import Inspector
from app.ui.laboratory.words import Told
from app.ui.training.watch_view import WatchView
from model.base.events import MOST_DROPOUT, Control, Watched
from model.base.language import N_, _, ngettext

SETTLED = 200  # milliseconds without a change, after which a slider counts as released
HINT = N_(
    "A digit in colour is read right, a plain one isn't. Point at a digit, a number or a unit and see here what it is. "
    "Drag the slider back to see how it was before training."
)
FASTEST = 1000  # steps a second that a slider can ask for; at its end, there's no limit
LARGEST = 4096  # images of a batch


def _speed(steps: float) -> str:
    if steps >= FASTEST:
        return _("full speed")
    return ngettext("{count} step/s", "{count} steps/s", round(steps)).format(count=round(steps))


def _pace(steps: float) -> float:
    return 0.0 if steps >= FASTEST else steps


def _power_of_two(images: float) -> int:
    return 1 << round(math.log2(images))


# What a training calls a knob -> its name, its ends, its value in words, and as the training has it.
KNOBS: Mapping[str, tuple[str, tuple[float, float], Callable[[float], str], Callable[[float], float]]] = {
    "steps_a_second": (N_("Speed"), (1, FASTEST), _speed, _pace),
    "learning_rate": (N_("Learning rate"), (1e-5, 1), "{:.2g}".format, float),
    "batch_size": (N_("Batch size"), (8, LARGEST), "{:.0f}".format, _power_of_two),
    "dropout": (N_("Dropout"), (0, MOST_DROPOUT), share, float),
}


class WatchPart(ttk.Frame):
    """Controls a training: pause, continue, learn one more epoch, slow down, and learn differently from here on.

    Args:
        parent: the page.
        widest: pixels of the screen that it may use.
        ask: gets the requests; what takes effect comes back in the events. None: the training is over.
        save: saves a canvas' contents.
    """

    def __init__(
        self,
        parent: tk.Misc,
        widest: int,
        ask: Callable[[Control], object] | None,
        save: Callable[[tk.Canvas], object],
    ):
        super().__init__(parent)
        self._ask, self._asked = ask, Control()
        self._progress = TrainingProgress()
        self._newest: Watched | None = None
        self._soon = Timer(self)
        self._turned: set[str] = set()  # sliders, whose values aren't requested yet
        self._stops = tk.BooleanVar(self)
        above, pictures = ttk.Frame(self), Flow(self)
        above.pack(fill="x")
        knobs, self._inspector = ttk.Frame(above), Inspector(above)
        if ask:
            knobs.pack(side="left", anchor="n", padx=(0, style.px(16)))
        self._inspector.pack(side="left", fill="x", expand=True, anchor="n")
        self.sliders = {
            name: Slider(knobs, _(title), ends, ends[0], told, partial(self._turn, name), multiplies=ends[0] > 0)
            for name, (title, ends, told, _meant) in KNOBS.items()
        }
        for slider in self.sliders.values():
            slider.pack(anchor="w")
        self.sliders["steps_a_second"].set(FASTEST)
        each = _("Pause after each epoch")
        self.stop = ttk.Checkbutton(knobs, text=each, variable=self._stops, command=self._stop_after)
        self.stop.pack(anchor="w", pady=(style.px(4), 0))
        pictures.widest = widest
        pictures.pack(fill="x", pady=style.px(8))
        self.epoch = Slider(pictures, _("After epoch"), (0, 1), 1, self._epoch, self._redraw)
        pictures.show(self.epoch)
        self.others = pictures.add(_("Other units"), self._turn_units, "Small.TButton")
        self.save = pictures.add(_("Save picture…"), lambda: save(self.view), "Small.TButton")
        self.view = WatchView(self, widest, self._tell, lambda number: self.ask(drawing=number))
        self.view.pack()
        self.view.bind("<Map>", lambda _event: self._redraw(), add="+")
        self._tell(None)

    @property
    def is_working(self) -> bool:
        """Whether there's still something to show or to request."""
        return self.view.is_working or self._soon.waits

    def show(self, progress: TrainingProgress) -> None:
        """Show how far a training is, and its knobs' values."""
        self._progress = progress
        newest = progress.watched[-1] if progress.watched else None
        if newest is not self._newest:
            self._newest = newest
            self.epoch.set(self.epoch.value)  # its text has changed
            self._redraw()
        heeded = progress.control
        if heeded is None or self._soon.waits:
            return
        for name in ("learning_rate", "batch_size", "dropout"):
            self.sliders[name].set(getattr(heeded, name) or 0)
        self.sliders["dropout"].enable(heeded.dropout is not None)

    def ask(self, **knobs: Any) -> None:
        """Request a change."""
        self._asked = replace(self._asked, **knobs)
        if self._ask:
            self._ask(self._asked)

    def pause(self) -> None:
        """Pause, or continue."""
        self.ask(paused=not self._progress.is_paused, pause_after=self._next_stop)

    def learn_more(self) -> None:
        """Learn for one more epoch; after the last, continue at once."""
        started = self._progress.started
        assert started
        more = {"paused": False, "pause_after": self._next_stop} if self._done == started.epochs else {}
        self.ask(epochs=started.epochs + 1, **more)

    def _epoch(self, place: float) -> str:
        """Return the epoch for a place on its slider."""
        watched = self._progress.watched
        return str(watched[round(place * (len(watched) - 1))].epoch) if watched else ""

    def _redraw(self) -> None:
        if self.view.winfo_ismapped():
            self.view.show(self._progress, self.epoch.value)

    def _turn_units(self) -> None:
        """Request the next units."""
        if self._newest:
            after = self._newest.unit + self._newest.weights.count
            self.ask(unit=after if after < self._newest.units else 0)

    def _tell(self, told: Told | None) -> None:
        if told:
            self._inspector.show(told)
        else:
            self._inspector.say(_(HINT))

    @property
    def _done(self) -> int:
        """The number of finished epochs."""
        return self._progress.epochs[-1].epoch if self._progress.epochs else 0

    @property
    def _next_stop(self) -> int:
        return self._done + 1 if self._stops.get() else 0

    def _stop_after(self) -> None:
        """Pause after each epoch from here on, or stop doing so; a training that's paused stays so."""
        self.ask(paused=self._progress.is_paused, pause_after=self._next_stop)

    def _turn(self, name: str) -> None:
        self._turned.add(name)
        self._soon.start(SETTLED, self._ask_for_turned)

    def _ask_for_turned(self) -> None:
        turned, self._turned = self._turned, set()
        self.ask(**{name: KNOBS[name][-1](self.sliders[name].value) for name in turned})
