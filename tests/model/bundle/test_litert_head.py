"""The last dense layers of LiteRT files: read, and written back in place."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema

from model.bundle.bundle import DOUBT_LITERT_FILE, LITERT_FILE, open_bundle
from model.bundle.litert_head import Floats, Head, Layer, NoHeadError
from model.data import architectures
from model.learning import pupil
from model.reading.doubt import ANSWERS
from model.reading.features import Features
from model.reading.recognizer import Recognizer
from stress.inputs import networks
from tests.kept import copied

IMAGE = np.pad(np.eye(16, dtype=np.float32), 6)


def exported(folder: Path, network: Any, **how: Any) -> bytes:
    from model.training.files import export  # noqa: PLC0415  (TensorFlow)

    export.export(network, folder, **how)
    return (folder / LITERT_FILE).read_bytes()


def answer(head: Head, layers: list[Layer]) -> Floats:
    features = Features(head).of([IMAGE])
    return np.asarray(pupil.probabilities(pupil.values(features, layers, head.bends)[-1])[0])


@pytest.mark.parametrize("how", [{}, {"half": True}, {"int8": True}])
@pytest.mark.parametrize(
    ("name", "activation"),
    [("mlp-128", "relu"), ("mlp-256-128-dropout", "tanh"), ("mlp-256", "sigmoid"), ("mlp-256", "elu"), ("cnn", "relu")],
)
def test_every_network_s_last_layers_are_found_and_make_its_answer(
    name: str, activation: str, how: dict[str, bool], tmp_path: Path
) -> None:
    from model.training.files import export  # noqa: PLC0415  (TensorFlow)
    from model.training.pinned import keras  # noqa: PLC0415

    network = export.finished(architectures.build(keras, name, activation))
    random = np.random.default_rng(0)  # biases start at 0, and files leave such ones out
    network.set_weights([each + random.normal(0, 0.02, each.shape) for each in network.get_weights()])
    if how.get("half"):
        export.halve(network)
    head = Head(exported(tmp_path, network, **how), 10)
    wanted = np.asarray(network(IMAGE[None], training=False))[0]
    assert np.abs(answer(head, head.layers) - wanted).max() < (0.02 if how.get("int8") else 1e-4)
    dense = [layer for layer in network.layers if isinstance(layer, keras.layers.Dense)][-2:]
    assert len(head.layers) == 2
    for layer, kept in zip(dense, head.layers, strict=True):
        kernel, bias = layer.get_weights()
        assert np.abs(kept.weights.T - kernel).max() <= (np.abs(kernel).max() / 127 if how.get("int8") else 1e-3)
        assert np.allclose(kept.bias, bias, atol=1e-3)


def test_what_is_written_back_is_what_the_runtime_answers_with(tmp_path: Path) -> None:
    bundle = open_bundle()
    head = Head(bundle.read(LITERT_FILE), 10)
    assert head.with_layers(head.layers) == head.file  # nothing else changes
    moved = [Layer(each.weights * np.float32(1.5), each.bias + np.float32(0.1)) for each in head.layers]
    file = head.with_layers(moved)
    seals = {**bundle.card.sha256, LITERT_FILE: hashlib.sha256(file).hexdigest()}
    copy = copied(tmp_path / "moved", sha256=seals)
    (copy / LITERT_FILE).write_bytes(file)
    held = head.rounded(moved)
    assert max(np.abs(one.weights - other.weights).max() for one, other in zip(moved, held, strict=True)) < 0.02
    views = [IMAGE, *(np.roll(IMAGE, by, axis) for axis in (0, 1) for by in (-1, 1))]  # the answer is their mean
    features = Features(head).of(views)
    wanted = pupil.probabilities(pupil.values(features, held, head.bends)[-1]).mean(0)
    assert np.abs(np.array(Recognizer(open_bundle(copy)).probabilities(IMAGE)) - wanted).max() < 0.02
    assert Head(bundle.read(DOUBT_LITERT_FILE), ANSWERS).layers[-1].weights.shape == (ANSWERS, 300)


def test_a_network_without_dense_layers_at_its_end_has_no_head(tmp_path: Path) -> None:
    from model.training.pinned import keras  # noqa: PLC0415  (TensorFlow)

    layers = [keras.Input((28, 28)), keras.layers.Flatten(), keras.layers.Dense(10, activation="sigmoid")]
    with pytest.raises(NoHeadError):
        Head(exported(tmp_path, keras.Sequential(layers)), 10)


def network(
    kind: str = "f", fused: int = 0, *between: str, scales: int = 0, last: int = 0, mean: bool = False
) -> bytes:
    """Return a network with dense layers of 12 and 10 units at its end, and these operations between them."""
    made = networks.Builder()
    made.add("RESHAPE", (1, 784), made.sizes(1, 784))
    made.dense(12, 784, "f")
    made.dense(12, 12, kind)
    first = made.graph.operators[-1]
    first.builtinOptions.fusedActivationFunction = fused
    for name in between:
        made.add(name, (1, 12), options="LeakyReluOptions" if name == "LEAKY_RELU" else "")
    made.hidden = [made.last]
    made.dense(10, 12, kind)
    made.graph.operators[-1].builtinOptions.fusedActivationFunction = last
    if scales:
        for operation in (first, made.graph.operators[-1]):
            made.scaled(operation.inputs[1], np.full(scales, 1 / 127), 0)
    made.add("SOFTMAX", (1, 10), options="SoftmaxOptions", beta=1.0)
    if mean:
        made.add("MEAN", (1, 10), made.sizes(0), options="ReducerOptions", keepDims=True)
    return networks.packed(made.ended())


HELD = [np.sin(np.arange(units * 12)).reshape(units, 12) for units in (12, 10)]  # as `Builder` makes them


@pytest.mark.parametrize(
    ("content", "bend"),
    [
        (network(), ""),
        (network(mean=False), ""),
        (network("f", 1), "RELU"),
        (network("e", 3), "RELU6"),
        *((network("b", 0, name), name) for name in ("RELU", "RELU6", "TANH", "LOGISTIC", "ELU")),
        (network("b", 1, scales=1), "RELU"),
    ],
)
def test_numbers_of_every_kind_are_read_and_written_back(content: bytes, bend: str) -> None:
    head = Head(content, 10)
    assert (head.bends, head.before) == ([bend, ""], 5)  # what the first of three layers makes
    moved = [Layer(each.weights * np.float32(2), each.bias + np.float32(0.5)) for each in head.layers]
    for layer, new, held, now in zip(head.layers, moved, HELD, head.rounded(moved), strict=True):
        assert {layer.weights.dtype, layer.bias.dtype} == {np.dtype(np.float32)}
        assert layer.weights == pytest.approx(held, abs=1 / 127)
        assert layer.bias == pytest.approx(np.full(len(held), 0.1))
        assert now.weights == pytest.approx(new.weights, abs=0.01)
        assert now.bias == pytest.approx(new.bias)
    blank = [Layer(np.zeros_like(each.weights), each.bias) for each in head.layers]
    again = Head(head.with_layers(blank), 10)
    assert not any(layer.weights.any() for layer in again.layers)
    assert len(again.file) == len(content)
    with pytest.raises(ValueError, match="shorter"):
        head.with_layers(blank[:1])


@pytest.mark.parametrize(
    "content", [network("f", 1, "RELU"), network("f", 4), network("f", 0, "LEAKY_RELU"), network("f", 0, "ELU", "TANH")]
)
def test_what_comes_before_an_unknown_activation_is_no_part_of_a_head(content: bytes) -> None:
    head = Head(content, 10)
    assert (head.bends, [layer.weights.shape for layer in head.layers]) == ([""], [(10, 12)])


@pytest.mark.parametrize("last", [1, 4])
def test_a_last_layer_with_an_activation_is_no_head(last: int) -> None:
    with pytest.raises(NoHeadError, match=r"^no dense layer before its end$"):
        Head(network(last=last), 10)


def _unnumbered(model: Any, tensor: int) -> None:
    model.subgraphs[0].tensors[tensor].buffer = 0


def _shared(model: Any, tensor: int) -> None:
    model.subgraphs[0].tensors[0].buffer = model.subgraphs[0].tensors[tensor].buffer


@pytest.mark.parametrize("change", [_unnumbered, _shared])
def test_a_layer_whose_numbers_are_not_its_own_is_no_head(change: Callable[[Any, int], None]) -> None:
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(networks.whole()[0]))
    dense = [each for each in model.subgraphs[0].operators if len(each.inputs) == 3]
    Head(networks.packed(model), 10)
    change(model, dense[-1].inputs[1])
    with pytest.raises(NoHeadError, match="no dense layer before its end"):
        Head(networks.packed(model), 10)


@pytest.mark.parametrize("biases", [[-1], []])
def test_a_layer_without_biases_is_no_head(biases: list[int]) -> None:
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(networks.whole()[0]))
    for operation in model.subgraphs[0].operators:
        if len(operation.inputs) == 3:
            operation.inputs = [*operation.inputs[:2], *biases]
    with pytest.raises(NoHeadError, match="no dense layer before its end"):
        Head(networks.packed(model), 10)
