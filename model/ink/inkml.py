"""The traces of an InkML file as ink (W3C: Ink Markup Language, 2011), as written by tablets, Word and data sets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from model.base.language import _
from model.ink.ink import MOST_POINTS, InkError
from model.ink.markup import Element, too_many

_VALUE = re.compile(r"""([!'"]?)\s*([*?TF]|#[0-9A-Fa-f]{1,8}|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)""")
_ORDERS = {"!": 0, "'": 1, '"': 2}  # prefix -> of which difference the next values of a channel are
_UNITS = {"s": 1000.0, "us": 0.001, "ns": 1e-6}  # of time, in milliseconds, which it counts else


@dataclass(frozen=True, slots=True)
class _Format:
    """Where in a point of a trace its channels stand, and what a unit of time is in milliseconds."""

    channels: tuple[str, ...] = ("X", "Y")
    unit: float = 1.0

    @classmethod
    def of(cls, element: Element) -> _Format:
        found = [each.attributes for each in element.children if each.name == "channel"]
        units = (each.get("units", "") for each in found if each.get("name") == "T")
        return cls(tuple(each.get("name", "") for each in found), _UNITS.get(next(units, ""), 1.0))


def drawing(root: Element) -> dict[str, Any]:
    """Return the JSON of the drawing that an ``ink`` element holds, labelled with its truth. Raises InkError."""
    formats: dict[str, _Format] = {}
    now = _Format()
    value: dict[str, Any] = {"strokes": []}
    count = 0
    for element in root.all():
        if element.name in ("context", "traceFormat"):
            now = next((_Format.of(each) for each in element.all() if each.name == "traceFormat"), now)
            formats[element.attributes.get("id", "")] = now
        elif element.name == "annotation" and element.attributes.get("type") == "truth":
            value.setdefault("label", element.text.strip("$ \t\r\n"))
        elif element.name == "trace" and element.attributes.get("type") != "penUp":
            reference = element.attributes.get("contextRef", "").rpartition("#")[2]
            stroke = []
            for point in _points(element.text, formats.get(reference, now)):
                stroke.append(point)
                count += 1
                if count > MOST_POINTS:
                    raise too_many()
            value["strokes"] += [stroke] if stroke else []
    if not count:
        raise InkError(_("This InkML has no pen traces. Check that it was saved completely."))
    times = [point[2] for stroke in value["strokes"] for point in stroke if len(point) > 2]
    whole = len(times) == count and times == sorted(times)  # else each trace has a clock of its own
    for stroke in value["strokes"]:
        stroke[:] = [[*point[:2], point[2] - times[0]] if whole else point[:2] for point in stroke]
    return value


def _points(text: str, form: _Format) -> Iterator[list[float]]:
    """Yield the points of a trace, each a list of x, y, and milliseconds where they are told. Raises InkError."""
    if not {"X", "Y"} <= set(form.channels):
        raise InkError(_("This InkML has traces without X and Y. Save it with both."))
    places = [form.channels.index(name) for name in ("X", "Y", "T") if name in form.channels]
    channels = [_Channel() for _name in form.channels]
    for part in text.split(","):
        number = 0
        for found in _VALUE.finditer(part):
            if number == len(channels):
                break
            channel = channels[number]
            channel.order = _ORDERS.get(found[1], channel.order)
            channel.take(found[2])
            number += 1
        if number > max(places):
            x, y, *time = (channels[place].value for place in places)
            yield [x, y, *(each * form.unit for each in time)]


@dataclass(slots=True)
class _Channel:
    """A channel of a trace: its value and how that changed, of which the next value can be the difference."""

    value: float = 0.0
    change: float = 0.0
    order: int = 0

    def take(self, text: str) -> None:
        if text in ("*", "?"):  # as before
            return
        number = float(int(text[1:], 16)) if text[0] == "#" else float({"T": "1", "F": "0"}.get(text, text))
        before = self.value
        if self.order == 2:
            number += self.change
        self.value = before + number if self.order else number
        self.change = self.value - before
