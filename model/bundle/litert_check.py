"""Checks somebody else's LiteRT file before LiteRT runs it, because LiteRT trusts what it runs.

LiteRT sees that a file's offsets stay inside; beyond that a file can name tensors that aren't there, say shapes that
its operations don't make, or have no end of memory asked for, and the process dies or swells. So whatever a file says
must be what Keras' export writes: one graph, operations on a list (`model.bundle.litert_shapes`, and a shorter one in
`litert_pictures`), each tensor made once, and of the shape that its operation makes of its inputs.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Sequence
from typing import Any

from ai_edge_litert import schema_py_generated as schema

from model.bundle import litert_pictures, litert_shapes
from model.bundle.litert_shapes import Operation, OtherEndsError, Shape, Tensor, UnsoundError, require

LARGEST_TENSOR = 2_000_000  # numbers that an operation may make of one image
LARGEST_MEMORY = 30_000_000  # numbers that all operations together may make, the weights made wide among them
MOST_WORK = 500_000_000  # products of an answer: a tenth of a second
MOST_PARTS = 5_000  # tensors, operations or whatever else there are several of
MOST_AXES = 6

_TYPES = {
    schema.TensorType.FLOAT32: ("float32", 4),
    schema.TensorType.FLOAT16: ("float16", 2),
    schema.TensorType.INT32: ("int32", 4),
    schema.TensorType.INT8: ("int8", 1),
    schema.TensorType.BOOL: ("bool", 1),
}
_NAMES = {value: name for name, value in vars(schema.BuiltinOperator).items() if isinstance(value, int)}


def check(content: bytes, begin: Shape, answer: Shape) -> None:
    """Raise UnsoundError unless a file holds a network from one shape to another that is safe to run.

    One that begins with a picture, (1, height, width, planes), is safe at other sizes, too.
    """
    try:
        _check(content, begin, answer)
    except (struct.error, IndexError, ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        if isinstance(error, UnsoundError):
            raise
        raise UnsoundError("no LiteRT file, or a damaged one") from error


def _check(content: bytes, begin: Shape, answer: Shape) -> None:
    require(schema.Model.ModelBufferHasIdentifier(content, 0), "no LiteRT file")
    model = schema.Model.GetRootAs(content)
    require(model.SubgraphsLength() == 1, "several graphs")
    require(model.ExternalBuffersIsNone() and model.ExternalBufferGroupsIsNone(), "numbers in other files")
    graph = model.Subgraphs(0)
    buffers = _buffers(model)
    _check_notes(model, graph, len(buffers))
    ends = [graph.Inputs(number) for number in _counted(graph.InputsLength())]
    ends += [graph.Outputs(number) for number in _counted(graph.OutputsLength())]
    require(all(0 <= number < graph.TensorsLength() for number in ends), "a tensor that is not there")
    shapes = [_shape(graph.Tensors(number)) for number in ends]
    # One input and one answer; other outputs are hidden layers.
    if graph.InputsLength() != 1 or shapes[0] != begin or shapes[1:].count(answer) != 1:
        raise OtherEndsError
    tensors = [_tensor(graph.Tensors(number), buffers) for number in _counted(graph.TensorsLength())]
    start, *found = (tensors[number] for number in ends)
    require(all(end.type == "float32" for end in (start, *found)), "an end of other numbers")
    require(start.data is None, "an input that stands in the file")
    known = {id(tensor) for tensor in tensors if tensor.data is not None} | {id(start)}
    made_by, most_work, largest_memory = litert_shapes.made_by, MOST_WORK, LARGEST_MEMORY
    if len(begin) == 4:
        made_by = litert_pictures.made_by
        most_work, largest_memory = litert_pictures.MOST_WORK, litert_pictures.LARGEST_MEMORY
    work = memory = 0
    for operation in _operations(model, graph, tensors):
        require(all(each is None or id(each) in known for each in operation.inputs), "an operation before its inputs")
        output = operation.output
        require(id(output) not in known, "a tensor that is made twice")
        require(output.numbers <= LARGEST_TENSOR or operation.name == "DEQUANTIZE", "too large a tensor")
        made = made_by(operation)
        require((output.type, output.shape) == (made.type, made.shape), f"{operation.name} of another shape")
        known.add(id(output))
        output.is_fixed = made.is_fixed
        work += made.work
        memory += output.numbers
        require(work <= most_work and memory <= largest_memory, "too large a network")
    require(all(id(end) in known and end.data is None for end in found), "no answer")


def _counted(length: int) -> range:
    require(length <= MOST_PARTS, "too many parts")
    return range(length)


def _within(number: int, tensors: Sequence[Tensor]) -> Tensor:
    require(0 <= number < len(tensors), "a tensor that is not there")
    return tensors[number]


def _buffers(model: Any) -> list[memoryview | None]:
    """Return the bytes of each buffer; None where there are none."""
    buffers: list[memoryview | None] = []
    for number in _counted(model.BuffersLength()):
        raw = model.Buffers(number)
        require(raw.Offset() == 0 and raw.Size() == 0, "numbers behind the file's end")
        empty = raw.DataIsNone() or raw.DataLength() == 0
        if not empty:
            require(raw._tab.Vector(raw._tab.Offset(4)) % 4 == 0, "numbers at an odd place")
        buffers.append(None if empty else memoryview(raw.DataAsNumpy()))
    require(buffers and buffers[0] is None, "a first buffer that is not empty")
    return buffers


def _check_notes(model: Any, graph: Any, buffers: int) -> None:
    """Check what runs nothing, and is read when a file is opened."""
    for number in _counted(model.MetadataLength()):
        note = model.Metadata(number)
        require(note.Name() is not None and 0 < note.Buffer() < buffers, "a note that is not there")
    require(model.MetadataBufferLength() == 0, "notes of an old kind")
    for number in _counted(model.SignatureDefsLength()):
        signature = model.SignatureDefs(number)
        require(signature.SubgraphIndex() == 0 and signature.SignatureKey() is not None, "a signature of nothing")
        ends = [signature.Inputs(each) for each in _counted(signature.InputsLength())]
        ends += [signature.Outputs(each) for each in _counted(signature.OutputsLength())]
        for each in ends:
            require(each.Name() is not None and each.TensorIndex() < graph.TensorsLength(), "a signature of nothing")
    for number in _counted(model.OperatorCodesLength()):
        require(model.OperatorCodes(number).CustomCode() is None, "an operation of its own")


def _shape(raw: Any) -> tuple[int, ...]:
    require(raw.ShapeLength() <= MOST_AXES, "too many axes")
    return tuple(int(raw.Shape(axis)) for axis in range(raw.ShapeLength()))


def _tensor(raw: Any, buffers: Sequence[memoryview | None]) -> Tensor:
    name, size = _TYPES[raw.Type()]
    shape = _shape(raw)
    require(all(side > 0 for side in shape), "a side that is empty or unknown")
    require(raw.ShapeSignatureLength() == 0 and not raw.IsVariable(), "a tensor that changes")
    require(raw.Sparsity() is None and raw.VariantTensorsIsNone(), "a tensor of a rare kind")
    require(raw.ExternalBuffer() == 0, "numbers in other files")
    require(_is_text(raw.Name() or b""), "a name that is no text")  # who asks the runtime for it would get an error
    require(0 <= raw.Buffer() < len(buffers), "a tensor of no buffer")
    data = buffers[raw.Buffer()]
    _check_scales(raw.Quantization(), shape if name == "int8" and data is not None else ())
    require(data is None or len(data) == math.prod(shape) * size, "numbers of another count than their shape")
    return Tensor(name, shape, data, is_fixed=data is not None)


def _is_text(name: bytes) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True


def _check_scales(quantization: Any, shape: Sequence[int]) -> None:
    """Check the scales of weights in 8 bits, one for all or one for each unit; other tensors (shape: ()) have none."""
    if not shape:
        bare = quantization is None or (quantization.ScaleIsNone() and quantization.ZeroPointIsNone())
        require(bare and (quantization is None or quantization.Details() is None), "whole numbers for fractions")
        return
    require(quantization is not None and quantization.Details() is None, "whole numbers without a scale")
    count = quantization.ScaleLength()
    require(count in (1, shape[0]) and quantization.QuantizedDimension() == 0, "scales of another count")
    require(quantization.ZeroPointLength() == count and not quantization.ZeroPointAsNumpy().any(), "a zero that moves")


def _operations(model: Any, graph: Any, tensors: Sequence[Tensor]) -> Iterator[Operation]:
    for number in _counted(graph.OperatorsLength()):
        raw = graph.Operators(number)
        require(raw.OpcodeIndex() < model.OperatorCodesLength(), "an operation that is not there")
        code = model.OperatorCodes(raw.OpcodeIndex())
        # Small codes also stand in an older field, and in old files there alone: the larger of the two holds.
        name = _NAMES[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]
        require(raw.OutputsLength() == 1 and raw.CustomOptionsIsNone(), f"{name} of a rare kind")
        require(raw.LargeCustomOptionsOffset() == 0 and raw.LargeCustomOptionsSize() == 0, f"{name} of a rare kind")
        require(raw.IntermediatesIsNone() and raw.MutatingVariableInputsIsNone(), f"{name} of a rare kind")
        require(raw.BuiltinOptions2Type() == 0, f"{name} of a rare kind")
        places = [raw.Inputs(each) for each in _counted(raw.InputsLength())]
        inputs = tuple(None if place == -1 else _within(place, tensors) for place in places)
        options = schema.BuiltinOptionsCreator(raw.BuiltinOptionsType(), raw.BuiltinOptions())
        kind = type(options).__name__.removesuffix("T") if options is not None else ""
        yield Operation(name, inputs, _within(raw.Outputs(0), tensors), options, kind)
