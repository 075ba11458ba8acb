"""What Inkling is put through: faults would be found, and a short run of each kind finds none."""

import json
from pathlib import Path
from typing import Any

import pytest

from stress import page, watch
from stress.__main__ import main
from stress.kinds import INPUTS
from stress.report import Report
from tests import planted
from tests.conftest import on_linux

pytestmark = on_linux


@pytest.mark.nightly
def test_each_planted_fault_is_found_once_and_its_input_is_kept(tmp_path: Path) -> None:
    report = watch.attempt("tests.planted", 24, 1, tmp_path)
    found = {content: [failure for failure in report.failures if _input(failure, tmp_path) == content]
             for content in planted.FAULTS}  # fmt: skip
    said = {content: failures[0] for content, failures in found.items() if failures}
    assert said.keys() == set(planted.FAULTS)
    assert "KeyError" in said[b"trace"]
    assert "computing" in said[b"computes"]
    assert "computing" in said[b"waits"]
    assert "MB" in said[b"memory"]
    assert "elsewhere" in said[b"elsewhere"]
    assert "socket.connect" in said[b"network"]
    assert "socket.connect" in said[b"neighbour"]
    assert "home" not in said[b"neighbour"].partition("socket.connect")[2]
    assert "a bug" in said[b"logs"]
    assert {_input(failure, tmp_path) for failure in report.failures} == set(planted.FAULTS)  # and nothing else
    assert report.outcomes["tests.planted._enter"] >= 2  # the sentence, and the one with two lines
    assert report.distinct > 50


@pytest.mark.nightly
def test_an_input_that_ends_the_process_is_found_and_kept(tmp_path: Path) -> None:
    report = watch.attempt("tests.planted_crash", 4, 1, tmp_path)
    assert report.failures
    for failure in report.failures:
        assert "the process ended with -6" in failure
    assert _input(report.failures[0], tmp_path) == b"dies"


@pytest.mark.nightly
@pytest.mark.parametrize("kind", INPUTS)
def test_whatever_goes_in_ends_in_an_answer_or_in_a_sentence(kind: str, tmp_path: Path) -> None:
    report = watch.attempt(INPUTS[kind], 3, 20, tmp_path)
    if report.distinct < 10:  # a busy machine has computed hardly anything in such a short time
        report = watch.attempt(INPUTS[kind], 60, 20, tmp_path)
    assert not report.failures
    assert report.distinct >= 10
    assert report.outcomes.keys() > {"answer"}  # and sentences from at least one place


@pytest.mark.nightly
def test_the_command_prints_one_object_with_counts_by_kind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--seconds", "3", "--seed", "7", "--json", "--only", "ink", "--kept", str(tmp_path)]
    assert main(words) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["failures"] == []
    assert said["seed"] == 7
    assert said["kinds"]["ink"]["tried"] >= said["kinds"]["ink"]["distinct"] > 0


@pytest.mark.nightly
def test_a_kind_that_this_system_cannot_run_is_told_and_the_others_count(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_seconds: float, _seed: int) -> Report:
        raise KeyError("planted")

    monkeypatch.setattr("stress.faults.clock.LIBRARY", "faketime/none.so")
    monkeypatch.setattr("stress.faults.versions.run", breaks)
    monkeypatch.setattr("stress.faults.full.run", lambda _seconds, _seed: Report("full", 3, 2))
    words = ["--only", "full", "clock", "versions", "full", "--kept", str(tmp_path)]
    assert main(words) == 1
    first, clock, broken, *_trace, last = capsys.readouterr().out.splitlines()
    assert first == last == "full: 3 tried in 0 s, 2 of them distinct, 0 outcomes, 0 failures"
    assert clock == "clock: not run (libfaketime is needed (Debian: apt install faketime))"
    assert broken == "versions: 0 tried in 0 s, 0 of them distinct, 0 outcomes, 1 failures"
    assert main([*words, "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["kinds"]["full"]["tried"] == 3
    assert said["kinds"]["clock"]["not_run"] == "libfaketime is needed (Debian: apt install faketime)"
    (failure,) = said["failures"]
    assert "KeyError: 'planted'" in failure
    assert main(["--only", "full", "clock"]) == 1


def test_the_newest_run_of_each_kind_is_kept_with_few_of_its_looks(tmp_path: Path) -> None:
    def report(kind: str, tried: int, looks: int) -> dict[str, Any]:
        return {"kind": kind, "tried": tried, "figures": {"looks": [{"minutes": each} for each in range(looks)]}}

    file = tmp_path / "results.jsonl"
    page.keep([report("undo", 1, 5), report("hours", 2, 1000)], file)
    page.keep([report("undo", 3, 0)], file)
    hours, undo = page.load(file)
    assert (undo["tried"], hours["tried"]) == (3, 2)
    minutes = [look["minutes"] for look in hours["figures"]["looks"]]
    assert minutes[0] == 0
    assert minutes[-1] == 999
    assert len(minutes) == page.LOOKS + 1
    page.keep([], file)
    assert page.load(file)[0] == hours  # what's already short isn't thinned out


def test_the_page_is_what_follows_from_the_results_that_are_kept() -> None:
    assert page.PAGE.read_text(encoding="utf-8") == page.text(page.FILE)


def _input(failure: str, kept: Path) -> bytes:
    """Return the input that a failure names; guided ones no longer have the byte that chooses the way in."""
    return (kept / failure.rpartition("(input ")[2].removesuffix(")")).read_bytes()
