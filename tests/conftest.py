"""What the tests share: data, a virtual screen, the window, and a check that no error goes unnoticed."""

from __future__ import annotations

import functools
import gc
import logging
import os
import signal
import subprocess
import sys
import threading
import tkinter
import tkinter.ttk
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.drawing.session import Session
from app.kept import settings
from app.ui.window.main_window import MainWindow
from model.base import language
from model.bundle.bundle import open_bundle
from model.reading.recognizer import Recognizer
from tests import forked
from tests.screen import PATIENCE, Area, Screen, virtual_screen, wait_for

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("INKLING_SHARED", ROOT.parent / "shared"))


for _name in [name for name in os.environ if name.startswith("KERAS_")]:
    del os.environ[_name]  # the tests and the plain program use Keras' default


on_linux = pytest.mark.skipif(sys.platform != "linux", reason="it needs /proc, signals or an X display: Linux")


def soon(seconds: float) -> pytest.MarkDecorator:
    """Pass a test the ``seconds`` that something may take at most: minutes by day, the promised time at night."""
    promised = pytest.param(seconds, id="as promised", marks=pytest.mark.nightly)
    return pytest.mark.parametrize("seconds", [pytest.param(PATIENCE, id="at last"), promised])


def missing(what: str) -> None:
    """Skip the test and say what to install or set. If nothing may be missing, fail it instead."""
    if os.environ.get("INKLING_TESTS_MUST_RUN"):
        pytest.fail(what)
    pytest.skip(what)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a case after its parameter if the value is bytes: a gzip holds the time, and workers must agree on names."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(autouse=True)
def _no_error_goes_unseen(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    records = [record for phase in ("setup", "call", "teardown") for record in caplog.get_records(phase)]
    errors = [record.getMessage() for record in records if record.levelno >= logging.ERROR]
    assert not errors, f"logged as errors: {errors}"


@pytest.fixture(autouse=True, scope="session")
def _ctrl_c_is_heard() -> None:
    """Let the programs that tests start receive Ctrl+C, even if a shell script runs the tests in the background."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _the_next_test_starts_anew(request: pytest.FixtureRequest) -> Iterator[None]:
    """Make sure that a test leaves no language, thread or window behind."""
    before = set(threading.enumerate())
    yield
    language.use(language.ENGLISH)
    if "display" in request.fixturenames:
        # A thread that's just being started can't be joined yet.
        wait_for(lambda: not set(threading.enumerate()) - before, 5, "the end of the window's threads")
        gc.collect()  # here in the main thread: Tcl ends the process if another thread collects its interpreter


@pytest.fixture(autouse=True)
def _home_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep this process, and those that it starts, away from the user's own folders."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("LANGUAGE", "en")
    for name in ("XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_CURRENT_DESKTOP"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def shared() -> Path:
    """The folder of shared data."""
    if not (SHARED / "data").is_dir():
        missing(f"shared data is needed: there is no {SHARED / 'data'}; set INKLING_SHARED to its folder")
    return SHARED


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """The name of a virtual screen's display."""
    if sys.platform != "linux":
        missing("the tests of the window speak to an X server; they run on Linux")
    try:
        with virtual_screen() as name:
            yield name
    except FileNotFoundError as error:
        missing(str(error))


@pytest.fixture
def screen(display: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Screen]:
    """A hand and an eye on the virtual screen where this process, and those that it starts, open their windows."""
    monkeypatch.setenv("DISPLAY", display)
    hand = Screen(display)
    hand.move(1000, 700)  # out of the way
    yield hand
    hand.close()


@pytest.fixture(scope="session")
def recognizer() -> Recognizer:
    """The built-in model's recogniser."""
    return Recognizer(open_bundle())


class Window:
    """The real window in this process, and somebody who uses it through the X server."""

    def __init__(self, screen: Screen, session: Session):
        self.screen = screen
        self.session = session
        self.root = tkinter.Tk(className="Inkling")
        try:
            self.main = MainWindow(self.root, session)
        except BaseException:
            self.root.destroy()  # or it would lie over the next test's window
            raise
        self.root.update()
        # By X and not by Tk: Tk 8.6 asks what had the keyboard before whose it is, and crashes if that has died since,
        # as a dialog of the window before can have.
        screen.give_keyboard(self.root.winfo_id())

        def has_it() -> bool:
            self.root.update()
            return bool(self.root.tk.call("focus"))

        wait_for(has_it, 30, "the keyboard")
        pad = self.main.pad
        self.canvas = Area(pad.winfo_rootx(), pad.winfo_rooty(), pad.winfo_width(), pad.winfo_height())

    def do(self, action: Callable[[], object]) -> None:
        """Let the hand act while the window's loop runs, and let the window finish what follows."""
        failures: list[Exception] = []

        def run() -> None:
            try:
                action()
            except Exception as failure:  # noqa: BLE001  (raised again below, in the test's own thread)
                failures.append(failure)

        hand = threading.Thread(target=run)
        hand.start()
        while hand.is_alive():
            self.root.update()
        if failures:
            raise failures[0]
        # Once the X server has answered a question, it has sent all events that the hand caused, and drawn what
        # follows from them.
        for _ in range(2):
            self.root.winfo_pointerxy()
            self.root.update()
        self.wait_for_the_answer()

    def wait_for_the_answer(self) -> None:
        """Wait until the window has worked out what it reads by itself."""
        while self.root.children and self.main.editor.is_reading:
            self.root.update()

    def draw(self, *strokes: list[tuple[float, float]], follow: bool = True) -> None:
        """Draw strokes given in pixels of the pad."""
        for stroke in strokes:
            points = [(x + self.canvas.left, y + self.canvas.top) for x, y in stroke]
            self.do(lambda points=points: self.screen.stroke(points, follow=follow))  # type: ignore[misc]

    def key(self, name: str) -> None:
        """Press a key."""
        self.do(lambda: self.screen.key(name))

    def click(self, widget: tkinter.Misc) -> None:
        """Click in the middle of a widget."""
        x = widget.winfo_rootx() + widget.winfo_width() / 2
        y = widget.winfo_rooty() + widget.winfo_height() / 2
        self.do(lambda: self.screen.click(x, y))

    def choose(self, label: str) -> None:
        """Choose a menu entry by its text in the sources."""
        menu, place = self.main.menus._places[label]
        menu.invoke(place)
        self.root.update()
        self.wait_for_the_answer()

    def set(self, name: str, value: object) -> None:
        """Choose a setting, as the settings window does."""
        self.main.choices.keep(name, value)
        self.root.update()
        self.wait_for_the_answer()

    def text(self) -> str:
        """Return everything that the answer's part of the window says."""
        labels = [child for child in self.main.answer.winfo_children() if isinstance(child, tkinter.ttk.Label)]
        said = [str(label.cget("text")) for label in labels if label.winfo_ismapped()]
        note = self.main.answer.below.note
        return "\n".join(filter(None, (*said, note.text, note.more)))


@pytest.fixture
def window(screen: Screen, recognizer: Recognizer) -> Iterator[Window]:
    """An open window with the built-in model, which answers when it's asked."""
    settings.change(live=False, learn=False, welcomed=True)
    yield from _opened(screen, recognizer)


@pytest.fixture
def live_window(screen: Screen, recognizer: Recognizer) -> Iterator[Window]:
    """An open window with the built-in model, as it is at first: the answer follows the pen."""
    for window in _opened(screen, recognizer):
        window.session.recognizer  # noqa: B018  (this loads it, as happens some time after the first paint)
        yield window


def _opened(screen: Screen, recognizer: Recognizer) -> Iterator[Window]:
    opened = Window(screen, Session(lambda: (recognizer, "")))
    yield opened
    if opened.root.children:
        opened.main.close()
    is_open = bool(opened.root.children)
    if is_open:
        opened.root.destroy()
    assert not is_open, "a window that does not close keeps the next one's loop from its end"
    vars(opened).clear()


def ten_patterns(train: int, test: int) -> dict[str, np.ndarray[Any, Any]]:
    """Return images of ten patterns and their labels, named as in an .npz file; any network learns them."""
    rng = np.random.default_rng(0)
    patterns = rng.integers(0, 256, (10, 28, 28))
    labels = rng.integers(0, 10, train + test)
    images = (patterns[labels] * rng.uniform(0.5, 1, (train + test, 1, 1))).astype(np.uint8)
    return {"x_train": images[:train], "y_train": labels[:train], "x_test": images[train:], "y_test": labels[train:]}


def save_npz(path: Path, **arrays: np.ndarray[Any, Any]) -> Path:
    """Write an .npz file of arrays and return its path."""
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]  # NumPy's type hints only know its own keywords
    return path


@functools.cache
def _loaded() -> tuple[str, subprocess.Popen[bytes]]:
    """Start the process that has TensorFlow loaded, and return its address."""
    address = f"inkling-tests-{os.getpid()}"
    return address, forked.started(address)


def _interpreter() -> tuple[str, str, str | None]:
    """Return what a test changes when it replaces Python or a library."""
    return sys.platform, sys.executable, os.environ.get("PYTHONPATH")


LINUX = ("linux", *_interpreter()[1:])


def model_program() -> list[str]:
    """Return how tests start ``python -m model``: as a fork of a process that has TensorFlow loaded, if they can."""
    return forked.program(_loaded()[0]) if _interpreter() == LINUX else [sys.executable, "-m", "model"]


def app_program() -> list[str]:
    """Return how tests start ``python -m app`` if its own children may be forks."""
    code = f"import sys; from model.base import own_process; own_process.program = lambda: {model_program()}"
    return [sys.executable, "-c", f"{code}; from app.__main__ import main; sys.exit(main())"]


@pytest.fixture(autouse=True)
def _commands_are_forks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the program start its ``python -m model`` that way too, when it runs in this process."""
    monkeypatch.setattr("model.base.own_process.program", model_program)


@pytest.fixture
def fresh_model(monkeypatch: pytest.MonkeyPatch, _commands_are_forks: None) -> None:
    """Let it start a fresh interpreter, as it does for users, but at normal priority, as the machine may be busy."""
    monkeypatch.setattr("model.base.own_process.program", lambda: [sys.executable, "-m", "model"])
    monkeypatch.setattr(os, "setpriority", lambda *_words: None, raising=False)


def pytest_sessionfinish() -> None:
    if _loaded.cache_info().currsize:
        _address, process = _loaded()
        assert process.stdin
        process.stdin.close()
        process.wait()


def run(*words: str | Path, text: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``python -m WORD…`` in the project's folder, as a user does, and return what it printed.

    ``model`` is a fork (`model_program`) unless a library is replaced.
    """
    if words[0] == "model" and "PYTHONPATH" not in environment:
        return _done([*model_program(), *map(str, words[1:])], text, environment)
    return run_anew(*words, text=text, **environment)


def run_anew(*words: str | Path, text: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``python -m WORD…`` likewise, but always in a fresh interpreter."""
    if words[0] == "app":
        environment = {"PYTHONWARNINGS": "error"} | environment
    return _done([sys.executable, "-m", *map(str, words)], text, environment)


def _done(words: list[str], text: str | None, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words,
        input=text,
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        env=os.environ | environment,
        timeout=PATIENCE,
        check=False,
    )
