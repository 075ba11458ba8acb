"""A training that's watched: what its process is asked while it learns, and what it reports; with the real child."""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pytest

from model.base import events
from model.base.events import Control
from model.bundle.bundle import open_bundle
from tests.conftest import ROOT, model_program, save_npz, ten_patterns
from tests.screen import PATIENCE

EPOCHS = 3
Told = TypeVar("Told", bound=events.Event)


class Child:
    """A training under way, as a window starts it, and somebody who watches it."""

    def __init__(self, data: Path, output: Path, *words: str):
        command = [*model_program(), "devices", "--then-train", "--events"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert self.process.stdin
        assert self.process.stdout
        self.stdin, self.stdout = self.process.stdin, self.process.stdout
        self.told: list[events.Event] = []
        self.asked = Control()
        training = ["train", "--data", str(data), "--epochs", str(EPOCHS), "--output", str(output), *words]
        self.say(json.dumps(training))

    def say(self, line: str) -> None:
        self.stdin.write(f"{line}\n")
        self.stdin.flush()

    def ask(self, **control: object) -> Control:
        """Ask for something, and return the event that confirms it."""
        self.asked = replace(self.asked, **control)  # type: ignore[arg-type]
        self.say(events.to_line(self.asked))
        return self.until(Control)

    def until(self, kind: type[Told], wanted: Callable[[Told], bool] = lambda _event: True) -> Told:
        """Return the next wanted event of a kind."""
        for line in self.stdout:
            event = events.from_line(line)
            self.told.append(event)
            if isinstance(event, kind) and wanted(event):
                return event
        raise AssertionError(f"it ended: {self.told[-1:]}")

    def pause(self) -> Control:
        """Return the event that confirms a pause."""
        return self.until(Control, lambda control: control.paused)

    def all(self, kind: type[Told]) -> list[Told]:
        return [event for event in self.told if isinstance(event, kind)]

    def end(self) -> None:
        self.until(events.Finished)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.npz"
    save_npz(path, **ten_patterns(6000, 500))
    return path


@pytest.fixture
def start(small: Path, tmp_path: Path) -> Iterator[Callable[..., Child]]:
    started: list[Child] = []

    def begin(*words: str) -> Child:
        started.append(Child(small, tmp_path / "new", *words))
        return started[-1]

    yield begin
    for child in started:
        with contextlib.suppress(BrokenPipeError):
            child.stdin.close()
        child.stdout.close()
        child.process.wait(PATIENCE)


def numbers(grids: events.Grids) -> npt.NDArray[np.int8]:
    flat = np.frombuffer(base64.b64decode(grids.numbers), np.int8)
    return flat.reshape(grids.count, grids.rows, grids.columns)


def test_a_pause_stops_the_steps_and_one_more_epoch_goes_on_after_the_last(
    start: Callable[..., Child], tmp_path: Path
) -> None:
    child = start("--network", "mlp-128")
    assert child.ask(pause_after=1).steps == 75
    assert child.pause().epochs == EPOCHS
    assert len(child.all(events.EpochDone)) == 1
    steps = len(child.all(events.Progress))
    heeded = child.ask(unit=5)  # it answers while it's paused, without taking a step
    child.until(events.Watched)
    assert heeded.paused
    assert len(child.all(events.Progress)) == steps
    child.ask(pause_after=EPOCHS)
    child.pause()
    assert len(child.all(events.EpochDone)) == EPOCHS
    heeded = child.ask(pause_after=0, epochs=EPOCHS + 1)
    assert (heeded.paused, heeded.epochs) == (False, EPOCHS + 1)
    child.end()
    assert len(child.all(events.EpochDone)) == EPOCHS + 1
    card = open_bundle(tmp_path / "new").card
    assert card.recipe["epochs"] == EPOCHS + 1
    assert card.data["changed"] == [{"epoch": EPOCHS + 1, "epochs": EPOCHS + 1}]


def test_knobs_turn_under_way_and_the_card_says_so(start: Callable[..., Child], tmp_path: Path) -> None:
    child = start("--network", "mlp-512-dropout")
    first = child.ask(pause_after=1)
    assert first.dropout == pytest.approx(0.2)
    assert first.learning_rate == pytest.approx(0.001)
    child.pause()
    turned = child.ask(learning_rate=0.01, dropout=0.5, batch_size=300)
    assert (turned.dropout, turned.batch_size, turned.steps) == (0.5, 300, 20)
    assert turned.learning_rate == pytest.approx(0.01)
    child.ask(pause_after=0)
    child.end()
    last = child.all(events.Progress)[-1]
    assert (last.epoch, last.step) == (EPOCHS, 20)
    (changed,) = open_bundle(tmp_path / "new").card.data["changed"]
    assert changed["epoch"] == 2
    assert changed["batch_size"] == 300


def test_a_planned_learning_rate_reaches_to_the_epochs_that_there_are_then(start: Callable[..., Child]) -> None:
    child = start("--network", "mlp-128", "--schedule", "cosine")
    child.ask(pause_after=EPOCHS)
    assert child.pause().learning_rate == pytest.approx(0, abs=1e-9)
    assert child.ask(epochs=EPOCHS + 1, pause_after=0).learning_rate > 0
    child.end()


def test_slow_motion_tells_of_each_step(start: Callable[..., Child]) -> None:
    child = start("--network", "mlp-128")
    child.ask(steps_a_second=9.0)
    for _step in range(4):
        child.until(events.Progress)
    steps = [event.step for event in child.all(events.Progress)]
    assert steps == list(range(steps[0], steps[0] + 4))
    child.ask(steps_a_second=0.0)
    child.end()


def test_after_each_epoch_a_thousand_digits_have_their_places(start: Callable[..., Child]) -> None:
    child = start("--network", "mlp-256-128-dropout")
    child.ask(drawing=7)
    child.end()
    (drawn,) = child.all(events.Drawn)
    images = np.frombuffer(base64.b64decode(drawn.images), np.uint8).reshape(-1, 28, 28)
    assert len(images) == len(drawn.digits) == 1000
    assert set(drawn.digits) == set("0123456789")
    told = child.all(events.Watched)
    assert [each.epoch for each in told] == list(range(EPOCHS + 1))
    places = []
    for each in told:
        assert len(each.read) == 1000
        assert len(events.to_line(each)) < 100_000
        assert numbers(each.weights).shape == (24, 28, 28)
        assert numbers(each.answers).shape == (24, 1, 1)
        assert each.units == 256
        places.append(np.frombuffer(base64.b64decode(each.places), "<f4").reshape(1000, 2))
        assert (places[-1] ** 2).sum(1).mean() == pytest.approx(1, abs=1e-3)
    for before, after in itertools.pairwise(places):
        kept, mirrored = np.abs(after - before).mean(), np.abs(after * (-1, 1) - before).mean()
        assert kept < mirrored


def test_a_convolution_tells_its_kernels_and_what_they_make_of_a_drawing(start: Callable[..., Child]) -> None:
    child = start("--network", "cnn", "--epochs", "1")
    child.ask(unit=20, drawing=5000)  # there aren't that many drawings
    told = child.until(events.Watched)
    assert (told.units, told.unit) == (32, 20)
    assert numbers(told.weights).shape == (12, 5, 5)
    assert numbers(told.answers).shape == (12, 24, 24)
    assert np.abs(numbers(told.weights)).max() == 127


def test_what_cannot_be_asked_is_not_heeded(start: Callable[..., Child]) -> None:
    child = start("--network", "mlp-128", "--epochs", "1")
    child.say("[" * 50_000)
    for line in ("{", '{"event":"cancelled"}', '{"event":"control","dropout":2.0}', '{"event":"control","paused":1}'):
        child.say(line)
    child.end()
    assert not child.all(Control)


def test_a_pause_ends_when_nobody_watches_any_more(start: Callable[..., Child], tmp_path: Path) -> None:
    child = start("--network", "mlp-128")
    assert child.ask(paused=True).paused
    child.stdin.close()
    child.until(events.Cancelled)
    assert not (tmp_path / "new").exists()
