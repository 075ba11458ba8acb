"""``python -m benchmarks.onnx_file NETWORK.keras FILE.onnx``: a network of Keras as ONNX, layer by layer.

It knows the kinds of layers that the bundled model is made of.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, checker, helper, numpy_helper

from model.base.errors import UserError

OPERATORS = 18  # the set of them, which ONNX Runtime has had since 2023
FORMAT = 9  # of the file, likewise
ACTIVATIONS = {"relu": ("Relu", {}), "softmax": ("Softmax", {"axis": -1})}


def converted(network: Any) -> ModelProto:
    """Return a network, one of Keras' with its layers in a row, as ONNX. Raises UserError: it has others."""
    nodes: list[NodeProto] = []
    constants: dict[str, TensorProto] = {}
    tip = "image"

    def add(operator: str, *arrays: Any, **settings: Any) -> None:
        """Add a step that takes what the one before it gives, and some constants."""
        nonlocal tip
        names = [f"{operator}_{len(nodes)}_{place}" for place in range(len(arrays))]
        constants.update((name, numpy_helper.from_array(each, name)) for name, each in zip(names, arrays, strict=True))
        nodes.append(helper.make_node(operator, [tip, *names], [f"{operator}_{len(nodes)}"], **settings))
        tip = nodes[-1].output[0]

    for layer in network.layers:
        for operator, arrays, settings in _steps(layer):
            add(operator, *arrays, **settings)
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["images", *shape[1:]])
        for name, shape in (("image", network.input_shape), (tip, network.output_shape))
    ]
    graph = helper.make_graph(nodes, "digits", ends[:1], ends[1:], list(constants.values()))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPERATORS)], ir_version=FORMAT)
    checker.check_model(model)
    return model


def _steps(layer: Any) -> Iterator[tuple[str, list[Any], dict[str, Any]]]:
    """Yield the operators that a layer is made of, each with its constants and its settings."""
    kind, weights = type(layer).__name__, layer.get_weights()
    if kind in ("Reshape", "Flatten"):
        yield "Reshape", [np.array([-1, *layer.output.shape[1:]])], {}
    elif kind == "Permute":
        yield "Transpose", [], {"perm": [0, *layer.dims]}
    elif kind == "Conv2D" and layer.padding == "same" and layer.strides == layer.dilation_rate == (1, 1):
        kernel, bias = weights[0], weights[1] if layer.use_bias else np.zeros(layer.filters, np.float32)
        rows, columns = ((side - 1) // 2 for side in kernel.shape[:2])  # of an odd kernel
        yield "Transpose", [], {"perm": [0, 3, 1, 2]}  # to channels first, as ONNX has them
        yield "Conv", [kernel.transpose(3, 2, 0, 1), bias], {"pads": [rows, columns, rows, columns]}
        yield "Transpose", [], {"perm": [0, 2, 3, 1]}
    elif kind == "Dense":
        yield "MatMul", [weights[0]], {}
        yield "Add", [weights[1]], {}
    elif kind == "GlobalAveragePooling1D":
        yield "ReduceMean", [np.array([1])], {"keepdims": 0}
    elif kind not in ("InputLayer", "Dropout", "Activation"):
        raise UserError(f"There is no ONNX here for a layer of the kind {kind}.")
    name = getattr(getattr(layer, "activation", None), "__name__", "linear")
    if name in ACTIVATIONS:
        operator, settings = ACTIVATIONS[name]
        yield operator, [], settings
    elif name != "linear":
        raise UserError(f"There is no ONNX here for the activation {name}.")


if __name__ == "__main__":
    Path(sys.argv[2]).write_bytes(converted(keras.saving.load_model(sys.argv[1])).SerializeToString())
