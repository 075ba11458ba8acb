"""A LiteRT network that computes in whole numbers made one that computes in the fractions that they stand for.

Post-training quantization keeps scale * (q - zero point) as the whole number q (Jacob et al. 2018, section 2.1). With
these fractions instead, a network answers the same except for rounding, and needs no operation that isn't checked
through already.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from ai_edge_litert import schema_py_generated as schema

from model.bundle.litert_shapes import require

MOST_NUMBERS = 20_000_000  # that weights may have all together, or a shape announce
TOP_OF_RELU6 = 6.0

_OPERATORS, _TYPES, _FUSED = schema.BuiltinOperator, schema.TensorType, schema.ActivationFunctionType
_WHOLE: dict[int, type[np.signedinteger[Any]] | type[np.unsignedinteger[Any]]] = {
    _TYPES.INT8: np.int8,
    _TYPES.UINT8: np.uint8,
    _TYPES.INT16: np.int16,
    _TYPES.INT32: np.int32,
    _TYPES.INT64: np.int64,
}
_ROUNDING = (_OPERATORS.QUANTIZE, _OPERATORS.DEQUANTIZE)
_CUT_OFF = (  # whose answers can end at 0 by the scale alone
    *(_OPERATORS.CONV_2D, _OPERATORS.DEPTHWISE_CONV_2D, _OPERATORS.FULLY_CONNECTED),
    *(_OPERATORS.ADD, _OPERATORS.SUB, _OPERATORS.MUL),
)


def dequantize(model: Any) -> None:
    """Change LiteRT's description of a network (ModelT) of one graph into one that has no scales.

    Raises UnsoundError where it would swell, and whatever else where it contradicts itself.
    """
    graph = model.subgraphs[0]
    tops = {number: top for number, each in enumerate(graph.tensors) if (top := _top(each)) is not None}
    _widen(model, graph)
    same: dict[int, int] = {}  # what was rounded -> what it's rounded from
    kept = []
    for operation in graph.operators:
        code = model.operatorCodes[operation.opcodeIndex]
        name = max(code.builtinCode, code.deprecatedBuiltinCode)
        operation.inputs = [same.get(each, each) for each in operation.inputs]
        if name in _ROUNDING and graph.tensors[operation.inputs[0]].type == _TYPES.FLOAT32:
            same[operation.outputs[0]] = operation.inputs[0]
            continue
        kept.append(operation)
        options, top = operation.builtinOptions, tops.get(operation.outputs[0])
        if name in _CUT_OFF and top is not None and options.fusedActivationFunction == _FUSED.NONE:
            is_six = math.isclose(top, TOP_OF_RELU6, rel_tol=1e-3)
            options.fusedActivationFunction = _FUSED.RELU6 if is_six else _FUSED.RELU
        if name == _OPERATORS.FULLY_CONNECTED:
            options.asymmetricQuantizeInputs = False
    graph.operators = kept
    graph.outputs = [same.get(each, each) for each in graph.outputs]


def _has_scale(tensor: Any) -> bool:
    said = tensor.quantization
    return tensor.type in _WHOLE and said is not None and said.scale is not None and len(said.scale) > 0


def _top(tensor: Any) -> float | None:
    """Return the largest number that a tensor can stand for where the smallest is 0; else None."""
    if not _has_scale(tensor) or tensor.type not in (_TYPES.INT8, _TYPES.UINT8):
        return None
    said, range_ = tensor.quantization, np.iinfo(_WHOLE[tensor.type])
    zero = said.zeroPoint[0] if said.zeroPoint is not None and len(said.zeroPoint) else 0
    return float(said.scale[0] * (range_.max - range_.min)) if zero == range_.min else None


def _widen(model: Any, graph: Any) -> None:
    """Let each tensor with a scale be of fractions, and write those of weights into buffers of their own."""
    left = MOST_NUMBERS
    for tensor in filter(_has_scale, graph.tensors):
        data = model.buffers[tensor.buffer].data
        if data is not None and len(data):
            whole = np.frombuffer(bytes(data), _WHOLE[tensor.type])
            left -= whole.size
            require(left >= 0, "too many weights")
            whole, said = whole.reshape(tensor.shape), tensor.quantization
            along = [1] * whole.ndim
            along[said.quantizedDimension if len(said.scale) > 1 else 0] = -1
            scale = np.asarray(said.scale, np.float32).reshape(along)
            zero = np.asarray(0 if said.zeroPoint is None else said.zeroPoint, np.float64).reshape(along)
            buffer = schema.BufferT()
            buffer.data = np.frombuffer(((whole - zero) * scale).astype(np.float32).tobytes(), np.uint8)
            model.buffers.append(buffer)
            tensor.buffer = len(model.buffers) - 1
        tensor.type, tensor.quantization = _TYPES.FLOAT32, None
    used = {tensor.buffer for tensor in graph.tensors}
    for number, buffer in enumerate(model.buffers):
        if number not in used:
            buffer.data = None
