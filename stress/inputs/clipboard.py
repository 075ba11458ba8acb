"""Other programs' clipboard contents: text, file addresses, ink and pictures, handed over by an X server."""

from __future__ import annotations

import functools
import io
import json
import os
from collections.abc import Sequence
from pathlib import Path

from hypothesis import strategies as st
from PIL import Image

from app.drawing.picture import Picture
from app.sources import clipboard, x_clipboard
from model.base.errors import UserError
from model.ink.ink import Drawing
from stress.inputs import bombs, pictures
from stress.way import Way

KINDS = (*clipboard.KINDS, clipboard.ADDRESSES, clipboard.TEXT, clipboard.OLD_TEXT, "TARGETS", "INCR", "text/html")


def _ready(_home: Path) -> None:
    """Start a screen with a program that owns the clipboard."""
    from stress.inputs import selections  # noqa: PLC0415  (it needs what tests need)

    x_clipboard.SILENCE_SECONDS, x_clipboard.PATIENCE_SECONDS = 0.1, 1.0  # there are too many programs to wait for each
    selections.owner()


def _enter(content: bytes, home: Path) -> None:
    """Paste text, a picture's bytes (P), or what a program hands over on an X server in a certain manner (X)."""
    if content.startswith(b"X"):
        _paste_from_x(content[1:], home)
    elif content.startswith(b"P"):
        assert isinstance(clipboard.picture(content[1:]), Picture)
    else:
        found = clipboard.understood(content.decode("utf-8", "replace"))
        if found is None or isinstance(found, list):
            _check_paths(found or [])
        if not found:
            raise clipboard.nothing()


def _paste_from_x(content: bytes, home: Path) -> None:
    from stress.inputs.selections import MANNERS, owner  # noqa: PLC0415  (as above)

    program, display = owner()
    head, kinds, body = content[:1], content[1:2], content[2:]
    manner = MANNERS[(head or b"\0")[0] % len(MANNERS)]
    chosen = [KINDS[(kinds or b"\0")[0] % len(KINDS)], KINDS[(kinds or b"\0")[0] // len(KINDS) % len(KINDS)]]
    program.put(manner, dict.fromkeys(chosen, body), home)
    found = clipboard.Clipboard("", display).read()
    if isinstance(found, list):
        _check_paths(found)
        if not found:
            raise UserError("Nothing was pasted.")
    else:
        assert isinstance(found, Picture | Drawing)


def _check_paths(paths: list[str]) -> None:
    assert all(isinstance(path, str) for path in paths)
    for path in paths:
        os.path.abspath(path)  # noqa: PTH100  (as `Files.open_paths` does first)


@functools.cache
def _pictures() -> tuple[bytes, ...]:
    found = []
    for kind in ("PNG", "BMP", "JPEG", "TIFF", "WEBP", "GIF"):
        file = io.BytesIO()
        Image.new("L", (3, 2), 255).save(file, kind)
        found.append(file.getvalue())
    return tuple(found)


_LETTERS = st.characters(codec="utf-8") | st.sampled_from(list("\0\n\r\t\x0b\x1c\x85\u2028\u202e\ufeff %/:#?[]@"))
_WORDS = st.text(_LETTERS, max_size=20)
_NAMES = _WORDS | st.sampled_from(["..", ".", "~", "etc", "tmp", "a" * 300, "%00", "%2e%2e", "%zz", "%", "%ff", "%c3"])
_PATHS = st.builds(
    lambda first, names: first + "/".join(names),
    st.sampled_from(["/", "", "./", "//", "\\\\", "C:\\", "~/", "/proc/self/", "/dev/", "/tmp/"]),  # noqa: S108
    st.lists(_NAMES, max_size=6),
)
_HOSTS = _WORDS | st.sampled_from(
    ["", "localhost", "[::1", "[::1]", "a]", "[", "user:pass@host:99999", "\u2100", "host:x"]
)
_ADDRESSES = st.builds(
    lambda scheme, host, path, rest: f"{scheme}{host}/{path}{rest}",
    st.sampled_from(["file://", "FILE://", "file:", "http://", "smb://", "data:", "trash:///", "file:///"]),
    _HOSTS,
    _PATHS,
    st.sampled_from(["", "?query", "#part", ";x", "%00"]),
)
_LINES = st.one_of(_PATHS, _ADDRESSES, _WORDS, st.just("# a remark"), _PATHS.map('"{}"'.format))
_LISTS = st.lists(_LINES, max_size=6).flatmap(
    lambda lines: st.sampled_from(["\n", "\r\n", "\r", "\0", "\u2028"]).map(lambda end: end.join(lines))
)
_INK = st.builds(
    lambda strokes, more, end: json.dumps({"strokes": strokes} | more) + end,
    st.lists(st.lists(st.lists(st.floats() | st.integers(), max_size=4), max_size=4), max_size=3) | _WORDS,
    st.dictionaries(
        st.sampled_from(["canvas", "width", "label", "more"]), st.integers() | _WORDS | st.none(), max_size=3
    ),
    st.sampled_from(["", "\n", "}", "]", ",", "\0"]),
)
_JSON = st.one_of(_INK, _INK.map("[{}]".format), st.lists(_INK, max_size=3).map(",".join).map("[{}]".format))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


_BODIES = st.one_of(
    st.sampled_from(range(6)).map(lambda number: _pictures()[number]),
    st.sampled_from(pictures.FOREIGN).map(pictures.foreign),
    bombs.small(),
    _LISTS.map(_encoded),
    _JSON.map(_encoded),
    st.binary(max_size=300),
    st.integers(0, 1).map(lambda far: bombs.png(24_000, 24_000) if far else bombs.png(10_000, 5_001)),
).flatmap(lambda body: st.sampled_from([body, body, body[: len(body) // 2], body.ljust(500_000, b"\0"), body + body]))
_FROM_X = st.builds(
    lambda manner, kind, body: b"X" + bytes([manner, kind]) + body,
    # Programs that don't answer are waited for, so there are fewer of them.
    st.sampled_from([0, 1, 8, 13] * 6) | st.integers(0, 255),
    st.integers(0, 255),
    _BODIES,
)


def _corpus() -> Sequence[bytes]:
    from stress.inputs.selections import MANNERS  # noqa: PLC0415  (as above)

    return (
        b"",
        b"7",
        b"file:///tmp/7.png\r\n",
        b"file://[\n",
        b"/" + b"a/" * 3000,
        b"[" * 100_000,
        b'{"strokes": [[[1, 2], [3, 4]]]}',
        b"{" * 2_000_000,
        b"\n" * 2_000_000,
        b"/\n" * 2_000_000,
        *(b"P" + picture for picture in _pictures()),
        *(b"P" + pictures.foreign(kind) for kind in pictures.FOREIGN),
        *(b"X" + bytes([manner, 0]) + _pictures()[0] for manner in range(len(MANNERS))),
        *(b"X" + bytes([manner, 0]) + bytes(500_000) for manner in range(len(MANNERS))),
        *(b"X" + bytes([0, kind]) + _pictures()[0] for kind in range(len(KINDS))),
    )


WAY = Way(
    "clipboard",
    grammar=st.one_of(_LISTS.map(_encoded), _JSON.map(_encoded), _BODIES.map(b"P".__add__), _FROM_X),
    corpus=_corpus,
    enter=_enter,
    ready=_ready,
    modules=(
        "app.sources.clipboard",
        "app.sources.x_clipboard",
        "app.drawing.canvas",
        "model.ink.ink",
        "urllib.parse",
        "json.decoder",
        "app.sources.sources",
    ),
)
