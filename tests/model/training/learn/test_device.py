"""What a training runs on. The tests run without a GPU, so several devices are logical CPUs."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.base import events
from model.base.errors import UserError
from model.bundle.bundle import open_bundle
from model.data.data import Ink, Mnist
from model.data.recipe import How, Recipe
from tests.conftest import ROOT, ten_patterns

WITH = "processor : 0\nflags : fpu avx512f avx512_bf16 sha_ni\n"
WITHOUT = "processor : 0\nflags : fpu avx512f sha_ni\n"

TWO_CPUS = """
import json
import keras, numpy as np, tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
from model.data import architectures
from model.training.learn import device
from model.training.learn.trainer import Trainer
from model.training.learn.material import Labelled
from model.data.recipe import Recipe
from tests.conftest import ten_patterns
arrays = ten_patterns(650, 100)
part = Labelled(arrays["x_train"], arrays["y_train"].astype(np.uint8))
recipe = Recipe.of("mlp-128", loss="categorical", optimizer="sgd", learning_rate=0.1, seed=3)
results = []
for strategy in (device._strategy(["CPU:0"]), device._strategy(["CPU:0", "CPU:1"])):
    keras.utils.set_random_seed(1)
    with strategy.scope():
        network = architectures.build(keras, "mlp-128")
        trainer = Trainer(network, recipe, part)
        losses = [trainer.epoch(number, lambda event: None, lambda seconds: None)[0] for number in (1, 2, 3)]
    results.append((strategy.num_replicas_in_sync, losses, network.get_weights()))
(one, losses, weights), (two, same_losses, same_weights) = results
difference = max(float(np.abs(a - b).max()) for a, b in zip(weights, same_weights))
print(json.dumps([one, two, losses, same_losses, difference]))
"""


def test_two_devices_share_each_batch_and_learn_the_same_as_one() -> None:
    # In its own process, because TensorFlow's devices are settled once it uses one.
    done = subprocess.run([sys.executable, "-c", TWO_CPUS], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    one, two, losses, same_losses, difference = json.loads(done.stdout.splitlines()[-1])
    assert (one, two) == (1, 2)
    assert same_losses == pytest.approx(losses, rel=1e-4)
    assert losses[-1] < losses[0] / 2
    assert difference < 1e-5


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("tpu", "no device 'tpu'. It can be auto, cpu"),
        ("cpu:1", "no device"),
        ("gpu:one", "no device"),
        ("gpu", "finds no GPU here"),
        ("gpu:3", "finds 0 GPUs here, but no number 3"),
    ],
)
def test_a_device_that_is_not_there_is_said(word: str, sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import tensorflow as tf  # noqa: PLC0415  (seconds)

    from model.training.learn import device  # noqa: PLC0415  (TensorFlow)

    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [])  # noqa: ARG005  (even if there is one)
    with pytest.raises(UserError, match=sentence):
        device.choose(word)


def test_the_errors_of_a_gpu_offer_the_cpu() -> None:
    import tensorflow as tf  # noqa: PLC0415  (seconds)

    from model.training.learn import device  # noqa: PLC0415  (TensorFlow)

    gpu = device.Device(tf.distribute.get_strategy(), "NVIDIA T4")
    broken = tf.errors.InternalError(None, None, "cuDNN launch failure: CUDNN_STATUS_EXECUTION_FAILED\n\tat a.cc:1")
    assert str(device.failure(broken, gpu)) == (
        "TensorFlow failed on the NVIDIA T4 (cuDNN launch failure: CUDNN_STATUS_EXECUTION_FAILED); "
        "the CPU can go on where it stopped."
    )
    full = tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor")
    assert str(device.failure(full, gpu)).startswith("The NVIDIA T4 hasn't enough memory; the CPU can go on")
    here = device.choose("cpu")
    assert here.name == "CPU"
    assert "smaller batch size" in str(device.failure(full, here))


@pytest.mark.parametrize(
    ("processor", "onednn", "mixed"),
    [(WITH, "", True), (WITH, "1", True), (WITH, "0", False), (WITHOUT, "", False), ("", "", False)],
)
def test_a_cpu_computes_in_bfloat16_where_it_is_built_for_it(
    processor: str, onednn: str, mixed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from model.training.learn import device  # noqa: PLC0415  (TensorFlow)

    monkeypatch.setattr(device, "PROCESSOR", tmp_path / "cpuinfo")
    if processor:  # otherwise the file doesn't exist, as on Windows
        (tmp_path / "cpuinfo").write_text(processor, encoding="utf-8")
    monkeypatch.delenv("TF_ENABLE_ONEDNN_OPTS", raising=False)
    if onednn:
        monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", onednn)
    assert device.choose("cpu").mixed is mixed


def test_a_training_goes_on_where_the_device_computes_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from model.training.learn import device  # noqa: PLC0415  (TensorFlow)
    from model.training.learn.train import train  # noqa: PLC0415

    monkeypatch.delenv("TF_ENABLE_ONEDNN_OPTS", raising=False)
    monkeypatch.setattr(device, "PROCESSOR", tmp_path / "cpuinfo")
    (tmp_path / "cpuinfo").write_text(WITH, encoding="utf-8")
    arrays = ten_patterns(600, 100)
    labels, test_labels = (arrays[name].astype(np.uint8) for name in ("y_train", "y_test"))
    few = Mnist(arrays["x_train"], labels, arrays["x_test"], test_labels, "few")
    recipe = Recipe("mlp-128", epochs=2, optimizer="sgd")
    how = How(tmp_path / "new", device="cpu", checkpoint_seconds=0)
    told: list[events.Event] = []
    with pytest.raises(UserError, match=r"you asked for 100\.00%"):
        train(replace(recipe, at_least=1.0), few, Ink(), how, told.append)
    assert sum(isinstance(event, events.EpochDone) for event in told) == 2
    (tmp_path / "cpuinfo").write_text(WITHOUT, encoding="utf-8")
    told.clear()
    train(recipe, few, Ink(), replace(how, resume=True), told.append)
    assert not any(isinstance(event, events.EpochDone) for event in told)  # it was already done
    assert open_bundle(tmp_path / "new").card.recipe["mixed"] is False
