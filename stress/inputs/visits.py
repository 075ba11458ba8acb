"""A stranger's messages to the running window, and what a second start finds in the file that names the window."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import socket
import threading
import time
from collections.abc import Sequence
from multiprocessing.connection import Client
from pathlib import Path

from hypothesis import strategies as st

from app.facts import instance
from app.facts.instance import Instance, Request, hand_over
from model.base.errors import UserError
from stress.way import Way

SECONDS = 3.0  # seconds that a second start may take


class _Window:
    """A window that listens, and accepts all requests as the real window does."""

    def __init__(self, home: Path):
        instance.STRANGER_PAUSE = 0.001  # strangers are let in one after another
        self.place = home / ".running.json"
        self.taken: list[Request] = []
        self._instance = Instance(self.place)
        assert self._instance.listen()
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        while True:
            request = self._instance._requests.get()  # the window checks at intervals
            self.taken.append(request)
            request.accept()


@functools.cache
def _window(home: Path) -> _Window:
    return _Window(home)


def _enter(content: bytes, home: Path) -> None:
    """Say something to the window, or start with something in place of its file; afterwards, it must still work."""
    window = _window(home)
    how, said = content[:1], content[1:]
    address, key = (json.loads(window.place.read_text())[name] for name in ("address", "key"))
    began = time.monotonic()
    taken = False
    window.taken.clear()
    if how == b"p":
        place = home / "other.json"
        place.write_bytes(said.replace(b"ADDRESS", address.encode()).replace(b"KEY", key.encode()))
        taken = hand_over([], place)
    elif how == b"k":  # a stranger who knows the key
        with contextlib.suppress(OSError, EOFError), Client(address, authkey=bytes.fromhex(key)) as connection:
            connection.send_bytes(said)
            taken = connection.poll(SECONDS) and connection.recv_bytes(100) == instance.TAKEN
            assert not taken or all(isinstance(path, Path) for path in window.taken[0].files)
    else:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as stranger:
            stranger.connect(address)
            stranger.sendall(said)
        assert not window.taken
    assert hand_over([home / "seven.png"], window.place), "the window cannot be found any more"
    assert window.taken[-1].files == [home / "seven.png"]
    assert time.monotonic() - began < SECONDS * 4, "a second start has waited for long"  # the machine is busy here
    if not taken:
        raise UserError("Nobody was let in.")


_NAMES = st.text(max_size=20) | st.sampled_from(["/x.png", "\0", "\ud800", "../..", "x" * 5000])
_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _NAMES,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner, max_size=5),
    max_leaves=8,
)
_REQUESTS = st.one_of(
    st.fixed_dictionaries({"files": st.lists(_NAMES | _ANYTHING, max_size=5) | _ANYTHING}).map(json.dumps),
    _ANYTHING.map(json.dumps),
).map(str.encode) | st.binary(max_size=40)
_ADDRESSES = _ANYTHING | st.sampled_from(
    [
        "ADDRESS",
        ["evil.example", 80],
        "('evil.example', 80)",
        r"\\evil.example\pipe\x",
        "/run/other.socket",
        "\0abstract",
    ]
)
_PLACES = st.fixed_dictionaries(
    {},
    optional={
        "address": _ADDRESSES,
        "key": st.sampled_from(["KEY", "00" * 32, "", "zz"]) | _ANYTHING,
        "display": st.just(os.environ.get("DISPLAY", "").removesuffix(".0")) | _ANYTHING,
    },
).map(json.dumps).map(str.encode) | st.binary(max_size=40)
_LENGTHS = st.sampled_from([b"\0\0\0\x14", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\0", b""])
_WORDS = st.sampled_from([b"#CHALLENGE#", b"#WELCOME#", b"#FAILURE#", b"{md5}", b"{sha256}"]) | st.binary(max_size=30)
_STRANGERS = st.lists(st.tuples(_LENGTHS, _WORDS).map(b"".join), max_size=4).map(b"".join)


@st.composite
def _said(draw: st.DrawFn) -> bytes:
    """Return who speaks, and what they say."""
    return draw(st.one_of(_PLACES.map(b"p".__add__), _REQUESTS.map(b"k".__add__), _STRANGERS.map(b"s".__add__)))


def _corpus() -> Sequence[bytes]:
    display = json.dumps(os.environ.get("DISPLAY", "").removesuffix(".0"))
    places = [
        f'{{"address": {address}, "key": "KEY", "display": {display}}}'.encode()
        for address in ('"ADDRESS"', '["evil.example", 80]', r'"\\\\evil.example\\pipe\\x"', '"/run/docker.sock"', "7")
    ]
    return (
        *(b"p" + place for place in (*places, b"", b"[" * 100_000, b"{" * 9, b"\xff", b"[]" * 5_000_000)),
        *(
            b"k" + said
            for said in (b'{"files": []}', b'{"files": ["/a"]}', b'{"files": [7]}', b"[" * 100_000, b"\xff", b"")
        ),
        *(b"k" + bytes(instance.LARGEST_REQUEST + more) for more in (0, 1)),
        *(
            b"s" + said
            for said in (b"", b"\0", b"\xff" * 100, b"\0\0\0\x14#CHALLENGE#12345678", b"GET / HTTP/1.1\r\n\r\n")
        ),
    )


WAY = Way(
    "visits",
    grammar=_said(),
    corpus=_corpus,
    enter=_enter,
    modules=("app.facts.instance", "multiprocessing.connection", "json.decoder"),
)
