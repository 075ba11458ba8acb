"""What's on a clipboard is recognized, and so is what isn't, whichever system it's from."""

import io
import json
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from app.drawing.drawing_file import svg
from app.drawing.picture import Picture
from app.sources import clipboard, x_clipboard
from app.sources.clipboard import Clipboard
from model.base.errors import UserError
from model.ink.ink import Drawing, Point, Stroke
from tests.conftest import on_linux
from tests.screen import PATIENCE, wait_for

if sys.platform == "linux":
    from tests.selections import program

INK = Drawing((Stroke((Point(80, 60), Point(130, 230))),), canvas=(300, 280))
NOTHING = "^There's nothing on the clipboard that Inkling can open. Copy a picture, a file or ink, and paste again.$"
SILENT = "^The program that you copied from doesn't answer. Copy again, or save it as a file and open that.$"


def saved(kind: str = "PNG", width: int = 30) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, 20), "white").save(file, kind)
    return file.getvalue()


def test_paths_and_addresses_of_files_are_found(tmp_path: Path) -> None:
    names = ["plain.png", "with spaces é 中.jsonX", "100%20#.png"]
    paths = [tmp_path / name for name in names]
    for path in paths:
        path.write_text("")
    every = [str(path) for path in paths]
    assert clipboard.files("\n".join(every)) == every
    assert clipboard.files("# copied\r\n" + "\r\n".join(path.as_uri() for path in paths) + "\r\n") == every
    assert clipboard.files(f'  "{every[1]}"\n') == every[1:2]
    assert clipboard.files(f"file://localhost{every[0]}") == every[:1]


def test_an_address_of_no_file_is_opened_to_say_so(tmp_path: Path) -> None:
    assert clipboard.files((tmp_path / "gone.png").as_uri()) == [str(tmp_path / "gone.png")]


@pytest.mark.parametrize(
    "text",
    ["", "7", "plain.png", "/nowhere/at/all.png", "https://example.org/7.png", "\0", "x" * 9000, "file://[/7.png"],
)
def test_other_text_names_no_file(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "7").write_text("")
    (tmp_path / "plain.png").write_text("")
    assert clipboard.files(text) == []
    assert clipboard.ink(text) is None
    here = str(tmp_path / "7")
    assert clipboard.files(f"{here}\n{text}") == ([here] if not text else [])


def test_a_long_text_of_paths_is_no_list_of_files(tmp_path: Path) -> None:
    assert clipboard.files(f"{tmp_path}\n" * clipboard.MOST_FILES) == [str(tmp_path)] * clipboard.MOST_FILES
    assert clipboard.files(f"{tmp_path}\n" * (clipboard.MOST_FILES + 1)) == []


def test_ink_is_read() -> None:
    assert clipboard.ink(f"  {json.dumps(INK.to_json(), indent=1)}\n") == INK
    assert clipboard.ink(json.dumps([INK.to_json()])) == INK


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{}", "isn't ink. A drawing needs 'strokes'"),
        ("{ no json", "isn't ink. This isn't JSON"),
        ("[]", "several drawings|no drawing"),
        (json.dumps([INK.to_json()] * 2), "several drawings on the clipboard"),
        ("[" * 100_000, "too large for ink"),
        ('{"strokes": "\ud800"}', "isn't ink. 'strokes' is a list of strokes"),
    ],
)
def test_other_json_is_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        clipboard.ink(text)


@on_linux
def test_the_best_of_what_a_program_has_is_taken(display: str, tmp_path: Path) -> None:
    (tmp_path / "é").touch()
    (tmp_path / "seven.png").touch()
    address, lines = (tmp_path / "seven.png").as_uri().encode(), svg(INK).encode()
    picture = {"image/png": saved(width=31), "image/gif": saved("GIF")}
    offers: list[tuple[dict[str, bytes], object]] = [
        ({**picture, "UTF8_STRING": b"of the picture", "text/uri-list": address}, [str(tmp_path / "seven.png")]),
        ({**picture, "UTF8_STRING": b"of the picture"}, 31),
        ({**picture, "image/svg+xml": lines}, INK),
        ({**picture, "image/svg+xml": b"<svg/>"}, 31),
        ({"image/png": b"", "image/gif": saved("GIF")}, 30),
        ({"STRING": json.dumps(INK.to_json()).encode()}, INK),
        ({"UTF8_STRING": b"\xff7", "STRING": f"{tmp_path / 'é'}".encode("latin-1")}, [str(tmp_path / "é")]),
    ]
    with program(display) as other:
        for offered, wanted in offers:
            other.offer("CLIPBOARD", offered)
            found = Clipboard("", display).read()
            assert (found.image.width if isinstance(found, Picture) else found) == wanted
            if isinstance(found, Picture):
                assert found.name == "the pasted picture"


@on_linux
@pytest.mark.parametrize(
    ("offered", "sentence"),
    [
        ({"UTF8_STRING": b"7"}, NOTHING),
        ({"text/html": b"<b>7</b>"}, NOTHING),
        ({"image/svg+xml": b"<svg/>"}, "isn't ink. This SVG has no lines"),
        ({"UTF8_STRING": b"{}", "image/png": saved()}, "isn't ink. A drawing needs 'strokes'"),
        ({"image/png": b"no picture"}, "Inkling can't read this kind of file"),
        ({"UTF8_STRING": json.dumps(INK.to_json()).encode().ljust(5_000_001)}, "This is more than 5 MB of JSON"),
    ],
    ids=["a text", "a kind that isn't read", "no lines", "no ink", "no picture", "too much"],
)
def test_what_a_program_has_that_cannot_be_opened_is_a_sentence(
    display: str, offered: dict[str, bytes], sentence: str
) -> None:
    with program(display) as other:
        other.offer("CLIPBOARD", offered, bit_by_bit=max(map(len, offered.values())) > 5_000_000)
        with pytest.raises(UserError, match=sentence):
            Clipboard("", display).read()


@on_linux
def test_who_does_not_answer_is_waited_for_only_so_long_or_until_it_is_stopped(
    display: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with program(display) as other:
        asked = threading.Event()
        monkeypatch.setattr(other, "_give", lambda _event: asked.set())
        other.offer("CLIPBOARD", {"image/png": b""})
        waiting = Clipboard("", display)
        told: list[str] = []

        def wait() -> None:
            with pytest.raises(UserError) as error:
                waiting.read()
            told.append(str(error.value))

        thread = threading.Thread(target=wait)
        thread.start()
        assert asked.wait(PATIENCE)
        waiting.stop()
        thread.join()
        assert told == [NOTHING.strip("^$")]
        with pytest.raises(UserError, match=NOTHING):
            waiting.read()  # stopped before it asks
        early = Clipboard("", display)
        early.stop()
        with pytest.raises(UserError, match=NOTHING):
            early.read()
        for most in ("SILENCE_SECONDS", "PATIENCE_SECONDS"):
            with monkeypatch.context() as patched:
                patched.setattr(x_clipboard, most, 0.0)
                with pytest.raises(UserError, match=SILENT):
                    Clipboard("", display).read()


@on_linux
def test_a_large_picture_comes_bit_by_bit_and_a_program_may_break_it_off(
    display: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with program(display) as other:
        put = other._put

        def twice(window: int, place: int, kind: int, size: int, value: bytes) -> None:
            """Write something, and nothing more behind it, which is told by itself."""
            other._core.GrabServer()
            put(window, place, kind, size, value)
            if value and size == 8:
                other._core.ChangeProperty(2, window, place, kind, size, 0, b"")
            other._core.UngrabServer()

        monkeypatch.setattr(other, "_put", twice)
        other.offer("CLIPBOARD", {"image/png": saved().ljust(300_000, b"\0")}, bit_by_bit=True)
        found = Clipboard("", display).read()
        assert isinstance(found, Picture)
        assert found.image.size == (30, 20)
        give = other._give

        def destroy(event: Any) -> None:
            other._core.GrabServer()
            give(event)
            other._core.DestroyWindow(event.requestor)
            other._core.UngrabServer()
            other._connection.flush()

        monkeypatch.setattr(other, "_put", put)
        monkeypatch.setattr(other, "_give", destroy)
        other.offer("CLIPBOARD", {"image/png": saved()})
        with pytest.raises(UserError, match=NOTHING):
            Clipboard("", display).read()


@on_linux
def test_where_no_server_is_there_is_nothing_on_its_clipboard() -> None:
    with pytest.raises(UserError, match=NOTHING):
        Clipboard("", ":4711").read()


def on(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the program believe that it's on another system."""
    monkeypatch.setattr(clipboard, "sys", SimpleNamespace(platform=system))


def test_windows_has_text_files_or_a_picture_not_yet_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on("win32", monkeypatch)
    assert Clipboard(json.dumps(INK.to_json())).read() == INK
    files = [str(tmp_path / "seven.png")]

    def has(found: object) -> Drawing | Picture | list[str]:
        def grab() -> object:
            if isinstance(found, Exception):
                raise found
            return found

        monkeypatch.setattr("PIL.ImageGrab.grabclipboard", grab)
        return Clipboard("no ink").read()

    assert has(files) == files
    for kind in ("PNG", "DIB"):
        found = has(Image.open(io.BytesIO(saved(kind)), formats=[kind]))
        assert isinstance(found, Picture)
        assert found.image.size == (30, 20)
        assert found.image.convert("L").getpixel((29, 19)) == 255
    closed = Image.open(io.BytesIO(saved()))
    closed.close()
    others: list[object] = [
        None,
        [],
        closed,
        Image.new("L", (9, 9)),
        OSError("no"),
        ValueError("no"),
        SyntaxError("no"),
    ]
    for other in others:
        with pytest.raises(UserError, match=NOTHING):
            has(other)
    with pytest.raises(UserError, match="The picture has more than 200 megapixels"):
        has(Image.DecompressionBombError())


@pytest.fixture
def osascript(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Makes the program believe that it's on macOS, with shell commands as its clipboard program."""
    on("darwin", monkeypatch)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    def put(commands: str) -> None:
        (tmp_path / "osascript").write_text(f"#!/bin/sh\n{commands}\n")
        (tmp_path / "osascript").chmod(0o755)

    return put


def said(digits: str) -> str:
    """Return commands that print digits as macOS does."""
    return f"printf '\\302\\253data PNGf'; printf '%s' '{digits}'; printf '\\302\\273\\n'"


@on_linux
def test_macos_prints_a_picture_in_digits(osascript: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    osascript(f'test "$*" = "-e get the clipboard as «class PNGf»" || exit 1; {said(saved().hex().upper())}')
    found = Clipboard("no ink").read()
    assert isinstance(found, Picture)
    assert found.image.size == (30, 20)
    for commands in ("exit 1", "echo nothing", said("8"), said("no digits"), said("")):
        osascript(commands)
        with pytest.raises(UserError, match=NOTHING):
            Clipboard("").read()
    monkeypatch.setattr(clipboard, "_MOST_SAID", 1_000_011)  # for a file of 500,000 bytes
    osascript("printf '\\302\\253data PNGf'; yes ff | tr -d '\\n'")  # without an end
    with pytest.raises(UserError, match="Inkling can't read this kind of file"):
        Clipboard("").read()


@on_linux
def test_macos_program_is_waited_for_only_so_long_or_until_it_is_stopped(
    osascript: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "begun")
    osascript(f"echo > {tmp_path / 'begun'}; exec sleep 600")
    waiting = Clipboard("")

    def stop() -> None:
        (tmp_path / "begun").read_text()
        wait_for(lambda: waiting._process, PATIENCE, "the program")
        waiting.stop()

    thread = threading.Thread(target=stop)
    thread.start()
    with pytest.raises(UserError, match=NOTHING):
        waiting.read()
    thread.join()
    with pytest.raises(UserError, match=NOTHING):
        waiting.read()  # stopped before it starts
    monkeypatch.setattr(clipboard, "MACOS_SECONDS", 0.1)
    osascript("exec sleep 600")
    with pytest.raises(UserError, match=SILENT):
        Clipboard("").read()
