"""What a training runs on. There is no GPU where the tests run, so several devices are logical CPUs."""

import json
import subprocess
import sys

import pytest

from model.base.errors import UserError
from tests.conftest import ROOT

TWO_CPUS = """
import json
import keras, numpy as np, tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
from model.data import architectures
from model.training.learn import device
from model.training.learn.loop import Trainer
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
        losses = [trainer.epoch(number, lambda event: None)[0] for number in (1, 2, 3)]
    results.append((strategy.num_replicas_in_sync, losses, network.get_weights()))
(one, losses, weights), (two, same_losses, same_weights) = results
difference = max(float(np.abs(a - b).max()) for a, b in zip(weights, same_weights))
print(json.dumps([one, two, losses, same_losses, difference]))
"""


def test_two_devices_share_each_batch_and_learn_the_same_as_one() -> None:
    # A process of its own: what devices there are is settled when TensorFlow first uses one.
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
        ("tpu", "no device 'tpu'; it can be auto, cpu"),
        ("cpu:1", "no device"),
        ("gpu:one", "no device"),
        ("gpu", "finds no GPU here"),
        ("gpu:3", "finds 0 GPUs here, none with the number 3"),
    ],
)
def test_a_device_that_is_not_there_is_said(word: str, sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import tensorflow as tf  # noqa: PLC0415  (seconds)

    from model.training.learn import device  # noqa: PLC0415  (TensorFlow)

    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [])  # noqa: ARG005  (also where there is one)
    with pytest.raises(UserError, match=sentence):
        device.choose(word)


def test_the_errors_of_a_gpu_offer_the_cpu() -> None:
    import tensorflow as tf  # noqa: PLC0415  (seconds)

    from model.training.learn import device  # noqa: PLC0415  (TensorFlow)

    gpu = device.Device(tf.distribute.get_strategy(), "NVIDIA T4")
    broken = tf.errors.InternalError(None, None, "cuDNN launch failure: CUDNN_STATUS_EXECUTION_FAILED\n\tat a.cc:1")
    assert str(device.failure(broken, gpu)) == (
        "TensorFlow failed on the NVIDIA T4 (cuDNN launch failure: CUDNN_STATUS_EXECUTION_FAILED); "
        "go on with the CPU: the same command with --device cpu --resume."
    )
    full = tf.errors.ResourceExhaustedError(None, None, "OOM when allocating tensor")
    assert str(device.failure(full, gpu)).startswith("The memory of the NVIDIA T4 does not suffice; go on with the CPU")
    here = device.choose("cpu")
    assert here.name == "CPU"
    assert "smaller --batch-size" in str(device.failure(full, here))
