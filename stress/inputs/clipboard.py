"""What other programs put on the clipboard: text, addresses of files, ink, and pictures as Tk says them in numbers."""

from __future__ import annotations

import functools
import io
import json
import os
from collections.abc import Sequence
from pathlib import Path

from hypothesis import strategies as st
from PIL import Image

from app import pasted
from app.picture import Picture
from app.ui import clipboard
from stress.way import Way


def _enter(content: bytes, _home: Path) -> None:
    """Take text as the window does when it is pasted; its first letter tells whether Tk had it for a picture."""
    text = content.decode("utf-8", "surrogateescape")
    if text.startswith("P"):
        assert isinstance(clipboard.decoded(text[1:]), Picture)
        return
    text = clipboard.address_list(text[1:]) if text.startswith("U") else text
    paths = pasted.files(text)
    assert all(isinstance(path, str) for path in paths)
    for path in paths:
        os.path.abspath(path)  # noqa: PTH100  (as `Files.open_paths` does first)
    if not paths and pasted.ink(text) is None:
        raise clipboard.nothing()


@functools.cache
def _pictures() -> tuple[bytes, ...]:
    found = []
    for kind in ("PNG", "BMP", "JPEG", "TIFF", "WEBP", "GIF"):
        file = io.BytesIO()
        Image.new("L", (3, 2), 255).save(file, kind)
        found.append(file.getvalue())
    return tuple(found)


def _said(content: bytes) -> str:
    """Return bytes as Tk says those of a property that it does not know."""
    return "".join(f"{byte:#x} " for byte in content)


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
_NUMBERS = st.sampled_from(
    [
        "0x0",
        "0xff",
        "0x100",
        "0xFF",
        "-0x1",
        "0x",
        "x",
        "255",
        "0x00",
        "0xffffffff",
        "0x1.8",
        "\0",
        "0xff,",
        "{0x1}",
        "",
    ]
)


@st.composite
def _numbers(draw: st.DrawFn) -> str:
    """Return numbers of a picture with some of them wrong, or of anything."""
    content = draw(
        st.sampled_from(range(len(_pictures()))).map(lambda number: _pictures()[number]) | st.binary(max_size=60)
    )
    words = _said(content[: draw(st.integers(0, len(content)))] if draw(st.booleans()) else content).split()
    for _ in range(draw(st.integers(0, 3))):
        words.insert(draw(st.integers(0, len(words))), draw(_NUMBERS | st.integers(0, 255).map(hex)))
    return "P" + draw(st.sampled_from([" ", "  ", "\n", "\u2003"])).join(words)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


_ADDRESS_BYTES = st.one_of(_LISTS.map(_encoded), st.binary(max_size=40)).map(lambda some: b"U" + _said(some).encode())


def _corpus() -> Sequence[bytes]:
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
        *(b"P" + _said(picture).encode() for picture in _pictures()),
        b"P" + b"0x0 " * 1_000_000,
        b"U" + _said(b"file:///tmp/7.png\r\n").encode(),
    )


WAY = Way(
    "clipboard",
    grammar=st.one_of(_LISTS.map(_encoded), _JSON.map(_encoded), _numbers().map(_encoded), _ADDRESS_BYTES),
    corpus=_corpus,
    enter=_enter,
    modules=(
        "app.pasted",
        "app.ui.clipboard",
        "app.canvas",
        "model.ink",
        "urllib.parse",
        "json.decoder",
        "app.sources",
    ),
)
