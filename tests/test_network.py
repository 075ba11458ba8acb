"""Nothing tries to reach a network: the system reports each connection of the program and its children."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from app.kept import models, paths
from model.bundle import bundle
from tests import forked
from tests.conftest import ROOT, missing, on_linux, save_npz, ten_patterns
from tests.person import Person
from tests.screen import PATIENCE, Screen, wait_for

pytestmark = on_linux

SEVEN = [(60, 60), (200, 60), (130, 230)]
CALLS = "connect,sendto,sendmsg,sendmmsg,listen"  # not bind: urllib3 binds once to find out whether there's IPv6
WORDS = ("strace", "--follow-forks", "--seccomp-bpf", "--quiet=all", "--decode-fds=socket", f"--trace={CALLS}")
CALL = re.compile(rf"\b(?P<call>{CALLS.replace(',', '|')})\((?P<rest>.*)")
# To programs on this machine: the X server, the system's buses, a second start. NETLINK asks the kernel for devices.
LOCAL = re.compile(r"AF_UNIX|AF_NETLINK|<UNIX(-STREAM|-DGRAM)?:|<NETLINK:")
RESOLVING = re.compile(r"resolve", re.IGNORECASE)  # another process resolves a host name (nscd is also asked for users)


def watched(words: Sequence[str | Path], folder: Path) -> list[str]:
    """Return the command that starts a program and logs everything that it and its children connect to."""
    if not shutil.which("strace"):
        missing("a witness is needed: install strace (Debian: apt install strace)")
    return [*WORDS, "--output-separately", f"--output={folder / 'calls'}", *map(str, words)]


def reached(folder: Path) -> list[str]:
    """Return the calls that would leave this machine. It fails if nothing was watched."""
    files = list(folder.glob("calls.*"))
    assert files, "nothing was watched"
    calls = [line for path in files for line in path.read_text(errors="replace").splitlines() if CALL.search(line)]
    return [line for line in calls if not LOCAL.search(line) or RESOLVING.search(line)]


def run(words: Sequence[str | Path], folder: Path, wanted: int = 0) -> None:
    """Run ``python -m WORD…``, watched to its end, and expect this exit status."""
    command = watched([sys.executable, "-m", *words], folder)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == wanted, done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "watched"
    folder.mkdir()
    return folder


@pytest.fixture
def ink(tmp_path: Path) -> Path:
    path = tmp_path / "ink.jsonl"
    path.write_text('{"strokes": [[[60, 60], [200, 60], [130, 230]]], "label": "7"}\n')
    return path


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.socket().connect_ex(('192.0.2.1', 9))",
        "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
        "import socket; socket.getaddrinfo('nobody.invalid', 80)",
        "import socket; socket.create_server(('127.0.0.1', 0))",
        "import subprocess, sys; subprocess.run([sys.executable, '-c', "
        "\"import socket; s = socket.socket(); s.settimeout(1); s.connect_ex(('192.0.2.1', 9))\"])",
    ],
    ids=["connecting", "sending", "asking for an address", "listening", "in a child"],
)
def test_whoever_tries_is_seen(code: str, folder: Path) -> None:
    code = f"import socket\nsocket.setdefaulttimeout(1)\n{code}"  # 192.0.2.1 is reserved for documentation
    subprocess.run(watched([sys.executable, "-c", code], folder), timeout=PATIENCE, capture_output=True, check=False)
    assert reached(folder)


@pytest.fixture
def program(screen: Screen, folder: Path) -> Callable[[], Person]:
    def start() -> Person:
        process = subprocess.Popen(watched([sys.executable, "-m", "app"], folder), cwd=ROOT, env=os.environ)
        return Person(screen, process)

    return start


def test_the_window_reaches_nobody_whatever_is_done_in_it(
    program: Callable[[], Person], folder: Path, tmp_path_factory: pytest.TempPathFactory, shared: Path
) -> None:
    """Draw, recognize, correct, save, open, paste, teach, and look at the models and at About."""
    del shared
    saved = tmp_path_factory.mktemp("saved") / "seven.png"
    person = program()
    person.screen.stroke([(x + person.canvas.left, y + person.canvas.top) for x, y in SEVEN])
    assert person.copy_answer().startswith("7")
    person.screen.key("7")
    wait_for(paths.samples_file().exists, 30, "the kept drawing")
    person.screen.key("ctrl+s")
    person.choose_file("Save drawing", str(saved))
    person.point_at("Inkling")
    wait_for(saved.exists, 20, "the saved drawing")
    person.screen.key("Delete")
    person.screen.key("ctrl+o")
    person.choose_file("Open", str(saved))
    person.point_at("Inkling")
    wait_for(person.sees_ink, 20, "the opened picture")
    assert person.copy_answer().startswith("7")
    person.clipboard.clipboard_clear()
    person.clipboard.clipboard_append("https://192.0.2.1/digit.png")  # an address isn't a file, and nothing is fetched
    person.clipboard.update()
    person.screen.key("ctrl+v")
    for _ in range(20):
        person.clipboard.update()  # hands it over when it's asked for
        time.sleep(0.05)
    person.screen.key("F1")
    person.close_dialog("Shortcuts")
    person.screen.key("ctrl+t")
    wait_for(lambda: any(each.key != models.BUNDLED for each in models.everything()), 300, "a taught model", pause=0.2)
    wait_for(lambda: "taught-" in paths.settings_file().read_text(), 30, "its use")
    person.close()
    assert reached(folder) == []
    assert len(list(folder.glob("calls.*"))) > 2  # the window's process, its threads and the child


def test_the_command_line_reaches_nobody(folder: Path, ink: Path) -> None:
    run(["app", "recognize", "--json", ink], folder)
    run(["app", "recognize", "https://192.0.2.1/digit.png"], folder, wanted=1)  # an address isn't a file
    assert reached(folder) == []


def test_a_training_a_report_and_opening_reach_nobody(folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("tensorflow")
    mnist = save_npz(tmp_path / "mnist.npz", **ten_patterns(400, 100))
    words: list[str | Path] = ["--network", "mlp-128", "--epochs", "1", "--data", mnist, "--output", tmp_path / "made"]
    evaluating = ["evaluate", "--model", tmp_path / "made", "--data", mnist, "--output", tmp_path / "report"]
    opening = ["open", bundle.BUNDLED / bundle.KERAS_FILE, "--output", tmp_path / "opened"]
    address = f"inkling-watched-{os.getpid()}"
    server = forked.started(address, *watched([], folder))  # watched from loading TensorFlow on
    for command in (["train", *words, "--events"], evaluating, opening, ["devices", "--events"]):
        done = subprocess.run(
            [*forked.program(address), *map(str, command)], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    assert server.stdin
    server.stdin.close()
    server.wait()
    assert (tmp_path / "report" / "report.md").exists()
    assert reached(folder) == []


def test_a_training_without_data_reaches_for_mnist_and_is_seen(folder: Path, tmp_path: Path) -> None:
    """The only thing that uses the network; here behind a proxy that doesn't exist."""
    pytest.importorskip("tensorflow")
    words: list[str | Path] = [sys.executable, "-m", "model", "train", "--output", tmp_path / "made", "--events"]
    environment = {"https_proxy": "http://127.0.0.1:9", "no_proxy": "", "KERAS_HOME": str(tmp_path / "keras")}
    done = subprocess.run(
        watched(words, folder),
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert "MNIST couldn't be downloaded" in done.stdout
    wanted = 'sin_port=htons(9), sin_addr=inet_addr("127.0.0.1")'
    assert reached(folder)
    assert all(wanted in line for line in reached(folder))
