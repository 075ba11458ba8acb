"""What a training reports, as typed values, and the JSON lines that carry them between processes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, get_type_hints

LARGEST = 10**15  # of a number: what counts further counts nothing that there is


@dataclass(frozen=True, slots=True)
class Stage:
    """What is being done now, where it takes a while and is no training: words for people, "reading the data"."""

    doing: str


@dataclass(frozen=True, slots=True)
class Downloading:
    """MNIST comes from the network; both in bytes."""

    done: int
    total: int


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
class Side:
    """One of two models that are compared."""

    right: int  # of the test images
    size: int  # of its LiteRT file, bytes
    milliseconds: float  # per answer


@dataclass(frozen=True, slots=True)
class Difference:
    """A test image that only one of two models reads."""

    image: str  # 784 bytes, rows from the top, 0 paper to 255 ink, in Base64
    digit: int
    current: int  # what the current model reads
    new: int


@dataclass(frozen=True, slots=True)
class Compared:
    """The new model beside the current one, on the same test images, before it is put in its place."""

    images: int
    current: Side
    new: Side
    differences: tuple[Difference, ...]  # some of them


@dataclass(frozen=True, slots=True)
class Opened:
    """A Keras model of somebody's own was made into a bundle."""

    output: str
    scale: int  # what ink is: 1 or 255
    ink: str  # "bright" or "dark"
    outputs: str  # "probabilities", "scores" or "logits"


@dataclass(frozen=True, slots=True)
class Taught:
    """A network has learned from its user's drawings, and what that did to them and to the rehearsal.

    Losses are means in nats; rehearsals are fractions of the images that are checked and not learned from, read right.
    """

    drawings: int
    right_before: int  # of the drawings, as they are
    right_after: int
    loss_before: float
    loss_after: float
    rehearsal_before: float
    rehearsal_after: float
    rehearsal_images: int
    seconds: float
    output: str


@dataclass(frozen=True, slots=True)
class Devices:
    """What there is to train on; the first is what is taken when nobody chooses."""

    found: dict[str, str]  # word for --device -> name for people


@dataclass(frozen=True, slots=True)
class Finished:
    """The bundle, or the report, is written; accuracies are the fractions of what judged it that are read right."""

    output: str
    accuracy: float | None  # None: there was nothing to measure it on
    seconds: float
    ink_accuracy: float | None = None  # where there was ink to judge by


@dataclass(frozen=True, slots=True)
class Failed:
    """No model was written; ``message`` is a sentence for the user."""

    message: str
    instead: str = ""  # what would help: "data" (another file), "cpu" (another device), "ask" (the user), "" (unknown)


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Somebody stopped it; no model was written."""


Event = (
    Stage
    | Downloading
    | Started
    | Progress
    | EpochDone
    | Compared
    | Taught
    | Opened
    | Devices
    | Finished
    | Failed
    | Cancelled
)
LAST = (Opened, Devices, Finished, Failed, Cancelled)  # after one of these comes nothing

_TYPES: dict[str, type[Event]] = {
    "stage": Stage,
    "downloading": Downloading,
    "started": Started,
    "progress": Progress,
    "epoch_done": EpochDone,
    "compared": Compared,
    "taught": Taught,
    "opened": Opened,
    "devices": Devices,
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
    try:
        value: Any = json.loads(line)
    except RecursionError as error:
        raise ValueError("brackets thousands deep are no event") from error
    if not isinstance(value, dict):
        raise ValueError(f"an event is a JSON object, not {line!r}")
    name = value.pop("event", None)
    kind = _TYPES.get(name) if isinstance(name, str) else None
    if kind is None:
        raise ValueError(f"no event of that name: {line!r}")
    try:
        if kind is Compared:
            value["current"], value["new"] = Side(**value["current"]), Side(**value["new"])
            value["differences"] = tuple(Difference(**difference) for difference in value["differences"])
        event = kind(**value)
        _check(event)
    except (TypeError, KeyError) as error:
        raise ValueError(f"the fields of {line!r} do not fit its event: {error}") from error
    return event


def _check(event: Event | Side | Difference) -> None:
    """Raise TypeError where a field of an event, or of a part of one, is not what it is declared to be."""
    for name, kind in _KINDS[type(event)].items():
        value = getattr(event, name)
        if kind is Side or kind == tuple[Difference, ...]:
            for part in value if isinstance(value, tuple) else (value,):
                _check(part)
        elif not _fits(value, kind):
            raise TypeError(f"{name} is no {kind}")


_KINDS: dict[type, dict[str, Any]] = {kind: get_type_hints(kind) for kind in (*_NAMES, Side, Difference)}


def _fits(value: object, kind: Any) -> bool:
    if isinstance(value, int) and not isinstance(value, bool):
        return kind not in (str, dict[str, str]) and 0 <= value <= LARGEST  # all that is counted is 0 or more
    if isinstance(value, dict):
        return kind == dict[str, str] and all(isinstance(each, str) for each in value.values())
    if kind == float | None:
        return value is None or isinstance(value, float)
    return kind in (str, float) and isinstance(value, kind)
