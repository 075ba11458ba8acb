"""The operations that somebody else's LiteRT file may have, and what each makes of its inputs.

They are those that Keras' export makes of the layers that are opened here (`model.training.files.allowed`). What an
operation reads and how much it writes has to follow from shapes and constants in the file, never from the image.
"""

from __future__ import annotations

import itertools
import math
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

Shape = tuple[int, ...]


class UnsoundError(ValueError):
    """A LiteRT file that isn't safe to run; the text says why, for the log."""


class OtherEndsError(UnsoundError):
    """A LiteRT file whose network has other inputs or outputs than needed."""


def require(holds: object, otherwise: str) -> None:
    """Raise UnsoundError with its reason if something isn't true."""
    if not holds:
        raise UnsoundError(otherwise)


@dataclass(slots=True)
class Tensor:
    """What a file says about a tensor: ``data`` are its bytes, if they're in the file."""

    type: str
    shape: Shape
    data: memoryview | None
    is_fixed: bool  # whether it's the same for each image

    @property
    def numbers(self) -> int:
        """How many numbers it has."""
        return math.prod(self.shape)

    @property
    def integers(self) -> Shape:
        """The integers in the file. Raises UnsoundError if there are none."""
        if self.type != "int32" or self.data is None or len(self.shape) > 2:
            raise UnsoundError("sizes that are no whole numbers")
        return struct.unpack(f"<{len(self.data) // 4}i", self.data)


class Operation(NamedTuple):
    """What a file says about an operation: ``options`` are LiteRT's own, of the class ``kind``."""

    name: str
    inputs: tuple[Tensor | None, ...]  # None: one that is left out
    output: Tensor
    options: Any
    kind: str


class Made(NamedTuple):
    """The result of an operation, and how many products it costs."""

    shape: Shape
    work: int
    type: str = "float32"
    is_fixed: bool = False


def made_by(operation: Operation) -> Made:
    """Return what an operation makes of its inputs. Raises UnsoundError where it isn't on the list, or can't."""
    require(operation.name in _RULES, f"{operation.name} is not on the list")
    kinds, types, rule = _RULES[operation.name]
    require(operation.kind in kinds, f"{operation.name} with the options of another")
    found = tuple(tensor.type if tensor else "" for tensor in operation.inputs)
    require(found in types, f"{operation.name} of other types")
    require(getattr(operation.options, "fusedActivationFunction", 0) in (0, 1, 2, 3), "an activation of a rare kind")
    return rule(operation, *(tensor for tensor in operation.inputs if tensor is not None))


def _same(_operation: Operation, before: Tensor) -> Made:
    require(before.shape, "a single number")
    return Made(before.shape, 10 * before.numbers)  # a logarithm takes as long as ten products


def _wide(_operation: Operation, before: Tensor) -> Made:
    require(before.data is not None, "halves that are computed")
    return Made(before.shape, before.numbers, is_fixed=True)


def _broadcast(*tensors: Tensor) -> Shape:
    shape = []
    for sides in itertools.zip_longest(*(tensor.shape[::-1] for tensor in tensors), fillvalue=1):
        longest = max(sides)
        require(all(side in (1, longest) for side in sides), "shapes that do not match")
        shape.append(longest)
    require(len(shape) <= 5 or all(tensor.shape == tensors[0].shape for tensor in tensors), "too many axes")
    return tuple(reversed(shape))


def _arithmetic(_operation: Operation, one: Tensor, other: Tensor) -> Made:
    shape = _broadcast(one, other)
    return Made(shape, 10 * math.prod(shape))


def _comparison(_operation: Operation, one: Tensor, other: Tensor) -> Made:
    shape = _broadcast(one, other)
    require(len(shape) <= 4, "too many axes")
    return Made(shape, math.prod(shape), "bool")


def _choice(operation: Operation, condition: Tensor, one: Tensor, other: Tensor) -> Made:
    shape = _broadcast(condition, one, other)
    alike = condition.shape == one.shape == other.shape
    require(alike or (operation.name == "SELECT_V2" and len(shape) <= 4), "a choice between other shapes")
    return Made(shape, math.prod(shape))


def _prelu(_operation: Operation, before: Tensor, slope: Tensor) -> Made:
    require(_broadcast(before, slope) == before.shape and len(before.shape) <= 4, "slopes of another shape")
    return Made(before.shape, before.numbers)


def _places(operation: Operation, before: Tensor, rows: int, columns: int) -> tuple[int, int]:
    """Return at how many places, down and across, a filter of this many rows and columns looks."""
    options = operation.options
    require(len(before.shape) == 4 and before.shape[0] == 1, "no picture")
    require(options.padding in (0, 1), "padding of a rare kind")  # SAME, VALID
    sides = []
    for side, seen, step in zip(before.shape[1:3], (rows, columns), (options.strideH, options.strideW), strict=True):
        require(seen >= 1 and step >= 1, "a filter or a step of nothing")
        require(seen <= 1000 and step <= 1000, "too large a filter")
        sides.append(-(-(side if options.padding == 0 else side - seen + 1) // step))
    require(min(sides) >= 1, "a filter larger than the picture")
    return sides[0], sides[1]


def _check_weights(axes: int, units: int, weights: Tensor, biases: tuple[Tensor, ...]) -> None:
    require(len(weights.shape) == axes and all(tensor.is_fixed for tensor in (weights, *biases)), "no weights")
    require(all(bias.shape == (units,) for bias in biases), "biases of another count")


def _filtered(operation: Operation, before: Tensor, weights: Tensor, biases: tuple[Tensor, ...], count: int) -> Made:
    options = operation.options
    _check_weights(4, count, weights, biases)
    spread = options.dilationHFactor, options.dilationWFactor
    require(all(1 <= factor <= 1000 for factor in spread), "a filter or a step of nothing")
    rows, columns = ((side - 1) * factor + 1 for side, factor in zip(weights.shape[1:3], spread, strict=True))
    high, wide = _places(operation, before, rows, columns)
    work = high * wide * count * math.prod(weights.shape[1:3])
    return Made((1, high, wide, count), work)


def _convolution(operation: Operation, before: Tensor, weights: Tensor, *biases: Tensor) -> Made:
    made = _filtered(operation, before, weights, biases, weights.shape[0])
    filters, channels, seen = weights.shape[0], before.shape[3], weights.shape[3]
    require(channels % seen == 0 and filters % (channels // seen) == 0, "filters of other channels")
    return made._replace(work=made.work * seen)


def _depthwise(operation: Operation, before: Tensor, weights: Tensor, *biases: Tensor) -> Made:
    made = _filtered(operation, before, weights, biases, weights.shape[-1])
    channels, times = before.shape[3], operation.options.depthMultiplier
    require(weights.shape[0] == 1 and times >= 1 and channels * times == weights.shape[3], "filters of other channels")
    return made


def _pooling(operation: Operation, before: Tensor) -> Made:
    options = operation.options
    high, wide = _places(operation, before, options.filterHeight, options.filterWidth)
    shape = (1, high, wide, before.shape[3])
    return Made(shape, math.prod(shape) * options.filterHeight * options.filterWidth)


def _dense(operation: Operation, before: Tensor, weights: Tensor, *biases: Tensor) -> Made:
    _check_weights(2, weights.shape[0], weights, biases)
    units, inputs = weights.shape
    options = operation.options
    require(options.weightsFormat == 0, "weights of a rare kind")
    require(weights.type == "int8" or not options.asymmetricQuantizeInputs, "weights of a rare kind")
    require(before.shape and before.numbers % inputs == 0, "weights of another count")
    rows = before.numbers // inputs
    if options.keepNumDims:
        require(before.shape[-1] == inputs, "weights of another count")
        return Made((*before.shape[:-1], units), rows * units * inputs)
    return Made((rows, units), rows * units * inputs)


def _reshape(operation: Operation, before: Tensor, sides: Tensor) -> Made:
    shape, wanted = operation.output.shape, sides.integers
    require(math.prod(shape) == before.numbers and len(sides.shape) == 1, "a reshape of another count")
    require(wanted.count(-1) <= 1 and len(wanted) == len(shape), "a reshape of another count")
    require(all(side in (-1, there) for side, there in zip(wanted, shape, strict=True)), "a reshape of another count")
    return Made(shape, before.numbers)


def _axes(axes: Tensor, before: Tensor) -> set[int]:
    sides = len(before.shape)
    require(axes.integers and all(-sides <= axis < sides for axis in axes.integers), "an axis that is not there")
    found = {axis % sides for axis in axes.integers}
    require(len(found) == len(axes.integers), "an axis twice")
    return found


def _reduction(operation: Operation, before: Tensor, axes: Tensor) -> Made:
    gone = _axes(axes, before)
    kept = operation.options.keepDims
    sides = [1 if axis in gone else side for axis, side in enumerate(before.shape) if kept or axis not in gone]
    return Made(tuple(sides), before.numbers)


def _transpose(_operation: Operation, before: Tensor, order: Tensor) -> Made:
    require(sorted(order.integers) == list(range(len(before.shape))), "an order of other axes")
    return Made(tuple(before.shape[axis] for axis in order.integers), before.numbers)


def _padding(_operation: Operation, before: Tensor, sizes: Tensor) -> Made:
    require(sizes.shape == (len(before.shape), 2) and len(before.shape) <= 5, "a padding of other axes")
    numbers = sizes.integers
    require(all(0 <= number <= 10_000 for number in numbers), "too much padding")
    pairs = zip(before.shape, numbers[::2], numbers[1::2], strict=True)
    shape = tuple(side + first + last for side, first, last in pairs)
    return Made(shape, math.prod(shape))


def _joined(operation: Operation, *tensors: Tensor) -> Made:
    first = tensors[0].shape
    axis = operation.options.axis
    require(-len(first) <= axis < len(first), "an axis that is not there")
    axis %= len(first)
    rest = {tensor.shape[:axis] + tensor.shape[axis + 1 :] for tensor in tensors}
    require(len(rest) == 1 and all(len(tensor.shape) == len(first) for tensor in tensors), "parts that do not fit")
    total = sum(tensor.shape[axis] for tensor in tensors)
    shape = (*first[:axis], total, *first[axis + 1 :])
    return Made(shape, math.prod(shape))


def _slice(operation: Operation, before: Tensor, begin: Tensor, end: Tensor, steps: Tensor) -> Made:
    options, axes = operation.options, len(before.shape)
    require(axes <= 5 and begin.shape == end.shape == steps.shape == (axes,), "a piece of other axes")
    rare = options.ellipsisMask or options.newAxisMask or options.shrinkAxisMask or options.offset
    require(not rare and all(step == 1 for step in steps.integers), "a piece of a rare kind")
    shape = []
    for axis, side in enumerate(before.shape):
        first = 0 if options.beginMask >> axis & 1 else begin.integers[axis]
        last = side if options.endMask >> axis & 1 else end.integers[axis]
        require(-side <= first < side and -side <= last <= side, "a piece beyond the edge")
        shape.append(len(range(side)[first:last]))
    return Made(tuple(shape), math.prod(shape))


_Rule = Callable[..., Made]
_ONE = (("float32",),)
_TWO = (("float32", "float32"),)
_WITH_SIZES = (("float32", "int32"),)
_WEIGHING = (("float32", "float32", "float32"), ("float32", "float32", ""), ("float32", "float32"))
_IN_8_BITS = (("float32", "int8", "float32"), ("float32", "int8", ""), ("float32", "int8"))
_RULES: dict[str, tuple[tuple[str, ...], tuple[tuple[str, ...], ...], _Rule]] = {  # options, types of inputs, rule
    **{name: (("", f"{name.title()}Options"), _ONE, _same) for name in ("ABS", "EXP", "NEG", "SQUARE")},
    **dict.fromkeys(("RELU", "RELU6", "RELU_N1_TO_1", "RELU_0_TO_1", "TANH", "LOGISTIC", "ELU"), (("",), _ONE, _same)),
    **dict.fromkeys(("LOG", "SQRT", "RSQRT", "FLOOR"), (("",), _ONE, _same)),
    "HARD_SWISH": (("", "HardSwishOptions"), _ONE, _same),
    "SIGN": (("", "SignOptions"), _ONE, _same),
    "GELU": (("GeluOptions",), _ONE, _same),
    "LEAKY_RELU": (("LeakyReluOptions",), _ONE, _same),
    "SOFTMAX": (("SoftmaxOptions",), _ONE, _same),
    "LOG_SOFTMAX": (("", "LogSoftmaxOptions"), _ONE, _same),
    "DEQUANTIZE": (("", "DequantizeOptions"), (("float16",),), _wide),
    **{name: ((f"{name.title()}Options",), _TWO, _arithmetic) for name in ("ADD", "SUB", "MUL", "DIV", "POW")},
    **dict.fromkeys(("MAXIMUM", "MINIMUM"), (("", "MaximumMinimumOptions"), _TWO, _arithmetic)),
    "SQUARED_DIFFERENCE": (("", "SquaredDifferenceOptions"), _TWO, _arithmetic),
    **dict.fromkeys(
        ("GREATER", "GREATER_EQUAL", "LESS", "LESS_EQUAL", "EQUAL", "NOT_EQUAL"), (("",), _TWO, _comparison)
    ),
    "SELECT": (("", "SelectOptions"), (("bool", "float32", "float32"),), _choice),
    "SELECT_V2": (("", "SelectV2Options"), (("bool", "float32", "float32"),), _choice),
    "PRELU": (("",), _TWO, _prelu),
    "CONV_2D": (("Conv2DOptions",), _WEIGHING + _IN_8_BITS, _convolution),
    "DEPTHWISE_CONV_2D": (("DepthwiseConv2DOptions",), _WEIGHING, _depthwise),
    **dict.fromkeys(("MAX_POOL_2D", "AVERAGE_POOL_2D"), (("Pool2DOptions",), _ONE, _pooling)),
    "FULLY_CONNECTED": (("FullyConnectedOptions",), _WEIGHING + _IN_8_BITS, _dense),
    "RESHAPE": (("", "ReshapeOptions"), _WITH_SIZES, _reshape),
    **dict.fromkeys(("MEAN", "SUM", "REDUCE_MAX", "REDUCE_MIN"), (("ReducerOptions",), _WITH_SIZES, _reduction)),
    "TRANSPOSE": (("", "TransposeOptions"), _WITH_SIZES, _transpose),
    "PAD": (("", "PadOptions"), _WITH_SIZES, _padding),
    "CONCATENATION": (("ConcatenationOptions",), tuple(("float32",) * count for count in range(1, 51)), _joined),
    "STRIDED_SLICE": (("StridedSliceOptions",), (("float32", "int32", "int32", "int32"),), _slice),
}
