"""Training as it's started: by ``python -m model train``, in its own process."""

import json
import os
import shlex
import subprocess
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from model.base import events, installation
from model.base.errors import UserError
from model.bundle.bundle import CARD_FILE, CURVES_FILE, HISTORY_FILE, KERAS_FILE, LITERT_FILE, open_bundle
from model.reading.recognizer import Recognizer
from tests.conftest import ROOT, model_program, on_linux, run, run_anew, save_npz, ten_patterns
from tests.model.child import cancelled_at, read


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """6,000 + 500 images of ten patterns, which any network learns at once."""
    path = tmp_path / "small.npz"
    save_npz(path, **ten_patterns(6000, 500))
    return path


def test_training_streams_events_and_writes_a_bundle_that_reads(small: Path, tmp_path: Path) -> None:
    output = tmp_path / "new model ü"
    words = ("--network", "mlp-256-128-dropout", "--epochs", "2", "--seed", "3", "--events")
    done = run_anew("model", "train", "--data", small, *words, "--output", output)
    assert done.returncode == 0, done.stderr
    told = read(done.stdout)
    (started,) = (event for event in told if isinstance(event, events.Started))
    finished = told[-1]
    assert (started.network, started.weights, started.epochs) == ("mlp-256-128-dropout", 235_146, 2)
    assert (started.train_images, started.validation_images, started.test_images) == (4800, 1200, 500)
    assert started.steps == 38
    assert [event.epoch for event in told if isinstance(event, events.EpochDone)] == [1, 2]
    assert isinstance(finished, events.Finished)
    assert (finished.accuracy or 0) > 0.9
    bundle = open_bundle(output)
    bundle.verify()
    assert bundle.card.accuracy == finished.accuracy
    assert (bundle.card.seed, bundle.card.recipe["epochs"], bundle.card.data["source"]) == (3, 2, "small.npz")
    assert sorted(path.name for path in output.iterdir()) == [
        CARD_FILE,
        CURVES_FILE,
        HISTORY_FILE,
        KERAS_FILE,
        LITERT_FILE,
    ]
    with np.load(small) as file:
        images, labels = file["x_test"], file["y_test"]
    recognizer = Recognizer(bundle)
    answers = [recognizer.read(image.astype(np.float32) / np.float32(255)).digit for image in images]
    assert np.mean(np.array(answers) == labels) == pytest.approx(bundle.card.accuracy)


def test_training_tells_people_in_lines(small: Path, tmp_path: Path) -> None:
    words = ("--network", "mlp-128", "--epochs", "1", "--output", tmp_path / "new")
    done = run("model", "train", "--data", small, *words, PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert "steps/s" not in done.stderr  # a progress bar is for terminals
    note, first, *table, start, epoch, last = done.stdout.splitlines()
    assert note.startswith("The current model reads ")  # few of these, which are patterns
    assert first.startswith("training images: (4800, 28, 28), uint8, 0 to ")
    assert any("dense (Dense)" in line and "100,480" in line for line in table)
    assert start.startswith("mlp-128, 101,770 weights, on the ")
    assert epoch.startswith("epoch 1: loss ")
    assert last.startswith("reads ")


def test_a_network_below_its_stated_accuracy_is_not_written(small: Path, tmp_path: Path) -> None:
    with np.load(small) as file:
        arrays = dict(file)
    np.savez(small, **(arrays | {"y_test": (arrays["y_test"] + 1) % 10}))  # so every answer will be wrong
    words = ("model", "train", "--data", small, "--epochs", "1", "--at-least", "0.98", "--output", tmp_path / "new")
    done = run(*words, "--events")
    assert done.returncode == 1
    failed = read(done.stdout)[-1]
    assert isinstance(failed, events.Failed)
    assert "you asked for 98.00%" in failed.message
    assert not (tmp_path / "new").exists()


@on_linux
def test_an_interrupted_training_is_cancelled_and_leaves_nothing(small: Path, tmp_path: Path) -> None:
    words = ["train", "--data", str(small), "--epochs", "5000", "--output", str(tmp_path / "new")]
    status, rest = cancelled_at(events.EpochDone, words)
    assert status == 130
    assert rest[-1] == events.Cancelled()
    assert [path.name for path in tmp_path.iterdir()] == ["small.npz"]


@on_linux
def test_a_listener_that_leaves_ends_the_training_quietly(small: Path, tmp_path: Path) -> None:
    command = shlex.join([*model_program(), "train", "--data", str(small), "--epochs", "1", "--events"])
    for redirection in ("| true", ">/dev/full", ">&-"):
        done = subprocess.run(
            ["sh", "-c", f"{command} --output {tmp_path / 'new'} {redirection}"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in done.stderr, redirection
    assert not (tmp_path / "new").exists()


@on_linux
@pytest.mark.parametrize("blocks", [200, 900])  # of 1 KiB: too few for the Keras file, or for TensorFlow's files
def test_no_room_is_a_sentence_and_leaves_nothing(small: Path, tmp_path: Path, blocks: int) -> None:
    words = ["train", "--network", "mlp-256", "--epochs", "1", "--events"]
    command = shlex.join([*model_program(), *words, "--data", str(small), "--output", str(tmp_path / "new")])
    done = subprocess.run(
        ["bash", "-c", f"ulimit -f {blocks}; exec {command}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    last = read(done.stdout)[-1]
    assert isinstance(last, events.Failed)
    assert last.message.endswith("(File too large); make room there, or choose another folder.")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["small.npz"]


def test_bad_data_fails_with_one_event(tmp_path: Path) -> None:
    done = run("model", "train", "--data", tmp_path / "nowhere.npz", "--events", "--output", tmp_path / "new")
    assert done.returncode == 1
    (line,) = done.stdout.splitlines()
    assert json.loads(line)["event"] == "failed"
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["train"],
        ["train", "--output", "x", "--network", "mlp-7"],
        ["train", "--output", "x", "--epochs", "0"],
        ["train", "--output", "x", "--epochs", "many"],
        ["train", "--output", "x", "--at-least", "98"],
        ["train", "--output", "x", "--activation", "swish"],
        ["train", "--output", "x", "--loss", "l1"],
        ["train", "--output", "x", "--learning-rate", "0"],
        ["train", "--output", "x", "--learning-rate", "nan"],
        ["train", "--output", "x", "--validation-split", "1"],
        ["train", "--output", "x", "--batch-size", "0.5"],
        ["train", "--output", "x", "--monitor", "luck"],
        ["fly"],
        [],
    ],
)
def test_wrong_usage_is_2(words: list[str]) -> None:
    done = run("model", *words)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: ")


def test_without_tensorflow_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "tensorflow.py").write_text("raise ModuleNotFoundError")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    done = run("model", "train", "--output", tmp_path / "new", PYTHONPATH=path, KERAS_BACKEND="tensorflow")
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1] == (
        f"Training needs TensorFlow; install it with: {installation.command('train')}"
    )
    assert "Traceback" not in done.stderr


def test_a_better_model_stays_where_it_is_and_the_new_one_is_written_beside_it(small: Path, tmp_path: Path) -> None:
    place = tmp_path / "mine"
    train = ("model", "train", "--data", small, "--network", "mlp-128", "--output", place, "--events", "--epochs", "1")
    good = read(run(*train).stdout)[-1]
    assert isinstance(good, events.Finished)
    before = open_bundle(place).card
    poor = ("--learning-rate", "0.000001")
    told = read(run(*train, *poor, "--against", place).stdout)
    assert isinstance(told[-1], events.Finished)
    assert told[-1].output == str(tmp_path / "mine-2")
    assert open_bundle(place).card == before
    beside = open_bundle(tmp_path / "mine-2").card
    assert (beside.accuracy or 0) < (before.accuracy or 0)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine", "mine-2", "small.npz"]
    notes = [event.note for event in told if isinstance(event, events.Noted)]
    (note,) = notes  # that model reads such patterns, so there's no note about the sample
    assert f"reads {before.accuracy:.2%} of the test images and the new one {beside.accuracy:.2%}, so" in note
    assert str(tmp_path / "mine-2") in note
    replaced = read(run(*train, *poor, "--replace").stdout)[-1]
    assert isinstance(replaced, events.Finished)
    assert replaced.output == str(place)
    assert (open_bundle(place).card.accuracy or 0) < (before.accuracy or 0)


@pytest.mark.parametrize("free", [4_442_480, 4_442_479])
def test_a_disk_that_will_be_full_is_told_before_the_epochs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int
) -> None:
    from model.training.learn import place  # noqa: PLC0415  (TensorFlow)

    monkeypatch.setattr("shutil.disk_usage", lambda folder: SimpleNamespace(free=free if folder == tmp_path else 0))
    if free == 2_000_000 + 6 * 4 * 101_770:
        place.check_room(tmp_path / "new" / "model", "mlp-128")
        return
    with pytest.raises(UserError, match=r"needs 5 MB on the disk of .*, and 4 MB are free; make room there"):
        place.check_room(tmp_path / "new" / "model", "mlp-128")
