"""A LiteRT file read: its operations and weights as a chain of steps. LiteRT's own schema says where what stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from ai_edge_litert import schema_py_generated as schema

from model.inside import chain
from model.inside.chain import Array, Step
from model.inside.work import Work

TOGETHER = 200_000  # weights widened at once, in less than a millisecond

_TYPES = {schema.TensorType.FLOAT32: "<f4", schema.TensorType.FLOAT16: "<f2", schema.TensorType.INT32: "<i4"}


class UnknownStepError(Exception):
    """The network does something that no step of ours is; it can be run, but not be looked into."""


def read_steps(content: bytes) -> Work[tuple[Step, ...]]:
    """Return, in pieces of work, a network's steps from the image (1, 28, 28) to the probabilities (1, 10).

    Raises:
        UnknownStepError: it is no chain, or has an operation that no step of ours is.
    """
    file = _File(content)
    yield
    operations = list(file.operations())
    yield from file.widen()
    steps: list[Step] = []
    before = file.start
    for operation in operations:
        if before not in operation.inputs:
            raise UnknownStepError(f"{operation.name} does not go on from the step before it")
        if operation.name not in _STEPS:
            raise UnknownStepError(operation.name)
        steps.append(_STEPS[operation.name](file, operation, before))
        if operation.fused:
            steps.append(_activation(file, operation, before))
        before = operation.output
    if before != file.end:
        raise UnknownStepError("the last step is not the answer")
    return tuple(steps)


class _Operation:
    """What a file says of one operation."""

    def __init__(self, raw: Any, name: str):
        self.name = name
        self.inputs = [int(raw.Inputs(place)) for place in range(raw.InputsLength())]
        self.output = int(raw.Outputs(0))
        self.options = schema.BuiltinOptionsCreator(raw.BuiltinOptionsType(), raw.BuiltinOptions())
        self.fused = _FUSED[getattr(self.options, "fusedActivationFunction", 0)]


class _File:
    """Looks things up in a file, where tensors are known by their numbers."""

    def __init__(self, content: bytes):
        self._model = schema.Model.GetRootAs(content)
        self._graph = self._model.Subgraphs(0)
        self._halves: dict[int, int] = {}  # a tensor of float32 -> the constant of float16 that it is made of
        self._widened: dict[int, Array] = {}
        self.start, self.end = int(self._graph.Inputs(0)), int(self._graph.Outputs(0))

    def operations(self) -> Iterator[_Operation]:
        """Yield the operations that do something with the image, in their order."""
        for number in range(self._graph.OperatorsLength()):
            raw = self._graph.Operators(number)
            code = self._model.OperatorCodes(raw.OpcodeIndex())
            # Small codes also stand in an older field, and in old files there alone: the larger of the two holds.
            operation = _Operation(raw, _NAMES[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())])
            if operation.name == "DEQUANTIZE" and self._has_numbers(operation.inputs[0]):
                self._halves[operation.output] = operation.inputs[0]
            else:
                yield operation

    def widen(self) -> Work[None]:
        """Make weights of float16 into float32, some at a time."""
        for tensor, half in self._halves.items():
            numbers = self._numbers(half).ravel()
            result = np.empty(numbers.shape, np.float32)
            for first in range(0, len(numbers), TOGETHER):
                result[first : first + TOGETHER] = numbers[first : first + TOGETHER]
                yield
            self._widened[tensor] = result.reshape(self.shape(half))

    def shape(self, tensor: int) -> tuple[int, ...]:
        """Return a tensor's shape."""
        raw = self._graph.Tensors(tensor)
        return tuple(int(raw.Shape(axis)) for axis in range(raw.ShapeLength()))

    def constants(self, operation: _Operation, before: int) -> list[Array]:
        """Return the constants among an operation's inputs. Raises UnknownStepError where others are, too."""
        others = [tensor for tensor in operation.inputs if tensor not in (before, -1)]  # -1: what is left out
        return [self._widened[tensor] if tensor in self._widened else self._numbers(tensor) for tensor in others]

    def _has_numbers(self, tensor: int) -> bool:
        return not self._model.Buffers(self._graph.Tensors(tensor).Buffer()).DataIsNone()

    def _numbers(self, tensor: int) -> Array:
        kind = _TYPES.get(self._graph.Tensors(tensor).Type())
        if kind is None or not self._has_numbers(tensor):
            raise UnknownStepError("numbers that do not stand in the file as such")
        data = self._model.Buffers(self._graph.Tensors(tensor).Buffer()).DataAsNumpy()
        numbers: Array = data.view(kind).reshape(self.shape(tensor))
        return numbers


_Make = Callable[[_File, _Operation, int], Step]


def _activation(_file: _File, operation: _Operation, _before: int) -> Step:
    name = operation.fused or operation.name
    if name not in chain.ACTIVATIONS:
        raise UnknownStepError(name)
    return chain.Activation(name)


def _dense(file: _File, operation: _Operation, before: int) -> Step:
    weights, *bias = file.constants(operation, before)
    return chain.Dense(weights, bias[0] if bias else np.zeros(len(weights), np.float32), file.shape(operation.output))


def _convolution(file: _File, operation: _Operation, before: int) -> Step:
    options = operation.options
    if {options.strideH, options.strideW, options.dilationHFactor, options.dilationWFactor} != {1}:
        raise UnknownStepError("a convolution in larger steps")
    weights, *bias = file.constants(operation, before)
    padding = (0, 0, 0, 0)
    if options.padding == schema.Padding.SAME:
        below, right = (side // 2 for side in weights.shape[1:3])  # one more than on the other side where it is even
        padding = (weights.shape[1] - 1 - below, below, weights.shape[2] - 1 - right, right)
    return chain.Convolution(weights, bias[0] if bias else np.zeros(len(weights), np.float32), padding)


def _max_pooling(file: _File, operation: _Operation, before: int) -> Step:
    options = operation.options
    size = options.filterHeight, options.filterWidth
    whole = all(side % step == 0 for side, step in zip(file.shape(before)[1:3], size, strict=True))
    if (options.strideH, options.strideW) != size or (options.padding == schema.Padding.SAME and not whole):
        raise UnknownStepError("pooling of blocks that overlap, or hang over the edge")
    return chain.MaxPooling(*size)


def _reshape(file: _File, operation: _Operation, _before: int) -> Step:
    return chain.Reshape(file.shape(operation.output))


def _transpose(file: _File, operation: _Operation, before: int) -> Step:
    return chain.Transpose(tuple(int(axis) for axis in file.constants(operation, before)[0]))


def _mean(file: _File, operation: _Operation, before: int) -> Step:
    sides = len(file.shape(before))
    axes = tuple(int(axis) % sides for axis in file.constants(operation, before)[0].ravel())
    return chain.Mean(axes, file.shape(operation.output))


def _softmax(_file: _File, operation: _Operation, _before: int) -> Step:
    if operation.options.beta != 1:
        raise UnknownStepError("a softmax with a temperature")
    return chain.Softmax()


def _arithmetic(file: _File, operation: _Operation, before: int) -> Step:
    numbers = file.constants(operation, before)
    if len(numbers) != 1 or np.broadcast_shapes(numbers[0].shape, file.shape(before)) != file.shape(before):
        raise UnknownStepError("a sum or a product of another shape")
    number, first = numbers[0], operation.inputs[0] == before
    one, nothing = np.float32(1), np.float32(0)
    if operation.name == "ADD":
        return chain.Scale(one, number)
    if operation.name == "MUL":
        return chain.Scale(number, nothing)
    if operation.name == "SUB":
        return chain.Scale(one, -number) if first else chain.Scale(-one, number)
    if not first:
        raise UnknownStepError("a division by what comes from the image")
    return chain.Scale(1 / number, nothing)


_STEPS: dict[str, _Make] = {
    "FULLY_CONNECTED": _dense,
    "CONV_2D": _convolution,
    "MAX_POOL_2D": _max_pooling,
    "TRANSPOSE": _transpose,
    "MEAN": _mean,
    "SOFTMAX": _softmax,
    **dict.fromkeys(("RESHAPE", "SQUEEZE", "EXPAND_DIMS"), _reshape),
    **dict.fromkeys(("ADD", "SUB", "MUL", "DIV"), _arithmetic),
    **dict.fromkeys(chain.ACTIVATIONS, _activation),
}
_NAMES = {value: name for name, value in vars(schema.BuiltinOperator).items() if isinstance(value, int)}
_FUSED = {
    value: "" if name == "NONE" else name
    for name, value in vars(schema.ActivationFunctionType).items()
    if isinstance(value, int)
}
