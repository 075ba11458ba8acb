"""What a training reports, as typed values, and the JSON lines that carry them between processes."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import Any, get_args, get_type_hints

LARGEST_COUNT = 10**15  # what counts further counts nothing that there is


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
class Ready:
    """What trains is loaded, and waits to be told what; ``devices`` as `Devices` has them."""

    devices: dict[str, str]


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


LAST = Opened | Devices | Finished | Failed | Cancelled  # after one of these comes nothing
Event = Stage | Downloading | Started | Progress | EpochDone | Compared | Taught | Ready | LAST

TYPES: dict[str, type[Event]] = {  # by their names in lines, as `epoch_done`
    re.sub("(?<=[a-z])(?=[A-Z])", "_", kind.__name__).lower(): kind for kind in get_args(Event)
}
_NAMES = {kind: name for name, kind in TYPES.items()}


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
    if not isinstance(name, str) or name not in TYPES:
        raise ValueError(f"no event of that name: {line!r}")
    try:
        event: Event = _built(TYPES[name], value)
    except TypeError as error:
        raise ValueError(f"the fields of {line!r} do not fit its event: {error}") from error
    return event


_KINDS: dict[type, dict[str, Any]] = {kind: get_type_hints(kind) for kind in (*_NAMES, Side, Difference)}


def _built(kind: type, said: Any) -> Any:
    """Return what a JSON object says. Raises TypeError where its fields are not those of this kind."""
    if not isinstance(said, dict):
        raise TypeError(f"{said!r} is no {kind.__name__}")
    return kind(**{name: _field(_KINDS[kind].get(name), value) for name, value in said.items()})


def _field(kind: Any, value: Any) -> Any:
    """Return what a field says. Raises TypeError where it is not what it is declared to be."""
    if kind is Side:
        return _built(Side, value)
    if kind == tuple[Difference, ...]:
        return tuple(_built(Difference, each) for each in value)
    if isinstance(value, int) and not isinstance(value, bool):
        fits = kind not in (str, dict[str, str]) and 0 <= value <= LARGEST_COUNT  # all that is counted is 0 or more
    elif isinstance(value, dict):
        fits = kind == dict[str, str] and all(isinstance(each, str) for each in value.values())
    elif kind == float | None:
        fits = value is None or isinstance(value, float)
    else:
        fits = kind in (str, float) and isinstance(value, kind)
    if not fits:
        raise TypeError(f"{value!r} is no {kind}")
    return value
