"""What the tests stand on: shared data, a virtual screen, the window, and no error that goes unseen."""

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
    del os.environ[_name]  # the tests and the plain program import Keras as it is


on_linux = pytest.mark.skipif(sys.platform != "linux", reason="it needs /proc, signals or an X display: Linux")


def soon(seconds: float) -> pytest.MarkDecorator:
    """Give a test the most ``seconds`` that something may take: by day minutes, each night what is promised."""
    promised = pytest.param(seconds, id="as promised", marks=pytest.mark.nightly)
    return pytest.mark.parametrize("seconds", [pytest.param(PATIENCE, id="at last"), promised])


def missing(what: str) -> None:
    """Skip the test, with what to install or to set; where nothing may be missing, fail it."""
    if os.environ.get("INKLING_TESTS_MUST_RUN"):
        pytest.fail(what)
    pytest.skip(what)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a case after the parameter where its value is bytes: a gzip's tell the second, and workers must agree."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(autouse=True)
def _no_error_goes_unseen(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    records = [record for phase in ("setup", "call", "teardown") for record in caplog.get_records(phase)]
    errors = [record.getMessage() for record in records if record.levelno >= logging.ERROR]
    assert not errors, f"logged as errors: {errors}"


@pytest.fixture(autouse=True, scope="session")
def _ctrl_c_is_heard() -> None:
    """Let the programs that tests start hear Ctrl+C, also where the tests run in the background of a shell's script."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _the_next_test_starts_anew(request: pytest.FixtureRequest) -> Iterator[None]:
    """Leave no language, no thread and no window behind."""
    before = set(threading.enumerate())
    yield
    language.use(language.ENGLISH)
    if "display" in request.fixturenames:
        # One that another thread starts just now cannot be joined yet.
        wait_for(lambda: not set(threading.enumerate()) - before, 5, "the end of the window's threads")
        gc.collect()  # here, in the main thread: Tcl ends the process when another one collects its interpreter


@pytest.fixture(autouse=True)
def _home_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the user's own folders out of it, in this process and in those that it starts."""
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
    """A hand and an eye on the virtual screen, on which this process and those that it starts open their windows."""
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
        self.main = MainWindow(tkinter.Tk(className="Inkling"), session)
        self.root = self.main.root
        self.root.update()
        self.root.focus_force()  # what a window manager would do
        self.root.update()
        pad = self.main.pad
        self.canvas = Area(pad.winfo_rootx(), pad.winfo_rooty(), pad.winfo_width(), pad.winfo_height())

    def do(self, action: Callable[[], object]) -> None:
        """Let the hand act while the window lives, and let the window finish what follows."""
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
        # A question that the X server has answered comes after all events that the hand has caused, and after all
        # that was drawn for them.
        for _ in range(2):
            self.root.winfo_pointerxy()
            self.root.update()
        self.wait_for_the_answer()

    def wait_for_the_answer(self) -> None:
        """Let the window work out what it reads by itself."""
        while self.root.children and self.main.editor.is_reading:
            self.root.update()

    def draw(self, *strokes: list[tuple[float, float]], follow: bool = True) -> None:
        """Draw strokes given in the canvas' pixels."""
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
        """Choose a line of a menu, by its text in the sources."""
        menu, place = self.main.menus._places[label]
        menu.invoke(place)
        self.root.update()
        self.wait_for_the_answer()

    def set(self, name: str, value: object) -> None:
        """Choose a setting, as its window does."""
        self.main.choices.keep(name, value)
        self.root.update()
        self.wait_for_the_answer()

    def text(self) -> str:
        """Return all that the answer's part of the window says."""
        labels = [child for child in self.main.answer.winfo_children() if isinstance(child, tkinter.ttk.Label)]
        said = [str(label.cget("text")) for label in labels if label.winfo_ismapped()]
        note = self.main.answer.below.note
        return "\n".join(filter(None, (*said, note.text, note.more)))


@pytest.fixture
def window(screen: Screen, recognizer: Recognizer) -> Iterator[Window]:
    """An open window with the built-in model, which answers when it is asked."""
    settings.change(live=False, learn=False, welcomed=True)
    yield from _opened(screen, recognizer)


@pytest.fixture
def live_window(screen: Screen, recognizer: Recognizer) -> Iterator[Window]:
    """An open window with the built-in model as it is at first: the answer follows the pen."""
    for window in _opened(screen, recognizer):
        window.session.recognizer  # noqa: B018  (loads itself, as it does some time after the first paint)
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
    """Return pictures of ten patterns and their numbers, by the names of an .npz file; any network learns them."""
    rng = np.random.default_rng(0)
    patterns = rng.integers(0, 256, (10, 28, 28))
    labels = rng.integers(0, 10, train + test)
    images = (patterns[labels] * rng.uniform(0.5, 1, (train + test, 1, 1))).astype(np.uint8)
    return {"x_train": images[:train], "y_train": labels[:train], "x_test": images[train:], "y_test": labels[train:]}


def save_npz(path: Path, **arrays: np.ndarray[Any, Any]) -> Path:
    """Write an .npz file of arrays and return its path."""
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]  # NumPy's types know no keywords but its own
    return path


@functools.cache
def _loaded() -> tuple[str, subprocess.Popen[bytes]]:
    """Start what has TensorFlow loaded, and return its address."""
    address = f"inkling-tests-{os.getpid()}"
    return address, forked.started(address)


def _interpreter() -> tuple[str, str, str | None]:
    """Return what a test changes that puts something in the place of Python or of a library."""
    return sys.platform, sys.executable, os.environ.get("PYTHONPATH")


LINUX = ("linux", *_interpreter()[1:])


def model_program() -> list[str]:
    """Return how tests start ``python -m model``: where they can, as a fork of a process that has TensorFlow loaded."""
    return forked.program(_loaded()[0]) if _interpreter() == LINUX else [sys.executable, "-m", "model"]


def app_program() -> list[str]:
    """Return how tests start ``python -m app`` where what it starts in turn may be a fork."""
    code = f"import sys; from model.base import own_process; own_process.program = lambda: {model_program()}"
    return [sys.executable, "-c", f"{code}; from app.__main__ import main; sys.exit(main())"]


@pytest.fixture(autouse=True)
def _commands_are_forks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the program start its ``python -m model`` so too, as far as it runs in this process."""
    monkeypatch.setattr("model.base.own_process.program", model_program)


@pytest.fixture
def fresh_model(monkeypatch: pytest.MonkeyPatch, _commands_are_forks: None) -> None:
    """Let it start a fresh interpreter, as it does for its users, but one that has its share of a busy machine."""
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

    ``model`` is a fork (`model_program`) where nothing is put in a library's place.
    """
    if words[0] == "model" and "PYTHONPATH" not in environment:
        return _done([*model_program(), *map(str, words[1:])], text, environment)
    return run_anew(*words, text=text, **environment)


def run_anew(*words: str | Path, text: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``python -m WORD…`` likewise, in a fresh interpreter whatever it is."""
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
