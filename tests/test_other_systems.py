"""What's different on Windows and on a Mac, run here with stand-ins for what only those systems have."""

from __future__ import annotations

import ctypes
import json
import multiprocessing.connection
import os
import platform
import signal
import subprocess
import sys
import tkinter
import urllib.request  # noqa: F401  (it asks which system this is: now, before that's faked)
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from filelock import FileLock, SoftFileLock  # noqa: F401  (likewise)

from app.facts import memory, versions
from app.facts.instance import GIVEN, TAKEN, Instance, hand_over
from app.facts.open_file import open_file
from app.jobs import job
from app.kept import paths, settings
from app.sources import processes
from app.ui.drawings.drawings_dialog import DrawingsDialog
from app.ui.kit import glyphs, icon, look, screen, style
from app.ui.window import main_menu, start
from app.ui.window.main_window import MainWindow
from app.ui.window.place import Place
from model.base import events, files, language
from model.base.errors import UserError
from model.ink.ink import Drawing, write_line
from tests.app.facts.test_problem_report import DRAWING
from tests.app.ui.window.test_main_window import SEVEN
from tests.conftest import Window, on_linux
from tests.screen import wait_for

pytestmark = on_linux  # the others don't need stand-ins

# Tk claims to be on another system; calls that only work there are recorded in `told`.
STAND_IN = """
rename tk ::tk_of_this_system
rename wm ::wm_of_this_system
proc tk {args} { if {$args eq "windowingsystem"} { return SYSTEM } ; uplevel 1 ::tk_of_this_system $args }
proc wm {args} {
    lappend ::told $args
    if {[lindex $args 0] eq "iconbitmap"} return
    if {[lrange $args 0 1] ne "state ."} { return [uplevel 1 ::wm_of_this_system $args] }
    if {[llength $args] == 3} { set ::state [lindex $args 2] }
    return $::state
}
set ::state normal
namespace eval ::tk::unsupported { proc MacWindowStyle {args} { lappend ::told $args } }
set ::told {}
"""


class Library:
    """A library of Windows: it records its calls, and lacks the functions that it's said to lack."""

    def __init__(self, calls: list[tuple[object, ...]], lacks: tuple[str, ...] = (), name: str = ""):
        self._calls, self._lacks, self._name = calls, lacks, name

    def __getattr__(self, name: str) -> Library:
        if name in self._lacks:
            raise AttributeError(name)
        return Library(self._calls, self._lacks, name)

    def __call__(self, *words: object) -> None:
        self._calls.append((self._name, *words))


@pytest.fixture
def calls() -> list[tuple[object, ...]]:
    """The calls to the other system, in order."""
    return []


@pytest.fixture
def windows(calls: list[tuple[object, ...]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows, as far as the program can tell."""
    monkeypatch.setattr(ctypes, "windll", Library(calls), raising=False)
    monkeypatch.setattr(sys, "platform", "win32")


@pytest.fixture
def mac(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Mac, as far as the program can tell."""
    monkeypatch.setattr(sys, "platform", "darwin")


@pytest.fixture
def as_on(
    request: pytest.FixtureRequest, calls: list[tuple[object, ...]], monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], None]:
    """Make the windows that open from now on believe that they're on another system, by Tk's name for it."""

    def pretend(system: str) -> None:
        class Tk(tkinter.Tk):
            def __init__(self, **words: Any):
                calls.append(("Tk",))
                super().__init__(**words)
                self.tk.eval(STAND_IN.replace("SYSTEM", system))

        monkeypatch.setattr(tkinter, "Tk", Tk)
        for name in ("colours", "factor"):
            monkeypatch.setattr(style.now, name, getattr(style.now, name))  # so that it's restored afterwards
        monkeypatch.setitem(sys.modules, "darkdetect", SimpleNamespace(isDark=lambda: True))
        monkeypatch.setitem(sys.modules, "tkinterdnd2", None)  # its library is for this system
        request.getfixturevalue({"win32": "windows", "aqua": "mac"}[system])

    request.getfixturevalue("screen")  # which the real system starts
    return pretend


def told(window: Window) -> str:
    return str(window.root.tk.eval("join $::told \\n"))


BEFORE_THE_FIRST_WINDOW = [
    ((), [("SetProcessDpiAwareness", 1), ("SetCurrentProcessExplicitAppUserModelID", screen.GROUP), ("Tk",)]),
    (("shcore", "shell32"), [("SetProcessDPIAware",), ("Tk",)]),  # as on Windows 7 and older
]


@pytest.mark.parametrize(("lacks", "first"), BEFORE_THE_FIRST_WINDOW)
def test_windows_knows_of_sharpness_and_the_task_bar_before_there_is_a_window(
    as_on: Callable[[str], None],
    calls: list[tuple[object, ...]],
    lacks: tuple[str, ...],
    first: list[tuple[object, ...]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    as_on("win32")
    monkeypatch.setattr(ctypes, "windll", Library(calls, lacks))
    assert "8." in start.open_and_close()
    assert calls[: len(first)] == first


def test_a_window_on_windows(as_on: Callable[[str], None], request: pytest.FixtureRequest) -> None:
    as_on("win32")
    window: Window = request.getfixturevalue("window")
    icon.set_icon(window.root)
    assert f"iconbitmap . -default {icon.FOLDER / 'inkling.ico'}" in told(window)
    assert main_menu.redo_keys(window.root) == "Mod+Y"
    before = window.root.tk.call("tk", "scaling")  # all windows of a process share it
    window.root.tk.call("tk", "scaling", 2 * screen.STANDARD)  # as Windows reports for a fine screen
    assert screen.factor(window.root) == 2
    window.root.tk.call("tk", "scaling", before)
    assert look.chosen("") == style.DARK
    window.draw(SEVEN)
    assert len(window.session.drawing.strokes) == 1


def test_a_window_on_a_mac(as_on: Callable[[str], None], request: pytest.FixtureRequest) -> None:
    as_on("aqua")
    window: Window = request.getfixturevalue("window")
    icon.set_icon(window.root)
    assert "iconphoto . -default pyimage" in told(window)
    assert screen.factor(window.root) == 1
    assert main_menu.redo_keys(window.root) == "Mod+Shift+Z"
    assert "style .tooltip help noActivates" in told(window)
    window.draw(SEVEN)
    assert len(window.session.drawing.strokes) == 1
    pad = window.main.pad
    assert pad.dry.is_smooth  # at once: the system itself draws lines smoothly
    assert not [item for item in pad.find_all() if str(pad.type(item)) == "image"]
    window.do(lambda: window.screen.click(window.canvas.left + SEVEN[0][0], window.canvas.top + SEVEN[0][1], button=2))
    assert window.session.drawing.is_blank  # it's the right button there, which erases
    window.draw(SEVEN)
    window.key("Return")
    window.key("7")
    window.choose("My &drawings…")
    (dialog,) = [each for each in window.root.winfo_children() if isinstance(each, DrawingsDialog)]
    window.root.update()
    assert "Shift or Command" in dialog._status.cget("text")
    cards = dialog.grid_of_cards.canvas
    cards.focus_force()
    window.root.event_add("<<SelectAll>>", "<Command-Key-a>")  # as Tk itself does there
    cards.event_generate("<Command-a>")
    assert "1 chosen" in dialog._status.cget("text")


@pytest.mark.parametrize("system", ["win32", "aqua"])
def test_a_window_is_as_large_as_the_screen_again(
    system: str, as_on: Callable[[str], None], request: pytest.FixtureRequest
) -> None:
    as_on(system)
    window: Window = request.getfixturevalue("window")
    settings.change(place="700x500+10+20 zoomed")
    kept = Place(window.root, window.main.room)
    assert "state . zoomed" in told(window)
    window.root.tk.eval("set ::state normal")
    window.root.geometry("690x480")

    def is_kept() -> bool:
        window.root.update()
        kept.end()
        return "690x480" in settings.load().place

    wait_for(is_kept, 10, "its place", pause=0.01)
    assert "zoomed" not in settings.load().place


@pytest.mark.parametrize("system", ["win32", "aqua"])
def test_other_systems_have_fonts_for_all_languages(
    system: str, as_on: Callable[[str], None], request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_on(system)
    window: Window = request.getfixturevalue("window")
    monkeypatch.setattr(language, "current", lambda: "zh_CN")
    monkeypatch.setattr(glyphs, "can_show", lambda *_words: False)
    assert glyphs.warning(window.root) == ""


def test_the_finder_opens_files_and_quits_in_the_program_that_runs(
    as_on: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    as_on("aqua")
    (tmp_path / "a seven.inkling").write_text(write_line(DRAWING))
    monkeypatch.setattr(signal, "signal", lambda *_words: None)  # the tests have their own
    opened: list[MainWindow] = []
    drawings: list[Drawing] = []
    open_window = start.open_window

    def quit_when_it_is_open() -> None:
        root = opened[0].root
        drawings[:] = [opened[0].session.drawing]
        if drawings[0].is_blank:
            root.after(10, quit_when_it_is_open)
        else:
            root.tk.call("::tk::mac::Quit")

    def finder() -> None:
        root = opened[0].root
        if not root.tk.eval("info commands ::tk::mac::OpenDocument"):
            root.after(10, finder)
            return
        root.tk.call("::tk::mac::OpenDocument", str(tmp_path / "a seven.inkling"))
        quit_when_it_is_open()

    def watched() -> MainWindow:
        opened.append(open_window())
        opened[0].root.after(10, finder)
        return opened[0]

    monkeypatch.setattr(start, "open_window", watched)
    assert start.run() == 0
    assert len(drawings[0].strokes) == 1


@pytest.mark.usefixtures("windows")
def test_windows_opens_files_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(os, "startfile", opened.append, raising=False)
    assert open_file(tmp_path / "report.md")() == ""
    assert opened == [tmp_path / "report.md"]

    def nothing_opens(_path: Path) -> None:
        raise OSError(1155, "No application is associated with the specified file")

    monkeypatch.setattr(os, "startfile", nothing_opens, raising=False)
    with pytest.raises(UserError, match="no program that opens"):
        open_file(tmp_path / "report.md")


@pytest.mark.usefixtures("mac")
def test_a_mac_opens_files_by_its_own_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "open"
    program.write_text('#!/bin/sh\necho "$1" > "$0.told"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    open_file(tmp_path / "report.md")
    said = tmp_path / "open.told"
    wait_for(lambda: said.exists() and said.read_text() == f"{tmp_path / 'report.md'}\n", 10, "its call", pause=0.01)


class Pipe:
    """The other end of a Windows pipe, where a window says that it takes the files."""

    def __init__(self, calls: list[tuple[object, ...]]):
        self._calls = calls

    def __enter__(self) -> Pipe:
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    def send_bytes(self, asked: bytes) -> None:
        self._calls.append(("given",) if asked == GIVEN else ("asked", json.loads(asked)))

    def poll(self, _seconds: float) -> bool:
        return True

    def recv_bytes(self, _most: int) -> bytes:
        return TAKEN


@pytest.mark.usefixtures("windows")
@pytest.mark.parametrize(("address", "taken"), [(r"\\.\pipe\pyc-1-2", True), (r"\\far\pipe\pyc-1-2", False)])
def test_on_windows_a_second_start_lets_the_window_come_to_the_front(
    address: str, taken: bool, calls: list[tuple[object, ...]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(multiprocessing.connection, "Client", lambda *_words, **_key: Pipe(calls))
    place = tmp_path / "running.json"
    place.write_text(json.dumps({"address": address, "key": "00", "display": os.environ.get("DISPLAY", "")}))
    assert hand_over([tmp_path / "x.png"], place) is taken
    asked = ("asked", {"files": [str(tmp_path / "x.png")]})
    assert calls == ([("AllowSetForegroundWindow", -1), asked, ("given",)] if taken else [])


@pytest.mark.usefixtures("windows")
def test_on_windows_the_window_listens_where_python_finds_a_pipe(tmp_path: Path) -> None:
    window = Instance(tmp_path / "running.json")
    assert window.listen()
    try:
        said = json.loads((tmp_path / "running.json").read_text())
        assert Path(said["address"]).parent != tmp_path  # Python's own choice: a pipe there, a socket here
        with multiprocessing.connection.Client(said["address"], authkey=bytes.fromhex(said["key"])) as other:
            other.send_bytes(b'{"files": ["x.png"]}')
            other.send_bytes(GIVEN)
            request = wait_for(lambda: next(window.requests(), None), 5, "a request")
            assert (request.accept(), other.recv_bytes()) == (True, TAKEN)
    finally:
        window.close()


def test_a_report_names_the_other_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "arm64")
    monkeypatch.setattr(platform, "mac_ver", lambda: ("15.1", ("", "", ""), "arm64"))
    for name, value in (("system", "Windows"), ("release", "11"), ("version", "10.0.26100")):
        monkeypatch.setattr(platform, name, lambda value=value: value)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert versions.versions("8.6")[-1][1] == "macOS 15.1, arm64"
    monkeypatch.setattr(sys, "platform", "win32")
    assert versions.versions("8.6")[-1][1] == "Windows 11 (10.0.26100), arm64"


@pytest.mark.usefixtures("windows")
def test_windows_files_have_neither_a_tilde_nor_modes_nor_folders_to_flush(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert paths.shown(Path.home() / "x.png") == str(Path.home() / "x.png")
    folder = paths.models_folder()
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    files.make_folder(folder)
    assert folder.stat().st_mode & 0o777 == 0o755
    monkeypatch.setattr(os, "open", lambda *_words: pytest.fail("Windows opens no folders"))
    files.flush_folder(tmp_path)
    assert files.has_locks(tmp_path)  # without trying anything


@pytest.mark.usefixtures("windows")
def test_a_child_on_windows_is_ended_by_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for lacking in ("killpg", "setpriority"):
        monkeypatch.delattr(os, lacking)
    monkeypatch.setattr(job, "SECONDS_TO_CLEAR_UP", 0.1)
    deaf = tmp_path / "deaf.py"
    deaf.write_text("import threading\nthreading.Event().wait()\n")
    monkeypatch.setattr("model.base.own_process.program", lambda: [sys.executable, str(deaf)])
    begun: list[object] = []

    class Popen(subprocess.Popen[bytes]):
        def __init__(self, *words: Any, **more: Any):
            begun.append(more["process_group"])
            super().__init__(*words, **more)

    monkeypatch.setattr(subprocess, "Popen", Popen)
    child = job.Job(["train"])
    child.cancel()
    assert wait_for(lambda: child.over, 30, "its end", pause=0.01)
    assert child.last == events.Cancelled()
    assert begun == [None]


def test_where_the_system_does_not_tell_the_cores_all_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    assert processes.cores() == os.cpu_count()


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_what_only_linux_needs_is_left_alone_elsewhere(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(ctypes, "CDLL", lambda *_words: pytest.fail("no C library of Linux there"))
    memory.give_back()
    start._let_tcl_read_names()
    assert os.environ["LC_ALL"] == "C"
