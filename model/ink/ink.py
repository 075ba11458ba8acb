"""Ink: what a pen did, as immutable values, and their JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, NamedTuple

from model.base.errors import UserError
from model.base.language import _

DEFAULT_WIDTH = 20
LARGEST_COORDINATE = 1e6  # pixels; beyond it a canvas makes no sense, and squares of sums lose their digits
LARGEST_LENGTH = 1_000_000  # pixels of a canvas' side, and of a pen's width
THINNEST_PEN = 1e-6  # pixels: far below it, pictures of single dots overflow
LARGEST_TIME = 1e15  # milliseconds, 30,000 years: clocks that count from 1970 pass, nonsense doesn't
MOST_POINTS = 20_000  # of a drawing, minutes of writing: more takes seconds to read, and the window stands still
MOST_STROKES = 2_000  # likewise
MOST_INK_BYTES = 5_000_000  # at once: as Python's objects it can take twenty times the memory
MOST_BESIDE, DEEPEST_BESIDE = 10_000, 20  # values and letters of JSON besides the ink, which are kept, and how deep


class InkError(UserError):
    """Ink that can't be read; the text says where and why."""


class Point(NamedTuple):
    """Where the pen was: pixels with y growing downwards, milliseconds from the first point, pressure from 0 to 1."""

    x: float
    y: float
    t: float | None = None
    pressure: float | None = None


@dataclass(frozen=True, slots=True)
class Stroke:
    """The points from one pen-down to the next pen-up, in order; a single point is a dot."""

    points: tuple[Point, ...]


class Box(NamedTuple):
    """A rectangle in pixels, y growing downwards."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, points: Sequence[Point]) -> Box:
        """Return the box around points. Raises ValueError where there are none."""
        xs, ys = [point.x for point in points], [point.y for point in points]
        return cls(min(xs), min(ys), max(xs), max(ys))

    @property
    def width(self) -> float:
        """From left to right, in pixels."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom, in pixels."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Drawing:
    """Strokes in the order they were written, the pen's width and the canvas' (width, height), all in pixels.

    ``canvas`` is None where nobody said how large it was: then the ink's own box with a margin stands for it
    (see `frame`). ``extra`` holds what else the JSON said (unknown keys, a label that isn't a text), so that it
    survives a round trip; it's never changed in place.
    """

    strokes: tuple[Stroke, ...] = ()
    width: float = DEFAULT_WIDTH
    canvas: tuple[int, int] | None = None
    label: str | None = None
    writer: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def is_blank(self) -> bool:
        """Whether there's no point of ink at all."""
        return not any(stroke.points for stroke in self.strokes)

    @property
    def duration(self) -> float:
        """The latest time of any point, in milliseconds; 0 where no times were recorded."""
        return max((point.t for stroke in self.strokes for point in stroke.points if point.t is not None), default=0.0)

    @property
    def box(self) -> Box:
        """The box around all points, without the pen's width. Raises ValueError on a blank drawing."""
        return Box.around([point for stroke in self.strokes for point in stroke.points])

    @property
    def frame(self) -> Box:
        """The part of the plane that a picture of this drawing shows: the canvas, else the ink's box and a margin."""
        if self.canvas is not None:
            return Box(0, 0, *self.canvas)
        if self.is_blank:
            return Box(0, 0, 280, 280)
        box = self.box
        margin = self.width + max(box.width, box.height) / 10
        return Box(box.left - margin, box.top - margin, box.right + margin, box.bottom + margin)

    @classmethod
    def from_json(cls, value: object) -> Drawing:
        """Return the drawing that a decoded JSON value describes. Raises InkError."""
        if not isinstance(value, dict):
            raise InkError(_("A drawing is an object with 'strokes', not {found}."), found=_shown(value))
        if "strokes" not in value:
            raise InkError(_("A drawing needs 'strokes', a list of lists of points."))
        extra = {key: value[key] for key in value if key != "strokes"}
        _check_beside(extra)
        label, writer = (extra.pop(key) if isinstance(extra.get(key), str) else None for key in ("label", "writer"))
        return cls(
            strokes=_strokes(value["strokes"]),
            width=_width(extra.pop("width", DEFAULT_WIDTH)),
            canvas=_canvas(extra.pop("canvas", None)),
            label=label,
            writer=writer,
            extra=extra,
        )

    def to_json(self) -> dict[str, Any]:
        """Return the value that `from_json` reads back as this drawing; unknown values are left out."""
        known = {
            "label": self.label,
            "writer": self.writer,
            "strokes": [[_point_to_json(point) for point in stroke.points] for stroke in self.strokes],
            "width": self.width,
            "canvas": None if self.canvas is None else list(self.canvas),
        }
        return {key: value for key, value in known.items() if value is not None} | dict(self.extra)


def room(drawing: Drawing) -> int:
    """Return how many points another stroke of a drawing can have; 0 if it can't have another."""
    left = MOST_POINTS - sum(len(stroke.points) for stroke in drawing.strokes)
    return max(0, left) if len(drawing.strokes) < MOST_STROKES else 0


def lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines that aren't empty; for a line that's too long, just enough to show that it is."""
    while line := file.readline(MOST_INK_BYTES + 1):
        end = line
        while len(end) > MOST_INK_BYTES and not end.endswith(b"\n"):  # one without an end must not fill the memory
            end = file.readline(MOST_INK_BYTES + 1)
        if line.strip():
            yield line.removesuffix(b"\n")  # which is none of its bytes


def read_lines(file: BinaryIO) -> Iterator[Drawing | InkError]:
    """Yield each non-empty line's drawing, or the error in its place, so that one bad line costs one answer."""
    for line in lines(file):
        try:
            yield Drawing.from_json(decoded(line))
        except InkError as error:
            yield error


def write_line(drawing: Drawing) -> str:
    """Return the drawing as one line of a .jsonl file, without the newline."""
    text = json.dumps(drawing.to_json(), separators=(",", ":"), ensure_ascii=False)
    return text.encode(errors="backslashreplace").decode()  # half a letter, which UTF-8 hasn't, as JSON writes it


def decoded(text: bytes) -> Any:
    """Return what JSON holds. Raises InkError."""
    if len(text) > MOST_INK_BYTES:
        sentence = _("This is more than {most} MB of JSON. Give each drawing its own line in a .jsonl file.")
        raise InkError(sentence, most=MOST_INK_BYTES // 1_000_000)
    try:
        return json.loads(text.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        sentence = _("This isn't JSON ({reason}, line {line} column {column}).")
        raise InkError(sentence, reason=error.msg, line=error.lineno, column=error.colno) from error
    except UnicodeDecodeError as error:
        raise InkError(
            _("This isn't text in UTF-8, so it isn't ink. If it's a picture, give it a picture's ending.")
        ) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits; brackets thousands deep
        raise InkError(_("This JSON has a number or a nesting that's too large for ink.")) from error


def _strokes(value: object) -> tuple[Stroke, ...]:
    if not isinstance(value, list):
        raise InkError(_("'strokes' is a list of strokes, not {found}."), found=_shown(value))
    count = sum(len(stroke) for stroke in value if isinstance(stroke, list))
    if len(value) > MOST_STROKES or count > MOST_POINTS:
        sentence = _(
            "This drawing has {strokes:,} strokes and {points:,} points; at most {most_strokes:,} and "
            "{most_points:,} can be read."
        )
        most = {"most_strokes": MOST_STROKES, "most_points": MOST_POINTS}
        raise InkError(sentence, strokes=len(value), points=count, **most)
    strokes = []
    for number, points in enumerate(value, 1):
        if not isinstance(points, list):
            raise InkError(_("Stroke {number} is a list of points, not {found}."), number=number, found=_shown(points))
        try:
            strokes.append(Stroke(tuple([_point(point) for point in points])))
        except InkError as error:
            raise InkError(_("Stroke {number}: {reason}"), number=number, reason=error) from None
    return tuple(strokes)


def _check_beside(value: object, left: int = MOST_BESIDE, deep: int = 0) -> int:
    """Return how many more values and letters there can be besides the ink. Raises InkError."""
    left -= 1 + (len(value) if isinstance(value, str) else 0)
    if left < 0 or deep > DEEPEST_BESIDE:
        raise InkError(_("This JSON has too much in it besides the ink. Leave out what isn't a drawing."))
    if isinstance(value, dict):
        for key in value:
            left = _check_beside(value[key], left - len(key), deep + 1)
    elif isinstance(value, list):
        for each in value:
            left = _check_beside(each, left, deep + 1)
    return left


def _point(value: object) -> Point:
    if not isinstance(value, list) or not 2 <= len(value) <= 4:
        raise InkError(_("a point is [x, y], [x, y, t] or [x, y, t, pressure], not {found}."), found=_shown(value))
    for number, limit, name in zip(value, _POINT_LIMITS, Point._fields, strict=False):
        # One chained comparison refuses what is too large, infinities and NaN alike.
        if type(number) not in (int, float) or not -limit <= number <= limit:
            sentence = _("{name} of a point is a number of at most {limit:g}, not {found}.")
            raise InkError(sentence, name=name, limit=limit, found=_shown(number))
    if len(value) == 4 and value[3] < 0:
        raise InkError(_("the pressure of a point is between 0 and 1, not {found}."), found=_shown(value[3]))
    return Point(*value)


_POINT_LIMITS = (LARGEST_COORDINATE, LARGEST_COORDINATE, LARGEST_TIME, 1.0)


def _point_to_json(point: Point) -> list[float | None]:
    return list(point[: 2 if point.t is None else 3 if point.pressure is None else 4])


def _width(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not THINNEST_PEN <= value <= LARGEST_LENGTH:
        sentence = _("'width' is the pen's width in pixels, above 0 and at most {largest}, not {found}.")
        raise InkError(sentence, largest=LARGEST_LENGTH, found=_shown(value))
    return value


def _canvas(value: object) -> tuple[int, int] | None:
    if value is None:
        return None
    if (
        not isinstance(value, list)
        or len(value) != 2
        or not all(type(side) in (int, float) and 1 <= side <= LARGEST_LENGTH for side in value)
    ):
        sentence = _("'canvas' is [width, height] in pixels, each from 1 to {largest}, not {found}.")
        raise InkError(sentence, largest=LARGEST_LENGTH, found=_shown(value))
    return round(value[0]), round(value[1])


def _shown(value: object) -> str:
    """Return a value as a sentence can show it: short, whatever it is."""
    if isinstance(value, list | dict):
        found = _("a list of {count}") if isinstance(value, list) else _("an object of {count}")
        return found.format(count=len(value))
    text = json.dumps(value) if not isinstance(value, int) or abs(value) < 10**20 else _("a huge number")
    return text if len(text) <= 40 else text[:37] + "…"
