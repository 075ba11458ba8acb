"""Whole files of ink, recognized by their content: Inkling's JSON, and what other programs with a pen write."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from model.base.language import _
from model.ink import inkml, svg
from model.ink.ink import DEFAULT_WIDTH, LARGEST_TIME, MOST_INK_BYTES, Drawing, InkError, decoded
from model.ink.markup import parsed

ENDINGS = (".json", ".inkling", ".jsonl", ".svg", ".inkml", ".excalidraw")  # the second is the first, ours alone
MOST_DRAWINGS = 10_000  # in one document; lines have no end
HEAD = 1024  # bytes, by which a file is told

_XML = re.compile(r"\ufeff?\s*<(\?xml|!--|!DOCTYPE (svg|ink)|([\w-]+:)?(svg|ink)\b)")
_WIDE_XML = (b"\xff\xfe<\0", b"\xfe\xff\0<")  # as UTF-16 begins
_JSON = re.compile(r"\ufeff?\s*[\[{]")
_KINDS = {"svg": svg.drawing, "ink": inkml.drawing}
_EXCALIDRAW = ("excalidraw", "excalidraw/clipboard")  # the type of a file of its, and of what it copies
_DRAWN = ("freedraw", "draw", "line", "arrow")  # elements of Excalidraw that are lines


def is_ink(text: str) -> bool:
    """Return whether a text begins like ink in any of its formats."""
    return bool(_JSON.match(text) or _XML.match(text))


def read_document(text: bytes) -> Iterator[Drawing | InkError]:
    """Yield the drawings of a file with one drawing or a JSON list of them; errors appear in their places.

    For a longer file, one byte more than `MOST_INK_BYTES` is enough.
    """
    try:
        elements = _elements(text)
    except InkError as error:
        yield error
        return
    for element in elements:
        try:
            yield Drawing.from_json(element)
        except InkError as error:
            yield error


def _elements(text: bytes) -> list[Any]:
    """Return the JSON of the drawings in a file. Raises InkError."""
    if _XML.match(text[:HEAD].decode(errors="replace")) or text.startswith(_WIDE_XML):
        if len(text) > MOST_INK_BYTES:
            sentence = _("This is more than {most} MB of XML. Simplify its lines, or leave out what isn't ink.")
            raise InkError(sentence, most=MOST_INK_BYTES // 1_000_000)
        root = parsed(text)
        if root.name not in _KINDS:
            raise InkError(_("This is XML, but neither SVG nor InkML. Export it as one of them."))
        return [_KINDS[root.name](root)]
    value = decoded(text)
    if isinstance(value, dict) and value.get("type") in _EXCALIDRAW:
        return [_of_excalidraw(value)]
    if not isinstance(value, list):
        return [value]
    if len(value) > MOST_DRAWINGS:
        sentence = _(
            "There are {count:,} drawings in this, and at most {most:,} can be read at once. Save them as "
            ".jsonl, one in each line."
        )
        raise InkError(sentence, count=len(value), most=MOST_DRAWINGS)
    strokes = _of_signature_pad(value)
    return [strokes] if strokes else value


def _of_signature_pad(value: list[Any]) -> dict[str, Any]:
    """Return the JSON of a drawing in signature_pad's `toData` of any version; nothing where it is something else."""
    groups = [each if isinstance(each, dict) else {"points": each} for each in value]
    points = [group.get("points") for group in groups]
    if not any(points) or not all(
        isinstance(each, list) and all(isinstance(at, dict) for at in each) for each in points
    ):
        return {}
    pens = [group for group in groups if group.get("compositeOperation", "source-over") == "source-over"]
    places = [[(at.get("x"), at.get("y"), at.get("time")) for at in pen["points"]] for pen in pens]
    times = [time for _x, _y, time in chain(*places)]
    timed = all(type(time) in (int, float) and abs(time) <= LARGEST_TIME for time in times)
    strokes = [[[x, y, time - times[0]] if timed else [x, y] for x, y, time in stroke] for stroke in places]
    return {"strokes": strokes, "width": pens[0].get("maxWidth", DEFAULT_WIDTH) if pens else DEFAULT_WIDTH}


def _of_excalidraw(value: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON of the drawing that the lines of an Excalidraw scene make. Raises InkError."""
    elements = value.get("elements")
    lines = [
        each
        for each in (elements if isinstance(elements, list) else ())
        if isinstance(each, dict) and each.get("type") in _DRAWN and not each.get("isDeleted")
    ]
    if not lines:
        raise InkError(_("This Excalidraw drawing has no lines. Draw with its pen, or save it as a PNG and open that."))
    try:
        strokes = [_turned(each) for each in lines]
        return {"strokes": strokes, "width": max(1.0, float(lines[0].get("strokeWidth", 1)))}
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise InkError(_("A line of this Excalidraw drawing is damaged. Save it again.")) from error


def _turned(line: dict[str, Any]) -> list[list[float]]:
    """Return the points of a line, which is turned around the middle of its box."""
    points = [complex(*map(float, each[:2])) for each in line["points"]]
    if not points:
        return []
    xs, ys = [at.real for at in points], [at.imag for at in points]
    middle = complex(min(xs) + max(xs), min(ys) + max(ys)) / 2
    angle = float(line.get("angle", 0))
    turn, corner = complex(math.cos(angle), math.sin(angle)), complex(float(line["x"]), float(line["y"]))
    places = [(at - middle) * turn + middle + corner for at in points]
    return [[at.real, at.imag] for at in places]
