"""Faults: a loss would be found, and a short run of each kind loses nothing."""

import json
import os
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest

from app.kept.samples import Samples
from stress.faults import trainers
from stress.faults.disk import Disk, File
from stress.faults.ground import CONFIG, DATA, Ground
from stress.faults.trainers import WAYS
from stress.kinds import FAULTS
from tests.conftest import missing, on_linux

pytestmark = [on_linux, pytest.mark.nightly]
NEEDED = {"errors": "strace", "kills": "strace", "power": "strace", "clock": "faketime"}  # Debian's packages


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    with Ground() as laid:
        yield laid


def test_a_home_to_which_nothing_happened_is_whole(ground: Ground) -> None:
    assert ground.audit(ground.home(), ()) == []


def test_whatever_is_lost_is_found(ground: Ground) -> None:
    home = ground.home()
    with Samples(home / DATA / "drawings.sqlite3") as samples:
        samples.remove([3])
    (home / CONFIG / "settings.json").write_text(json.dumps({"model": "mine", "width": 7}))
    (home / DATA / ".inkling-leftover").mkdir()
    (home / DATA / "last-drawing.json").unlink()
    (home / "saved.inkling").write_bytes((home / "import.jsonl").read_bytes().splitlines()[0])
    assert ground.audit(home, [{"kept": [9, 100]}, {"look": "dark"}, {"reported": True}]) == [
        "drawing 3 is lost",
        "drawing 9 is lost",
        "the pen's width is 7",
        "the look is ''",
        "the threshold is 0.5",
        "the saved file is neither the old nor the new one",
        "the report is lost",
        "the open drawing is none of those that were",
        f"{DATA}/.inkling-leftover is left",
    ]


def test_a_damaged_model_is_found(ground: Ground) -> None:
    home = ground.home()
    network = home / DATA / "models" / "mine" / "model.tflite"
    content = network.read_bytes()
    network.unlink()  # the others are links to the same file
    network.write_bytes(content[:-1] + b"?")
    first, *_rest = ground.audit(home, ())
    assert "is damaged" in first


def found(disk: Disk, moment: int) -> set[tuple[str, bytes | None]]:
    """Return everything that a disk may hold after a power cut at a moment, as paths with their contents."""
    return {each for number in range(200) for each in disk.after(moment, random.Random(number))}  # noqa: S311  (no secret)


def test_a_cut_takes_back_what_was_not_flushed_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    disk = Disk(tmp_path)
    fresh = File()
    disk.moment = 1
    disk.put({"b": fresh})
    disk.moment = 2
    fresh.writes.append((2, 0, b"new"))
    assert found(disk, 0) == {("/a", b"old")}
    assert found(disk, 2) >= {("/a", b"old"), ("/b", b""), ("/b", b"new"), ("/b", b"\0\0\0")}
    disk.moment = 3
    disk.flush(fresh)
    disk.moment = 4
    disk.put({"b": None, "a": fresh})
    assert found(disk, 4) >= {("/a", b"old"), ("/a", b"new"), ("/b", b"new")}
    assert not {("/a", b""), ("/b", b"")} & found(disk, 4)
    disk.moment = 5
    disk.flush(disk.root)
    assert found(disk, 5) == {("/a", b"new")}


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_job_ends_with_one_event_whatever_its_trainer_does(
    way: Callable[[random.Random], None], tmp_path: Path
) -> None:
    words = [way.__name__, "1"]
    _seconds, _last, wrong = trainers.attempt(words, tmp_path, random.Random(1))  # noqa: S311  (as above)
    assert wrong == []


@pytest.mark.parametrize("kind", sorted({*FAULTS} - {"trainers"}))
def test_nothing_is_lost(kind: str, request: pytest.FixtureRequest) -> None:
    needed = NEEDED.get(kind, "python3")
    if shutil.which(needed) is None:
        missing(f"{needed} is needed: install it by your system's packages")
    if needed == "strace" and subprocess.run(["strace", "-qq", "-o", os.devnull, "true"], check=False).returncode:
        missing("this system lets no process be traced")
    if kind == "programs":
        request.getfixturevalue("display")
    report = import_module(FAULTS[kind]).run(3, 20)
    assert report.failures == ()
    assert report.tried >= report.distinct >= 1
    assert sum(report.outcomes.values()) == report.tried
