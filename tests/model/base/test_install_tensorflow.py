"""The training packages, installed into the program's environment: completely, or not at all."""

import importlib.util
import os
import signal
import subprocess
import sys
import threading
import tkinter
from collections.abc import Callable, Iterator
from pathlib import Path
from tkinter import ttk
from typing import Any

import psutil
import pytest

from app.ui.kit.dialog import Dialog
from model.bundle.bundle import KERAS_FILE, open_bundle
from tests.app.jobs.test_job import exists
from tests.app.ui.window.test_main_window import buttons
from tests.conftest import ROOT, Window, on_linux
from tests.environments import PSUTIL, TRAINS, Environment, wheel
from tests.screen import PATIENCE, wait_for

pytestmark = on_linux

# Replaces pip if it's found first: it fails with what pip prints then, or never ends.
PIP = """
import os, sys, time
from pathlib import Path
mode, said, words = os.environ["MODE"], os.environ.get("SAID", ""), sys.argv[1:]
if words[0] == mode:
    if said:
        print(said)
        sys.exit(1)
    folder = Path(words[words.index("--prefix") + 1] if mode == "install" else os.environ["TMPDIR"])
    (folder / "lib" / "half").mkdir(parents=True)
    (folder / "lib" / "half" / "file").write_bytes(bytes(50_000_000))
    Path(os.environ["SEEN"]).write_text(str(os.getpid()))
    time.sleep(600)
wheels = Path(words[words.index("--dest") + 1])
wheels.mkdir()
for name in ("tensorflow", "keras"):
    (wheels / f"{name}-99.0-py3-none-any.whl").touch()
"""
COMMAND = {"tensorflow-99.0.dist-info/entry_points.txt": "[console_scripts]\nof-tensorflow = tensorflow:hello\n"}
HELLO = {"tensorflow/__init__.py": "def hello():\n    print('hello')\n", "tensorflow-99.0.data/data/share/of/it": "it"}


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Environment:
    """An environment without the training packages, and an index with small stand-ins for them."""
    contents = {"tensorflow": COMMAND | HELLO, "psutil": {"psutil/__init__.py": PSUTIL.format(psutil.__path__[0])}}
    for name in TRAINS:
        wheel(tmp_path / "index", name, files=contents.get(name))
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    (tmp_path / "pip.conf").write_text(  # pip's index settings are used, its install settings aren't
        f"[global]\nno-index = true\nfind-links = {tmp_path / 'index'}\n[install]\nuser = true\n", encoding="utf-8"
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    return Environment.make(tmp_path / "an environment")


@pytest.fixture
def pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Return what replaces pip by one that fails at a command with a message, or hangs there and writes its number."""

    def stop_at(command: str, said: str = "") -> Path:
        folder = tmp_path / "other" / "pip"
        folder.mkdir(parents=True)
        (folder / "__init__.py").touch()
        (folder / "__main__.py").write_text(PIP)
        for name, value in {
            "PYTHONPATH": folder.parent,
            "MODE": command,
            "SAID": said,
            "SEEN": tmp_path / "pip",
        }.items():
            monkeypatch.setenv(name, str(value))
        return tmp_path / "pip"

    return stop_at


def install(environment: Environment) -> subprocess.CompletedProcess[str]:
    """Run ``python -m model install`` in an environment."""
    words = [str(environment.python), "-m", "model", "install"]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE)


def test_it_is_installed_as_pip_would_and_pip_can_take_it_away(environment: Environment) -> None:
    before = environment.content()
    done = install(environment)
    assert done.returncode == 0, done.stderr
    assert (environment.site / "tensorflow" / "__init__.py").is_file()
    assert (environment.place / "share" / "of" / "it").is_file()
    assert not [name for name in environment.content() if ".inkling" in name]
    said = subprocess.run([environment.place / "bin" / "of-tensorflow"], capture_output=True, text=True, check=True)
    assert said.stdout == "hello\n"
    words = [str(environment.python), "-m", "pip", "uninstall", "--yes", *TRAINS]
    subprocess.run(words, capture_output=True, check=True)
    assert environment.content() - before <= {"share", "share/of"}


def test_how_far_pip_is_can_be_seen_while_its_folders_come_and_go(tmp_path: Path) -> None:
    from model.base import install_tensorflow  # noqa: PLC0415

    going = True

    def come_and_go() -> None:
        while going:
            (tmp_path / "pip" / "unpack" / "deep").mkdir(parents=True)
            for folder in ("pip/unpack/deep", "pip/unpack", "pip"):
                (tmp_path / folder).rmdir()

    (tmp_path / "file").write_bytes(bytes(100))
    thread = threading.Thread(target=come_and_go)
    thread.start()
    try:
        assert {install_tensorflow._size(tmp_path) for _each in range(3000)} == {100}
    finally:
        going = False
        thread.join()


NO_NETWORK = (
    "WARNING: Retrying after connection broken by 'NewConnectionError'\nERROR: No matching distribution found for x"
)


@pytest.mark.parametrize(
    ("command", "said", "told"),
    [
        ("download", NO_NETWORK, "Python's package index can't be reached. Make sure that this computer is online"),
        (
            "download",
            "ERROR: No matching distribution found for tensorflow>=2.19",
            "Python's package index has no version of it for",
        ),
        ("download", "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "The download is damaged or cut off"),
        ("install", "ERROR: Wheel 'tensorflow' located at x is invalid.", "The download is damaged or cut off"),
        ("install", "ERROR: [Errno 28] No space left on device", "The disk is full. Make room"),
        ("download", "ERROR: something else", "pip failed (something else). The log has what it printed."),
    ],
)
def test_what_fails_is_a_sentence_and_all_is_as_before(
    command: str, said: str, told: str, environment: Environment, pip: Callable[..., Path]
) -> None:
    before = environment.content()
    pip(command, said)
    done = install(environment)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(told)
    assert environment.content() == before


def test_what_is_installed_is_not_changed_for_it(environment: Environment, tmp_path: Path) -> None:
    wheel(tmp_path / "index", "platformdirs")
    wheel(tmp_path / "index", "keras", requires=["platformdirs>=99"])
    before = environment.content()
    done = install(environment)
    assert "It doesn't go together with what's installed in " in done.stderr.splitlines()[-1]
    assert environment.content() == before


def test_what_is_in_the_way_is_left_there(environment: Environment) -> None:
    (environment.place / "bin" / "of-tensorflow").write_text("mine")
    before = environment.content()
    done = install(environment)
    assert (
        done.stderr.splitlines()[-1]
        == f"{environment.place}/bin/of-tensorflow is in the way. Remove it, and try again."
    )
    assert environment.content() == before
    assert (environment.place / "bin" / "of-tensorflow").read_text() == "mine"


def test_what_a_kill_has_left_is_taken_away_by_the_next(environment: Environment, pip: Callable[..., Path]) -> None:
    before = environment.content()
    (environment.site / "half").mkdir()
    (environment.place / ".inkling" / "x").mkdir(parents=True)
    half = (environment.site / "half").relative_to(environment.place)
    (environment.place / ".inkling.undo").write_text(f'["{half}", "lib/never-there"]')
    pip("download", "ERROR: something")
    install(environment)
    assert environment.content() == before


def test_when_the_window_is_gone_its_installation_ends_and_all_is_as_before(
    environment: Environment, pip: Callable[..., Path]
) -> None:
    before = environment.content()
    at_work = pip("install")
    words = [str(environment.python), "-m", "model", "install", "--events"]
    with subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        wait_for(lambda: at_work.exists() and at_work.read_text(), 60, "pip at work", pause=0.01)
        assert child.stdin
        child.stdin.close()
        assert child.wait(PATIENCE) == 130
    wait_for(lambda: not exists(int(at_work.read_text())), 10, "the end of pip")
    assert environment.content() == before


def test_a_second_one_waits_for_the_first(environment: Environment) -> None:
    from filelock import FileLock  # noqa: PLC0415

    with FileLock(environment.place / ".inkling.lock"):
        done = install(environment)
    assert done.stderr.splitlines()[-1] == "Another Inkling is already installing it. Wait until that's done."


@pytest.fixture
def there(environment: Environment, monkeypatch: pytest.MonkeyPatch) -> Environment:
    """Let the window's process belong to that environment."""
    from model.base import install_tensorflow  # noqa: PLC0415

    find = importlib.util.find_spec

    def found(name: str, package: str | None = None) -> Any:
        if name in ("tensorflow", "keras") and not (environment.site / name).is_dir():
            return None
        return find(name, package)

    monkeypatch.setattr(importlib.util, "find_spec", found)
    monkeypatch.setattr(sys, "executable", str(environment.python))
    for name, path in (("_ROOT", ""), ("_PART", ".inkling"), ("_UNDO", ".inkling.undo"), ("_LOCK", ".inkling.lock")):
        monkeypatch.setattr(install_tensorflow, name, environment.place / path)
    return environment


@pytest.mark.parametrize("left", [".inkling", ".inkling.undo", ".inkling.lock"])
def test_whatever_one_that_was_ended_has_left_is_taken_away(left: str, there: Environment) -> None:
    from model.base import install_tensorflow  # noqa: PLC0415

    before = there.content()
    (there.place / left).mkdir() if left == ".inkling" else (there.place / left).write_text("[]")
    install_tensorflow.tidy()
    assert there.content() == before


class Hand:
    """Somebody who uses one of the window's dialogs."""

    def __init__(self, window: Window):
        self.window = window

    @property
    def titles(self) -> list[str]:
        return [each.title() for each in self.window.root.winfo_children() if isinstance(each, Dialog)]

    def dialog(self, title: str) -> Dialog:
        every = [each for each in self.window.root.winfo_children() if isinstance(each, Dialog)]
        return next(each for each in every if each.title() == title)

    def text(self) -> str:
        found = list(texts(self.dialog("TensorFlow is needed")))
        return "\n".join(found)

    def click(self, text: str) -> None:
        dialog = self.dialog("TensorFlow is needed")
        self.window.click(next(each for each in buttons(dialog) if each.cget("text") == text and each.winfo_ismapped()))

    def wait(self, look: Callable[[], object], what: str) -> None:
        def seen() -> bool:
            self.window.root.update()
            return bool(look())

        wait_for(seen, 60, what, pause=0.01)


def texts(widget: tkinter.Misc) -> Iterator[str]:
    for child in widget.winfo_children():
        if isinstance(child, ttk.Label | ttk.Button) and child.winfo_ismapped():
            yield str(child.cget("text"))
        elif isinstance(child, tkinter.Text):
            yield child.get("1.0", "end")
        yield from texts(child)


@pytest.fixture
def hand(window: Window, there: Environment) -> Hand:  # noqa: ARG001
    return Hand(window)


def test_what_needs_tensorflow_is_never_grey(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name, *rest: None if name in ("tensorflow", "keras") else find(name, *rest)
    )
    menu = window.root.nametowidget(window.root.nametowidget(window.root.cget("menu")).entrycget("Model", "menu"))
    window.key("alt+m")
    lines = [place for place in range(menu.index("end") + 1) if menu.type(place) == "command"]
    states = {str(menu.entrycget(place, "label")): str(menu.entrycget(place, "state")) for place in lines}
    assert states["Retrain…"] == states["Open model…"] == "normal"
    window.key("t")
    assert Hand(window).titles == ["TensorFlow is needed"]
    assert "Training needs TensorFlow" in Hand(window).text()


def test_a_click_installs_it_and_the_training_s_form_opens(hand: Hand, there: Environment) -> None:
    for key in ("alt+m", "t"):
        hand.window.key(key)
    assert "about 650 MB to download" in hand.text()
    hand.click("Install TensorFlow")
    hand.wait(lambda: hand.titles == ["Retrain the model"], "the training's form")
    assert (there.site / "tensorflow" / "__init__.py").is_file()


def test_learning_needs_something_to_learn_and_no_tensorflow(hand: Hand) -> None:
    hand.window.key("ctrl+t")
    assert "There's nothing to learn from yet" in hand.window.text().replace("\n", " ")
    hand.window.draw([(140, 40), (140, 240)])
    hand.window.key("Return")
    hand.window.key("1")
    hand.window.key("ctrl+t")
    assert hand.titles == []
    assert hand.window.main.learning._is_busy


@pytest.mark.parametrize(
    "when",
    [("download", "Cancel"), ("download", "close"), ("install", "Cancel"), ("install", "close"), ("install", "kill")],
)
def test_what_is_cancelled_leaves_all_as_it_was(
    when: tuple[str, str],
    hand: Hand,
    there: Environment,
    pip: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    command, way = when
    before = there.content()
    at_work = pip(command)
    for key in ("alt+m", "t"):
        hand.window.key(key)
    hand.click("Install TensorFlow")
    hand.wait(lambda: at_work.exists() and at_work.read_text(), "pip at work")
    if command == "download":
        hand.wait(lambda: "Downloading, 50 of about 650 MB…" in hand.text(), "how far it is")
    if way == "Cancel":
        hand.click("Cancel")
        hand.wait(lambda: "Cancelled. Everything is as it was." in hand.text(), "the end")
    elif way == "kill":
        job = hand.dialog("TensorFlow is needed").job
        assert job
        os.kill(job.process, signal.SIGKILL)
        hand.wait(lambda: "The system ended it" in hand.text(), "the end")
    else:
        monkeypatch.setattr("app.ui.kit.dialog.messagebox.askyesno", lambda *_, **__: True)
        hand.window.main.close()
        assert not hand.window.root.children
    wait_for(lambda: there.content() == before, 10, "all as before", pause=0.05)
    wait_for(lambda: not exists(int(at_work.read_text())), 10, "the end of pip")


def test_a_failure_is_said_and_can_be_tried_again(hand: Hand, pip: Callable[..., Path]) -> None:
    pip("download", NO_NETWORK)
    for key in ("alt+m", "t"):
        hand.window.key(key)
    hand.click("Install TensorFlow")
    hand.wait(lambda: "Python's package index can't be reached" in hand.text(), "the failure")
    assert "Install TensorFlow" in hand.text()


@pytest.mark.parametrize("why", ["managed", "no pip", "not writable", "no room", "no wheels"])
def test_where_it_cannot_be_installed_the_dialog_says_why_and_what_to_do(
    why: str, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    from model.base import install_tensorflow, installation  # noqa: PLC0415

    told = {
        "managed": "The system manages this Python's packages",
        "no pip": "This Python has no pip",
        "not writable": "Nothing can be written to /proc (",
        "no room": "There isn't enough room in ",
        "no wheels": "which is made for Python 3.1 to 3.2, not for",
    }[why]
    match why:
        case "managed":
            monkeypatch.setattr(installation, "externally_managed", lambda: True)
        case "no pip":
            monkeypatch.setattr(installation, "has_pip", lambda: False)
        case "not writable":
            monkeypatch.setattr(install_tensorflow, "_ROOT", Path("/proc"))
        case "no room":
            monkeypatch.setattr(install_tensorflow, "SPACE", 10**18)
        case "no wheels":
            monkeypatch.setattr(installation, "OLDEST", (3, 1))
            monkeypatch.setattr(installation, "NEWEST", (3, 2))
    for key in ("alt+m", "t"):
        hand.window.key(key)
    assert told in hand.text()
    assert ("pip install" in hand.text()) == (why in ("managed", "no pip", "not writable"))
    assert "Install TensorFlow" not in hand.text()
    hand.click("Close")
    assert hand.titles == []


def test_a_keras_file_and_a_report_are_gone_on_with_too(
    hand: Hand, there: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "net.keras").write_bytes(open_bundle().read(KERAS_FILE))
    monkeypatch.setattr("tkinter.filedialog.askopenfilename", lambda **_: str(tmp_path / "net.keras"))
    for key in ("alt+m", "o"):
        hand.window.key(key)
    asked = hand.dialog("Open a model")
    assert "Opening a Keras model needs TensorFlow" in "\n".join(texts(asked))
    (install,) = (each for each in buttons(asked) if each.cget("text") == "Install TensorFlow…")
    hand.window.click(install)
    hand.click("Not now")
    hand.window.main.dialogs.open("models")
    models = hand.dialog("Models")
    hand.wait(lambda: "Report" in texts(models), "the models")
    hand.window.click(next(each for each in buttons(models) if each.cget("text") == "Report"))
    assert "Making a report needs TensorFlow" in hand.text()
    models.close()
    hand.click("Not now")
    hand.window.click(install)
    assert "Opening a Keras model needs TensorFlow" in hand.text()
    hand.click("Install TensorFlow")
    hand.wait(
        lambda: "TensorFlow doesn't work here" in "\n".join(texts(asked)), "the file tried with what is no TensorFlow"
    )
    assert (there.site / "keras").is_dir()
