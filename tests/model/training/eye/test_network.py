"""The eye's network: its loss, and its export, which answers as in Keras for pictures of any size."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.reading.litert import PICTURE
from tests.model.bundle.test_litert_check import eye_with


@pytest.fixture(scope="module")
def network() -> Any:
    """Return an untrained eye, with noise added to its weights and batch normalisation."""
    from model.training.eye import network as eyes  # noqa: PLC0415  (TensorFlow takes seconds)

    random = np.random.default_rng(1)
    made = eyes.build()
    made.set_weights([value + random.uniform(0, 0.3, value.shape) * value.std() for value in made.get_weights()])
    return made


def test_the_export_answers_as_keras_does_to_pictures_of_any_size(network: Any, tmp_path: Path) -> None:
    from model.training.eye.network import WINDOW, write_export  # noqa: PLC0415  (as above)

    assert (*WINDOW, 3) == PICTURE
    write_export(network, tmp_path / "ink.tflite")
    content = (tmp_path / "ink.tflite").read_bytes()
    assert len(content) < 1.2 * network.count_params() + 20_000  # 8 bits per weight
    eye = eye_with(content, tmp_path / "model")  # as somebody else's, so that it's checked
    for size in (WINDOW, (64, 208), WINDOW, (16, 16)):
        given = np.random.default_rng(2).normal(size=(*size, 3)).astype(np.float32)
        wanted = np.asarray(network(given[None]))[0]
        answer = eye.run(given)
        assert answer.shape == wanted.shape
        assert np.abs(answer - wanted).max() < 0.15 * wanted.std()
        assert np.abs(answer - wanted).mean() < 0.02 * wanted.std()


def test_the_loss_is_least_for_the_truth_and_blind_to_what_lies_outside() -> None:
    from model.training.eye.network import DIGIT, HIGH, INSIDE, SIGN, loss  # noqa: PLC0415  (as above)

    truth = np.zeros((1, 16, 32, 4), np.float32)
    truth[0, 4:12, 4:8, DIGIT], truth[0, 10:12, 12:14, SIGN] = 1, 1
    truth[..., HIGH], truth[0, :, :24, INSIDE] = 0.5, 1
    right = np.stack([20 * truth[..., DIGIT] - 10, 20 * truth[..., SIGN] - 10, truth[..., HIGH]], -1)
    least, share = (float(value) for value in loss(truth, right))
    assert least < 0.01
    assert share == pytest.approx(1, abs=0.01)
    for plane in range(3):
        wrong = right.copy()
        wrong[0, 4:12, 4:14, plane] += 12  # over digits, paper and signs
        assert float(loss(truth, wrong)[0]) > least + 0.1
    outside = right.copy()
    outside[0, :, 24:] += 7
    assert float(loss(truth, outside)[0]) == pytest.approx(least)
