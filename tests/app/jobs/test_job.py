"""A command in a child process: what it reports, and what happens when it's cancelled, killed or left alone."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import UnionType

import pytest

from app.jobs import training
from app.jobs.job import Job
from app.kept import models, paths
from model.base import events
from model.bundle.bundle import BUNDLED, open_bundle
from tests.conftest import ROOT, on_linux, save_npz, soon, ten_patterns
from tests.screen import PATIENCE, wait_for


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return save_npz(tmp_path / "small.npz", **ten_patterns(1200, 100))


def train(data: Path, *words: str) -> tuple[Job, Path]:
    place = models.new_place("mlp-128")
    words = ("--checkpoint-seconds", "86400", *words)  # so there's no checkpoint, however long it takes
    return Job(["train", "--network", "mlp-128", "--data", str(data), "--output", str(place), *words], place), place


def told(job: Job, until: type[events.Event] | UnionType = events.LAST) -> list[events.Event]:
    """Return a job's events up to the first of this kind."""
    seen: list[events.Event] = []

    def arrived() -> bool:
        seen.extend(job.poll(1))
        return bool(seen) and isinstance(seen[-1], until)

    wait_for(arrived, 120, f"an event of {until}", pause=0.01)
    return seen


def left() -> list[str]:
    """Return the names of what's in the models' folder."""
    folder = paths.models_folder()
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def exists(process: int) -> bool:
    """Return whether a process still runs; a zombie counts as dead."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_training_is_gentle_compared_and_written(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.base.own_process.program", lambda: [sys.executable, "-m", "model"])
    job, place = train(small, "--epochs", "1", "--against", str(BUNDLED), "--name", "Mine")
    seen = told(job, events.Progress)
    if sys.platform == "linux":
        nice = [int(stat.read_text().rsplit(")", 1)[1].split()[16]) for stat in threads(job)]
        assert set(nice) == {10}
    seen += told(job)
    assert isinstance(seen[-1], events.Finished)
    (compared,) = (event for event in seen if isinstance(event, events.Compared))
    assert compared.images == 100
    assert compared.new.right / 100 == pytest.approx(seen[-1].accuracy)
    assert 0 < compared.current.right < compared.new.right  # the built-in one never saw these patterns
    assert {difference.digit == difference.new for difference in compared.differences} == {True}
    assert seen.index(compared) == len(seen) - 2
    assert left() == [place.name]
    assert open_bundle(place).card.name == "Mine"


def threads(job: Job) -> list[Path]:
    return list(Path(f"/proc/{job.process}/task").glob("*/stat"))


@on_linux
@pytest.mark.parametrize("moment", [None, events.Started, events.Progress])
@soon(3)
def test_cancel_ends_the_child_soon_and_leaves_nothing(
    small: Path, moment: type[events.Event] | None, seconds: float
) -> None:
    job, _ = train(small, "--epochs", "500")
    if moment:
        told(job, moment)
    began = time.monotonic()
    job.cancel()
    assert isinstance(told(job)[-1], events.Cancelled)
    assert time.monotonic() - began < seconds
    assert not exists(job.process)
    assert left() == []


@on_linux
def test_cancel_while_the_model_is_written_leaves_nothing(small: Path) -> None:
    job, _ = train(small, "--epochs", "1")
    while True:
        (event,) = told(job, events.Stage)[-1:]
        if event == events.Stage("writing the model"):
            break
    job.cancel()
    assert isinstance(told(job)[-1], events.Cancelled)
    assert left() == []


@on_linux
def test_a_killed_child_is_a_sentence_and_leaves_nothing(small: Path) -> None:
    job, _ = train(small, "--epochs", "500")
    told(job, events.Progress)
    os.kill(job.process, signal.SIGKILL)
    last = told(job)[-1]
    assert isinstance(last, events.Failed)
    assert "The system ended it" in last.message
    assert left() == []


@on_linux
def test_the_child_does_not_outlive_a_killed_window(small: Path) -> None:
    script = f"""
import sys, time
from tests.app.jobs.test_job import train, told, events
from pathlib import Path
job, place = train(Path({str(small)!r}), "--epochs", "500")
told(job, events.Progress)
print(job.process, flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True) as window:
        assert window.stdout
        child = int(window.stdout.readline())
        assert exists(child)
        window.kill()
    wait_for(lambda: not exists(child), 3, "the child's end", pause=0.01)
    assert left() == []


def test_a_failure_says_what_would_help(tmp_path: Path) -> None:
    data = tmp_path / "mnist.npz"
    data.write_bytes(b"no archive")
    job, _ = train(data)
    last = told(job)[-1]
    assert isinstance(last, events.Failed)
    assert last.instead == "data"
    assert "choose an .npz or .csv file" in last.message
    assert left() == []


def test_wrong_words_are_no_silence() -> None:
    job = Job(["train", "--network", "nonsense"])
    last = told(job)[-1]
    assert isinstance(last, events.Failed)
    assert any("nonsense" in line for line in job.lines)


def test_a_training_goes_on_from_a_model(small: Path, tmp_path: Path) -> None:
    job, place = train(small, "--epochs", "3")
    told(job)
    again = tmp_path / "again"
    more = Job(["train", "--from", str(place), "--data", str(small), "--epochs", "1", "--output", str(again)], again)
    first = next(event for event in told(more) if isinstance(event, events.EpochDone))
    assert first.validation_accuracy > 0.95
    assert open_bundle(again).card.data["start"]["sha256"] == open_bundle(place).card.sha256["model.keras"]
    other = Job(["train", "--from", str(place), "--network", "mlp-256", "--data", str(small), "--output", str(again)])
    last = told(other)[-1]
    assert isinstance(last, events.Failed)
    assert "not a mlp-256 that was trained here" in last.message


def test_two_trainings_do_not_write_to_the_same_place(small: Path) -> None:
    job, place = train(small, "--epochs", "500")
    told(job, events.Started)
    second = Job(["train", "--network", "mlp-128", "--data", str(small), "--output", str(place)])
    last = told(second)[-1]
    assert isinstance(last, events.Failed)
    assert "Another Inkling is making a model" in last.message
    job.cancel()
    told(job)
    assert left() == []


def test_devices_are_found() -> None:
    (last,) = told(Job(["devices"]))
    assert isinstance(last, events.Devices)
    assert last.found["cpu"] == "CPU"


@on_linux
def test_a_process_that_the_child_leaves_behind_holds_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    script = "import os, time\nprint('it goes on', flush=True)\nif not os.fork(): time.sleep(60)"
    monkeypatch.setattr("model.base.own_process.program", lambda: [sys.executable, "-c", script])
    job = Job(["devices"])
    last = told(job)[-1]
    assert isinstance(last, events.Failed)
    assert job.wait(PATIENCE)
    assert "it goes on" in job.lines


@on_linux
def test_a_child_that_can_say_no_more_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    script = "import os, time\nos.close(1)\nos.close(2)\ntime.sleep(60)"
    monkeypatch.setattr("model.base.own_process.program", lambda: [sys.executable, "-c", script])
    job = Job(["devices"])
    last = told(job)[-1]
    assert isinstance(last, events.Failed)
    assert "ended without a message" in last.message
    assert not exists(job.process)


@on_linux
def test_a_line_that_never_ends_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    script = "import os\nfor _ in range(3000): os.write(1, b'x' * 100_000)"
    monkeypatch.setattr("model.base.own_process.program", lambda: [sys.executable, "-c", script])
    job = Job(["devices"])
    assert isinstance(told(job)[-1], events.Failed)
    assert 0 < sum(map(len, job.lines)) < 100_000  # of 300 MB


def test_one_child_loads_tells_the_devices_and_trains(small: Path) -> None:
    job, place = Job(training.WAITING), models.new_place("mlp-128")
    (ready,) = told(job, events.Ready)
    assert isinstance(ready, events.Ready)
    assert ready.devices["cpu"] == "CPU"
    child = job.process
    choice = training.Choice("mlp-128", {"epochs": "1", "deform": False}, data=small)
    job.go_on(choice.words(BUNDLED, "Mine", place), place, events.Control())
    seen = told(job)
    assert isinstance(seen[-1], events.Finished)
    assert job.process == child
    assert [type(event) for event in seen].count(events.Compared) == 1
    assert left() == [place.name]


@on_linux
@pytest.mark.parametrize("moment", [None, events.Ready])
def test_a_child_that_waits_ends_when_nobody_is_there(moment: type[events.Event] | None) -> None:
    job = Job(training.WAITING)
    if moment:
        told(job, moment)
    job.cancel()
    assert job.wait(3)
    assert job.last == events.Cancelled()


def test_words_for_a_child_that_has_ended_are_not_lost_in_silence() -> None:
    job = Job(["train", "--network", "nonsense"])
    assert job.wait(60)
    job.go_on(["train"], models.new_place("mlp-128"), events.Control())
    assert isinstance(told(job)[-1], events.Failed)
