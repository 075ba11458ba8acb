"""What other programs put on the clipboard is pasted, or rejected with a sentence, whatever it is."""

from __future__ import annotations

import contextlib
import functools
import io
import json
import os
import shutil
import subprocess
import sys
import threading
import tkinter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from app.drawing.drawing_file import svg
from model.ink.ink import MOST_INK_BYTES
from model.ink.render import render
from tests.bench import SEVEN, Bench
from tests.conftest import missing, on_linux
from tests.screen import PATIENCE, wait_for

if sys.platform == "linux":
    from tests.selections import Program

pytest.importorskip("hypothesis")  # of stress.inputs.bombs
from stress.inputs import bombs

pytestmark = on_linux

PROMISED = ("PNG", "BMP", "JPEG", "TIFF", "WEBP", "GIF")  # the best first
IN_ONE_PIECE = 500_000  # bytes: more than Tk accepts from another program in one piece
NOTHING = "nothing on the clipboard that Inkling can open"


@pytest.fixture
def on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Path]:
    """Puts a shell script first on the PATH, and returns the file to which it writes its process number."""
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    def put(name: str, commands: str) -> Path:
        said = tmp_path / f"{name}.started"
        (tmp_path / name).write_text(f'#!/bin/sh\necho $$ >> "{said}"\n{commands}\n')
        (tmp_path / name).chmod(0o755)
        return said

    return put


@pytest.fixture
def copied(bench: Bench) -> Iterator[Callable[[bytes], None]]:
    """Lets another process put a picture on the clipboard, and hand it over piece by piece."""
    xclip = shutil.which("xclip")
    if not xclip:
        missing("xclip is needed: install it (Debian: apt install xclip)")
    owners: list[subprocess.Popen[bytes]] = []

    def has_it() -> bool:
        with contextlib.suppress(tkinter.TclError):  # nobody owns it yet
            return "image/png" in bench.root.clipboard_get(type="TARGETS")
        return False

    def copy(content: bytes) -> None:
        words = [str(xclip), "-selection", "clipboard", "-t", "image/png", "-quiet"]
        owners.append(subprocess.Popen(words, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL))
        assert owners[-1].stdin
        owners[-1].stdin.write(content)
        owners[-1].stdin.close()
        wait_for(has_it, 10, "the program that has it")

    yield copy
    for owner in owners:
        owner.kill()
        owner.wait()


def saved(image: Image.Image, kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


def in_one_piece(content: bytes) -> bytes:
    """Return a file padded so much that Tk doesn't accept it from another program."""
    return content.ljust(IN_ONE_PIECE, b"\0")


def grown(action: Callable[[], object]) -> float:
    """Return by how many megabytes this process grew at most meanwhile."""

    def resident(which: str) -> int:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(which))

    before = resident("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # resets the peak
    action()
    return (resident("VmHWM") - before) / 1000


@pytest.mark.parametrize("way", ["at once", "bit by bit", "in one piece"])
def test_a_picture_on_the_clipboard_is_pasted(bench: Bench, other: Program, way: str) -> None:
    content = saved(render(SEVEN))
    if way != "at once":
        content = in_one_piece(content)
    other.offer("CLIPBOARD", {"image/png": content, "text/html": b"<img>"}, bit_by_bit=way == "bit by bit")
    bench.files.paste()
    bench.opened("the pasted picture")
    bench.session.recognize()
    assert bench.session.text == "7"


def test_what_a_real_program_has_copied_is_pasted(bench: Bench, copied: Callable[[bytes], None]) -> None:
    copied(in_one_piece(saved(render(SEVEN))))
    bench.files.paste()
    bench.opened("the pasted picture")
    bench.session.recognize()
    assert bench.session.text == "7"


def test_of_several_kinds_the_best_is_taken(bench: Bench, other: Program) -> None:
    files = {kind: saved(Image.new("L", (30 + side, 30), 255), kind) for side, kind in enumerate(PROMISED)}
    for side, _ in enumerate(PROMISED):
        kinds = PROMISED[side:][::-1]  # their order means nothing
        other.offer("CLIPBOARD", {f"image/{kind.lower()}": files[kind] for kind in kinds})
        bench.session.open(SEVEN)
        bench.files.paste()
        bench.opened("the pasted picture")
        assert bench.session.picture
        assert bench.session.picture.image.width == 30 + side


def paste(bench: Bench) -> None:
    """Paste, and wait for the result, whatever it is."""
    bench.files.paste()
    bench.wait(lambda: not bench.files.busy, "the end")


def test_a_pasted_picture_starts_no_program(
    bench: Bench, other: Program, on_the_path: Callable[[str, str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    started = [on_the_path(name, "exit 1") for name in ("gs", "xclip", "wl-paste", "xsel", "djpeg")]
    postscript = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 20 20\n%%EndComments\nshowpage\n%%EOF\n"
    for wayland in ("", "wayland-0"):
        monkeypatch.setenv("WAYLAND_DISPLAY", wayland)
        for content in (postscript, in_one_piece(postscript)):
            other.offer("CLIPBOARD", {"image/png": content})
            paste(bench)
            assert [file.name for file in started if file.exists()] == []
            bench.told_once("Inkling can't read this kind of file")
        other.offer("CLIPBOARD", {"image/png": in_one_piece(saved(render(SEVEN)))})
        paste(bench)
        bench.opened("the pasted picture")
    assert [file.name for file in started if file.exists()] == []


def test_a_postscript_program_from_a_real_helper_is_not_run(
    bench: Bench, other: Program, on_the_path: Callable[[str, str], Path]
) -> None:
    started = on_the_path("gs", "exit 1")
    postscript = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 20 20\n%%EndComments\nshowpage\n%%EOF\n"
    other.offer("CLIPBOARD", {"image/png": in_one_piece(postscript)})
    paste(bench)
    assert not started.exists()
    bench.told_once("Inkling can't read this kind of file")


def test_a_picture_that_swells_is_refused_before_it_takes_memory(bench: Bench, other: Program) -> None:
    content = in_one_piece(bombs.png(24_000, 24_000, depth=1, rows=24_000))
    other.offer("CLIPBOARD", {"image/png": content})
    assert grown(lambda: paste(bench)) < 60
    bench.told_once("The picture has more than 200 megapixels. Make it smaller than 50.")


def test_a_large_picture_takes_its_bytes_and_not_many_times_as_many(bench: Bench, other: Program) -> None:
    other.offer("CLIPBOARD", {"image/png": saved(render(SEVEN)).ljust(8_000_000, b"\0")}, bit_by_bit=True)
    assert grown(lambda: paste(bench)) < 40
    bench.opened("the pasted picture")


@pytest.mark.filterwarnings("ignore:.* image format is deprecated:DeprecationWarning")
def test_no_plug_in_beyond_the_promised_ones_sees_what_is_pasted(
    bench: Bench, other: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.init()
    asked: set[str] = set()

    def noted(kind: str, opens: Callable[..., Any], *words: Any) -> Any:
        asked.add(kind)
        return opens(*words)

    for kind, (opens, accepts) in list(Image.OPEN.items()):
        monkeypatch.setitem(Image.OPEN, kind, (functools.partial(noted, kind, opens), accepts))
    not_here = {*PROMISED, "MPO", "BUFR", "GRIB", "HDF5", "WMF"}  # MPO looks like a JPEG; the others can't be saved
    foreign = [kind for kind in Image.SAVE if kind in Image.OPEN and kind not in not_here]
    assert len(foreign) > 10
    for kind in foreign:
        mode = {"BLP": "P", "MSP": "1", "XBM": "1", "SPIDER": "F"}.get(kind, "RGB")
        other.offer("CLIPBOARD", {"image/png": in_one_piece(saved(Image.new(mode, (32, 32)), kind))})
        paste(bench)
        assert not asked - set(PROMISED)
        bench.told_once("Inkling can't read this kind of file")


def test_a_picture_too_large_to_take_is_refused_while_it_is_handed_over(
    bench: Bench, copied: Callable[[bytes], None]
) -> None:
    copied(bytes(300_000_000))
    assert grown(lambda: paste(bench)) < 200
    bench.told_once("The file is too large. Make the picture smaller than 100 megabytes.")


def test_who_does_not_answer_is_waited_for_until_the_window_closes_or_pastes_anew(
    bench: Bench, other: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.sources.x_clipboard.SILENCE_SECONDS", 0.3)
    monkeypatch.setattr(other, "_give", lambda _event: None)
    other.offer("CLIPBOARD", {"image/png": b""})
    bench.files.paste()
    bench.told_once("The program that you copied from doesn't answer. Copy again, or save it as a file and open that.")
    monkeypatch.setattr("app.sources.x_clipboard.SILENCE_SECONDS", 60)
    before = set(threading.enumerate())
    bench.files.paste()
    bench.files.paste()
    bench.files.close()
    wait_for(lambda: not set(threading.enumerate()) - before, 5, "the end of what asks")
    assert bench.told == []


@pytest.mark.parametrize(("more", "words"), [(0, ""), (1, "This is more than 5 MB of JSON")])
def test_the_most_ink_that_is_pasted(bench: Bench, other: Program, more: int, words: str) -> None:
    content = json.dumps(SEVEN.to_json()).encode().ljust(MOST_INK_BYTES + more)
    other.offer("CLIPBOARD", {"UTF8_STRING": content}, bit_by_bit=True)
    bench.files.paste()
    if words:
        bench.told_once(words)
    bench.wait(lambda: not bench.files.busy, "the end")
    assert (bench.session.drawing == SEVEN) == (not words)


@pytest.mark.parametrize("kind", ["text/uri-list", "UTF8_STRING"])
def test_copied_files_and_paths_are_pasted(bench: Bench, other: Program, tmp_path: Path, kind: str) -> None:
    seven = tmp_path / "a seven, é 中 {x}.png"
    render(SEVEN).save(seven)
    text = str(seven) if kind == "UTF8_STRING" else f"{seven.as_uri()}\r\n"
    other.offer("CLIPBOARD", {kind: text.encode(), "image/png": b"its icon"})
    bench.files.paste()
    bench.opened(seven.name)


@pytest.mark.parametrize("kind", ["UTF8_STRING", "STRING"])
def test_copied_ink_is_pasted(bench: Bench, other: Program, kind: str) -> None:
    other.offer("CLIPBOARD", {kind: json.dumps(SEVEN.to_json()).encode()})
    bench.files.paste()
    bench.wait(lambda: bench.session.drawing == SEVEN, "the ink")


@pytest.mark.parametrize("kind", ["UTF8_STRING", "image/svg+xml"])
def test_copied_lines_are_pasted(bench: Bench, other: Program, kind: str) -> None:
    other.offer("CLIPBOARD", {kind: svg(SEVEN).encode(), "image/png": saved(render(SEVEN))})
    bench.files.paste()
    bench.wait(lambda: bench.session.drawing == SEVEN, "the ink")


def test_a_picture_is_pasted_where_a_copied_svg_has_no_lines(bench: Bench, other: Program) -> None:
    other.offer("CLIPBOARD", {"image/svg+xml": b"<svg/>", "image/png": saved(render(SEVEN))})
    bench.files.paste()
    bench.opened("the pasted picture")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"UTF8_STRING": b"7"}, NOTHING),
        ({"UTF8_STRING": b"<html><svg/></html>"}, NOTHING),
        ({"UTF8_STRING": b"<svg/>"}, "isn't ink. This SVG has no lines"),
        ({"image/svg+xml": b"<svg/>"}, "isn't ink. This SVG has no lines"),
        ({"UTF8_STRING": b"{}"}, "isn't ink"),
        ({"image/png": b"no picture"}, "Inkling can't read this kind of file"),
        ({"image/tiff": b""}, NOTHING),
        ({}, NOTHING),
    ],
)
def test_what_cannot_be_pasted_is_a_sentence_and_nothing_is_lost(
    bench: Bench, other: Program, content: dict[str, bytes], words: str
) -> None:
    bench.session.open(SEVEN)
    other.offer("CLIPBOARD", content)
    bench.files.paste()
    bench.told_once(words)
    assert bench.session.drawing is SEVEN


def test_an_empty_clipboard_is_a_sentence(bench: Bench) -> None:
    bench.root.clipboard_clear()
    bench.root.clipboard_append("older")
    bench.root.selection_clear(selection="CLIPBOARD")
    bench.files.paste()
    bench.told_once(NOTHING)


@pytest.fixture
def windows(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Callable[[object], None]:
    """Makes the program think that it's on Windows, where Pillow returns the clipboard or raises an error."""
    _elsewhere(monkeypatch, "win32")

    def put(found: object) -> None:
        def grab() -> object:
            if isinstance(found, Exception):
                raise found
            return found() if callable(found) else found

        monkeypatch.setattr("PIL.ImageGrab.grabclipboard", grab)
        bench.files.paste()

    return put


def _elsewhere(monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    monkeypatch.setattr("app.ui.window.files._x_display", lambda _root: "")
    monkeypatch.setattr("app.sources.clipboard.sys", SimpleNamespace(platform=system))


def test_where_windows_has_files_on_its_clipboard_they_open(
    bench: Bench, windows: Callable[[object], None], tmp_path: Path
) -> None:
    render(SEVEN).save(tmp_path / "seven.png")
    windows([str(tmp_path / "seven.png")])
    bench.opened("seven.png")
    nothing: tuple[object, ...] = (None, [], OSError("damaged"), SyntaxError("damaged"))
    for found in nothing:
        windows(found)
        bench.told_once(NOTHING)


@pytest.mark.parametrize("kind", ["PNG", "DIB"])
def test_where_windows_has_a_picture_it_goes_through_the_same_door(
    bench: Bench, windows: Callable[[object], None], kind: str
) -> None:
    file = io.BytesIO(saved(render(SEVEN).convert("RGB"), kind))
    windows(lambda: Image.open(file, formats=[kind]))
    bench.opened("the pasted picture")
    bench.session.recognize()
    assert bench.session.text == "7"
    content = bombs.png(10_000, 5_001) if kind == "PNG" else bombs.bmp(10_000, 5_001, 0, b"")[14:]
    windows(lambda: Image.open(io.BytesIO(content), formats=[kind]))
    bench.told_once("The picture is 10000 x 5001 pixels. Make it smaller than 50 megapixels.")
    content = bombs.png(24_000, 24_000) if kind == "PNG" else bombs.bmp(24_000, 24_000, 0, b"")[14:]
    windows(lambda: Image.open(io.BytesIO(content), formats=[kind]))
    bench.told_once("The picture has more than 200 megapixels. Make it smaller than 50.")


AS_MACOS_SAYS = "printf '\\302\\253data PNGf'; printf '%s' '{content}'; printf '\\302\\273\\n'"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (saved(render(SEVEN)).hex().upper(), ""),
        (bombs.png(24_000, 24_000).hex(), "The picture has more than 200 megapixels. Make it smaller than 50."),
        (b"%!PS-Adobe-3.0 EPSF-3.0".hex(), "Inkling can't read this kind of file"),
        ("8", NOTHING),
        ("no digits", NOTHING),
    ],
)
def test_where_macos_has_a_picture_it_goes_through_the_same_door(
    bench: Bench,
    on_the_path: Callable[[str, str], Path],
    monkeypatch: pytest.MonkeyPatch,
    content: str,
    words: str,
) -> None:
    _elsewhere(monkeypatch, "darwin")
    ghostscript = on_the_path("gs", "exit 1")
    on_the_path("osascript", AS_MACOS_SAYS.format(content=content))
    bench.files.paste()
    if words:
        bench.told_once(words)
    else:
        bench.opened("the pasted picture")
    assert not ghostscript.exists()


@pytest.mark.parametrize(
    ("commands", "case"),
    [
        ("printf '\\302\\253data PNGf'; yes ff | tr -d '\\n'", (PATIENCE, "Inkling can't read this kind of file")),
        ("exec sleep 600", (5, "The program that you copied from doesn't answer")),
        ('sleep 600 & echo $! >> "$0.started"; exit', (5, "The program that you copied from doesn't answer")),
        ('sleep 600 >&- & echo $! >> "$0.started"; exit', (PATIENCE, NOTHING)),
        ("exit 1", (PATIENCE, NOTHING)),
    ],
    ids=["without end", "never ends", "leaves a child that holds on", "leaves a child", "fails"],
)
def test_macos_program_is_ended_with_all_that_it_started_whatever_it_does(
    bench: Bench,
    on_the_path: Callable[[str, str], Path],
    monkeypatch: pytest.MonkeyPatch,
    commands: str,
    case: tuple[float, str],
) -> None:
    seconds, words = case
    _elsewhere(monkeypatch, "darwin")
    monkeypatch.setattr("app.sources.clipboard.MACOS_SECONDS", seconds)
    monkeypatch.setattr("app.sources.clipboard._MOST_SAID", 5_000_013)
    said = on_the_path("osascript", commands)
    bench.files.paste()
    bench.told_once(words)
    _see_dead(said)


def test_macos_program_ends_with_the_window(
    bench: Bench, on_the_path: Callable[[str, str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    _elsewhere(monkeypatch, "darwin")
    said = on_the_path("osascript", "exec sleep 600")
    bench.files.paste()
    _see_started(said)
    bench.files.close()
    _see_dead(said)


def _see_started(said: Path) -> None:
    wait_for(lambda: said.exists() and said.read_text().endswith("\n"), 20, "the program")


def _see_dead(said: Path) -> None:
    """Wait until all processes whose numbers are in a file have ended."""
    _see_started(said)
    numbers = said.read_text().split()
    wait_for(lambda: not any(_lives(number) for number in numbers), 10, "the end of what was started")


def _lives(number: str) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{number}/status").read_text()
    except OSError:
        return False
