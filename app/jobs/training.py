"""A training from the window's side: what is asked of it, how far it is, what came of it. Knows no toolkit."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from model.base import events
from model.base.errors import UserError
from model.base.language import _, ngettext
from model.data import architectures

FOR_EVER = 86_400  # seconds between two checkpoints: a training in the window is not gone on from, so it needs none
REMEMBERED = 100  # reports, about ten seconds: by these the time left is told
POINTS = 400  # of a curve; then every other one is forgotten

KNOBS: dict[str, tuple[str, ...]] = {  # words for --KNOB -> what it can be
    "activation": architectures.ACTIVATIONS,
    "initializer": tuple(architectures.INITIALIZERS),
    "optimizer": architectures.OPTIMIZERS,
    "loss": tuple(architectures.LOSSES),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user asks of a training."""

    network: str
    epochs: int
    batch_size: int
    deform: bool
    data: Path | None = None  # an .npz file or a folder of IDX files; None: Keras' download
    start: Path | None = None  # the bundle to go on from; None: from scratch
    device: str = "auto"
    knobs: Mapping[str, str] = field(default_factory=dict)  # word -> value, for those that are not the network's own

    @classmethod
    def read(cls, network: str, epochs: str, batch_size: str, *, deform: bool, **rest: object) -> Choice:
        """Return the choice that was typed. Raises UserError when a number is none, or out of its range."""
        return cls(
            network,
            _number(_("The epochs"), epochs, 1, 10_000),
            _number(_("The batch size"), batch_size, 1, 60_000),
            deform,
            **rest,  # type: ignore[arg-type]  # fields of this class, as the dialog names them
        )

    def words(self, against: Path, name: str, output: Path) -> list[str]:
        """Return the words that start the training: its model is compared, named and written as they say."""
        words = ["train", "--network", self.network, "--epochs", str(self.epochs)]
        words += ["--batch-size", str(self.batch_size), "--deform" if self.deform else "--no-deform"]
        words += ["--data", str(self.data)] if self.data else []
        words += ["--from", str(self.start)] if self.start else []
        words += [word for knob, value in self.knobs.items() for word in (f"--{knob}", value)]
        words += ["--device", self.device, "--checkpoint-seconds", str(FOR_EVER)]
        return [*words, "--against", str(against), "--name", name, "--output", str(output)]


def defaults(network: str) -> Choice:
    """Return what a network's tutorial chooses."""
    knobs = architectures.NETWORKS[network].knobs
    return Choice(network, knobs["epochs"], knobs["batch_size"], knobs.get("deform", False))


def described(network: str) -> str:
    """Return a network in words."""
    return _(architectures.NETWORKS[network].about)


class Course:
    """How far a training is, told from its events.

    Args:
        clock: seconds, only their differences count.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._times: deque[tuple[float, int]] = deque(maxlen=REMEMBERED)  # when, after how many steps
        self.doing = _("loading TensorFlow and the images")
        self._downloading = False
        self.started: events.Started | None = None
        self.done = 0  # steps of the network that is trained now
        self.fraction: float | None = None  # of its steps; None while nobody knows
        self.curve: list[tuple[float, float, float]] = []  # epochs, loss, accuracy so far in the epoch
        self.epochs: list[events.EpochDone] = []
        self.compared: events.Compared | None = None
        self.last: events.Event | None = None

    def take(self, event: events.Event) -> None:
        """Take the next event."""
        self._downloading = isinstance(event, events.Downloading)
        match event:
            case events.Stage():
                self.doing, self.fraction = event.doing, None
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
            case events.Progress() if self.started:
                steps, epochs = max(1, self.started.steps), max(1, self.started.epochs)
                self.done = min(max(0, (event.epoch - 1) * steps + event.step), epochs * steps)
                self.fraction = self.done / (epochs * steps)
                self._times.append((self._clock(), self.done))
                self.curve.append((self.done / steps, event.loss, event.accuracy))
                if len(self.curve) > POINTS:
                    del self.curve[1::2]
            case events.EpochDone():
                self.epochs.append(event)
                if len(self.epochs) > POINTS:
                    del self.epochs[1::2]
            case events.Compared():
                self.compared = event
            case _:
                self.last = event

    @property
    def seconds_left(self) -> float | None:
        """For the network that is trained now; None before the first steps are timed (the very first compile)."""
        if self.started is None or len(self._times) < 4:
            return None
        (began, first), (now, last) = self._times[1], self._times[-1]
        left = self.started.epochs * self.started.steps - self.done
        return left * (now - began) / (last - first) if last > first else None

    @property
    def line(self) -> str:
        """Where it is, in a line."""
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
        left = self.seconds_left
        return line if left is None else _("{line}; {time} left").format(line=line, time=in_words(left))


def in_words(seconds: float) -> str:
    """Return about how long that is."""
    if seconds < 5:
        return _("a few seconds")
    if seconds < 55:
        return _("about {count} seconds").format(count=max(1, round(seconds / 5)) * 5)
    minutes = max(1, round(seconds / 60))
    if minutes < 90:
        return ngettext("about {count} minute", "about {count} minutes", minutes).format(count=minutes)
    return _("about {count:.0f} hours").format(count=seconds / 3600)


def _number(what: str, typed: str, low: int, high: int) -> int:
    try:
        number = int(typed)
    except ValueError:
        number = low - 1
    if not low <= number <= high:
        sentence = _("{what} must be a whole number from {low} to {high:,}; {typed!r} is not.")
        raise UserError(sentence.format(what=what, low=low, high=high, typed=typed.strip()))
    return number
