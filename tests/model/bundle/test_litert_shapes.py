"""Each operation of a LiteRT file makes what its shapes say, and is refused where they contradict each other."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema

from model.bundle.litert_check import check
from model.bundle.litert_shapes import UnsoundError
from stress.inputs import networks
from stress.inputs.networks import Builder

IMAGE, ANSWER = (1, 28, 28), (1, 10)
CONVOLUTION, SHAPES, ARITHMETIC = 2, 3, 4  # of the networks made by hand
Change = Callable[[Any], None]


def option(operator: int, **said: Any) -> Change:
    """Let an operator's options say something else."""

    def change(model: Any) -> None:
        for name, value in said.items():
            setattr(model.subgraphs[0].operators[operator].builtinOptions, name, value)

    return change


def sizes(operator: int, place: int, values: Any) -> Change:
    """Let the whole numbers that an operator is given be others."""

    def change(model: Any) -> None:
        graph, numbers = model.subgraphs[0], np.array(values, np.int32)
        tensor = graph.tensors[graph.operators[operator].inputs[place]]
        tensor.shape = list(numbers.shape)
        model.buffers[tensor.buffer].data = np.frombuffer(numbers.tobytes(), np.uint8)

    return change


def shaped(operator: int, place: int, *shape: int, biases: bool = True) -> Change:
    """Let the numbers that an operator is given have another shape, and leave its biases out."""

    def change(model: Any) -> None:
        graph = model.subgraphs[0]
        graph.tensors[graph.operators[operator].inputs[place]].shape = list(shape)
        if not biases:
            graph.operators[operator].inputs = [*graph.operators[operator].inputs[:2], -1]

    return change


def given(operator: int, *inputs: int) -> Change:
    return lambda model: setattr(model.subgraphs[0].operators[operator], "inputs", list(inputs))


def select(model: Any) -> None:
    """Let a choice be of the older kind, which takes equal shapes alone."""
    model.operatorCodes[11].builtinCode = model.operatorCodes[11].deprecatedBuiltinCode = schema.BuiltinOperator.SELECT
    model.subgraphs[0].operators[11].builtinOptionsType = 0
    model.subgraphs[0].operators[11].builtinOptions = None


def checked(number: int, change: Change) -> None:
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(networks.whole()[number]))
    change(model)
    check(networks.packed(model), IMAGE, ANSWER)


@pytest.mark.parametrize(
    ("number", "change", "why"),
    [
        (CONVOLUTION, option(1, padding=2), "padding of a rare kind"),
        (CONVOLUTION, option(1, strideH=1001), "too large a filter"),
        (CONVOLUTION, option(1, strideW=1001), "too large a filter"),
        (CONVOLUTION, option(1, strideH=1000), "CONV_2D of another shape"),
        (CONVOLUTION, option(1, strideW=0), "a filter or a step of nothing"),
        (CONVOLUTION, option(1, dilationHFactor=0), "a filter or a step of nothing"),
        (CONVOLUTION, option(1, dilationWFactor=1001), "a filter or a step of nothing"),
        (CONVOLUTION, option(1, dilationWFactor=500), "too large a filter"),
        (CONVOLUTION, option(1, fusedActivationFunction=4), "an activation of a rare kind"),
        (CONVOLUTION, given(1, 0, 3, 4), "no picture"),
        (CONVOLUTION, shaped(1, 1, 36), "no weights"),
        (CONVOLUTION, given(1, 2, 2, 4), "no weights"),
        (CONVOLUTION, shaped(1, 2, 2, 2), "biases of another count"),
        (CONVOLUTION, shaped(1, 1, 2, 3, 3, 2, biases=False), "filters of other channels"),
        (CONVOLUTION, option(2, depthMultiplier=0), "filters of other channels"),
        (CONVOLUTION, option(2, depthMultiplier=1), "filters of other channels"),
        (CONVOLUTION, shaped(2, 1, 3, 1, 3, 8), "filters of other channels"),
        (CONVOLUTION, option(3, padding=1, filterHeight=7), "a filter larger than the picture"),
        (CONVOLUTION, option(3, filterWidth=0), "a filter or a step of nothing"),
        (CONVOLUTION, option(3, filterWidth=1001), "too large a filter"),
        (CONVOLUTION, shaped(4, 1, 8, 1, 1), "shapes that do not match"),
        (CONVOLUTION, shaped(4, 1, 8, 1, 1, 1, 1), "slopes of another shape"),
        (CONVOLUTION, sizes(5, 1, [1, 4]), "an axis that is not there"),
        (CONVOLUTION, sizes(5, 1, [1, -5]), "an axis that is not there"),
        (CONVOLUTION, sizes(5, 1, [1, -3]), "an axis twice"),
        (CONVOLUTION, sizes(5, 1, [[[1, 2]]]), "sizes that are no whole numbers"),
        (CONVOLUTION, sizes(5, 1, [0, 1]), "MEAN of another shape"),
        (CONVOLUTION, given(5, 5, 2), "MEAN of other types"),
        (CONVOLUTION, option(6, weightsFormat=1), "weights of a rare kind"),
        (CONVOLUTION, option(6, asymmetricQuantizeInputs=True), "weights of a rare kind"),
        (CONVOLUTION, shaped(6, 1, 16, 5, biases=False), "weights of another count"),
        (CONVOLUTION, shaped(6, 1, 20, 4, biases=False), "FULLY_CONNECTED of another shape"),
        (SHAPES, sizes(3, 1, [1, -1, -1]), "a reshape of another count"),
        (SHAPES, sizes(3, 1, [7, 7]), "a reshape of another count"),
        (SHAPES, sizes(3, 1, [1, 7, 8]), "a reshape of another count"),
        (SHAPES, sizes(3, 1, [[1, 7, 7]]), "a reshape of another count"),
        (SHAPES, sizes(4, 1, [0, 1, 1]), "an order of other axes"),
        (SHAPES, sizes(4, 1, [1, 0, 2]), "TRANSPOSE of another shape"),
        (SHAPES, sizes(5, 1, [0, 0, 1, 1, 0, 1]), "a padding of other axes"),
        (SHAPES, sizes(5, 1, [[0, 0], [1, 1], [0, -1]]), "too much padding"),
        (SHAPES, sizes(5, 1, [[0, 0], [1, 1], [0, 10_001]]), "too much padding"),
        (SHAPES, sizes(5, 1, [[0, 0], [1, 1], [0, 10_000]]), "PAD of another shape"),
        (SHAPES, sizes(6, 1, [[0], [1], [0]]), "a piece of other axes"),
        (SHAPES, sizes(6, 3, [1, 2, 1]), "a piece of a rare kind"),
        *((SHAPES, option(6, **{name: 1}), "a piece of a rare kind") for name in ("ellipsisMask", "newAxisMask")),
        *((SHAPES, option(6, **{name: 1}), "a piece of a rare kind") for name in ("shrinkAxisMask", "offset")),
        (SHAPES, sizes(6, 1, [0, 9, 0]), "a piece beyond the edge"),
        (SHAPES, sizes(6, 1, [0, -10, 0]), "a piece beyond the edge"),
        (SHAPES, sizes(6, 2, [0, 10, 7]), "a piece beyond the edge"),
        (SHAPES, sizes(6, 2, [0, -10, 7]), "a piece beyond the edge"),
        (SHAPES, sizes(6, 2, [0, 9, 7]), "STRIDED_SLICE of another shape"),
        (SHAPES, option(7, keepDims=False), "REDUCE_MAX of another shape"),
        (SHAPES, option(9, axis=2), "an axis that is not there"),
        (SHAPES, option(9, axis=-3), "an axis that is not there"),
        (SHAPES, option(9, axis=0), "parts that do not fit"),
        (ARITHMETIC, shaped(3, 1, 7, 7), "shapes that do not match"),
        (ARITHMETIC, shaped(7, 1, 1, 1, 1), "MAXIMUM of another shape"),
        (ARITHMETIC, shaped(7, 1, 1, 1, 1, 1, 1, 1), "too many axes"),
        (ARITHMETIC, shaped(10, 1, 1, 1, 1, 1, 1), "too many axes"),
        (ARITHMETIC, shaped(11, 2, 1, 1, 1, 1, 1), "a choice between other shapes"),
        (ARITHMETIC, select, "a choice between other shapes"),
    ],
)
def test_shapes_that_contradict_each_other_are_refused(number: int, change: Change, why: str) -> None:
    with pytest.raises(UnsoundError, match=f"^{why}$"):
        checked(number, change)


@pytest.mark.parametrize(
    ("number", "change"),
    [
        (CONVOLUTION, option(1, fusedActivationFunction=3)),
        (CONVOLUTION, shaped(1, 1, 4, 9, 1, 1)),
        (CONVOLUTION, shaped(1, 1, 4, 3, 3, 1, biases=False)),
        (CONVOLUTION, option(3, filterHeight=1000, filterWidth=1000)),
        (CONVOLUTION, shaped(4, 1, 8)),
        (CONVOLUTION, sizes(5, 1, [-3, -2])),
        (CONVOLUTION, option(6, keepNumDims=True)),
        (SHAPES, sizes(3, 1, [1, 7, -1])),
        (SHAPES, sizes(4, 1, [0, 1, 2])),
        (SHAPES, sizes(5, 1, [[0, 0], [0, 2], [1, 0]])),
        (SHAPES, sizes(6, 1, [0, -8, 0])),
        (SHAPES, sizes(6, 2, [0, -1, -1])),
        (SHAPES, option(9, axis=1)),
        (ARITHMETIC, shaped(3, 1, 1, 49)),
        (ARITHMETIC, shaped(7, 1, 1)),
    ],
)
def test_the_same_said_in_another_way_is_taken(number: int, change: Change) -> None:
    checked(number, change)


def pooled(side: int, step: int) -> bytes:
    """Return a network that looks at an image through a filter of this side, and again at every ``step`` pixels."""
    made = Builder()
    made.add("RESHAPE", (1, 28, 28, 1), made.sizes(1, 28, 28, 1))
    left = -(-28 // step)
    steps: dict[str, Any] = {"strideH": step, "strideW": step}
    pool: dict[str, Any] = {"options": "Pool2DOptions", "filterHeight": side, "filterWidth": side}
    made.add("AVERAGE_POOL_2D", (1, left, left, 1), **pool, **steps)
    made.add("RESHAPE", (1, left**2), made.sizes(1, left**2))
    made.dense(10, left**2)
    return networks.packed(made.done())


def test_the_work_of_a_filter_counts_for_each_of_its_places() -> None:
    check(pooled(1000, 1000), IMAGE, ANSWER)
    check(pooled(798, 1), IMAGE, ANSWER)  # 784 places of 636,804 products
    with pytest.raises(UnsoundError, match=r"^too large a network$"):
        check(pooled(799, 1), IMAGE, ANSWER)
    with pytest.raises(UnsoundError, match=r"^too large a filter$"):
        check(pooled(1001, 28), IMAGE, ANSWER)


def test_a_plane_may_go_through_a_filter_of_its_own() -> None:
    made = Builder()
    made.add("RESHAPE", (1, 28, 28, 1), made.sizes(1, 28, 28, 1))
    filters, bias = made.tensor((1, 3, 3, 1), "f", 0.1), made.tensor((1,), "f", 0)
    steps: dict[str, Any] = {"strideH": 28, "strideW": 28, "dilationHFactor": 2, "dilationWFactor": 1}
    said: dict[str, Any] = {"options": "DepthwiseConv2DOptions", "padding": 0, "depthMultiplier": 1}
    made.add("DEPTHWISE_CONV_2D", (1, 1, 1, 1), filters, bias, **said, **steps)
    weights, bias = made.tensor((10, 1, 1, 1), "f", 0.1), made.tensor((10,), "f", 0)
    steps |= {"dilationHFactor": 1000, "dilationWFactor": 1000}
    made.add("CONV_2D", (1, 1, 1, 10), weights, bias, options="Conv2DOptions", padding=1, **steps)
    made.add("RESHAPE", (1, 10), made.sizes(1, -1))
    check(networks.packed(made.done()), IMAGE, ANSWER)
