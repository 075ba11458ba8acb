"""What a training reports, as typed values, and the JSON lines that carry them between processes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Started:
    """Training begins: what is trained, on what, for how long."""

    network: str
    weights: int
    device: str
    train_images: int
    validation_images: int
    test_images: int
    epochs: int
    steps: int  # batches in an epoch
    role: str = "network"  # or "teacher 1", …: what is trained first, for the network to learn from


@dataclass(frozen=True, slots=True)
class Progress:
    """Some batches later; loss and accuracy are means over the epoch so far. Epochs and steps count from 1."""

    epoch: int
    step: int
    loss: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class EpochDone:
    """An epoch ended; losses are those of the recipe (with teachers, the training's is mixed), accuracies fractions."""

    epoch: int
    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Finished:
    """The bundle is written; accuracies are the fractions of the test images and the judges' ink read right."""

    output: str
    accuracy: float
    seconds: float
    ink_accuracy: float | None = None  # where there was ink to judge by


@dataclass(frozen=True, slots=True)
class Failed:
    """No model was written; ``message`` is a sentence for the user."""

    message: str


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Somebody stopped it; no model was written."""


Event = Started | Progress | EpochDone | Finished | Failed | Cancelled

_TYPES: dict[str, type[Event]] = {
    "started": Started,
    "progress": Progress,
    "epoch_done": EpochDone,
    "finished": Finished,
    "failed": Failed,
    "cancelled": Cancelled,
}
_NAMES = {kind: name for name, kind in _TYPES.items()}


def to_line(event: Event) -> str:
    """Return the event as one line of JSON, without its end."""
    return json.dumps({"event": _NAMES[type(event)], **asdict(event)}, separators=(",", ":"))


def from_line(line: str) -> Event:
    """Return the event of a line. Raises ValueError when the line is not one."""
    value: Any = json.loads(line)
    if not isinstance(value, dict):
        raise ValueError(f"an event is a JSON object, not {line!r}")
    kind = _TYPES.get(value.pop("event", None))
    if kind is None:
        raise ValueError(f"no event of that name: {line!r}")
    try:
        return kind(**value)
    except TypeError as error:
        raise ValueError(f"the fields of {line!r} do not fit its event: {error}") from error
