"""A training from the window's side: what's typed, and what its events say."""

import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from app.jobs import training
from app.jobs.training import Choice, TrainingProgress
from model.base import events
from model.base.errors import UserError
from model.data import architectures
from model.data.recipe import Recipe

STARTED = events.Started("mlp-128", 101_770, "CPU", 48_000, 12_000, 10_000, epochs=2, steps=100)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def progress(course: TrainingProgress, clock: Clock, steps: range, seconds_a_step: float) -> None:
    for step in steps:
        course.take(events.Progress((step - 1) // 100 + 1, (step - 1) % 100 + 1, 1 / step, step / 200))
        clock.now += seconds_a_step


def test_every_network_has_defaults_and_words() -> None:
    for name in architectures.NETWORKS:
        assert Recipe.of(name).epochs >= 1
        assert len(architectures.NETWORKS[name].about) > 20


def test_a_choice_becomes_words() -> None:
    knobs: dict[str, str | bool] = {"epochs": "3", "batch_size": " 64 ", "deform": True, "loss": "mse"}
    choice = Choice("mlp-256", knobs, data=Path("/d/mnist.npz"), start=Path("/m"))
    words = choice.words(Path("/current"), "mine", Path("/new"))
    pairs = dict(itertools.pairwise(words))
    assert words[0] == "train"
    assert pairs["--epochs"] == "3"
    assert pairs["--batch-size"] == "64"
    assert pairs["--data"] == "/d/mnist.npz"
    assert pairs["--from"] == "/m"
    assert pairs["--loss"] == "mse"
    assert (pairs["--against"], pairs["--name"], pairs["--output"]) == ("/current", "mine", "/new")
    assert "--deform" in words


@pytest.mark.parametrize("typed", ["", "0", "ten", "10001", "1.5", "-3"])
def test_a_number_that_is_none_is_a_sentence(typed: str) -> None:
    with pytest.raises(UserError, match="Epochs must be a whole number from 1 to 10,000"):
        Choice("mlp-128", {"epochs": typed, "batch_size": "64", "deform": False})


@pytest.mark.parametrize("typed", ["0", "much", "nan", "1000"])
def test_a_learning_rate_that_is_none_is_a_sentence(typed: str) -> None:
    with pytest.raises(UserError, match="Learning rate must be a number from 1e-09 to 100"):
        Choice("mlp-128", {"learning_rate": typed})


def test_the_time_left_is_told_from_the_steps_so_far() -> None:
    clock = Clock()
    course = TrainingProgress(clock)
    course.take(events.Stage("reading the data"))
    assert course.line == "Reading the data…"
    assert course.fraction is None
    course.take(STARTED)
    assert course.seconds_left is None
    clock.now += 30  # the first call compiles
    progress(course, clock, range(1, 51), 0.5)
    assert course.fraction == pytest.approx(0.25)
    assert course.seconds_left == pytest.approx(150 * 0.5, rel=0.05)
    assert course.line == "Epoch 1 of 2, batch 50 of 100; about 1 minute left"
    progress(course, clock, range(51, 201), 0.1)
    assert course.seconds_left == 0
    assert "Epoch 2 of 2, batch 100 of 100" in course.line


def test_a_long_curve_stays_small() -> None:
    course = TrainingProgress(Clock())
    course.take(events.Started("mlp-128", 1, "CPU", 1, 1, 1, epochs=100, steps=100))
    progress(course, Clock(), range(1, 10_001), 0)
    assert len(course.curve) <= training.MOST_POINTS
    assert course.curve[-1][0] == pytest.approx(100, abs=1)


def test_a_teacher_is_named_and_the_network_starts_anew() -> None:
    course = TrainingProgress(Clock())
    course.take(events.Started("cnn-batchnorm", 1, "CPU", 1, 1, 1, epochs=2, steps=100, role="teacher 1"))
    progress(course, Clock(), range(1, 201), 0)
    assert course.line.startswith("Teacher 1: epoch 2 of 2")
    course.take(STARTED)
    assert course.fraction == 0
    assert course.curve == []


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (2, "a few seconds"),
        (22, "about 20 seconds"),
        (61, "about 1 minute"),
        (130, "about 2 minutes"),
        (9000, "about 2 hours"),
    ],
)
def test_times_are_told_as_people_do(seconds: float, words: str) -> None:
    assert training.in_words(seconds) == words


@pytest.mark.parametrize(
    "told",
    [
        [events.Downloading(5, 0)],
        [replace(STARTED, steps=0, epochs=0), *[events.Progress(1, 1, 0.5, 0.5)] * 9],
        [STARTED, *[events.Progress(5, 500, float("nan"), float("inf"))] * 9],
        [STARTED, *[events.Progress(0, 0, 1.0, 1.0)] * 9],
        [STARTED, *[events.EpochDone(1, 1.0, 1.0, 1.0, 1.0, 1.0)] * 5_000],
    ],
)
def test_a_trainer_that_counts_wrongly_is_shown_as_far_as_it_can_be(told: list[events.Event]) -> None:
    clock = Clock()
    course = TrainingProgress(clock)
    for event in told:
        course.take(event)
        clock.now += 1
        assert course.line
        assert 0 <= (course.fraction or 0) <= 1
        assert len(course.epochs) <= training.MOST_POINTS
