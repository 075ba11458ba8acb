"""A training from the window's side: what's asked of it, how far it is, and its result. Knows no toolkit."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from app.kept import paths
from model.base import events
from model.base.errors import UserError
from model.base.language import _, ngettext
from model.data.recipe import KNOBS

WAITING = ("devices", "--then-train")  # a child loads the training libraries, then waits for more words
CHECKPOINT_SECONDS = 10  # between two checkpoints, from which a stopped training can continue
REMEMBERED = 100  # reports, about ten seconds: the time left is estimated from these
MOST_POINTS = 400  # of a curve; beyond that, every other one is dropped
MOST_WATCHED = 100  # epochs for which the answers to drawn digits are kept; beyond that, likewise


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user asks of a training. Raises UserError if a number isn't one, or is out of its range."""

    network: str
    knobs: Mapping[str, str | bool]  # of a recipe, as typed or chosen; for the others, the network's own
    data: Path | None = None  # an .npz file or a folder of IDX files; None: Keras' download
    start: Path | None = None  # the bundle to continue from; None: from scratch
    device: str = "auto"

    def __post_init__(self) -> None:
        for name, typed in self.knobs.items():
            knob = KNOBS[name]
            if not knob.between or knob.holds(str(typed)):
                continue
            low, high = knob.between
            sentence = (
                _("{what} must be a whole number from {low} to {high:,}, not {typed!r}.")
                if isinstance(low, int)
                else _("{what} must be a number from {low:g} to {high:g}, not {typed!r}.")
            )
            raise UserError(sentence, what=_(knob.label), low=low, high=high, typed=str(typed).strip())

    def words(self, against: Path, name: str, output: Path, *more: str) -> list[str]:
        """Return the arguments that start the training, with what to compare its model to, its name and its folder."""
        words = ["train", "--network", self.network]
        for knob, value in self.knobs.items():
            word = knob.replace("_", "-")
            if isinstance(value, bool):
                words.append(f"--{word}" if value else f"--no-{word}")
            else:
                words += [f"--{word}", value.strip()]
        words += ["--data", str(self.data)] if self.data else []
        words += ["--from", str(self.start)] if self.start else []
        words += ["--device", self.device, "--checkpoint-seconds", str(CHECKPOINT_SECONDS)]
        words += ["--kept", str(paths.answers_folder()), *more]
        return [*words, "--against", str(against), "--name", name, "--output", str(output)]


class TrainingProgress:
    """How far a training is, according to its events.

    Args:
        clock: seconds; only their differences count.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._times: deque[tuple[float, int]] = deque(maxlen=REMEMBERED)  # when, after how many steps
        self.doing = _("loading TensorFlow and the images")
        self._downloading = False
        self.started: events.Started | None = None
        self.done = 0  # steps of the network that's being trained
        self.fraction: float | None = None  # of its steps; None while it's unknown
        self.curve: list[tuple[float, float, float]] = []  # epochs, loss, accuracy so far in the epoch
        self.epochs: list[events.EpochDone] = []
        self.control: events.Control | None = None  # the last request that was carried out
        self.drawn: events.Drawn | None = None
        self.watched: list[events.Watched] = []  # the first one before anything is learned, then one after each epoch
        self.notes: list[str] = []  # about the data
        self.compared: events.Compared | None = None
        self.last: events.Event | None = None

    def take(self, event: events.Event) -> None:
        """Take the next event."""
        self._downloading = isinstance(event, events.Downloading)
        match event:
            case events.Stage():
                self.doing, self.fraction = event.doing, None
            case events.Noted():
                self.notes.append(event.note)
            case events.Downloading():
                self.doing = _("downloading MNIST: {done:.1f} of {total:.1f} MB").format(
                    done=event.done / 1e6, total=event.total / 1e6
                )
                self.fraction = min(1.0, event.done / max(1, event.total))
            case events.Started():
                self.started, self.doing = event, _("training {network}").format(network=event.network)
                self.done, self.fraction = 0, 0.0
                self._times.clear()
                self.curve.clear()
                self.epochs.clear()
                self.watched.clear()
            case events.Progress() if self.started:
                steps, epochs = max(1, self.started.steps), max(1, self.started.epochs)
                self.done = min(max(0, (event.epoch - 1) * steps + event.step), epochs * steps)
                self.fraction = self.done / (epochs * steps)
                self._times.append((self._clock(), self.done))
                self.curve.append((self.done / steps, event.loss, event.accuracy))
                if len(self.curve) > MOST_POINTS:
                    del self.curve[1::2]
            case events.EpochDone():
                self.epochs.append(event)
                if len(self.epochs) > MOST_POINTS:
                    del self.epochs[1::2]
            case events.Control() | events.Drawn() | events.Watched():
                self._watch(event)
            case events.Compared():
                self.compared = event
            case _ if isinstance(event, events.LAST):
                self.last = event

    def _watch(self, event: events.Control | events.Drawn | events.Watched) -> None:
        """Take an event that's only sent while somebody is watching."""
        match event:
            case events.Control() if self.started:
                self.control = event
                self.started = replace(self.started, epochs=event.epochs, steps=event.steps)
                self._times.clear()  # from here on it's slower or faster
            case events.Drawn():
                self.drawn = event
            case events.Watched() if self.drawn and len(event.read) == len(self.drawn.digits):
                if self.watched and self.watched[-1].epoch == event.epoch:  # other units, maybe within an epoch
                    last = self.watched.pop()
                    event = replace(event, read=last.read, places=last.places)
                self.watched.append(event)
                if len(self.watched) > MOST_WATCHED:
                    del self.watched[1::2]

    @property
    def is_paused(self) -> bool:
        """Whether it's waiting to be told to continue."""
        return self.control is not None and self.control.paused

    @property
    def seconds_left(self) -> float | None:
        """For the network that's being trained; None before the first steps are timed (the very first compile)."""
        if self.started is None or len(self._times) < 4:
            return None
        (began, first), (now, last) = self._times[1], self._times[-1]
        left = self.started.epochs * self.started.steps - self.done
        return left * (now - began) / (last - first) if last > first else None

    @property
    def line(self) -> str:
        """Its progress in one line."""
        if self.compared:
            count = len(self.epochs) and self.epochs[-1].epoch
            return ngettext("It learned for {count} epoch.", "It learned for {count} epochs.", count).format(
                count=count
            )
        if self.started is None or self.fraction is None or self._downloading:
            return _("{doing}…").format(doing=f"{self.doing[:1].upper()}{self.doing[1:]}")
        if self.started.role == "network":
            line = _("Epoch {epoch} of {epochs}, batch {batch:,} of {batches:,}")
        else:
            line = _("Teacher {number}: epoch {epoch} of {epochs}, batch {batch:,} of {batches:,}")
        steps = max(1, self.started.steps)
        epoch = min(max(1, self.started.epochs), max(0, self.done - 1) // steps + 1)
        line = line.format(
            number=self.started.role.rpartition(" ")[2],
            epoch=epoch,
            epochs=self.started.epochs,
            batch=self.done - (epoch - 1) * steps,
            batches=steps,
        )
        if self.is_paused:
            return _("{line}; paused").format(line=line)
        left = self.seconds_left
        return line if left is None else _("{line}; {time} left").format(line=line, time=in_words(left))


def in_words(seconds: float) -> str:
    """Return about how long that is, in words."""
    if seconds < 5:
        return _("a few seconds")
    if seconds < 55:
        return _("about {count} seconds").format(count=max(1, round(seconds / 5)) * 5)
    minutes = max(1, round(seconds / 60))
    if minutes < 90:
        return ngettext("about {count} minute", "about {count} minutes", minutes).format(count=minutes)
    return _("about {count:.0f} hours").format(count=seconds / 3600)
