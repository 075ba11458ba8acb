"""Loads, each for some seconds: memory doesn't grow, nothing goes wrong, and a leak or a loss would be noticed."""

import itertools
from pathlib import Path
from types import SimpleNamespace

import pytest

from stress.load import apart, held, hours, ink, kept, monkey, recognitions, retrainings, undo
from stress.load.held import Record
from stress.report import Report
from tests.conftest import on_linux

pytestmark = [on_linux, pytest.mark.nightly]


def _leaking(_seconds: float, _seed: int) -> Report:
    """Hold more each time, as a leak does."""
    record = Record(10)
    files = []
    for done in range(1, 11):
        files.append(Path("/dev/null").open())  # noqa: SIM115  (they stay open on purpose)
        record.look(done)
    for file in files:
        file.close()
    return Report("", 10, 10, failures=tuple(record.leaks()), figures=record.figures())


def _broken(_seconds: float, _seed: int) -> Report:
    raise KeyError("a bug")


def test_what_leaks_is_found_and_told_with_its_slope() -> None:
    report = apart.apart(_leaking, 1, 7, screen=False)
    (failure,) = report.failures
    assert failure.startswith("test_load, seed 7: handles grow by 9.0, from ")
    assert report.figures["slopes"]["each 10"]["handles"] == 10
    assert report.figures["slopes"]["each 10"]["threads"] == 0
    assert len(report.figures["looks"]) == 10


def test_a_load_that_breaks_is_a_failure_with_its_trace() -> None:
    report = apart.apart(_broken, 1, 7, screen=False)
    (failure,) = report.failures
    assert "KeyError: 'a bug'" in failure


def test_times_are_set_beside_each_other_without_the_warm_up(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = (float(tick) ** 2 / 1000 for tick in itertools.count())  # each step takes longer than the one before
    monkeypatch.setattr(held, "SHOWN", 5)
    monkeypatch.setattr(held, "time", SimpleNamespace(perf_counter=lambda: next(clock), process_time=lambda: 0.0))
    monkeypatch.setattr(held, "gc", SimpleNamespace(collect=int, get_objects=list))  # a test process has millions
    record = Record(10, warm=0.2)
    for done in range(1, 12):
        with record.timed():
            pass
        record.look(done)
    figures = record.figures()
    assert figures["milliseconds"] == {"first tenth": 9.0, "last tenth": 41.0, "last / first": 4.556}
    assert figures["slopes"]["each 10"]["milliseconds"] == pytest.approx(40)
    assert [look["done"] for look in figures["looks"]] == [1, 4, 7, 10, 11]


def test_drawings_are_distinct_the_same_from_a_seed_and_on_the_canvas(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for _source in range(2):
        drawings = [drawing for drawing, _ in zip(ink.digits(3), range(200), strict=False)]
        again = [drawing for drawing, _ in zip(ink.digits(3), range(200), strict=False)]
        assert drawings == again
        assert len({drawing.strokes for drawing in drawings}) == 200
        assert {drawing.label for drawing in drawings} == set("0123456789")
        for drawing in drawings:
            box = drawing.box
            assert box.left > 0
            assert box.top > 0
            assert box.right < ink.CANVAS[0]
            assert box.bottom < ink.CANVAS[1]
        monkeypatch.setattr(ink, "SHARED", tmp_path)  # so that it draws the skeletons


def test_thousands_are_read_with_what_hundreds_take() -> None:
    report = recognitions.run(4, 20)
    assert not report.failures
    assert report.distinct == report.tried > 0
    assert report.figures["read right"] > 0.9


@pytest.mark.usefixtures("display")
def test_many_kept_drawings_are_shown_and_changed_like_few() -> None:
    report = kept.run(5, 20)
    assert not report.failures
    assert report.tried > kept.FEW
    assert report.figures["dialog with 100"]["items drawn, at most"] > 50


@pytest.mark.usefixtures("display")
def test_all_is_undone_and_made_again() -> None:
    report = undo.run(5, 20)
    assert not report.failures
    assert report.tried > 0


@pytest.mark.usefixtures("display")
def test_some_minutes_of_use_leave_nothing_behind() -> None:
    report = hours.run(6, 20)
    assert not report.failures
    assert report.tried > 0


@pytest.mark.usefixtures("display")
def test_a_retraining_leaves_the_model_that_was_chosen_and_nothing_else() -> None:
    report = retrainings.run(1, 20)
    assert not report.failures
    assert report.outcomes == {retrainings.USE: 1, retrainings.KEEP: 0}


@pytest.mark.usefixtures("display")
def test_a_monkey_finds_no_fault() -> None:
    report = monkey.run(5, 5)
    assert not report.failures
    assert report.tried > 0
