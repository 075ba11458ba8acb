"""What a command tells people: results on standard output, errors on standard error."""

from __future__ import annotations

import contextlib
import sys

from tqdm import tqdm

from model.base import events
from model.base.shown import shown

HINTS = {  # what would help -> the options for it
    "cpu": "Give the same command with --device cpu --resume.",
    "again": "To start from the beginning, leave out --resume.",
}


class ListenerLeftError(Exception):
    """The output can't be written any more."""


def say(line: str) -> None:
    """Print a line, which may contain file names. Raises ListenerLeftError."""
    try:
        sys.stdout.write(f"{shown(line)}\n")
        sys.stdout.flush()
    except OSError as error:
        raise ListenerLeftError from error


class People:
    """Tells people about each event, and on a terminal shows a training's progress and the time left.

    Args:
        stages: whether they are told what is being done that is no training.
        resumed: whether what was cancelled can be resumed.
    """

    def __init__(self, *, stages: bool, resumed: bool) -> None:
        self._stages, self._resumed = stages, resumed
        self._bar: tqdm | None = None
        self._started: events.Started | None = None

    def __call__(self, event: events.Event) -> None:
        """Tell an event. Raises ListenerLeftError."""
        if isinstance(event, events.Progress) and self._bar is not None and self._started is not None:
            place = (event.epoch - 1) * self._started.steps + event.step
            if self._bar.n == 0 and event.epoch > 1:  # it goes on from a checkpoint
                self._bar.initial = self._bar.n = place
            self._bar.update(place - self._bar.n)
            return
        if self._bar is not None and not (isinstance(event, events.EpochDone) and self._bar.n < self._bar.total):
            self._bar.close()
        # The bar gives way to the lines; where there never was one, tqdm is left out of it.
        with tqdm.external_write_mode(sys.stderr) if self._bar is not None else contextlib.nullcontext():
            match event:
                case events.Failed():
                    sys.stderr.write(f"{event.message} {HINTS.get(event.instead, '')}".rstrip() + "\n")
                case events.Cancelled():
                    how = " What ran longer than a minute goes on with --resume." if self._resumed else ""
                    sys.stderr.write(f"Cancelled; nothing was written.{how}\n")
                case events.Stage() if not self._stages:
                    pass
                case _:
                    _tell(event)
        if isinstance(event, events.Started):
            self._started = event
            total = event.epochs * event.steps
            self._bar = tqdm(total=total, desc=event.role, unit=" steps", disable=None, leave=False, mininterval=0.5)


def _tell(event: events.Event) -> None:
    """Say what an event reports, except for what's short, or shown another way."""
    match event:
        case events.Stage():
            say(f"{event.doing}…")
        case events.Noted():
            say(event.note)
        case events.Started():
            role = "" if event.role == "network" else f"{event.role}: "
            say(
                f"{role}{event.network}, {event.weights:,} weights, on the {event.device}: "
                f"{event.train_images:,} images to train, {event.validation_images:,} to choose, "
                f"{event.test_images:,} to judge"
            )
        case events.EpochDone():
            say(
                f"epoch {event.epoch}: loss {event.loss:.4f}, accuracy {event.accuracy:.2%}; validation loss "
                f"{event.validation_loss:.4f}, accuracy {event.validation_accuracy:.2%} ({event.seconds:.1f} s)"
            )
        case events.Compared():
            current, new = event.current, event.new
            say(
                f"of {event.images:,} test images and {event.drawn:,} drawn digits the current model reads "
                f"{current.right:,} and {current.right_drawn:,} ({current.size:,} bytes, "
                f"{current.milliseconds:.2f} ms an answer), the new one {new.right:,} and {new.right_drawn:,} "
                f"({new.size:,} bytes, {new.milliseconds:.2f} ms)"
            )
        case events.Taught():
            right = f"{event.right_before:,} before, {event.right_after:,} now"
            say(f"read right of the {event.drawings:,} drawings: {right}")
            say(f"their mean loss: {event.loss_before:.4f} before, {event.loss_after:.4f} now")
            rehearsal = f"{event.rehearsal_before:.2%} before, {event.rehearsal_after:.2%} now"
            say(f"read right of {event.rehearsal_images:,} other images: {rehearsal}")
        case events.Opened():
            scale = event.scale if event.scale == "normalized" else f"0 to {event.scale}"
            manner = f"reads {event.ink} ink, {scale}, and answers with {event.outputs}"
            say(f"opened as {event.output}: {manner}; reads {event.right} of {event.drawn} drawn digits")
        case events.Devices():
            for word, name in event.found.items():
                say(f"{word}: {name}")
        case events.Finished():
            read = "" if event.accuracy is None else f"reads {event.accuracy:.2%} of the test images"
            read += "" if event.ink_accuracy is None else f" and {event.ink_accuracy:.2%} of the judges' drawings"
            say(f"{read}{'; ' if read else ''}written to {event.output} in {event.seconds:.0f} s")
