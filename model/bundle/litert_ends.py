"""Gives somebody else's LiteRT file the ends that are read here: a 28x28 image in, ten probabilities out.

Nothing of it is believed: what comes of this is checked (`model.bundle.litert_check`) before it's run.
"""

from __future__ import annotations

import math
from typing import Any

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

from model.bundle.litert_dequantized import MOST_NUMBERS, dequantize
from model.bundle.litert_shapes import OtherEndsError, UnsoundError, require

BEGINNINGS = ((1, 28, 28), (1, 784), (1, 28, 28, 1), (1, 1, 28, 28), (1, 784, 1))
IMAGE, ANSWER = (1, 28, 28), (1, 10)

_OPERATORS, _TYPES = schema.BuiltinOperator, schema.TensorType


def fitted(content: bytes, *, scale: float = 1.0, offset: float = 0.0, logits: bool = False) -> bytes:
    """Return the file of a network that reads images, (1, 28, 28), by one that reads them scaled and moved.

    With ``logits`` its answers become probabilities. Raises UnsoundError, OtherEndsError where it reads or answers
    something else.
    """
    try:
        return _Graph(content).fitted(scale, offset, logits=logits)
    except UnsoundError:
        raise
    except Exception as error:  # what is generated to read such files raises what it pleases on damaged ones
        raise UnsoundError("no LiteRT file, or a damaged one") from error


def weights(content: bytes) -> int:
    """Return how many numbers a network has learned, of a fitted file."""
    model: Any = schema.Model.GetRootAs(content, 0)
    graph = model.Subgraphs(0)
    kinds = (_TYPES.FLOAT32, _TYPES.FLOAT16)
    tensors = [graph.Tensors(number) for number in range(graph.TensorsLength())]
    learned = [each for each in tensors if each.Type() in kinds and model.Buffers(each.Buffer()).DataLength()]
    return sum(math.prod(each.Shape(axis) for axis in range(each.ShapeLength())) for each in learned)


class _Graph:
    def __init__(self, content: bytes):
        require(schema.Model.ModelBufferHasIdentifier(content, 0), "no LiteRT file")
        self.model: Any = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
        require(len(self.model.subgraphs) == 1, "several graphs")
        self.graph: Any = self.model.subgraphs[0]
        self.model.metadata = self.model.signatureDefs = self.model.metadataBuffer = None  # which say what was before
        dequantize(self.model)

    def fitted(self, scale: float, offset: float, *, logits: bool) -> bytes:
        graph = self.graph
        for tensor in graph.tensors:
            tensor.shapeSignature = None  # one image at a time
        require(len(graph.inputs) == 1, "several inputs")
        answers = [each for each in graph.outputs if self._shape(each) == ANSWER and self._is_float(each)]
        if self._shape(graph.inputs[0]) not in BEGINNINGS or not self._is_float(graph.inputs[0]) or len(answers) != 1:
            raise OtherEndsError
        self._fix_sizes()
        (begin,) = graph.inputs
        image, first = self._tensor(IMAGE), []
        tip = image
        for operator, kind, number in (
            (_OPERATORS.MUL, schema.BuiltinOptions.MulOptions, scale),
            (_OPERATORS.ADD, schema.BuiltinOptions.AddOptions, offset),
        ):
            if number != (operator == _OPERATORS.MUL):
                made = self._tensor(IMAGE)
                options = schema.MulOptionsT() if operator == _OPERATORS.MUL else schema.AddOptionsT()
                first.append(
                    self._operation(operator, kind, options, [tip, self._tensor((1,), np.float32(number))], made)
                )
                tip = made
        sizes = self._tensor((len(self._shape(begin)),), np.array(self._shape(begin), np.int32), _TYPES.INT32)
        kind = schema.BuiltinOptions.ReshapeOptions
        first.append(self._operation(_OPERATORS.RESHAPE, kind, schema.ReshapeOptionsT(), [tip, sizes], begin))
        graph.operators = [*first, *graph.operators]
        if logits:
            options = schema.SoftmaxOptionsT()
            options.beta = 1.0
            end, kind = self._tensor(ANSWER), schema.BuiltinOptions.SoftmaxOptions
            graph.operators.append(self._operation(_OPERATORS.SOFTMAX, kind, options, answers, end))
            answers = [end]
        graph.inputs, graph.outputs = [image], answers
        builder = flatbuffers.Builder(1024)
        builder.Finish(self.model.Pack(builder), b"TFL3")
        return bytes(builder.Output())

    def _shape(self, number: int) -> tuple[int, ...]:
        return tuple(int(side) for side in self.graph.tensors[number].shape)

    def _is_float(self, number: int) -> bool:
        return bool(self.graph.tensors[number].type == _TYPES.FLOAT32)

    def _fix_sizes(self) -> None:
        """Let a reshaping know its sizes, which are computed for any number of images, and drop what computes them."""
        for operation in self.graph.operators:
            if self.model.operatorCodes[operation.opcodeIndex].builtinCode == _OPERATORS.RESHAPE:
                shape = self._shape(operation.outputs[0])
                require(0 < math.prod(shape) <= MOST_NUMBERS, "a shape that is empty or too large")
                sizes = self._tensor((len(shape),), np.array(shape, np.int32), _TYPES.INT32)
                operation.inputs = [operation.inputs[0], sizes]
        while True:
            used = {*self.graph.outputs, *(each for operation in self.graph.operators for each in operation.inputs)}
            left = [operation for operation in self.graph.operators if set(operation.outputs) & used]
            if len(left) == len(self.graph.operators):
                return
            self.graph.operators = left

    def _tensor(self, shape: tuple[int, ...], data: Any = None, kind: int = _TYPES.FLOAT32) -> int:
        tensor, buffer = schema.TensorT(), schema.BufferT()
        tensor.shape, tensor.type, tensor.name = np.array(shape, np.int32), kind, b"fitted"
        if data is not None:
            buffer.data = np.frombuffer(np.asarray(data).tobytes(), np.uint8)
        self.model.buffers.append(buffer)
        tensor.buffer = len(self.model.buffers) - 1
        self.graph.tensors.append(tensor)
        return len(self.graph.tensors) - 1

    def _operation(self, operator: int, kind: int, options: Any, inputs: list[int], output: int) -> Any:
        code = schema.OperatorCodeT()
        code.builtinCode = code.deprecatedBuiltinCode = operator
        code.version = 1
        self.model.operatorCodes.append(code)
        operation = schema.OperatorT()
        operation.opcodeIndex = len(self.model.operatorCodes) - 1
        operation.inputs, operation.outputs = inputs, [output]
        operation.builtinOptionsType, operation.builtinOptions = kind, options
        return operation
