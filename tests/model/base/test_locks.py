"""File systems without locks, as on some networks and in containers: saving works, and never by two at once."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from app.facts import instance
from app.kept import paths, settings
from app.kept.samples import Samples
from model.base.errors import UserError
from tests.app.kept.test_samples import SEVEN
from tests.app.test_cli import ink
from tests.conftest import ROOT, missing, on_linux
from tests.screen import PATIENCE, wait_for

pytestmark = on_linux
KEEPER = """
import ctypes, json, os, signal, sys, threading
from app.kept import paths, settings
from app.facts.instance import Instance
from app.kept.last_drawing import LastDrawing
from app.kept.samples import Samples
from model.bundle import bundle
from model.base.errors import UserError
from model.ink.ink import Drawing
drawing = Drawing.from_json(json.loads(sys.argv[1]))
samples, last, instance = Samples(paths.samples_file()), LastDrawing(paths.last_drawing_file()), None
def model():
    with bundle.reserved(paths.models_folder() / "mine"):
        print('"reserved"', flush=True)
        if sys.stdin.readline() == "die\\n":
            os.kill(os.getpid(), signal.SIGKILL)
    return "made"
def do(words):
    global instance
    match words:
        case ["keep", label]:
            return samples.keep(drawing, label)
        case ["labels"]:
            return sorted(each.label for each in samples.everything())
        case ["remove"]:
            return samples.remove(samples.ids())
        case ["width", width]:
            return settings.change(width=int(width)).width
        case ["open"]:
            last.take()
            last.keep(drawing)
            last.close()
            return paths.last_drawing_file().exists()
        case ["listen"]:
            instance = Instance(paths.running_file())
            if listens := instance.listen():
                threading.Thread(target=visits, daemon=True).start()
            return listens
        case ["reserve"]:
            return model()
def visits():
    while True:
        for request in instance.requests():
            request.accept()
ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1))  # PR_SET_PTRACER: whoever traces it need not be its parent
print('"begun"', flush=True)
for line in sys.stdin:
    try:
        answer = do(line.split())
    except UserError as error:
        answer = str(error)
    print(json.dumps(answer), flush=True)
"""


class Keeper:
    """A program that saves to the user's folders while some of its system calls fail."""

    def __init__(self, *faults: str):
        command = [sys.executable, "-c", KEEPER, json.dumps(ink(7))]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )
        assert self.hear() == "begun"  # Python itself makes such calls at its start
        words = [word for fault in faults for word in ("-e", f"inject={fault}")]
        trace = ["-e", "trace=flock,fcntl,bind", "-o", os.devnull, "-p", str(self._process.pid)]
        self._strace = subprocess.Popen(["strace", "-f", "-qq", *trace, *words])
        wait_for(lambda: self._strace.poll() is not None or self._is_traced(), 30, "strace")
        if self._strace.poll() is not None:
            missing("this system lets no process be traced")

    def _is_traced(self) -> bool:
        return "TracerPid:\t0\n" not in Path(f"/proc/{self._process.pid}/status").read_text()

    def tell(self, words: str) -> None:
        """Tell it to do something."""
        assert self._process.stdin
        self._process.stdin.write(f"{words}\n")
        self._process.stdin.flush()

    def hear(self) -> Any:
        """Return the result of what it was told next, or its exit status if it has ended."""
        assert self._process.stdout
        if line := self._process.stdout.readline():
            return json.loads(line)
        return self._process.wait(PATIENCE)

    def ask(self, words: str) -> Any:
        self.tell(words)
        return self.hear()

    def end(self) -> None:
        """End it by closing its input."""
        self._process.communicate()
        self._strace.wait(PATIENCE)


@pytest.fixture
def keepers(request: pytest.FixtureRequest) -> Iterator[list[Keeper]]:
    """Two such programs, with the faults that the test asks for."""
    if not shutil.which("strace"):
        missing("strace is needed (Debian: apt install strace)")
    begun = [Keeper(*request.param), Keeper(*request.param)]
    yield begun
    for each in begun:
        each.end()


def without_locks(error: str) -> tuple[str, str]:
    return f"flock:error={error}", f"fcntl:error={error}"


@pytest.mark.parametrize(
    "keepers", [without_locks(error) for error in ("ENOLCK", "EOPNOTSUPP", "ENOSYS")], indirect=True, ids=str
)
def test_where_a_file_system_has_no_locks_all_is_kept_by_one_at_a_time(keepers: list[Keeper]) -> None:
    with Samples(paths.samples_file()) as samples:  # on a system with locks
        samples.keep(SEVEN, "3")
    one, other = keepers
    for _each in range(20):
        one.tell("keep 1")
        other.tell("keep 2")
    numbers = [each.hear() for each in keepers for _each in range(20)]
    assert sorted(numbers) == list(range(2, 42))
    assert one.ask("labels") == other.ask("labels") == ["1"] * 20 + ["2"] * 20 + ["3"]
    assert one.ask("remove") is None
    assert other.ask("labels") == []
    assert other.ask("keep 5") == 42
    assert [one.ask("width 7"), other.ask("width 9"), settings.load().width] == [7, 9, 9]
    assert one.ask("open") is True
    assert [one.ask("listen"), other.ask("listen")] == [True, False]
    assert one.ask("reserve") == "reserved"
    assert other.ask("reserve").startswith("Another Inkling is making a model in ")
    assert one.ask("die") == -signal.SIGKILL
    assert other.ask("reserve") == "reserved"
    assert other.ask("go on") == "made"
    other.end()
    with Samples(paths.samples_file()) as samples:  # now with locks again
        assert [each.label for each in samples.everything()] == ["5"]
        assert samples.notice == ""


@pytest.mark.parametrize("keepers", [("bind:error=EOPNOTSUPP:when=1",)], indirect=True, ids=str)
def test_where_a_file_system_has_no_sockets_a_second_start_finds_the_window(keepers: list[Keeper]) -> None:
    one, _other = keepers
    assert one.ask("listen") is True
    assert instance.hand_over([], paths.running_file())


def test_the_settings_are_not_changed_by_two_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    settings.change(width=7)
    monkeypatch.setattr(settings, "LOCK_PATIENCE", 0.1)
    with FileLock(paths.settings_file().with_name(".settings.json.lock")):
        with pytest.raises(UserError, match=r"Another Inkling is changing the settings\. Try again when it's done"):
            settings.change(width=9)
        assert settings.load().width == 7
    assert settings.change(width=9).width == 9
