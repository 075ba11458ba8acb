"""What a LiteRT file may have that answers to pictures of any size: each operation goes over all pixels alike.

It's checked at one size, and its sides can be other multiples of the greatest divisor that the checked sides have in
common. So each step must divide the sides that it meets, and nothing may have a size of its own: then what an
operation makes, and costs, at another size follows from the picture's area.
"""

from __future__ import annotations

import math

from model.bundle import litert_shapes
from model.bundle.litert_shapes import Made, Operation, Tensor, require

MOST_WORK = 250_000_000  # products of an answer at the size that is checked: five milliseconds
LARGEST_MEMORY = 2_000_000  # numbers that all operations together may make at that size
LARGEST_VIEW = 4_000_000  # numbers that the filters of an operation may look at there: LiteRT lays them side by side
MOST_TIMES = 16  # that planes are repeated, or a side is enlarged, by one operation


def made_by(operation: Operation) -> Made:
    """Return what an operation makes of a picture. Raises UnsoundError where it isn't on the list, or can't."""
    require(operation.name in _RULES, f"{operation.name} is not on the list for pictures")
    return _RULES[operation.name](operation)


def _picture(tensor: Tensor | None) -> Tensor:
    """Return a tensor that follows from the picture."""
    if tensor is None or tensor.is_fixed or tensor.type != "float32" or len(tensor.shape) != 4:
        raise litert_shapes.UnsoundError("something else in a picture's place")
    return tensor


def _convolution(operation: Operation) -> Made:
    made = litert_shapes.made_by(operation)
    before, weights, *_biases = operation.inputs
    (_one, high, wide, planes), options = _picture(before).shape, operation.options
    step = options.strideH
    require(step == options.strideW and high % step == wide % step == 0, "a step that does not divide the sides")
    filters = weights.shape if weights else ()
    require(filters[3:] == (planes,), "filters of other channels")
    require(options.padding == 0 or filters[1:3] == (1, 1), "a picture without its edges")  # SAME
    view = math.prod(made.shape[1:3]) * math.prod(filters[1:])
    require(view <= LARGEST_VIEW, "too large a filter")
    return made


def _sum(operation: Operation) -> Made:
    one, other = (_picture(tensor) for tensor in operation.inputs)
    require(one.shape == other.shape, "a sum of other shapes")
    return litert_shapes.made_by(operation)


def _joined(operation: Operation) -> Made:
    for tensor in operation.inputs:
        _picture(tensor)
    made = litert_shapes.made_by(operation)
    require(operation.options.axis in (-1, 3), "pictures side by side")
    return made


def _repeated(operation: Operation) -> Made:
    require(operation.kind in ("", "TileOptions") and len(operation.inputs) == 2, "TILE of another kind")
    before, times = _picture(operation.inputs[0]), operation.inputs[1]
    numbers = times.integers if times else ()
    require(numbers[:3] == (1, 1, 1) and len(numbers) == 4, "pictures side by side")
    require(times is not None and times.shape == (4,) and 1 <= numbers[3] <= MOST_TIMES, "too many planes")
    shape = (*before.shape[:3], before.shape[3] * numbers[3])
    return Made(shape, math.prod(shape))


def _enlarged(operation: Operation) -> Made:
    require(operation.kind == "DepthToSpaceOptions" and len(operation.inputs) == 1, "DEPTH_TO_SPACE of another kind")
    one, high, wide, planes = _picture(operation.inputs[0]).shape
    times = operation.options.blockSize
    require(1 <= times <= MOST_TIMES and planes % times**2 == 0, "planes that make no picture")
    shape = (one, high * times, wide * times, planes // times**2)
    return Made(shape, math.prod(shape))


_RULES = {
    "CONV_2D": _convolution,
    "ADD": _sum,
    "CONCATENATION": _joined,
    "TILE": _repeated,
    "DEPTH_TO_SPACE": _enlarged,
}
