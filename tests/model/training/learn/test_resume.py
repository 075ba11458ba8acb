"""An interrupted training goes on, in real processes."""

import json
import signal
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.base import events
from model.bundle.bundle import CHECKPOINT_FILE, KERAS_FILE
from tests.conftest import ROOT, model_program, on_linux, run, save_npz, ten_patterns

WORDS = [
    "--network",
    "mlp-256-128-dropout",
    "--epochs",
    "6",
    "--teacher",
    "mlp-128",
    "--teacher-epochs",
    "2",
    "--deform",
]
WORDS += ["--teachers", "2", "--keep", "best", "--optimizer", "adamw", "--schedule", "cosine", "--deterministic"]
WORDS += ["--checkpoint-seconds", "0", "--events"]


PHASES = {"teacher 1": 2, "teacher 2": 2, "network": 6}  # epochs of each


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_npz(tmp_path_factory.mktemp("data") / "few.npz", **ten_patterns(600, 100))


def weights(bundle: Path) -> list[Any]:
    import keras  # noqa: PLC0415  (seconds)

    values: list[Any] = keras.saving.load_model(bundle / KERAS_FILE, compile=False).get_weights()
    return values


def killed_after(role: str, epoch: int, *words: str | Path) -> None:
    """Start a training and kill it after an epoch of the teacher or of the network itself."""
    command = [*model_program(), "train", *map(str, words)]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert child.stdout is not None
    current = ""
    for line in child.stdout:
        event = events.from_line(line)
        if isinstance(event, events.Started):
            current = event.role
        if isinstance(event, events.Progress) and current == role and event.epoch == epoch + 1:
            break  # so the epoch before is saved
    child.send_signal(signal.SIGKILL)
    child.communicate()


def kept_epochs(bundle: Path) -> dict[str, int]:
    """Return how many epochs of each network a checkpoint has."""
    with np.load(bundle / CHECKPOINT_FILE) as file:
        return {name: len(history) for name, history in json.loads(str(file["state"]))["histories"].items()}


@on_linux
def test_a_training_that_is_resumed_twice_ends_where_the_uninterrupted_one_ends(data: Path, tmp_path: Path) -> None:
    words: list[str | Path] = ["--data", data, *WORDS]
    whole = run("model", "train", *words, "--output", tmp_path / "whole")
    assert whole.returncode == 0, whole.stderr
    parted = tmp_path / "parted"
    killed_after("teacher 1", 1, *words, "--output", parted)
    assert kept_epochs(parted)["teacher 1"] >= 1  # on a busy machine the kill may come later than intended
    killed_after("network", 3, *words, "--output", parted, "--resume")
    kept = kept_epochs(parted)
    assert kept["network"] >= 3
    resumed = run("model", "train", *words, "--output", parted, "--resume")
    assert resumed.returncode == 0, resumed.stderr
    assert not (parted / CHECKPOINT_FILE).exists()
    told = [json.loads(line) for line in resumed.stdout.splitlines()]
    epochs = [event["epoch"] for event in told if event["event"] == "epoch_done"]
    through = [(name, number) for name, count in PHASES.items() for number in range(1, count + 1)]
    assert epochs == [number for name, number in through if number > kept.get(name, 0)]
    pairs = zip(weights(tmp_path / "whole"), weights(parted), strict=True)
    assert all(np.array_equal(one, other) for one, other in pairs)
    histories = [(folder / "history.jsonl").read_text().splitlines() for folder in (tmp_path / "whole", parted)]
    losses = [[json.loads(line)["loss"] for line in history] for history in histories]
    assert losses[0] == losses[1]
    assert len(losses[0]) == 6


@on_linux
def test_a_checkpoint_of_another_training_or_a_damaged_one_is_refused(data: Path, tmp_path: Path) -> None:
    output = tmp_path / "new"
    words: list[str | Path] = [
        "--data",
        data,
        "--network",
        "mlp-128",
        "--checkpoint-seconds",
        "0",
        "--events",
        "--output",
        output,
    ]
    killed_after("network", 1, *words, "--epochs", "400")
    other = run("model", "train", *words, "--epochs", "3", "--resume")
    assert other.returncode == 1
    assert "it differs in epochs" in json.loads(other.stdout.splitlines()[-1])["message"]
    (output / CHECKPOINT_FILE).write_bytes((output / CHECKPOINT_FILE).read_bytes()[:5000])
    damaged = run("model", "train", *words, "--epochs", "400", "--resume")
    assert damaged.returncode == 1
    assert "is damaged" in json.loads(damaged.stdout.splitlines()[-1])["message"]
    assert "Traceback" not in other.stderr + damaged.stderr
    (output / f".{CHECKPOINT_FILE}").write_bytes(b"as a kill while it is written leaves it")
    anew = run("model", "train", *words, "--epochs", "1")
    assert anew.returncode == 0, anew.stderr
    assert not list(output.glob(f"*{CHECKPOINT_FILE}"))


def test_with_nothing_to_resume_it_starts_from_the_beginning(data: Path, tmp_path: Path) -> None:
    words: list[str | Path] = [
        "--data",
        data,
        "--network",
        "mlp-128",
        "--epochs",
        "1",
        "--output",
        tmp_path / "new",
        "--resume",
    ]
    done = run("model", "train", *words)
    assert done.returncode == 0, done.stderr
    assert "no checkpoint: from the beginning" in done.stdout


def test_a_lower_demand_does_not_make_another_training(data: Path, tmp_path: Path) -> None:
    words: list[str | Path] = ["--data", data, "--network", "mlp-128", "--epochs", "2", "--checkpoint-seconds", "0"]
    words += ["--output", tmp_path / "new", "--events"]
    failed = run("model", "train", *words, "--optimizer", "sgd", "--at-least", "1")
    assert failed.returncode == 1
    assert "you asked for 100.00%" in failed.stdout
    done = run("model", "train", *words, "--optimizer", "sgd", "--at-least", "0.01", "--resume")
    assert done.returncode == 0, done.stderr
    assert not any('"epoch_done"' in line for line in done.stdout.splitlines())  # it was already done
