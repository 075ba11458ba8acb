"""Logs for TensorBoard, read back by TensorBoard."""

from pathlib import Path

import pytest

from model.base import events
from tests.conftest import run, save_npz, ten_patterns


def test_losses_and_accuracies_are_logged_as_told(tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator  # noqa: PLC0415  (seconds)
    from tensorboard.util.tensor_util import make_ndarray  # noqa: PLC0415  (as above)

    data = save_npz(tmp_path / "few.npz", **ten_patterns(600, 100))
    words = ("--data", data, "--network", "mlp-128", "--epochs", "3", "--teacher", "mlp-128", "--teacher-epochs", "2")
    logs = tmp_path / "logs"
    done = run("model", "train", *words, "--events", "--tensorboard", logs, "--output", tmp_path / "new")
    assert done.returncode == 0, done.stderr
    told = [event for line in done.stdout.splitlines() if isinstance(event := events.from_line(line), events.EpochDone)]
    for role, epochs in (("teacher 1", told[:2]), ("network", told[2:])):
        for name, prefix in (("train", ""), ("validation", "validation_")):
            log = EventAccumulator(str(logs / role / name))
            log.Reload()
            for tag in ("loss", "accuracy"):
                logged = log.Tensors(f"epoch_{tag}")
                assert [entry.step for entry in logged] == [epoch.epoch for epoch in epochs]
                values = [float(make_ndarray(entry.tensor_proto)) for entry in logged]
                assert values == pytest.approx([getattr(epoch, prefix + tag) for epoch in epochs], rel=1e-6)


def test_without_tensorboard_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.util  # noqa: PLC0415  (it's replaced here)

    from model.base.errors import UserError  # noqa: PLC0415  (next to its user)
    from model.training.learn import train  # noqa: PLC0415  (TensorFlow)

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "tensorboard" else True)
    with pytest.raises(UserError, match=r"install it with: .* -m pip install .tensorboard>="):
        train.logging_to(tmp_path, lambda event: None)  # noqa: ARG005


def test_logs_that_cannot_be_written_are_said(tmp_path: Path) -> None:
    data = save_npz(tmp_path / "few.npz", **ten_patterns(600, 100))
    (tmp_path / "file").touch()
    words = ("--data", data, "--network", "mlp-128", "--epochs", "1", "--tensorboard", tmp_path / "file")
    done = run("model", "train", *words, "--output", tmp_path / "new")
    assert done.returncode == 1
    assert "choose another --tensorboard" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
