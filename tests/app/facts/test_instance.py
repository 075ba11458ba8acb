import contextlib
import json
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from multiprocessing.connection import Client
from pathlib import Path

import pytest
from filelock import FileLock

from app.__main__ import COMMANDS
from app.facts import instance
from app.facts.instance import Instance, Request, hand_over
from app.jobs.teaching import Teaching
from app.kept import paths
from app.kept.samples import Samples
from app.ui.window.running import ABOVE, LOOK_EVERY, Visits, come_to_front, heed_the_mac
from app.words import parser
from model.base.errors import UserError
from model.bundle.bundle import open_bundle
from model.ink.ink import Drawing, Point, Stroke
from tests.conftest import ROOT, Window, missing, on_linux, run, soon
from tests.screen import PATIENCE, Screen, virtual_screen, wait_for, window_manager

# The program with a stand-in for what opens files: it writes their names into a file, one per line.
PROGRAM = """
import sys
from app.__main__ import main
from app.ui.window.main_window import MainWindow
def open_paths(window, names):
    with open(sys.argv[1], "a", encoding="utf-8") as file:
        file.writelines(f"{name}\\n" for name in names)
MainWindow.open_paths = open_paths
sys.exit(main(sys.argv[2:]))
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "data" / ".running.json"


@pytest.fixture
def running(place: Path) -> Iterator[Instance]:
    window = Instance(place)
    assert window.listen()
    yield window
    window.close()


def asked(window: Instance) -> Request:
    return wait_for(lambda: next(window.requests(), None), 5, "a request")


def start(*files: Path, place: Path) -> tuple[threading.Thread, list[bool]]:
    """Be a second start, in a thread; the list gets the answer."""
    told: list[bool] = []
    thread = threading.Thread(target=lambda: told.append(hand_over(files, place)))
    thread.start()
    return thread, told


@soon(0.1)
def test_where_no_window_runs_nobody_is_waited_for(place: Path, seconds: float) -> None:
    began = time.perf_counter()
    assert not hand_over([], place)
    assert time.perf_counter() - began < seconds
    assert not place.parent.exists()


def test_files_are_handed_over_by_their_full_names(
    running: Instance, place: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    names = [Path("a b.png"), Path("字.json"), Path(os.fsdecode(b"\xff.png")), tmp_path / "there"]
    for files in (names, []):
        thread, told = start(*files, place=place)
        request = asked(running)
        assert request.files == [tmp_path / name for name in files]
        assert request.accept()
        thread.join()
        assert told == [True]


@soon(1)
def test_a_window_that_hangs_is_not_waited_for_and_opens_nothing_afterwards(
    running: Instance, place: Path, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    monkeypatch.setattr(instance, "ANSWER_PATIENCE", 0.3)
    began = time.perf_counter()
    assert not hand_over([place], place)
    assert 0.2 < time.perf_counter() - began < seconds
    assert not asked(running).accept()


def test_a_window_that_wakes_when_it_is_given_up_opens_nothing(running: Instance, place: Path) -> None:
    said = json.loads(place.read_text())
    with Client(said["address"], authkey=bytes.fromhex(said["key"])) as second_start:
        second_start.send_bytes(json.dumps({"files": [str(place)]}).encode())
        request = asked(running)

        def give_up() -> None:
            assert second_start.recv_bytes() == instance.TAKEN
            second_start.close()

        thread = threading.Thread(target=give_up)
        thread.start()
        assert not request.accept()
        thread.join()


def test_what_a_killed_window_has_left_is_in_nobody_s_way(place: Path) -> None:
    script = (
        "import os, sys; from app.facts.instance import *; assert Instance(Path(sys.argv[1])).listen(); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", script, place], cwd=ROOT, check=True)
    assert place.exists()
    assert not hand_over([], place)
    window = Instance(place)
    assert window.listen()
    thread, told = start(place=place)
    assert asked(window).accept()
    thread.join()
    assert told == [True]
    window.close()
    assert [path.name for path in place.parent.iterdir() if path.suffix != ".lock"] == []


def test_strangers_get_nothing_and_cost_nothing(running: Instance, place: Path) -> None:
    said = json.loads(place.read_text())
    with pytest.raises(Exception, match=r"digest|EOF|received"):
        Client(said["address"], authkey=b"guessed").close()
    Client(said["address"]).close()
    key = bytes.fromhex(said["key"])
    broken = (
        b"",
        b"{",
        b"[]",
        b'{"files": 7}',
        b'{"files": [7]}',
        b'{"files": "abc"}',
        b'{"files": ["\\u0000"]}',
        b"\xff",
        b"[" * 100_000,
        pickle.dumps([Path()]),
    )
    for content in (*broken, bytes(instance.LARGEST_REQUEST + 1)):
        with Client(said["address"], authkey=key) as stranger, contextlib.suppress(BrokenPipeError):
            stranger.send_bytes(content)  # a message that's too long isn't read to its end
    thread, told = start(place, place=place)
    assert asked(running).accept()
    thread.join()
    assert told == [True]
    assert not list(running.requests())


def test_a_second_start_can_say_a_million_bytes_and_no_more(running: Instance, place: Path) -> None:
    said = json.loads(place.read_text())
    for length, heard in ((1_000_001, []), (1_000_000, [Path("/seven.png")])):
        with Client(said["address"], authkey=bytes.fromhex(said["key"])) as connection:
            with contextlib.suppress(OSError):  # a message that's too long isn't read to its end
                connection.send_bytes(b'{"files": ["/seven.png"]}'.ljust(length))
            if heard:
                assert asked(running).files == heard
            else:
                assert connection.poll(5)
                with pytest.raises((EOFError, OSError)):  # the stranger is disconnected
                    connection.recv_bytes()
    assert not list(running.requests())


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"\xff", b"[" * 9_000, b"[" * 100_000, b'{"address": "x", "key": 7}']
)
def test_a_damaged_file_of_the_running_window_is_no_window(place: Path, content: bytes) -> None:
    place.parent.mkdir()
    place.write_bytes(content)
    assert not hand_over([], place)


@pytest.mark.parametrize(
    "address", [["evil.example", 80], "('evil.example', 80)", r"\\\\evil.example\\pipe\\pyc-1", "/run/other"]
)
def test_a_second_start_speaks_to_nobody_who_is_not_a_window_of_this_user(
    place: Path, address: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instance, "_ask", lambda *_words: pytest.fail("somebody was asked"))
    place.parent.mkdir()
    said = {"address": address, "key": "00" * 32, "display": os.environ.get("DISPLAY", "").removesuffix(".0")}
    place.write_text(json.dumps(said))
    assert not hand_over([], place)


def test_a_stranger_who_says_nothing_keeps_nobody_out(
    running: Instance, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instance, "ANSWER_PATIENCE", 0.3)
    address = json.loads(place.read_text())["address"]
    with socket.socket(socket.AF_UNIX) as stranger:
        stranger.connect(address)
        running_still = threading.Event()
        while not running_still.wait(0.1):  # the first starts wait behind the stranger in vain
            thread, told = start(place=place)
            thread.join()
            if list(running.requests()):
                running_still.set()
        assert told == [False]  # it was only put on the list, and nobody did it


def test_one_window_is_found_at_a_time(running: Instance, place: Path) -> None:
    second = Instance(place)
    assert not second.listen()
    second.close()
    assert place.exists()
    running.close()
    assert second.listen()
    second.close()
    assert not place.exists()


@on_linux
def test_only_the_user_can_read_the_key_and_other_screens_are_not_meant(
    running: Instance, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert place.stat().st_mode & 0o777 == 0o600
    assert place.parent.stat().st_mode & 0o777 == 0o700
    monkeypatch.setenv("DISPLAY", ":12345")
    assert not hand_over([], place)
    assert not list(running.requests())


def test_a_home_of_a_very_long_name_is_no_obstacle(tmp_path: Path) -> None:
    place = tmp_path / ("long" * 30) / ".running.json"
    window = Instance(place)
    assert window.listen()
    thread, told = start(place=place)
    assert asked(window).accept()
    thread.join()
    assert told == [True]
    window.close()


def test_where_nothing_can_be_written_a_window_is_not_found(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").touch()
    window = Instance(tmp_path / "file" / ".running.json")
    assert not window.listen()
    window.close()
    assert "will not find" in caplog.text
    assert not hand_over([], tmp_path / "file" / ".running.json")


def test_the_window_comes_to_the_front_and_opens_what_it_gets(window: Window, tmp_path: Path) -> None:
    opened: list[list[Path]] = []
    visit = Visits(window.root, opened.append)
    visit.begin()
    window.root.withdraw()
    window.root.update()
    assert not window.root.winfo_viewable()
    for files in ([], [tmp_path]):
        thread, told = start(*files, place=paths.running_file())
        while thread.is_alive():
            window.root.update()
        assert told == [True]
    assert opened == [[tmp_path]]
    assert window.root.winfo_viewable()
    assert window.root.focus_displayof() is not None
    visit.end()
    assert not hand_over([], paths.running_file())


# In its own process: Tk ends a process when any screen that it has ever seen goes away.
MINIMISED = """
import threading, tkinter
from app.facts.instance import hand_over
from app.kept import paths
from app.ui.window.running import Visits
from tests.screen import wait_for
root = tkinter.Tk()
Visits(root, lambda files: None).begin()
def shown():
    root.update()
    return bool(root.winfo_viewable())
wait_for(lambda: shown() and root.wm_frame() != hex(root.winfo_id()), 10, "a window with the manager's frame")
root.iconify()
wait_for(lambda: not shown() and root.state() == "iconic", 10, "a minimised window")
second = threading.Thread(target=hand_over, args=([], paths.running_file()), daemon=True)
second.start()
wait_for(lambda: shown() and root.state() == "normal", 5, "the window")
"""


@on_linux
def test_a_minimised_window_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    with ExitStack() as ending:
        display = ending.enter_context(virtual_screen())
        try:
            ending.enter_context(window_manager(display))
        except FileNotFoundError as error:
            missing(str(error))
        monkeypatch.setenv("DISPLAY", display)
        done = subprocess.run([sys.executable, "-c", MINIMISED], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_window_stays_above_the_others_for_a_moment_only(window: Window) -> None:
    come_to_front(window.root)
    come_to_front(window.root)
    end = time.monotonic() + 2 * ABOVE / 1000
    while time.monotonic() < end:
        window.root.update()
    assert not window.root.attributes("-topmost")


@on_linux
def test_a_second_start_opens_its_files_in_the_window_that_runs(screen: Screen, tmp_path: Path) -> None:
    opened = tmp_path / "opened"
    for name in ("first.png", "second.png"):
        (tmp_path / name).touch()

    def started(*words: str | Path) -> subprocess.Popen[bytes]:
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        return subprocess.Popen([sys.executable, "-c", PROGRAM, opened, *words], cwd=tmp_path, env=environment)

    with ExitStack() as ending:
        first = started(tmp_path / "first.png")
        ending.callback(first.kill)
        screen.window("Inkling")
        wait_for(paths.running_file().exists, 5, "a window that listens")
        assert opened.read_text() == f"{tmp_path / 'first.png'}\n"

        assert started("second.png", ".").wait(PATIENCE) == 0
        assert started().wait(PATIENCE) == 0
        assert opened.read_text().splitlines()[1:] == [str(tmp_path / "second.png"), str(tmp_path)]

        first.send_signal(signal.SIGSTOP)
        second = started("second.png")  # its drawing isn't mixed with the hanging window's
        ending.callback(second.kill)
        lock = paths.last_drawing_file().with_name(".last-drawing-2.json.lock")
        wait_for(lock.exists, 5, "a window of its own")
        wait_for(lambda: len(opened.read_text().splitlines()) == 4, 5, "the file in it")
        first.send_signal(signal.SIGCONT)
        time.sleep(3 * LOOK_EVERY / 1000)
        assert len(opened.read_text().splitlines()) == 4  # it isn't opened twice
        for each in (first, second):
            each.kill()
            each.wait()
    assert "ERROR" not in paths.log_file().read_text(encoding="utf-8")


def test_two_windows_do_not_take_what_is_learned_away_from_each_other(tmp_path: Path) -> None:
    paths.teaching_file().parent.mkdir(parents=True)
    paths.teaching_file().touch()
    with Samples(tmp_path / "drawings.sqlite3") as samples, FileLock(f"{paths.teaching_file()}.lock"):
        samples.keep(Drawing((Stroke((Point(5, 5), Point(5, 90))),)), "1")
        with pytest.raises(UserError, match="Another Inkling is learning"):
            Teaching(samples, open_bundle())
    assert paths.teaching_file().exists()


def test_a_file_that_is_not_there_is_a_sentence() -> None:
    for words in (["./gone.png"], ["--", "-gone.png"], ["x" * 300 + ".png"], ["pyproject.toml", "gone"]):
        done = run("app", *words)
        assert done.returncode == 2
        assert "there's no file and no command" in done.stderr
        assert "Traceback" not in done.stderr


def test_every_command_is_known_as_one_and_not_as_a_file() -> None:
    (commands,) = [action for action in parser(window=True)._actions if action.choices]
    assert tuple(commands.choices or ()) == COMMANDS


def test_what_the_finder_asks_for_is_done(window: Window) -> None:
    """Through the commands that Tk calls on a Mac; when a Mac calls them isn't shown here."""
    opened: list[list[Path]] = []
    closed: list[bool] = []
    heed_the_mac(window.root, opened.append, lambda: closed.append(True))
    window.root.tk.call("::tk::mac::OpenDocument", "/a b/seven.inkling", "/手.png")
    window.root.tk.call("::tk::mac::Quit")
    assert opened == [[Path("/a b/seven.inkling"), Path("/手.png")]]
    assert closed == [True]
