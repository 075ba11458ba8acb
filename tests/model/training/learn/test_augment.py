"""Deformations, tested through TensorFlow."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from model.training.learn.material import Labelled
from tests.conftest import ten_patterns


@pytest.fixture(scope="module")
def deform() -> Any:
    """Deforms images with a seed."""
    import tensorflow as tf  # noqa: PLC0415  (seconds)

    from model.training.learn import augment  # noqa: PLC0415  (TensorFlow)

    def run(images: npt.NDArray[np.uint8], *seed: int) -> npt.NDArray[np.float32]:
        result: npt.NDArray[np.float32] = augment.deform(tf.constant(images), tf.constant(seed)).numpy()
        return result

    return run


def bar(count: int) -> npt.NDArray[np.uint8]:
    """Return images of an upright bar, 3 pixels wide."""
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 5:23, 13:16] = 255
    return images


def test_the_same_seed_deforms_in_the_same_way_and_another_in_another(deform: Any) -> None:
    first, again, other = deform(bar(50), 1, 2), deform(bar(50), 1, 2), deform(bar(50), 1, 3)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert first.shape == (50, 28, 28)
    assert first.dtype == np.float32
    assert first.min() >= 0
    assert first.max() <= 1


def test_no_two_images_are_deformed_alike_but_some_hardly_at_all(deform: Any) -> None:
    images = deform(bar(1000), 0, 0)
    assert len(np.unique(images.reshape(1000, -1), axis=0)) > 900  # some change so little that contrast restores them
    distances = np.abs(images - bar(1) / 255.0).mean((1, 2))
    assert np.quantile(distances, 0.03) < 0.01  # almost unchanged
    assert np.quantile(distances, 0.5) > 0.02


def test_a_digit_stays_in_sight_and_in_the_middle_on_the_mean(deform: Any) -> None:
    images = deform(bar(2000), 5, 5)
    mass = images.sum((1, 2))
    assert (mass > 0.2 * 54).all()
    places = np.arange(28)
    assert (images.sum(1) @ places / mass).mean() == pytest.approx(14, abs=0.1)
    assert (images.sum(2) @ places / mass).mean() == pytest.approx(13.5, abs=0.1)


def test_blank_and_full_images_stay_so(deform: Any) -> None:
    flat = np.stack([np.zeros((28, 28), np.uint8), np.full((28, 28), 255, np.uint8)])
    for seed in range(20):
        blank, full = deform(flat, 0, seed)
        assert not blank.any()
        assert (full[2:-2, 2:-2] > 0.999).all()  # thinning begins at the edges


def test_ink_gets_thinner_and_bolder_and_its_contrast_higher() -> None:
    import tensorflow as tf  # noqa: PLC0415  (seconds)

    from model.training.learn import augment  # noqa: PLC0415  (TensorFlow)

    image = tf.constant(bar(1)[..., None] / 255.0, tf.float32)
    thin, same, bold = (
        augment._thickened(image, tf.constant([[by]])).numpy()[0, 14, 10:19, 0] for by in (-0.5, 0.0, 1.0)
    )
    assert thin.tolist() == [0, 0, 0, 0.5, 1, 0.5, 0, 0, 0]
    assert same.tolist() == [0, 0, 0, 1, 1, 1, 0, 0, 0]
    assert bold.tolist() == [0, 0, 1, 1, 1, 1, 1, 0, 0]
    greys = tf.constant([0.0, 0.125, 0.25, 0.5, 0.75, 1.0]).numpy().reshape(1, 1, 6, 1)
    raised = augment._contrasted(tf.constant(greys), tf.constant([[1.0]])).numpy()
    assert raised.ravel().tolist() == [0, 0, 0.25, 0.75, 1, 1]


def test_how_bold_ink_is_varies(deform: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from model.training.learn import augment  # noqa: PLC0415  (TensorFlow)

    for still in ("ROTATION", "SCALE", "SHEAR", "SHIFT", "ELASTIC", "CONTRAST"):
        monkeypatch.setattr(augment, still, 0.0)
    mass = deform(bar(2000), 2, 1).sum((1, 2)) / 54
    assert np.quantile(mass, 0.1) < 0.95
    assert np.quantile(mass, 0.9) > 1.05


def test_a_part_knows_its_length() -> None:
    arrays = ten_patterns(30, 10)
    assert len(Labelled(arrays["x_train"], arrays["y_train"].astype(np.uint8))) == 30
