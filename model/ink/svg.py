"""The lines of an SVG file as ink (W3C: Scalable Vector Graphics 1.1): whatever has a stroke, as a pen draws it.

Fills, text and pictures aren't lines of a pen; scripts, animations and references are ignored.
"""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from model.base.language import _
from model.ink.ink import LARGEST_LENGTH, MOST_POINTS, THINNEST_PEN, InkError
from model.ink.markup import Element, too_many
from model.ink.svg_path import Line, checked, ellipse, number, numbers, path, points_of, polyline

FINE = 1 / 1000  # of the ink's longer side: no point of a line is further from its curve
JOINED = 1 / 100_000  # of it: lines that meet so closely are one, as signature_pad's pieces of a stroke are
LONGEST_COLOUR = 40  # letters of one that may be white
MOST_TRANSFORMS = 100_000  # of a file
MOST_RULES = 10_000  # of style sheets that are looked at

_SHOWN_NOWHERE = ("defs", "clippath", "mask", "marker", "pattern", "symbol", "script", "style", "title", "desc")
_INHERITED = ("stroke", "stroke-width", "visibility")
_NONE = ("", "none", "transparent")
_WHITE = re.compile(r"white|#fff(fff)?|rgba?\( *255[ ,]+255[ ,]+255[ ,]*[\d.]* *\)", re.IGNORECASE)

Style = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Place:
    """How units of an element become those of the file: x + yi becomes x * ``across`` + y * ``down`` + ``moved``."""

    across: complex = 1 + 0j
    down: complex = 1j
    moved: complex = 0j

    def of(self, place: complex) -> complex:
        return place.real * self.across + place.imag * self.down + self.moved

    def within(self, inner: _Place) -> _Place:
        """Return what is first placed by an inner one."""
        moved = self.of(inner.moved)
        origin = self.moved
        return _Place(self.of(inner.across) - origin, self.of(inner.down) - origin, moved)

    @property
    def scale(self) -> float:
        """How much larger a pen becomes."""
        return math.sqrt(abs(self.across.real * self.down.imag - self.across.imag * self.down.real))


@dataclass(frozen=True, slots=True)
class _Stroked:
    line: Line
    width: float
    white: bool


def drawing(root: Element) -> dict[str, Any]:
    """Return the JSON of the drawing that an ``svg`` element shows. Raises InkError."""
    box = numbers(root.attributes.get("viewBox", ""))
    if len(box) != 4 or min(box[2:]) <= 0:
        box = [0, 0, number(root.attributes.get("width", "")), number(root.attributes.get("height", ""))]
    lines = []
    for line in _lines(root, _Place(moved=-complex(box[0], box[1])), _rules(root)):
        lines.append(line)
        if len(lines) > MOST_POINTS:
            raise too_many()
    if any(not line.white for line in lines):
        lines = [line for line in lines if not line.white]  # white ones are the paper's edge, or hide something
    if not lines:
        raise InkError(_("This SVG has no lines, only shapes, text or pictures. Save it as a PNG, and open that."))
    value: dict[str, Any] = {"strokes": _strokes([line.line for line in lines])}
    value["width"] = min(max(statistics.median(line.width for line in lines), THINNEST_PEN), LARGEST_LENGTH)
    if all(1 <= side <= LARGEST_LENGTH for side in box[2:]):
        value["canvas"] = box[2:]
    return value


def _strokes(lines: list[Line]) -> list[list[list[float]]]:
    """Return lines as points."""
    corners = [at for line in lines for curve in line for at in checked(curve)]
    wide = max(at.real for at in corners) - min(at.real for at in corners)
    high = max(at.imag for at in corners) - min(at.imag for at in corners)
    side = max(wide, high, THINNEST_PEN)
    strokes: list[list[complex]] = []
    count = 0
    for line in lines:
        points = points_of(line, side * FINE)
        is_dot = len(set(points)) == 1
        if not is_dot and strokes and len(strokes[-1]) > 1 and abs(strokes[-1][-1] - points[0]) < side * JOINED:
            strokes[-1] += points[1:]
        else:
            strokes.append(points[:1] if is_dot else points)
        count += len(points)
        if count > MOST_POINTS + len(lines):  # where they're joined, a point counts once
            raise too_many()
    return [[[at.real, at.imag] for at in stroke] for stroke in strokes]


def _lines(root: Element, start: _Place, rules: Mapping[str, Style]) -> Iterator[_Stroked]:
    """Yield the lines of an element and of what is in it, in their order."""
    waiting: list[tuple[Element, _Place, Style]] = [(root, start, {})]
    left = MOST_TRANSFORMS
    while waiting:
        element, place, above = waiting.pop()
        name = element.name.lower()
        style = {key: above[key] for key in _INHERITED if key in above} | _style(element, rules)
        if name in _SHOWN_NOWHERE or style.get("display") == "none":
            continue
        if "transform" in element.attributes:
            left -= element.attributes["transform"].count(")")
            if left < 0:
                sentence = _("This SVG has more than {most:,} transformations; save it as plain SVG.")
                raise InkError(sentence, most=MOST_TRANSFORMS)
            place = place.within(_transformed(element.attributes["transform"]))
        if name == "svg" and ("x" in element.attributes or "y" in element.attributes):
            place = place.within(_Place(moved=complex(_of(element, "x"), _of(element, "y"))))
        stroke = style.get("stroke", "none").strip().lower()
        if name in _SHAPES and stroke not in _NONE and style.get("visibility", "visible") == "visible":
            width = number(style.get("stroke-width", "")) or 1.0
            for line in _SHAPES[name](element):
                placed = [tuple(place.of(at) for at in curve) for curve in line]
                yield _Stroked(placed, width * place.scale, bool(_WHITE.fullmatch(stroke[:LONGEST_COLOUR])))
        waiting += [(child, place, style) for child in reversed(element.children)]


def _of(element: Element, name: str) -> float:
    return number(element.attributes.get(name, ""))


def _rect(element: Element) -> list[Line]:
    left, top, width, height = (_of(element, name) for name in ("x", "y", "width", "height"))
    right, bottom = left + width, top + height
    return polyline([left, top, right, top, right, bottom, left, bottom], closed=True) if width and height else []


def _ellipse(element: Element) -> list[Line]:
    radius = _of(element, "r")
    rx, ry = radius or _of(element, "rx"), radius or _of(element, "ry")
    return ellipse(complex(_of(element, "cx"), _of(element, "cy")), rx, ry) if rx and ry else []


_SHAPES: dict[str, Callable[[Element], list[Line]]] = {
    "path": lambda element: path(element.attributes.get("d", "")),
    "polyline": lambda element: polyline(numbers(element.attributes.get("points", "")), closed=False),
    "polygon": lambda element: polyline(numbers(element.attributes.get("points", "")), closed=True),
    "line": lambda element: polyline([_of(element, name) for name in ("x1", "y1", "x2", "y2")], closed=False),
    "rect": _rect,
    "circle": _ellipse,
    "ellipse": _ellipse,
}


def _style(element: Element, rules: Mapping[str, Style]) -> dict[str, str]:
    """Return what is said of an element: its attributes, then the file's rules, then its own style."""
    found = dict(element.attributes)
    classes = element.attributes.get("class", "").split()
    for selector in (element.name, *(f".{each}" for each in classes), f"#{element.attributes.get('id', '')}"):
        found.update(rules.get(selector, {}))
    found.update(_declared(element.attributes.get("style", "")))
    return {key: value for key, value in found.items() if value != "inherit"}


def _rules(root: Element) -> dict[str, dict[str, str]]:
    """Return what the file's style sheets say of names, classes and ids; other selectors are rare in SVG."""
    rules: dict[str, dict[str, str]] = {}
    for element in root.all():
        if element.name == "style":
            first, *others = element.text.split("/*")  # not by patterns, which take forever for some texts
            text = "".join([first, *(each.partition("*/")[2] for each in others)])
            for part in text.split("}", MOST_RULES):
                *_before, selectors, body = ["", *part.split("{")]
                declared = _declared(body)
                for selector in selectors.split(",", MOST_RULES)[: MOST_RULES - len(rules)]:
                    rules.setdefault(selector.strip(), {}).update(declared)
    return rules


def _declared(text: str) -> dict[str, str]:
    pairs = (each.partition(":") for each in text.split(";"))
    return {key.strip().lower(): value.strip().removesuffix("!important").strip() for key, _colon, value in pairs}


def _transformed(text: str) -> _Place:
    """Return what the transformations of an attribute do together; as in SVG, none of them where one is damaged."""
    place = _Place()
    for part in text.split(")")[:-1]:
        name, _bracket, inside = part.partition("(")
        name, values = name.strip(" ,\t\r\n"), numbers(inside)
        if name not in _TRANSFORMS or len(values) not in _TRANSFORMS[name][0]:
            return _Place()
        place = place.within(_TRANSFORMS[name][1](*values))
    return place


def _rotated(degrees: float, x: float = 0.0, y: float = 0.0) -> _Place:
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    turned = _Place(complex(cos, sin), complex(-sin, cos))
    middle = complex(x, y)
    return _Place(turned.across, turned.down, middle - turned.of(middle))


_TRANSFORMS: dict[str, tuple[tuple[int, ...], Callable[..., _Place]]] = {  # name -> how many numbers, and what they do
    "matrix": ((6,), lambda a, b, c, d, e, f: _Place(complex(a, b), complex(c, d), complex(e, f))),
    "translate": ((1, 2), lambda x, y=0.0: _Place(moved=complex(x, y))),
    "scale": ((1, 2), lambda x, y=None: _Place(complex(x), complex(0, x if y is None else y))),
    "rotate": ((1, 3), _rotated),
    "skewX": ((1,), lambda degrees: _Place(down=complex(math.tan(math.radians(degrees)), 1))),
    "skewY": ((1,), lambda degrees: _Place(across=complex(1, math.tan(math.radians(degrees))))),
}
