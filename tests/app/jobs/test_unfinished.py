"""Trainings that stopped: the last one can be continued, and useless remains are removed."""

import os
from pathlib import Path

import numpy as np
import pytest

from app.jobs import unfinished
from app.jobs.training import Choice
from app.kept import models, paths
from model.base.events import EpochDone
from model.bundle import bundle
from model.bundle.bundle import CHECKPOINT_FILE
from model.training.learn.checkpoint import Checkpoint

CHOICE = Choice("cnn", {"epochs": "10", "batch_size": "64", "deform": True}, data=Path("/mine ü.npz"))
DONE = EpochDone(1, 0.5, 0.5, 0.5, 0.5, 1.0)


def stopped(name: str, when: int, asked: str | None = None) -> Path:
    """Leave what a training leaves when it stops after an epoch, and return its folder."""
    place = paths.models_folder() / name
    noted = unfinished.noted(CHOICE, name) if asked is None else asked
    kept = Checkpoint(place, {}, seconds=0, resume=False, asked=noted)
    kept.save("network", [DONE], lambda: [np.zeros(3, np.float32)], last=False)
    os.utime(place / CHECKPOINT_FILE, (when, when))
    return place


def test_the_last_one_is_found_with_all_that_was_asked_and_older_ones_go() -> None:
    assert unfinished.newest() is None
    older, last = stopped("older", 1_000), stopped("last", 2_000)
    found = unfinished.newest()
    assert found == unfinished.Unfinished(last, "last", CHOICE, 1)
    assert found.on("cpu").words(Path("a"), "b", last)[-12:-10] == ["--device", "cpu"]
    assert not older.exists()
    assert [model.key for model in models.everything()] == [models.BUNDLED]  # it isn't a model yet
    found.delete()
    assert unfinished.newest() is None
    assert list(paths.models_folder().iterdir()) == []


def test_one_that_is_under_way_is_left_alone() -> None:
    place = stopped("mine", 1_000)
    lock = place.with_name(f".{place.name}.lock")
    from filelock import FileLock  # noqa: PLC0415  (as if another process held it)

    with FileLock(lock):
        assert unfinished.newest() is None
    assert unfinished.newest() is not None


@pytest.mark.parametrize("asked", ["", "[", "{}", '{"network": "cnn", "knobs": {"epochs": "none"}, "name": "a"}'])
def test_what_cant_be_gone_on_with_goes(asked: str, caplog: pytest.LogCaptureFixture) -> None:
    place = stopped("mine", 1_000, asked)
    assert unfinished.newest() is None
    assert not place.exists()
    assert "can't be read" in caplog.text
    damaged = stopped("damaged", 1_000)
    (damaged / CHECKPOINT_FILE).write_bytes(b"PK\x03\x04")
    assert unfinished.newest() is None
    assert not damaged.exists()


def test_a_whole_model_is_none_even_with_a_checkpoint() -> None:
    place = paths.models_folder() / "whole"
    bundle.copy_bundle(bundle.open_bundle(), place)
    (place / CHECKPOINT_FILE).write_bytes(b"")
    assert unfinished.newest() is None
    assert place.exists()
    assert len(models.everything()) == 2
