"""Ink in all its forms, and everything done with it: read, shown, saved, imported, restored at the next start."""

from __future__ import annotations

import functools
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from hypothesis import strategies as st

from app.drawing import drawing_file
from app.drawing.canvas import on_canvas
from app.drawing.geometry import without_tremble
from app.kept.last_drawing import LastDrawing
from app.kept.sample import sample
from app.kept.samples import Samples
from app.sources import clipboard, sources
from app.ui.drawings import card
from model.base.errors import UserError
from model.bundle.bundle import open_bundle
from model.ink.ink import MOST_POINTS, MOST_STROKES, Drawing, InkError
from model.reading.recognizer import Recognizer
from stress.inputs import foreign_ink
from stress.way import Way

ENDINGS = (".json", ".jsonl", ".svg")
FEW = 2_000  # points, at most, for saving a drawing as a picture and showing it small, which is the longest work


@functools.cache
def _recognizer() -> Recognizer:
    return Recognizer(open_bundle())


def _enter(content: bytes, home: Path) -> None:
    """Do what an ink file's length decides."""
    WAYS[len(content) % len(WAYS)](content, home)


def _open(content: bytes, home: Path) -> None:
    """Open a file, as the window and `recognize` do, and do what the window does with a drawing."""
    file = home / f"drawing{ENDINGS[len(content) // len(WAYS) % len(ENDINGS)]}"
    file.write_bytes(content)
    wrong: list[UserError] = []
    assert sources.count([str(file)]) >= 0
    for subject in sources.read([str(file)], io.BytesIO()):
        if isinstance(subject.content, UserError):
            wrong.append(subject.content)
        else:
            assert isinstance(subject.content, Drawing)
            _use(subject.content, home)
    if wrong:
        raise wrong[0]


def _use(drawing: Drawing, home: Path) -> None:
    shown = sources.workable(sources.Subject("", 0, drawing))
    assert isinstance(shown, Drawing)
    _recognizer().recognize(shown)
    for stroke in shown.strokes:
        assert len(without_tremble(stroke.points)) == len(stroke.points)
    again = home / "again.json"
    drawing_file.save(shown, again)
    (kept,) = (subject.content for subject in sources.read([str(again)], io.BytesIO()))
    assert kept == shown, "what was saved is not what was drawn"
    points = sum(len(stroke.points) for stroke in shown.strokes)
    if points <= FEW:
        _recognizer().recognize(drawing)
        drawing_file.svg(shown)
        drawing_file.svg(drawing)
        if not shown.is_blank:
            card.png(drawing, 64)
    if points == FEW or points % 50 == 7:
        drawing_file.save(shown, home / "again.png")


def _import(content: bytes, home: Path) -> None:
    """Import a file's drawings into the user's own, and export them again."""
    file, out = home / "import.jsonl", home / "export.jsonl"
    file.write_bytes(content)
    for each in home.glob("drawings.sqlite3*"):
        each.unlink()
    with Samples(home / "drawings.sqlite3") as samples:
        taken = samples.take(file)
        for number in samples.ids()[:3]:
            card.png(samples.some([number])[0].drawing, 64)
        assert samples.export(out) == len(taken.new)
        assert samples.take(out) == ([], len(taken.new)), "what was exported is not what was imported"


def _paste(content: bytes, home: Path) -> None:
    """Paste text from the clipboard."""
    text = content.decode(errors="surrogateescape")
    clipboard.files(text)
    drawing = clipboard.ink(text)
    if drawing:
        _use(drawing, home)
        if not drawing.is_blank:
            assert sample(drawing, "7").drawing.strokes == drawing.strokes


def _start_again(content: bytes, home: Path) -> None:
    """Start with this as the last drawing; if it's damaged, it's set aside, and the window is blank."""
    file = home / "last-drawing.json"
    for each in home.glob("last-drawing*"):
        each.unlink()
    file.write_bytes(content)
    window = LastDrawing(file)
    drawing = window.take()
    window.close()
    if not file.exists():
        (aside,) = home.glob("last-drawing.json.damaged-*")
        assert aside.read_bytes() == content
        raise InkError("The last drawing is set aside.")
    on_canvas(drawing)


WAYS = (_open, _import, _open, _paste, _open, _start_again)

_NUMBERS = st.one_of(
    st.integers(-300, 600),
    st.floats(),
    st.integers(),
    st.sampled_from([1e6, 1e6 + 1, -1e6, 1e15, 1e308, 5e-324, 1e-300, 2**63, 10**400, 0.0, -0.0]),
)
_TEXTS = st.text(max_size=20) | st.sampled_from(["\ud800", "x" * 3000, "\0", "\uff17", "=1+1"])
_ANYTHING = st.recursive(
    st.none() | st.booleans() | _NUMBERS | _TEXTS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner, max_size=5),
    max_leaves=12,
)
_PLACES = st.floats(0, 280) | st.integers(0, 280) | st.sampled_from([1e6, -1e6, 0.0, 1e-300, 5e-324])
_GOOD = st.tuples(_PLACES, _PLACES, st.floats(-1e15, 1e15), st.floats(0, 1)).map(list) | st.tuples(
    _PLACES, _PLACES
).map(list)
_POINTS = st.lists(_NUMBERS, min_size=0, max_size=5) | _GOOD
_HEAVY: tuple[Callable[[int, int], list[list[list[float]]]], ...] = (  # strokes with this many points, by a number
    lambda count, by: [[[at * by % 281, at * 7 % 199] for at in range(count)]],
    lambda count, by: [[[by, by]] * count],
    lambda count, by: [[[at * 1e-3, by, -at] for at in range(count)]],
    lambda count, by: [[[at * by / 10, 0], [200 + at * by / 10, 200]] for at in range(count // 12)],  # hatching
    lambda count, by: [[[at % 281, by]] for at in range(count // 12)],  # dots
    lambda count, _by: [[] for _at in range(count)],
    lambda count, _by: [[[(-1) ** at * 1e6, at], [at, (-1) ** at * 1e6]] for at in range(count // 12)],
)
_HEAVY_STROKES = st.builds(
    lambda make, count, by: make(count, by),
    st.sampled_from(_HEAVY),
    st.integers(0, 2_000) | st.sampled_from([1_999, 6_000, 20_000, 20_001, 24_012]),
    st.integers(-300, 300),
)
_STROKES = st.one_of(
    st.lists(st.lists(_GOOD, max_size=12), max_size=4), st.lists(st.lists(_POINTS, max_size=9) | _ANYTHING, max_size=4)
)
_SIDES = st.sampled_from([1, 280, 300, 640, 4000, 4001, 1_000_000]) | _NUMBERS
_WIDTHS = st.sampled_from([20, 0.01, 100, 101, 1_000_000, 1e-6, 1e-7]) | _NUMBERS


def _drawings(strokes: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.fixed_dictionaries(
        {"strokes": strokes},
        optional={
            "width": _WIDTHS | _ANYTHING,
            "canvas": st.lists(_SIDES, min_size=2, max_size=2) | _ANYTHING,
            "label": st.sampled_from([*"0123456789", "10", "a"]) | _ANYTHING,
            "writer": _ANYTHING,
            "kept": st.sampled_from(["2026-11-22T19:05:00+00:00", "0001-01-01T00:00:00+14:00"]) | _ANYTHING,
            "read_as": _ANYTHING,
            "more": _ANYTHING,
        },
    )


_DRAWINGS = _drawings(_STROKES | _ANYTHING)
_JSON = (_DRAWINGS | st.lists(_DRAWINGS, max_size=3) | _ANYTHING).map(json.dumps)
_ODD = st.sampled_from(
    [
        '{"strokes": [], "strokes": [[[1, 2]]]}',
        '{"strokes": [[[1, 2]]], "more": ' + "[" * 19 + "]" * 19 + "}",
        '{"strokes": [[[1, 2]]], "more": ' + "[" * 500 + "]" * 500 + "}",
        '{"a":' * 900 + "1" + "}" * 900,
        '{"strokes": [[[NaN, Infinity], [-Infinity, 1e999]]]}',
        '{"strokes": [[["1", 2]]], "label": "\\ud800"}',
        '{"label": "7", "strokes": [[[1,2,3],[4,5,1],[9,9,-4]]], "canvas": [280, 280]}',
    ]
)


@st.composite
def _files(draw: st.DrawFn) -> bytes:
    """Return a file: JSON, lines of JSON, or either with a wrong byte or its end cut off."""
    if draw(st.integers(0, 99)) == 0:
        content = json.dumps(draw(_drawings(_HEAVY_STROKES))).encode()
    elif draw(st.booleans()):
        content = draw(foreign_ink.FILES).encode()
    else:
        content = "\n".join(draw(st.lists(_JSON | _ODD, min_size=1, max_size=3))).encode()
    match draw(st.integers(0, 7)):
        case 0:
            content = content[: draw(st.integers(0, len(content)))]
        case 1 if content:
            place = draw(st.integers(0, len(content) - 1))
            content = content[:place] + draw(st.binary(min_size=1, max_size=3)) + content[place + 1 :]
        case 2:
            content = draw(st.sampled_from([b"\xef\xbb\xbf", b"\xff\xfe", b"\n\n", b" "])) + content
    return content + b" " * draw(st.integers(0, len(WAYS) * len(ENDINGS) - 1))


def _corpus() -> Sequence[bytes]:
    seven = {"strokes": [[[20, 20, 0, 0.5], [80, 20, 9, 0.5], [40, 90, 20, 0.5]]], "canvas": [280, 280], "width": 12}
    text = json.dumps(seven).encode()
    labelled = json.dumps(seven | {"label": "7", "read_as": "1"}).encode()
    whole = len(WAYS) * len(ENDINGS)
    small = [each + b" " * more for each in (text, labelled) for more in range(whole)]
    full = json.dumps(seven | {"strokes": _HEAVY[0](MOST_POINTS, 13)}).encode()
    hatching = json.dumps(seven | {"strokes": _HEAVY[3](12 * MOST_STROKES, 1), "width": 0.01}).encode()
    apart = json.dumps({"strokes": [[[at * 12 + by % 9, by % 41] for by in range(500)] for at in range(40)]}).encode()
    large = [each + b" " * (-len(each) % whole) for each in (full, hatching, apart)]
    million = json.dumps(seven | {"strokes": _HEAVY[0](1_000_000, 13)}).encode()
    return (
        *(*small, *large, million, text + b"\n" + labelled + b"\n", b"[" + text + b"," + text + b"]"),
        *(b"[" * 3000, b"9" * 4000, b"1\n" * 20_000, b"1\n" * 20_000 + b"\n"),
        *(b"[" * 30_000_000 + b"[" * more for more in (1, 6)),  # a line without end
        *(each + b" " * (-len(each) % whole) for each in foreign_ink.worst()),
        *(b"[" + b"[]," * 1_600_000 + b"[]]" + b" " * more for more in range(len(WAYS))),
    )


WAY = Way(
    "ink",
    grammar=_files(),
    corpus=_corpus,
    enter=_enter,
    modules=(
        *(
            "model.ink.ink",
            "model.ink.document",
            "model.ink.markup",
            "model.ink.svg",
            "model.ink.svg_path",
            "model.ink.inkml",
            "app.sources.sources",
            "app.drawing.canvas",
            "app.kept.sample",
            "app.sources.clipboard",
            "app.kept.last_drawing",
            "app.drawing.geometry",
        ),
        *("app.drawing.drawing_file", "model.reading.normalize", "model.reading.strokes", "json.decoder"),
    ),
)
