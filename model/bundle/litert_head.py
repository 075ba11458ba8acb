"""The dense layers at the end of a LiteRT file: found, read, and written back in place.

The rest of the file stays as it is, so code that reads, looks inside or measures doesn't have to know about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from ai_edge_litert import schema_py_generated as schema

MOST_LAYERS = 2  # that are found: the last ones

Floats = npt.NDArray[np.float32]

_LARGEST = 127  # of the numbers of weights in 8 bits
_SCALE = 8  # where LiteRT's schema has the scales among what it says of such numbers
_DATA = 4  # and a buffer's bytes
_KINDS: dict[int, type[np.generic]] = {
    schema.TensorType.FLOAT32: np.float32,
    schema.TensorType.FLOAT16: np.float16,
    schema.TensorType.INT8: np.int8,
}
_OPERATORS = {value: name for name, value in vars(schema.BuiltinOperator).items() if isinstance(value, int)}
_FUSED = {0: "", 1: "RELU", 3: "RELU6"}  # the activations that are part of a dense layer, by LiteRT's numbers
_BENDS = ("RELU", "RELU6", "TANH", "LOGISTIC", "ELU")  # those that are known


class NoHeadError(ValueError):
    """A network that doesn't end in dense layers that we know."""


class Layer(NamedTuple):
    """What one dense layer has learned."""

    weights: Floats  # (units, inputs)
    bias: Floats  # (units,)


@dataclass(frozen=True, slots=True)
class _Numbers:
    """Where a tensor's numbers lie in the file, and what they are."""

    kind: type[np.generic]
    shape: tuple[int, ...]
    place: int  # of their first byte
    scales: int = 0  # the place of the first scale of numbers in 8 bits …
    count: int = 0  # … of which there are so many

    def read(self, file: bytes) -> Floats:
        found = np.frombuffer(file, self.kind, int(np.prod(self.shape)), self.place).reshape(self.shape)
        if not self.count:
            return found.astype(np.float32)
        return found * np.frombuffer(file, np.float32, self.count, self.scales)[:, None]

    def write(self, file: bytearray, numbers: Floats) -> None:
        """Put numbers into their place, rounded as that has them."""
        if self.count:
            largest = np.abs(numbers).max(1 if self.count > 1 else None, keepdims=True).reshape(self.count, 1)
            scales = np.maximum(largest, np.float32(1e-12)) / np.float32(_LARGEST)
            file[self.scales : self.scales + 4 * self.count] = scales.astype(np.float32).tobytes()
            numbers = np.round(numbers / scales)
        content = numbers.astype(self.kind).tobytes()
        file[self.place : self.place + len(content)] = content


class Head:
    """The last dense layers of a network, two at most, before its softmax and the mean over its views.

    Args:
        file: a LiteRT file that is safe to run.
        answers: how many numbers it answers with.

    Raises NoHeadError if it doesn't end like that.
    """

    def __init__(self, file: bytes, answers: int):
        self.file = file
        self.bends: list[str] = []  # the activation after each layer, by LiteRT's name; none after the last
        self._layers: list[tuple[_Numbers, _Numbers]] = []  # weights and biases, the first layer's first
        graph = _Graph(file, answers)
        operation = graph.maker(graph.answer)
        if operation.name == "MEAN":
            operation = graph.maker(operation.inputs[0])
        if operation.name != "SOFTMAX":
            raise NoHeadError("no softmax at its end")
        self.before = operation.inputs[0]  # the tensor that the first of these layers is given
        while len(self._layers) < MOST_LAYERS:
            operation, bend = graph.maker(self.before), ""
            if self._layers and operation.name in _BENDS:
                operation, bend = graph.maker(operation.inputs[0]), operation.name
            found = graph.dense(operation)
            if found is None or (bend and found[2]):
                break
            self._layers.insert(0, found[:2])
            self.bends.insert(0, found[2] or bend)
            self.before = operation.inputs[0]
        if not self._layers or self.bends[-1]:
            raise NoHeadError("no dense layer before its end")

    @property
    def layers(self) -> list[Layer]:
        """What the layers have learned, the last one's last."""
        return self._read(self.file)

    def rounded(self, layers: Sequence[Layer]) -> list[Layer]:
        """Return the numbers that the file would hold in place of these."""
        return self._read(self.with_layers(layers))

    def with_layers(self, layers: Sequence[Layer]) -> bytes:
        """Return the file with other numbers in these layers, as close to them as it can hold."""
        file = bytearray(self.file)
        for (weights, biases), layer in zip(self._layers, layers, strict=True):
            weights.write(file, layer.weights)
            biases.write(file, layer.bias)
        return bytes(file)

    def _read(self, file: bytes) -> list[Layer]:
        return [Layer(weights.read(file), biases.read(file)) for weights, biases in self._layers]


class _Operation(NamedTuple):
    name: str
    inputs: tuple[int, ...]
    options: Any


class _Graph:
    """What a LiteRT file says of its tensors and operations."""

    def __init__(self, file: bytes, answers: int):
        self._model = schema.Model.GetRootAs(file)
        self._graph = self._model.Subgraphs(0)
        self._makers: dict[int, _Operation] = {}  # by the tensor that comes of it
        for place in range(self._graph.OperatorsLength()):
            raw = self._graph.Operators(place)
            code = self._model.OperatorCodes(raw.OpcodeIndex())
            name = _OPERATORS[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]
            inputs = tuple(raw.Inputs(each) for each in range(raw.InputsLength()))
            options = schema.BuiltinOptionsCreator(raw.BuiltinOptionsType(), raw.BuiltinOptions())
            self._makers[raw.Outputs(0)] = _Operation(name, inputs, options)
        ends = [self._graph.Outputs(each) for each in range(self._graph.OutputsLength())]
        self.answer = next(end for end in ends if _shape(self._graph.Tensors(end)) == (1, answers))

    def maker(self, tensor: int) -> _Operation:
        """Return what makes a tensor; an operation of no name where nothing does."""
        return self._makers.get(tensor, _Operation("", (), None))

    def dense(self, operation: _Operation) -> tuple[_Numbers, _Numbers, str] | None:
        """Return where the weights and biases of a dense layer lie, and its activation; None: it's no such layer."""
        if operation.name != "FULLY_CONNECTED" or len(operation.inputs) != 3 or operation.inputs[2] < 0:
            return None
        weights, biases = (self._numbers(tensor) for tensor in operation.inputs[1:])
        fused = _FUSED.get(operation.options.fusedActivationFunction)
        return None if weights is None or biases is None or fused is None else (weights, biases, fused)

    def _numbers(self, tensor: int) -> _Numbers | None:
        """Return where a tensor's own numbers lie; None where it has none, or shares them with another one."""
        maker = self.maker(tensor)
        raw = self._graph.Tensors(maker.inputs[0] if maker.name == "DEQUANTIZE" else tensor)
        number = raw.Buffer()
        tensors = (self._graph.Tensors(each) for each in range(self._graph.TensorsLength()))
        buffer = self._model.Buffers(number)
        if raw.Type() not in _KINDS or buffer.DataIsNone() or sum(each.Buffer() == number for each in tensors) > 1:
            return None
        kind, place = _KINDS[raw.Type()], buffer._tab.Vector(buffer._tab.Offset(_DATA))
        if kind is not np.int8:
            return _Numbers(kind, _shape(raw), place)
        told = raw.Quantization()
        return _Numbers(kind, _shape(raw), place, told._tab.Vector(told._tab.Offset(_SCALE)), told.ScaleLength())


def _shape(tensor: Any) -> tuple[int, ...]:
    return tuple(tensor.Shape(axis) for axis in range(tensor.ShapeLength()))
