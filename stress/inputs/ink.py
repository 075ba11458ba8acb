"""Ink as JSON: files of one drawing, of a list, and lines."""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from pathlib import Path

from hypothesis import strategies as st

from app import sources
from app.canvas import on_canvas
from model.bundle import open_bundle
from model.errors import UserError
from model.ink import Drawing
from model.recognizer import Recognizer
from stress.way import Way

ENDINGS = (".json", ".jsonl", ".inkling")


@functools.cache
def _recognizer() -> Recognizer:
    return Recognizer(open_bundle())


def _enter(content: bytes, home: Path) -> None:
    """Open a file of ink and read what is in it; its last byte chooses the file's ending."""
    file = home / f"drawing{ENDINGS[content[-1] % len(ENDINGS) if content else 0]}"
    file.write_bytes(content)
    wrong: list[UserError] = []
    with file.open("rb") as stream:
        for subject in sources.read([str(file)], stream):
            if isinstance(subject.content, UserError):
                wrong.append(subject.content)
            else:
                assert isinstance(subject.content, Drawing)
                _recognizer().recognize(on_canvas(subject.content))
    if wrong:
        raise wrong[0]


_NUMBERS = st.one_of(
    st.integers(-300, 600),
    st.floats(),
    st.integers(),
    st.sampled_from([1e6, 1e6 + 1, -1e6, 1e15, 1e308, 2**63, 10**400, 0.0, -0.0]),
)
_ANYTHING = st.recursive(
    st.none() | st.booleans() | _NUMBERS | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner, max_size=5),
    max_leaves=12,
)
_POINTS = st.lists(_NUMBERS, min_size=0, max_size=5) | st.tuples(
    st.floats(0, 280), st.floats(0, 280), st.floats(0, 1e5), st.floats(0, 1)
).map(list)
_STROKES = st.lists(st.lists(_POINTS, max_size=12) | _ANYTHING, max_size=4)
_DRAWINGS = st.fixed_dictionaries(
    {"strokes": _STROKES | _ANYTHING},
    optional={
        "width": _NUMBERS | _ANYTHING,
        "canvas": st.lists(_NUMBERS, max_size=3) | _ANYTHING,
        "label": _ANYTHING,
        "writer": _ANYTHING,
        "more": _ANYTHING,
    },
)
_TEXTS = (_DRAWINGS | st.lists(_DRAWINGS, max_size=3) | _ANYTHING).map(json.dumps)


@st.composite
def _files(draw: st.DrawFn) -> bytes:
    """Return a file: JSON, lines of it, or either with a byte that is wrong or its end cut off."""
    content = "\n".join(draw(st.lists(_TEXTS, min_size=1, max_size=3))).encode()
    match draw(st.integers(0, 5)):
        case 0:
            content = content[: draw(st.integers(0, len(content)))]
        case 1 if content:
            place = draw(st.integers(0, len(content) - 1))
            content = content[:place] + draw(st.binary(min_size=1, max_size=3)) + content[place + 1 :]
        case 2:
            content = draw(st.sampled_from([b"\xef\xbb\xbf", b"\xff\xfe", b"\n\n", b" "])) + content
    return content + draw(st.sampled_from([b"", b" ", b"\n", b"\t"]))


def _corpus() -> Sequence[bytes]:
    seven = {"strokes": [[[20, 20, 0, 0.5], [80, 20, 9, 0.5], [40, 90, 20, 0.5]]], "canvas": [280, 280], "width": 12}
    text = json.dumps(seven).encode()
    return (
        text,
        text + b"\n" + text + b"\n",
        b"[" + text + b"," + text + b"]",
        b"[" * 3000,
        b'{"strokes": [[[NaN, Infinity], [-Infinity, 1e999]]]}',
        b"9" * 4000,
    )


WAY = Way(
    "ink",
    grammar=_files(),
    corpus=_corpus,
    enter=_enter,
    modules=("model.ink", "app.sources", "app.canvas", "json.decoder", "model.normalize", "model.strokes"),
)
