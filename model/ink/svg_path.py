"""The shapes of SVG as curves, and curves as points (W3C: Scalable Vector Graphics 1.1, sections 8 and 9).

Places are complex numbers, x + yi; a curve is a Bézier's control points: two of a line, three, or four.
"""

from __future__ import annotations

import cmath
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from model.base.language import _
from model.ink.ink import LARGEST_COORDINATE, MOST_POINTS, InkError
from model.ink.markup import too_many

Curve = tuple[complex, ...]
Line = list[Curve]  # curves that a pen draws without being lifted

MOST_PIECES = 64  # straight ones, that a curve becomes
NO_RADIUS = 1e-9  # pixels of an arc: less is a straight line
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_BETWEEN = re.compile(r"[\s,]*")
_FLAG = re.compile("[01]")
_COUNTS = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "q": 4, "t": 2, "a": 7}  # command -> its numbers
_FLAGS = (3, 4)  # of an arc's numbers: a digit each, which the next may follow at once


def number(text: str) -> float:
    """Return a length in the file's units; 0 if it isn't a length, or is a percentage. Raises InkError."""
    text = text.strip().removesuffix("px").rstrip()
    return _number(text) if _NUMBER.fullmatch(text) else 0.0


def numbers(text: str) -> list[float]:
    """Return the numbers in a text, of `points` or a transformation for example. Raises InkError."""
    return [_number(found[0]) for found in _NUMBER.finditer(text)]


def path(text: str) -> list[Line]:
    """Return the lines of a path's ``d``; if it's damaged, up to there, as in SVG. Raises InkError."""
    lines: list[Line] = []
    pen = _Pen()
    for count, (command, values) in enumerate(_commands(text)):
        if count > MOST_POINTS:
            raise too_many()
        if not lines and command not in "mM":
            return []
        if command in "mM":
            lines.append([])
        lines[-1] += pen.draw(command, values)
    return [line for line in lines if line]


def points_of(line: Line, tolerance: float) -> list[complex]:
    """Return points so dense that the lines between them are nowhere too far from the curve. Raises InkError."""
    found = [line[0][0]]
    for curve in line:
        # Wang's formula: how many pieces keep a Bézier within the tolerance (Goldman: Pyramid Algorithms, section 5.6).
        degree = len(curve) - 1
        bend = max((abs(a - 2 * b + c) for a, b, c in zip(curve, curve[1:], curve[2:], strict=False)), default=0.0)
        pieces = min(MOST_PIECES, max(1, math.ceil(math.sqrt(degree * (degree - 1) / 8 * bend / tolerance))))
        found += [_at(curve, piece / pieces) for piece in range(1, pieces + 1)]
        if len(found) > MOST_POINTS:
            raise too_many()
    return found


def checked(curve: Curve) -> Curve:
    """Return a curve, after checking that its numbers can be used in calculations. Raises InkError."""
    largest = LARGEST_COORDINATE
    if not all(-largest <= at.real <= largest and -largest <= at.imag <= largest for at in curve):
        raise InkError(_("Its lines go further than {most:,} pixels away. Move them to the page."), most=int(largest))
    return curve


def ellipse(middle: complex, rx: float, ry: float) -> list[Line]:
    """Return the line around an ellipse, starting at its right."""
    side = complex(rx)
    half = _arc(middle + side, middle - side, rx, ry, 0.0, large=False, sweep=True)
    return [[*half, *_arc(middle - side, middle + side, rx, ry, 0.0, large=False, sweep=True)]]


def polyline(values: Sequence[float], *, closed: bool) -> list[Line]:
    """Return the line through places; if it's closed, back to the start."""
    places = [complex(*pair) for pair in zip(values[::2], values[1::2], strict=False)]
    if closed:
        places += places[:1]
    return [list(pairwise(places))] if len(places) > 1 else []


def _commands(text: str) -> Iterator[tuple[str, list[float]]]:
    """Yield commands with their numbers; those that follow without a letter have the letter before."""
    place, command = 0, ""
    while True:
        place = _past(text, place)
        letter = text[place : place + 1]
        if letter.lower() in _COUNTS or letter in ("z", "Z"):
            command, place = letter, place + 1
        elif command in ("", "z", "Z"):
            return
        if not letter:
            return
        if command in "zZ":
            yield "z", []
            continue
        values = []
        for number in range(_COUNTS[command.lower()]):
            place = _past(text, place)
            found = (_FLAG if command in "aA" and number in _FLAGS else _NUMBER).match(text, place)
            if not found:
                return
            values.append(_number(found[0]))
            place = found.end()
        yield command, values
        command = {"m": "l", "M": "L"}.get(command, command)


def _past(text: str, place: int) -> int:
    found = _BETWEEN.match(text, place)
    return found.end() if found else place


def _number(text: str) -> float:
    number = float(text)
    if not -LARGEST_COORDINATE <= number <= LARGEST_COORDINATE:
        raise InkError(_("The number {number} in it is too large for ink."), number=text[:20])
    return number


@dataclass(slots=True)
class _Pen:
    """Where a path is: where it began, the command before, and the last curve of that."""

    at: complex = 0j
    start: complex = 0j
    last: str = ""
    before: Curve = ()

    def draw(self, command: str, values: list[float]) -> list[Curve]:
        """Return the curves that a command draws, and be at their end."""
        kind, origin = command.lower(), self.at if command.islower() else 0j
        places = [origin + complex(*pair) for pair in zip(values[::2], values[1::2], strict=False)]
        found: list[Curve]
        if kind == "m":
            self.at = self.start = places[0]
            found = []
        elif kind == "z":
            found = [(self.at, self.start)]
        elif kind == "h":
            found = [(self.at, complex(origin.real + values[0], self.at.imag))]
        elif kind == "v":
            found = [(self.at, complex(self.at.real, origin.imag + values[0]))]
        elif kind == "a":
            rx, ry, turn, large, sweep, x, y = values
            end = origin + complex(x, y)
            found = _arc(self.at, end, rx, ry, turn, large=bool(large), sweep=bool(sweep))
        elif kind in ("s", "t"):
            # A smooth curve leaves its beginning as the one before came there, where that was of its kind.
            smooth = self.last in (("c", "s") if kind == "s" else ("q", "t"))
            found = [(self.at, 2 * self.at - self.before[-2] if smooth else self.at, *places)]
        else:
            found = [(self.at, *places)]
        if found:
            self.before, self.at = found[-1], found[-1][-1]
        self.last = kind
        return found


def _arc(  # noqa: PLR0913  (what an arc is said with)
    begin: complex, end: complex, rx: float, ry: float, turn: float, *, large: bool, sweep: bool
) -> list[Curve]:
    """Return an arc of an ellipse as cubic curves (appendix F.6 of SVG 1.1: from its ends to its middle)."""
    rx, ry = abs(rx), abs(ry)
    if begin == end:
        return []
    if min(rx, ry) < NO_RADIUS:
        return [(begin, end)]
    turned = cmath.rect(1, math.radians(turn))

    def flat(place: complex) -> complex:  # on the circle of radius 1
        place /= turned
        return complex(place.real / rx, place.imag / ry)

    half = flat((begin - end) / 2)
    if abs(half) > 1:  # too small an ellipse grows
        rx, ry, half = rx * abs(half), ry * abs(half), half / abs(half)
    across = math.sqrt(max(0.0, 1 / abs(half) ** 2 - 1)) if half else 0.0
    middle = half * complex(0, -across if large != sweep else across)
    first, last = cmath.phase(half - middle), cmath.phase(-half - middle)
    angle = (last - first) % (2 * math.pi) if sweep else -((first - last) % (2 * math.pi))
    count = max(1, math.ceil(abs(angle) / (math.pi / 2) - 1e-9))
    step = angle / count
    reach = 4 / 3 * math.tan(step / 4)  # of a curve's handles, on the circle

    def round_(place: complex) -> complex:
        place += middle
        return complex(place.real * rx, place.imag * ry) * turned + (begin + end) / 2

    found = []
    for number in range(count):
        one, two = (cmath.rect(1, first + step * each) for each in (number, number + 1))
        found.append(tuple(map(round_, (one, one + reach * one * 1j, two - reach * two * 1j, two))))
    found[0], found[-1] = (begin, *found[0][1:]), (*found[-1][:-1], end)
    return found


def _at(curve: Curve, share: float) -> complex:
    """Return the place on a curve, by de Casteljau's algorithm."""
    while len(curve) > 1:
        curve = tuple(a + (b - a) * share for a, b in pairwise(curve))
    return curve[0]
