"""Handmade LiteRT files: networks with every operation that we run, and with something wrong in them."""

from __future__ import annotations

import functools
import struct
from collections.abc import Sequence
from typing import Any

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema
from hypothesis import strategies as st

_TYPES = {"f": schema.TensorType.FLOAT32, "e": schema.TensorType.FLOAT16, "i": schema.TensorType.INT32}
_TYPES |= {"?": schema.TensorType.BOOL, "b": schema.TensorType.INT8, "B": schema.TensorType.UINT8}
_TYPES |= {"h": schema.TensorType.INT16}


class Builder:
    """Builds a network, one operation after another, as Keras' export would."""

    def __init__(self, begin: Sequence[int] = (1, 28, 28)) -> None:
        self.model = schema.ModelT()
        self.model.version = 3
        self.model.description = "made by hand"
        empty = schema.BufferT()
        self.model.buffers = [empty]
        self.model.operatorCodes = []
        self.graph = schema.SubGraphT()
        self.graph.name, self.graph.tensors, self.graph.operators = "main", [], []
        self.model.subgraphs = [self.graph]
        self.hidden: list[int] = []  # outputs in addition to the answer
        self.last = self.tensor(begin)
        self.graph.inputs = [self.last]

    def tensor(self, shape: Sequence[int], kind: str = "f", values: Any = None) -> int:
        """Add a tensor, with values if it's a constant, and return its number."""
        tensor, buffer = schema.TensorT(), schema.BufferT()
        if values is not None:
            data = np.ascontiguousarray(np.broadcast_to(np.asarray(values, kind), shape)).tobytes()
            buffer.data = np.frombuffer(data, np.uint8)
        self.model.buffers.append(buffer)
        tensor.buffer = len(self.model.buffers) - 1
        tensor.shape, tensor.type, tensor.name = list(shape), _TYPES[kind], f"tensor {len(self.graph.tensors)}"
        tensor.quantization = schema.QuantizationParametersT()
        self.graph.tensors.append(tensor)
        return len(self.graph.tensors) - 1

    def sizes(self, *numbers: Any) -> int:
        """Add a tensor of integers."""
        values = np.array(numbers, "i")
        return self.tensor(values.shape, "i", values)

    def add(self, name: str, shape: Sequence[int], *more: int, options: str = "", kind: str = "f", **said: Any) -> int:
        """Add an operation on the latest tensor (and more), with an output of a shape; return that tensor's number."""
        code = schema.OperatorCodeT()
        code.builtinCode = getattr(schema.BuiltinOperator, name)
        code.deprecatedBuiltinCode = min(code.builtinCode, 127)
        code.version = 1
        self.model.operatorCodes.append(code)
        operation = schema.OperatorT()
        operation.opcodeIndex = len(self.model.operatorCodes) - 1
        operation.inputs = [*([] if name == "DEQUANTIZE" else [self.last]), *more]
        output = self.tensor(shape, kind)
        operation.outputs = [output]
        if options:
            operation.builtinOptionsType = getattr(schema.BuiltinOptions, options)
            operation.builtinOptions = getattr(schema, f"{options}T")()
            for key, value in said.items():
                setattr(operation.builtinOptions, key, value)
        self.graph.operators.append(operation)
        if name != "DEQUANTIZE":
            self.last = output
        return output

    def dense(self, units: int, inputs: int, kind: str = "f") -> None:
        """Add a dense layer, whose weights are of this kind: f, e or b."""
        weights = self.weights((units, inputs), kind)
        if kind == "e":
            weights = self.add("DEQUANTIZE", (units, inputs), weights)
        bias = self.tensor((units,), "f", 0.1)
        said: dict[str, Any] = {"asymmetricQuantizeInputs": kind == "b"}
        self.add("FULLY_CONNECTED", (1, units), weights, bias, options="FullyConnectedOptions", **said)

    def weights(self, shape: Sequence[int], kind: str = "b") -> int:
        """Add weights of this kind: f, e or b, with a scale for each unit."""
        values = np.sin(np.arange(np.prod(shape))).reshape(shape)
        weights = self.tensor(shape, kind, values * 127 if kind == "b" else values)
        if kind == "b":
            scales = self.graph.tensors[weights].quantization
            scales.scale, scales.zeroPoint = np.full(shape[0], 1 / 127, "f"), np.zeros(shape[0], "q")
        return weights

    def scaled(self, tensor: int, scale: Any, zero: int) -> int:
        """Set the scale and zero point of an integer tensor, and return its number."""
        said = self.graph.tensors[tensor].quantization
        said.scale = np.atleast_1d(np.asarray(scale, "f"))
        said.zeroPoint = np.full(len(said.scale), zero, "q")
        return tensor

    def convolution(self, after: Sequence[int], side: int, planes: int, step: int = 1) -> None:
        """Add an 8-bit convolution whose filters have this side; its output has this shape and this many planes."""
        more = self.weights((after[-1], side, side, planes)), self.tensor((after[-1],), "f", 0.1)
        steps: dict[str, Any] = {"strideH": step, "strideW": step, "dilationHFactor": 1, "dilationWFactor": 1}
        self.add("CONV_2D", after, *more, options="Conv2DOptions", padding=0, fusedActivationFunction=1, **steps)

    def done(self) -> schema.ModelT:
        """End with ten probabilities, and return the model."""
        self.add("SOFTMAX", (1, 10), options="SoftmaxOptions", beta=1.0)
        return self.ended()

    def ended(self) -> schema.ModelT:
        """Return the model, whose answer is the latest tensor."""
        self.graph.outputs = [self.last, *self.hidden]
        signature, start, end = schema.SignatureDefT(), schema.TensorMapT(), schema.TensorMapT()
        start.name, start.tensorIndex, end.name, end.tensorIndex = "args_0", 0, "output_0", self.last
        signature.inputs, signature.outputs, signature.signatureKey = [start], [end], "serving_default"
        signature.subgraphIndex = 0
        self.model.signatureDefs = [signature]
        note = schema.MetadataT()
        note.name, note.buffer = "min_runtime_version", len(self.model.buffers)
        buffer = schema.BufferT()
        buffer.data = np.frombuffer(b"1.5.0", np.uint8)
        self.model.buffers.append(buffer)
        self.model.metadata = [note]
        return self.model


def _small(pixels: int = 49) -> Builder:
    """Return a network that has scaled its image down to (1, 1, 7, 7), and then flattened it."""
    made = Builder()
    made.add("RESHAPE", (1, 28, 28, 1), made.sizes(1, 28, 28, 1))
    options: dict[str, Any] = {
        "options": "Pool2DOptions",
        "strideH": 4,
        "strideW": 4,
        "filterHeight": 4,
        "filterWidth": 4,
    }
    made.add("AVERAGE_POOL_2D", (1, 7, 7, 1), **options)
    made.add("RESHAPE", (1, pixels), made.sizes(1, pixels))
    return made


def _dense() -> Builder:
    made = _small()
    made.dense(12, 49, "e")
    for name in ("LOGISTIC", "SQRT", "RSQRT", "LOG", "RELU", "TANH", "ELU", "RELU6", "FLOOR"):
        made.add(name, (1, 12))
    for name, options in (("EXP", "ExpOptions"), ("NEG", "NegOptions"), ("ABS", "AbsOptions"), ("GELU", "GeluOptions")):
        made.add(name, (1, 12), options=options)
    made.add("LEAKY_RELU", (1, 12), options="LeakyReluOptions", alpha=0.1)
    made.dense(10, 12)
    return made


def _in_8_bits() -> Builder:
    made = _small()
    made.dense(12, 49, "b")
    made.add("RELU", (1, 12))
    made.hidden = [made.last]
    made.dense(10, 12, "b")
    return made


def _convolution() -> Builder:
    made = Builder()
    made.add("RESHAPE", (1, 28, 28, 1), made.sizes(1, 28, 28, 1))
    weights, bias = made.tensor((4, 3, 3, 1), "f", 0.1), made.tensor((4,), "f", 0)
    steps: dict[str, Any] = {"strideH": 2, "strideW": 2, "dilationHFactor": 1, "dilationWFactor": 1}
    made.add("CONV_2D", (1, 14, 14, 4), weights, bias, options="Conv2DOptions", padding=0, **steps)
    filters, bias = made.tensor((1, 3, 3, 8), "f", 0.1), made.tensor((8,), "f", 0)
    steps |= {"depthMultiplier": 2}
    made.add("DEPTHWISE_CONV_2D", (1, 6, 6, 8), filters, bias, options="DepthwiseConv2DOptions", padding=1, **steps)
    pool: dict[str, Any] = {"options": "Pool2DOptions", "strideH": 2, "strideW": 2, "filterHeight": 3, "filterWidth": 3}
    made.add("MAX_POOL_2D", (1, 3, 3, 8), **pool)
    made.add("PRELU", (1, 3, 3, 8), made.tensor((1, 1, 8), "f", 0.3))
    made.add("MEAN", (1, 8), made.sizes(1, 2), options="ReducerOptions", keepDims=False)
    made.dense(10, 8)
    return made


def _shapes() -> Builder:
    made = _small()
    flat = made.last
    made.add("RESHAPE", (1, 7, 7), made.sizes(1, -1, 7))
    made.add("TRANSPOSE", (1, 7, 7), made.sizes(0, 2, 1))
    made.add("PAD", (1, 9, 8), made.sizes((0, 0), (1, 1), (0, 1)))
    ends = made.sizes(0, 1, 0), made.sizes(0, 8, 7), made.sizes(1, 1, 1)
    made.add("STRIDED_SLICE", (1, 7, 7), *ends, options="StridedSliceOptions", beginMask=1, endMask=1)
    made.add("REDUCE_MAX", (1, 1, 7), made.sizes(1), options="ReducerOptions", keepDims=True)
    made.add("SUM", (1, 7), made.sizes(1), options="ReducerOptions", keepDims=False)
    made.add("CONCATENATION", (1, 56), flat, options="ConcatenationOptions", axis=-1)
    made.dense(10, 56)
    return made


def _arithmetic() -> Builder:
    made = _small()
    for name, options in (("ADD", "AddOptions"), ("SUB", "SubOptions"), ("MUL", "MulOptions"), ("DIV", "DivOptions")):
        made.add(name, (1, 49), made.tensor((49,), "f", 0.5), options=options)
    for name in ("MAXIMUM", "MINIMUM", "SQUARED_DIFFERENCE"):
        made.add(name, (1, 49), made.tensor((), "f", 0.5))
    before = made.last
    made.add("GREATER", (1, 49), made.tensor((1, 1), "f", 0.2), kind="?")
    made.add("SELECT_V2", (1, 49), before, made.tensor((), "f", 0), options="SelectV2Options")
    made.dense(10, 49)
    return made


@functools.cache
def whole() -> tuple[bytes, ...]:
    """Return valid networks, as files."""
    return tuple(packed(make().done()) for make in (_dense, _in_8_bits, _convolution, _shapes, _arithmetic))


@functools.cache
def quantized() -> bytes:
    """Return a network with integers alone, as TensorFlow's converter writes it, as a file."""
    made = Builder()
    made.graph.tensors[made.last].type = schema.TensorType.UINT8
    made.scaled(made.last, 1 / 255, 0)
    made.scaled(made.add("QUANTIZE", (1, 28, 28), options="QuantizeOptions", kind="b"), 1 / 255, -128)
    made.scaled(made.add("RESHAPE", (1, 28, 28, 1), made.sizes(1, 28, 28, 1), kind="b"), 1 / 255, -128)
    bias = made.scaled(made.tensor((4,), "i", 9), np.full(4, 1e-3), 0)
    steps: dict[str, Any] = {"strideH": 4, "strideW": 4, "dilationHFactor": 1, "dilationWFactor": 1}
    more, options = (made.weights((4, 3, 3, 1)), bias), "Conv2DOptions"
    made.scaled(made.add("CONV_2D", (1, 7, 7, 4), *more, options=options, kind="b", **steps), 6 / 255, -128)
    made.scaled(made.add("RESHAPE", (1, 196), made.sizes(-1, 196), kind="b"), 6 / 255, -128)
    more = made.weights((10, 196)), made.scaled(made.tensor((10,), "i", 9), 1e-3, 0)
    made.scaled(made.add("FULLY_CONNECTED", (1, 10), *more, options="FullyConnectedOptions", kind="b"), 0.1, 3)
    made.scaled(made.add("SOFTMAX", (1, 10), options="SoftmaxOptions", kind="b", beta=1.0), 1 / 256, -128)
    made.scaled(made.add("QUANTIZE", (1, 10), options="QuantizeOptions", kind="B"), 1 / 256, 0)
    return packed(made.ended())


@functools.cache
def eye() -> bytes:
    """Return a small, valid network for pictures, as a file."""
    made = Builder((1, 112, 160, 3))
    made.convolution((1, 56, 80, 8), 5, 3, step=2)
    half = made.last
    made.convolution((1, 28, 40, 8), 3, 8, step=2)
    quarter = made.last
    made.convolution((1, 28, 40, 8), 3, 8)
    made.add("ADD", (1, 28, 40, 8), quarter, options="AddOptions")
    made.add("TILE", (1, 28, 40, 32), made.sizes(1, 1, 1, 4))
    made.add("DEPTH_TO_SPACE", (1, 56, 80, 8), options="DepthToSpaceOptions", blockSize=2)
    made.add("CONCATENATION", (1, 56, 80, 16), half, options="ConcatenationOptions", axis=-1)
    made.convolution((1, 56, 80, 12), 1, 16)
    made.add("DEPTH_TO_SPACE", (1, 112, 160, 3), options="DepthToSpaceOptions", blockSize=2)
    return packed(made.ended())


def packed(model: schema.ModelT) -> bytes:
    """Return a model in its file's bytes."""
    builder = flatbuffers.Builder(4096)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


_INTEGERS = st.sampled_from([-(2**31), -2, -1, 0, 1, 2, 3, 5, 7, 28, 100, 127, 255, 1000, 65536, 10**6, 2**31 - 1])


@st.composite
def wrong(draw: st.DrawFn, right: Sequence[bytes]) -> bytes:
    """Return one of some network files with some fields replaced; now and then, a valid one."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(draw(st.sampled_from(right))))
    for _ in range(draw(st.sampled_from([0, 1, 1, 1, 2, 2, 3]))):
        if not model.subgraphs:
            break
        graph = model.subgraphs[0]
        operators = list(graph.operators or [])
        groups = (graph.tensors, operators, operators, model.operatorCodes, model.buffers)
        places = [model, graph, *(each for group in groups for each in group or [])]
        places += [each.builtinOptions for each in operators if getattr(each, "builtinOptions", None)] * 2
        places += [*(model.metadata or []), *(model.signatureDefs or [])]
        scales = (getattr(each, "quantization", None) for each in graph.tensors or [])
        places += [each for each in scales if getattr(each, "scale", None) is not None]
        place = draw(st.sampled_from([each for each in places if hasattr(each, "__dict__")]))  # some are numbers by now
        names = sorted(vars(place))
        name = draw(st.sampled_from(names)) if names else None
        if name is not None:
            setattr(place, name, _changed(draw, getattr(place, name)))
    try:
        return packed(model)
    except (AttributeError, TypeError, ValueError, OverflowError, struct.error):
        return b"TFL3"  # it can't even be written


def _changed(draw: st.DrawFn, value: Any) -> Any:
    """Return another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | np.integer):
        return draw(_INTEGERS | st.integers(0, 210))
    if isinstance(value, float):
        return draw(st.floats(width=32))
    if isinstance(value, np.ndarray | list) and len(value):
        numbers = list(value)
        place = draw(st.integers(0, len(numbers) - 1))
        match draw(st.integers(0, 3)):
            case 0 if not hasattr(numbers[0], "Pack"):
                numbers[place] = type(numbers[0])(draw(st.integers(0, 255))) if numbers[0] is not None else None
            case 1:
                del numbers[place]
            case 2:
                numbers.append(numbers[place])
            case _:
                numbers.reverse()
        return np.array(numbers, value.dtype) if isinstance(value, np.ndarray) else numbers
    return None if value is not None else draw(st.sampled_from([None, [0], [1, 2], [-1]]))
