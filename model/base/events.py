"""What a training reports, as typed values, and the JSON lines that carry them between processes."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import asdict, dataclass
from typing import Any, get_args, get_type_hints

LARGEST_COUNT = 10**15  # what counts further counts nothing that there is
MOST_DROPOUT = 0.95


@dataclass(frozen=True, slots=True)
class Stage:
    """What is being done now, if it takes a while and isn't training: words for people, such as "reading the data"."""

    doing: str


@dataclass(frozen=True, slots=True)
class Noted:
    """Something about the data that the user should know: a sentence or two."""

    note: str


@dataclass(frozen=True, slots=True)
class Downloading:
    """MNIST is being downloaded; both numbers are bytes."""

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
    """Progress after some batches; loss and accuracy are means over the epoch so far. Epochs and steps count from 1."""

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
class Control:
    """What a program that watches asks of a training, a line on its standard input; and what the training tells then.

    It's asked as a whole each time: a knob that is 0 or None stays as the recipe has it. Raises ValueError where a
    number is out of its range.
    """

    paused: bool = False
    pause_after: int = 0  # epochs: then it pauses, too, until more are said here; 0: it doesn't
    epochs: int = 0  # in all; never fewer than it already has
    steps_a_second: float = 0.0  # at most; 0: as many as it can
    learning_rate: float = 0.0
    dropout: float | None = None  # of each layer that drops units; told as None: none does
    batch_size: int = 0
    unit: int = 0  # the first of those whose weights are told
    drawing: int = 0  # of the drawn digits, whose way to these units is told
    steps: int = 0  # told: batches in an epoch

    def __post_init__(self) -> None:
        if not (
            0 <= self.learning_rate <= 100
            and 0 <= (self.dropout or 0) <= MOST_DROPOUT
            and 0 <= self.steps_a_second <= LARGEST_COUNT
        ):
            raise ValueError(f"a number of {self} is out of its range")


@dataclass(frozen=True, slots=True)
class Drawn:
    """The digits that the program has drawn to watch a training by, each time the same: in Base64, and their labels."""

    images: str  # as in Difference, one after the other
    digits: str

    def __post_init__(self) -> None:
        _check_bytes(self.images, 784 * len(self.digits))


@dataclass(frozen=True, slots=True)
class Grids:
    """Numbers in a few grids of rows and columns: bytes from -127 to 127 in Base64, where 127 is the largest size."""

    count: int
    rows: int
    columns: int
    numbers: str

    def __post_init__(self) -> None:
        _check_bytes(self.numbers, self.count * self.rows * self.columns)


@dataclass(frozen=True, slots=True)
class Watched:
    """What a network makes of the drawn digits after an epoch; before the first, 0."""

    epoch: int
    read: str  # the digit that it reads each as
    places: str  # of each, x and y: little-endian float32 in Base64, their middle 0 and their mean square distance 1
    units: int  # of the first layer; those shown begin at ``unit``
    unit: int
    weights: Grids  # of each unit that is shown
    answers: Grids  # to the drawing that was asked for

    def __post_init__(self) -> None:
        _check_bytes(self.places, 8 * len(self.read))


def _check_bytes(packed: str, count: int) -> None:
    """Raise ValueError where something in Base64 isn't so many bytes."""
    if len(base64.b64decode(packed, validate=True)) != count:
        raise ValueError(f"these are not {count} bytes")


@dataclass(frozen=True, slots=True)
class Side:
    """One of two models that are compared."""

    right: int  # of the test images
    right_drawn: int  # of the drawn digits
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
    """The new model compared with the current one, on the same images, before it replaces it."""

    images: int  # to test with
    drawn: int  # digits that the program has drawn
    current: Side
    new: Side
    differences: tuple[Difference, ...]  # some of the test images

    @property
    def gained(self) -> tuple[int, int]:
        """How many more of the test images, and of the drawn digits, the new model reads right; or fewer, below 0."""
        return self.new.right - self.current.right, self.new.right_drawn - self.current.right_drawn


@dataclass(frozen=True, slots=True)
class Opened:
    """A user's own Keras model was made into a bundle."""

    output: str
    scale: str  # what ink is: "1", "255" or "normalized", which is each column of a picture of the length 1
    ink: str  # "bright" or "dark"
    outputs: str  # "probabilities", "scores" or "logits"
    right: int  # of the drawn digits that it was tried with
    drawn: int  # so many they were


@dataclass(frozen=True, slots=True)
class Taught:
    """A network has learned its user's drawings; says what that did to them and to the rehearsal.

    Losses are means in nats; rehearsals are the fractions read right of the images that are checked but not learned
    from.
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
    accepted_after: int  # of the drawings: read right, and not doubted
    against: str  # why others aren't, in a sentence; empty: there are none


@dataclass(frozen=True, slots=True)
class Devices:
    """The devices to train on; the first is the default."""

    found: dict[str, str]  # word for --device -> name for people


@dataclass(frozen=True, slots=True)
class Ready:
    """TensorFlow is loaded, and the process waits for a command; ``devices`` as in `Devices`."""

    devices: dict[str, str]


@dataclass(frozen=True, slots=True)
class Finished:
    """The bundle or the report is written; accuracies are fractions of the judging examples that are read right."""

    output: str
    accuracy: float | None  # None: there was nothing to measure it on
    seconds: float
    ink_accuracy: float | None = None  # where there was ink to judge by


@dataclass(frozen=True, slots=True)
class Failed:
    """No model was written; ``message`` is a sentence for the user."""

    message: str
    instead: str = (
        ""  # what would help: "data" (another file), "cpu" (another device), "ask" (the user), "again", "" (unknown)
    )


@dataclass(frozen=True, slots=True)
class Cancelled:
    """It was cancelled; no model was written."""


LAST = Opened | Devices | Finished | Failed | Cancelled  # after one of these comes nothing
Event = (
    Stage
    | Noted
    | Downloading
    | Started
    | Progress
    | EpochDone
    | Control
    | Drawn
    | Watched
    | Compared
    | Taught
    | Ready
    | LAST
)

TYPES: dict[str, type[Event]] = {  # by their names in lines, as `epoch_done`
    re.sub("(?<=[a-z])(?=[A-Z])", "_", kind.__name__).lower(): kind for kind in get_args(Event)
}
_NAMES = {kind: name for name, kind in TYPES.items()}


def to_line(event: Event) -> str:
    """Return the event as one line of JSON, without the newline."""
    return json.dumps({"event": _NAMES[type(event)], **asdict(event)}, separators=(",", ":"))


def from_line(line: str) -> Event:
    """Return the event of a line. Raises ValueError when the line isn't one."""
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


_KINDS: dict[type, dict[str, Any]] = {kind: get_type_hints(kind) for kind in (*_NAMES, Side, Difference, Grids)}


def _built(kind: type, said: Any) -> Any:
    """Return what a JSON object says. Raises TypeError where its fields aren't those of this kind."""
    if not isinstance(said, dict):
        raise TypeError(f"{said!r} is no {kind.__name__}")
    return kind(**{name: _field(_KINDS[kind].get(name), value) for name, value in said.items()})


def _field(kind: Any, value: Any) -> Any:
    """Return what a field says. Raises TypeError where it isn't what it's declared to be."""
    if kind in (Side, Grids):
        return _built(kind, value)
    if kind == tuple[Difference, ...]:
        return tuple(_built(Difference, each) for each in value)
    if isinstance(value, int) and not isinstance(value, bool):
        fits = kind in (int, float, float | None) and 0 <= value <= LARGEST_COUNT  # all that is counted is 0 or more
    elif isinstance(value, dict):
        fits = kind == dict[str, str] and all(isinstance(each, str) for each in value.values())
    elif kind == float | None:
        fits = value is None or isinstance(value, float)
    else:
        fits = kind in (str, float, bool) and isinstance(value, kind)
    if not fits:
        raise TypeError(f"{value!r} is no {kind}")
    return value
