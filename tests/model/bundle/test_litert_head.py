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
    assert Head(bundle.read(DOUBT_LITERT_FILE), 2).layers[-1].weights.shape == (2, 300)


def test_a_network_without_dense_layers_at_its_end_has_no_head(tmp_path: Path) -> None:
    from model.training.pinned import keras  # noqa: PLC0415  (TensorFlow)

    layers = [keras.Input((28, 28)), keras.layers.Flatten(), keras.layers.Dense(10, activation="sigmoid")]
    with pytest.raises(NoHeadError):
        Head(exported(tmp_path, keras.Sequential(layers)), 10)


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


def test_a_layer_without_biases_is_no_head() -> None:
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(networks.whole()[0]))
    for operation in model.subgraphs[0].operators:
        if len(operation.inputs) == 3:
            operation.inputs = [*operation.inputs[:2], -1]
    with pytest.raises(NoHeadError, match="no dense layer before its end"):
        Head(networks.packed(model), 10)
