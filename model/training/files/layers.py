"""The layers that a Keras file may have: what each may be told, and what it makes, holds and costs. Imports no Keras.

What comes of an image follows from a layer's configuration and the shapes before it, so it is known before Keras runs.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

Shape: TypeAlias = tuple[int, ...]  # of what comes of one image
Config: TypeAlias = Mapping[str, Any]

MOST = 1_000_000  # of a size in a configuration; what comes of it has closer limits
COSTLY = 10  # products that a number costs which is not multiplied: an exponential function takes so long


class OddError(ValueError):
    """A value in a layer's configuration that none of ours may have: its key and the value."""


class UnfitError(ValueError):
    """A layer does not fit what comes before it."""


class Made(NamedTuple):
    """What comes of one image, how many numbers are learned for it, how many products it takes, and room on the way."""

    shape: Shape
    weights: int = 0
    work: int = 0
    room: int = 0  # numbers beside those that come of it


def sizes(config: Config, key: str, count: int, least: int = 1) -> Shape:
    """Return a size for each of some axes, of a list of them or of one number for all. Raises OddError."""
    value = config.get(key)
    found = value if isinstance(value, list | tuple) else [value] * count
    whole = all(isinstance(each, int) and not isinstance(each, bool) and least <= each <= MOST for each in found)
    if not whole or len(found) != count:
        raise OddError(key, value)
    return tuple(found)


def _size(config: Config, key: str, default: int | None = None) -> int:
    return sizes({key: config.get(key, default)}, key, 1)[0]


def _fits(holds: object) -> None:
    if not holds:
        raise UnfitError


def _axis(config: Config, shape: Shape, axis: object = None) -> int:
    """Return which axis of an image's is meant; Keras counts the images as axis 0."""
    axis = config.get("axis", -1) if axis is None else axis
    if isinstance(axis, list) and len(axis) == 1:
        (axis,) = axis
    if not isinstance(axis, int):
        raise OddError("axis", axis)
    place = axis - 1 if axis > 0 else axis + len(shape)
    _fits(0 <= place < len(shape))
    return place


def _same(_config: Config, before: Shape) -> Made:
    return Made(before, work=COSTLY * math.prod(before))


def _dense(config: Config, before: Shape) -> Made:
    units = _size(config, "units")
    _fits(before)
    biases = units if config.get("use_bias", True) else 0
    return Made((*before[:-1], units), before[-1] * units + biases, math.prod(before) * units)


def _flatten(_config: Config, before: Shape) -> Made:
    return Made((math.prod(before),))


def _reshape(config: Config, before: Shape) -> Made:
    target = config.get("target_shape")
    if not isinstance(target, list | tuple) or not target:
        raise OddError("target_shape", target)
    shape = sizes(config, "target_shape", len(target), least=-1)
    known = math.prod(side for side in shape if side != -1)
    _fits(shape.count(-1) <= 1 and known > 0)
    shape = tuple(math.prod(before) // known if side == -1 else side for side in shape)
    _fits(math.prod(shape) == math.prod(before))
    return Made(shape)


def _permute(config: Config, before: Shape) -> Made:
    dims = sizes(config, "dims", len(before))
    _fits(sorted(dims) == list(range(1, len(before) + 1)))
    return Made(tuple(before[place - 1] for place in dims))


def _parted(config: Config, before: Shape, axes: int) -> tuple[Shape, int]:
    """Return the sides of pictures and how many there are: the channels."""
    _fits(len(before) == axes + 1)
    return (before[1:], before[0]) if config.get("data_format") == "channels_first" else (before[:-1], before[-1])


def _joined(config: Config, sides: Shape, channels: int) -> Shape:
    return (channels, *sides) if config.get("data_format") == "channels_first" else (*sides, channels)


def _places(config: Config, sides: Shape, seen: Shape, steps: Shape) -> Shape:
    """Return how many places there are on each side for what sees so much of it."""
    padding = config.get("padding", "valid")
    if padding not in ("valid", "same", "causal"):
        raise OddError("padding", padding)
    _fits(padding != "valid" or all(side >= least for side, least in zip(sides, seen, strict=True)))
    less = seen if padding == "valid" else (1,) * len(seen)
    return tuple((side - fewer) // step + 1 for side, fewer, step in zip(sides, less, steps, strict=True))


def _swept(config: Config, before: Shape, axes: int) -> tuple[Shape, int, int, int]:
    """Return a convolution's places on each side, the channels before, a filter's weights for one, and room."""
    sides, channels = _parted(config, before, axes)
    kernel = sizes(config, "kernel_size", axes)
    spread = sizes({"dilation_rate": 1, **config}, "dilation_rate", axes)
    seen = tuple((side - 1) * factor + 1 for side, factor in zip(kernel, spread, strict=True))
    places = _places(config, sides, seen, sizes({"strides": 1, **config}, "strides", axes))
    # Where it sees beyond the edges, the picture is made so much larger.
    room = channels * math.prod(side + more for side, more in zip(sides, seen, strict=True))
    return places, channels, math.prod(kernel), 0 if config.get("padding", "valid") == "valid" else room


def _convolution(axes: int) -> Callable[[Config, Shape], Made]:
    def rule(config: Config, before: Shape) -> Made:
        places, channels, seen, room = _swept(config, before, axes)
        filters, groups = _size(config, "filters"), _size(config, "groups", 1)
        _fits(channels % groups == 0 and filters % groups == 0)
        kernel = seen * (channels // groups) * filters
        biases = filters if config.get("use_bias", True) else 0
        return Made(_joined(config, places, filters), kernel + biases, math.prod(places) * kernel, room)

    return rule


def _depthwise(config: Config, before: Shape) -> Made:
    places, channels, seen, room = _swept(config, before, 2)
    filters = channels * _size(config, "depth_multiplier", 1)
    biases = filters if config.get("use_bias", True) else 0
    return Made(
        _joined(config, places, filters), seen * filters + biases, COSTLY * math.prod(places) * seen * filters, room
    )


def _separable(config: Config, before: Shape) -> Made:
    deep = _depthwise({**config, "use_bias": False}, before)
    places, channels = _parted(config, deep.shape, 2)
    filters = _size(config, "filters")
    weights = channels * filters + (filters if config.get("use_bias", True) else 0)
    work = deep.work + math.prod(deep.shape) * filters
    return Made(_joined(config, places, filters), deep.weights + weights, work, deep.room + math.prod(deep.shape))


def _pooling(axes: int) -> Callable[[Config, Shape], Made]:
    def rule(config: Config, before: Shape) -> Made:
        sides, channels = _parted(config, before, axes)
        pool = sizes({"pool_size": 2, **config}, "pool_size", axes)
        steps = sizes(config, "strides", axes) if config.get("strides") is not None else pool
        shape = _joined(config, _places(config, sides, pool, steps), channels)
        return Made(shape, work=math.prod(shape) * math.prod(pool))

    return rule


def _globally(axes: int) -> Callable[[Config, Shape], Made]:
    def rule(config: Config, before: Shape) -> Made:
        _sides, channels = _parted(config, before, axes)
        shape = _joined(config, (1,) * axes, channels) if config.get("keepdims") else (channels,)
        return Made(shape, work=math.prod(before))

    return rule


def _edges(config: Config, key: str) -> tuple[Shape, Shape]:
    """Return what is added to or taken from a picture's sides, at their starts and at their ends."""
    value = config.get(key)
    if isinstance(value, list | tuple) and any(isinstance(side, list | tuple) for side in value):
        rows, columns = (sizes({key: side}, key, 2, least=0) for side in value) if len(value) == 2 else ((), ())
        if not rows:
            raise OddError(key, value)
        return (rows[0], columns[0]), (rows[1], columns[1])
    both = sizes(config, key, 2, least=0)
    return both, both


def _framed(key: str, sign: int) -> Callable[[Config, Shape], Made]:
    def rule(config: Config, before: Shape) -> Made:
        sides, channels = _parted(config, before, 2)
        ends = zip(sides, *_edges(config, key), strict=True)
        sides = tuple(side + sign * (first + last) for side, first, last in ends)
        _fits(all(side >= 1 for side in sides))
        return Made(_joined(config, sides, channels))

    return rule


def _normalised(each: int) -> Callable[[Config, Shape], Made]:
    def rule(config: Config, before: Shape) -> Made:
        axes = config.get("axis", -1)
        places = {_axis(config, before, axis) for axis in (axes if isinstance(axes, list) else [axes])}
        weights = each * math.prod(before[place] for place in places)
        return Made(before, weights, COSTLY * math.prod(before), math.prod(before))

    return rule


def _prelu(config: Config, before: Shape) -> Made:
    shared = config.get("shared_axes") or []
    places = {_axis(config, before, axis) for axis in (shared if isinstance(shared, list) else [shared])}
    return Made(before, math.prod(side for place, side in enumerate(before) if place not in places), math.prod(before))


def _rescaled(config: Config, before: Shape) -> Made:
    for key in ("scale", "offset"):
        value = config.get(key, 0)
        each = value if isinstance(value, list) else [value]
        numbers = all(isinstance(number, int | float) for number in each)
        if not numbers or (len(each) != 1 and before[-1:] != (len(each),)):  # else more would come of it than goes in
            raise OddError(key, value)
    return _same(config, before)


def _merged(_config: Config, *before: Shape) -> Made:
    shape = []
    _fits(len({len(each) for each in before}) == 1)
    for sides in zip(*before, strict=True):
        longest = max(sides)
        _fits(all(side in (1, longest) for side in sides))
        shape.append(longest)
    return Made(tuple(shape), work=len(before) * math.prod(shape), room=math.prod(shape))


def _concatenated(config: Config, *before: Shape) -> Made:
    _fits(len({len(each) for each in before}) == 1)
    place = _axis(config, before[0])
    _fits(len({each[:place] + each[place + 1 :] for each in before}) == 1)
    return Made((*before[0][:place], sum(each[place] for each in before), *before[0][place + 1 :]))


def _words(*texts: str) -> frozenset[str]:
    return frozenset(itertools.chain.from_iterable(text.split() for text in texts))


Rule: TypeAlias = Callable[..., Made]  # of a configuration and the shapes before

_SWEEP = "kernel_size strides padding data_format dilation_rate activation use_bias"
_POOL = "pool_size strides padding data_format"
_SCALE = "axis epsilon center scale"
RULES: dict[str, tuple[frozenset[str], Rule]] = {  # class -> the keys of its own, and what it makes
    "Dense": (_words("units activation use_bias"), _dense),
    "Flatten": (_words("data_format"), _flatten),
    "Reshape": (_words("target_shape"), _reshape),
    "Permute": (_words("dims"), _permute),
    "Conv1D": (_words(_SWEEP, "filters groups"), _convolution(1)),
    **dict.fromkeys(("Conv2D", "Convolution2D"), (_words(_SWEEP, "filters groups"), _convolution(2))),
    "DepthwiseConv2D": (_words(_SWEEP, "depth_multiplier"), _depthwise),
    "SeparableConv2D": (_words(_SWEEP, "filters groups depth_multiplier"), _separable),
    **dict.fromkeys(("MaxPooling1D", "AveragePooling1D"), (_words(_POOL), _pooling(1))),
    **dict.fromkeys(("MaxPooling2D", "AveragePooling2D"), (_words(_POOL), _pooling(2))),
    **dict.fromkeys(("GlobalMaxPooling1D", "GlobalAveragePooling1D"), (_words("data_format keepdims"), _globally(1))),
    **dict.fromkeys(("GlobalMaxPooling2D", "GlobalAveragePooling2D"), (_words("data_format keepdims"), _globally(2))),
    "BatchNormalization": (
        _words(_SCALE, "momentum synchronized renorm renorm_clipping renorm_momentum"),
        _normalised(4),
    ),
    "LayerNormalization": (_words(_SCALE, "rms_scaling"), _normalised(2)),
    "GroupNormalization": (_words(_SCALE, "groups"), _normalised(2)),
    "UnitNormalization": (_words("axis"), _normalised(0)),
    **dict.fromkeys(("Dropout", "AlphaDropout", "SpatialDropout1D"), (_words("rate seed noise_shape"), _same)),
    "SpatialDropout2D": (_words("rate seed noise_shape data_format"), _same),
    "GaussianDropout": (_words("rate seed"), _same),
    "GaussianNoise": (_words("stddev seed"), _same),
    "ActivityRegularization": (_words("l1 l2"), _same),
    "Activation": (_words("activation"), _same),
    "ReLU": (_words("max_value negative_slope threshold"), _same),
    "LeakyReLU": (_words("alpha negative_slope"), _same),
    "PReLU": (_words("shared_axes"), _prelu),
    "ELU": (_words("alpha"), _same),
    "Softmax": (_words("axis"), _same),
    "ZeroPadding2D": (_words("padding data_format"), _framed("padding", 1)),
    "Cropping2D": (_words("cropping data_format"), _framed("cropping", -1)),
    "Rescaling": (_words("scale offset"), _rescaled),
    **dict.fromkeys(("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"), (frozenset(), _merged)),
    "Concatenate": (_words("axis"), _concatenated),
}
