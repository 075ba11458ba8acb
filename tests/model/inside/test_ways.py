"""The laboratory's columns are what Keras computes, and the ways through them add up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model.base.work import finish
from model.data.architectures import NETWORKS
from model.ink.ink import Drawing
from model.inside import inside, ways
from model.inside.chain import Chain, open_chain, trace
from model.inside.steps import Dense
from model.reading.normalize import Image28, normalize_drawing
from model.training.opened.probe import probe
from tests.conftest import ROOT, run

CLOSE = 1e-4
KERAS_CNN = ROOT / "tests" / "keras2" / "cnn.h5"


def image() -> Image28:
    images, _digits = probe()
    return np.asarray(images[63])


def made(keras: Any, name: str) -> Any:
    """Return a network of this name with random weights."""
    from model.data.architectures import build  # noqa: PLC0415  (next to Keras, which takes seconds)

    network = build(keras, name)
    rng = np.random.default_rng(1)
    weights = [
        rng.normal(0, max(float(np.prod(each.shape[:-1])), 9) ** -0.5, each.shape) for each in network.get_weights()
    ]
    network.set_weights(weights)
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.moving_variance.assign(np.abs(layer.moving_variance) + 0.5)
    return network


def answers(keras: Any, network: Any, given: Image28) -> list[Any]:
    """Return the activations of Keras' hidden layers, and its probabilities."""
    found, value = [], given[None]
    for layer in (each for each in network.layers if not isinstance(each, keras.layers.InputLayer)):
        value = np.asarray(layer(value, training=False))
        weighs = isinstance(layer, keras.layers.Dense | keras.layers.Conv2D)
        if isinstance(layer, keras.layers.Activation) or (weighs and layer.activation is not keras.activations.linear):
            found.append(value)
    return found


def columns_of(chain: Chain, given: Image28) -> list[Any]:
    traced = finish(trace(chain, given))
    hidden = chain.columns[1:-1]
    return [*(each.answers(traced) for each in hidden), traced.probabilities]


def assert_same(chain: Chain, expected: list[Any]) -> None:
    found = columns_of(chain, image())
    assert len(found) == len(expected)
    for mine, theirs in zip(found, expected, strict=True):
        keras_own = theirs[0].transpose(2, 0, 1) if theirs.ndim == 4 else theirs[0]
        assert np.abs(mine - keras_own).max() < CLOSE


@pytest.mark.parametrize("name", NETWORKS)
def test_each_network_s_layers_answer_what_keras_layers_answer(name: str, tmp_path: Path) -> None:
    import keras  # noqa: PLC0415  (seconds)

    from model.training.files import export  # noqa: PLC0415  (as above)

    network = made(keras, name)
    export.export(network, tmp_path)
    chain = finish(open_chain((tmp_path / "model.tflite").read_bytes()))
    assert chain
    assert_same(chain, answers(keras, network, image()))


def test_weights_in_8_bits_are_held_to_what_they_stand_for(tmp_path: Path) -> None:
    import keras  # noqa: PLC0415  (seconds)

    from model.training.files import export  # noqa: PLC0415  (as above)

    network = made(keras, "mlp-256-128-dropout")
    export.export(network, tmp_path, int8=True)
    chain = finish(open_chain((tmp_path / "model.tflite").read_bytes()))
    assert chain
    weighing = [chain.weighing(column) for column in chain.columns[1:]]
    assert not np.allclose(weighing[0].weights.T, network.get_weights()[0])
    network.set_weights([each for step in weighing for each in (step.weights.T, step.bias)])
    assert_same(chain, answers(keras, network, image()))


def test_an_opened_keras_cnn_too(tmp_path: Path) -> None:
    import keras  # noqa: PLC0415  (seconds)

    done = run("model", "open", KERAS_CNN, "--output", tmp_path / "opened", "--ink=bright", "--scale=1")
    assert done.returncode == 0, done.stderr
    chain = finish(open_chain((tmp_path / "opened" / "model.tflite").read_bytes()))
    assert chain
    assert [column.has_maps for column in chain.columns] == [False, True, True, False]
    whole = keras.models.load_model(tmp_path / "opened" / "model.keras")
    assert_same(chain, answers(keras, whole.layers[-1], image()[..., None]))


def test_what_comes_into_a_unit_is_its_sum(network: Chain) -> None:
    traced = finish(trace(network, image()))
    for number, column in enumerate(network.columns[1:], 1):
        step = network.weighing(column)
        assert isinstance(step, Dense)
        sums = column.own(traced.values[column.weights + 1])
        for unit in (0, 7):
            adds, weights = finish(ways.into(traced, number, unit))
            assert number == 1 or np.allclose(weights, step.weights[unit], atol=1e-5)  # of silent units, too
            assert float(adds.sum() + step.bias[unit]) == pytest.approx(float(sums[unit]), abs=1e-3)


def test_what_goes_out_of_a_unit_is_what_comes_into_the_others(network: Chain) -> None:
    traced = finish(trace(network, image()))
    for number in range(len(network.columns) - 1):
        unit = int(network.columns[number].answers(traced).argmax())
        tells = finish(ways.out_of(traced, number, unit))
        for to in ways.strongest(tells, 3):
            adds, _weights = finish(ways.into(traced, number + 1, to))
            assert float(tells[to]) == pytest.approx(float(adds[unit]), abs=1e-3)


def test_the_votes_of_each_column_are_answers_times_gradients(network: Chain) -> None:
    traced = finish(trace(network, image()))
    digit = int(traced.probabilities.argmax())
    found = finish(ways.see(traced, digit, 4, 3))
    after = network.columns[1].end
    slopes = finish(traced.back(inside.slope_of(traced, digit), len(network.steps), after))
    votes = (slopes * traced.values[after]).reshape(-1, slopes.shape[-1]).sum(0)
    assert np.allclose(found.shares[1], votes, atol=1e-5)
    assert [len(share) for share in found.shares] == [784, 1200, 1000, 500]
    assert [len(each) for each in found.ways] == [12] * 4
    assert all(amount for each in found.ways for _start, _to, amount in each)


def test_a_blank_image_has_no_ways_out_of_its_paper(network: Chain) -> None:
    traced = finish(trace(network, normalize_drawing(Drawing())))
    assert ways.strongest(finish(ways.out_of(traced, 0, 300)), 5) == []
