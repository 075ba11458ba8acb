"""An X server's clipboard is found wherever the server is, and read no further than needed."""

import socket
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.sources.x_clipboard import XClipboard
from tests.conftest import missing, on_linux
from tests.screen import virtual_screen

if sys.platform == "linux":
    from tests.selections import program

pytestmark = on_linux

COOKIE = bytes(range(16))


def allowed(display: bytes, cookie: bytes, kind: bytes = b"MIT-MAGIC-COOKIE-1", computer: str = "another") -> bytes:
    """Return an entry of the file that gives its user access to X servers."""
    words = (computer.encode(), display, kind, cookie)
    return struct.pack(">H", 256) + b"".join(struct.pack(">H", len(word)) + word for word in words)


@pytest.fixture
def guarded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of a display that needs a cookie; the user's file has it among others."""
    file = tmp_path / "cookies"
    file.write_bytes(allowed(b"", COOKIE))
    try:
        with virtual_screen(more=["-auth", str(file)]) as name:
            number = name[1:].encode()
            others = allowed(number, b"wrong" * 3), allowed(b"4711", b"?" * 16), allowed(number, b"?", b"ANOTHER-WAY")
            right = allowed(number, COOKIE, computer=socket.gethostname())
            file.write_bytes(b"".join(others) + right + b"\1\0\0")
            monkeypatch.setenv("XAUTHORITY", str(file))
            yield name
    except FileNotFoundError as error:
        missing(str(error))


def test_a_server_lets_in_who_has_its_cookie(guarded: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with program(guarded) as other:
        other.offer("CLIPBOARD", {"UTF8_STRING": b"seven", "image/png": b"a picture"})
        with XClipboard(f"{guarded}.0") as clipboard:
            assert clipboard.kinds(("image/gif", "image/png", "UTF8_STRING")) == ["image/png", "UTF8_STRING"]
            assert clipboard.get("UTF8_STRING", 100) == b"seven"
            assert clipboard.get("image/gif", 100) is None
        monkeypatch.setenv("XAUTHORITY", "/nowhere")
        with pytest.raises(ConnectionRefusedError), XClipboard(guarded):
            pass


@pytest.mark.parametrize("name", [":4711", "unix:4711.0", "localhost:4711.0"])
def test_where_no_server_is_there_is_an_error(name: str) -> None:
    with pytest.raises(ConnectionRefusedError), XClipboard(name):
        pass


def test_an_error_of_the_server_is_told(display: str) -> None:
    with program(display) as other, XClipboard(display) as clipboard:
        other.offer("CLIPBOARD", {"UTF8_STRING": b"seven"})
        clipboard._window = 7  # which nobody has
        with pytest.raises(OSError, match=r"^the X server answers with error 3$"):  # BadWindow
            clipboard.get("UTF8_STRING", 9)


def test_no_more_is_taken_than_is_wanted(display: str) -> None:
    with program(display) as other, XClipboard(display) as clipboard:
        other.offer("CLIPBOARD", {"UTF8_STRING": b"x" * 700_000})
        assert len(clipboard.get("UTF8_STRING", 1000) or b"") < 300_000  # not more than one piece
        assert clipboard.get("UTF8_STRING", 1_000_000) == b"x" * 700_000
        other.offer("CLIPBOARD", {"UTF8_STRING": b"y" * 700_000}, bit_by_bit=True)
        assert 1000 < len(clipboard.get("UTF8_STRING", 1000) or b"") < 100_000
