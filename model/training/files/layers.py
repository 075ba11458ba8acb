"""The layers that a Keras file may have: what each may be told, and what it makes, holds and costs. Imports no Keras.

What comes of an image follows from a layer's configuration and the shapes before it, so it's known before Keras runs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple, TypeAlias

Shape: TypeAlias = tuple[int, ...]  # of what comes of one image
Config: TypeAlias = Mapping[str, Any]

LARGEST_SIZE = 1_000_000  # in a configuration; what comes of it has closer limits
COSTLY = 10  # products that a number costs which isn't multiplied: an exponential function takes so long


class OddError(ValueError):
    """A value in a layer's configuration that none of ours may have: its key and the value."""


class UnfitError(ValueError):
    """A layer doesn't fit what comes before it."""


class Made(NamedTuple):
    """What comes of one image, how many numbers are learned for it, how many products it takes, and room on the way."""

    shape: Shape
    weights: int = 0
    work: int = 0
    room: int = 0  # numbers besides those that come of it


def words(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


def _sizes(config: Config, key: str, count: int, *, default: object = None, least: int = 1) -> Shape:
    """Return a size for each of some axes, of a list of them or of one number for all. Raises OddError."""
    value = config.get(key, default)
    found = value if isinstance(value, list | tuple) else [value] * count
    whole = all(type(each) is int and least <= each <= LARGEST_SIZE for each in found)
    if not whole or len(found) != count:
        raise OddError(key, value)
    return tuple(found)


def _size(config: Config, key: str, default: int | None = None) -> int:
    return _sizes(config, key, 1, default=default)[0]


def _fits(holds: object) -> None:
    if not holds:
        raise UnfitError


def _biases(config: Config, count: int) -> int:
    return count if config.get("use_bias", True) else 0


def _axes(config: Config, shape: Shape, key: str = "axis", default: object = -1) -> list[int]:
    """Return which axes of an image's are meant; Keras counts the images as axis 0."""
    value = config.get(key, default)
    axes = value if isinstance(value, list) else [value]
    if not all(isinstance(axis, int) for axis in axes):
        raise OddError(key, value)
    places = [axis - 1 if axis > 0 else axis + len(shape) for axis in axes]
    _fits(all(0 <= place < len(shape) for place in places))
    return places


def _same(_config: Config, before: Shape) -> Made:
    return Made(before, work=COSTLY * math.prod(before))


def _dense(config: Config, before: Shape) -> Made:
    units = _size(config, "units")
    _fits(before)
    weights = before[-1] * units + _biases(config, units)
    return Made((*before[:-1], units), weights, math.prod(before) * units)


def _reshape(config: Config, before: Shape) -> Made:
    target = config.get("target_shape")
    if not isinstance(target, list | tuple) or not target:
        raise OddError("target_shape", target)
    shape = _sizes(config, "target_shape", len(target), least=-1)
    known = math.prod(side for side in shape if side != -1)
    _fits(shape.count(-1) <= 1 and known > 0)
    shape = tuple(math.prod(before) // known if side == -1 else side for side in shape)
    _fits(math.prod(shape) == math.prod(before))
    return Made(shape)


def _permute(config: Config, before: Shape) -> Made:
    dims = _sizes(config, "dims", len(before))
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
    kernel = _sizes(config, "kernel_size", axes)
    spread = _sizes(config, "dilation_rate", axes, default=1)
    seen = tuple((side - 1) * factor + 1 for side, factor in zip(kernel, spread, strict=True))
    places = _places(config, sides, seen, _sizes(config, "strides", axes, default=1))
    # Where it sees beyond the edges, the picture is made so much larger.
    room = channels * math.prod(side + more for side, more in zip(sides, seen, strict=True))
    return places, channels, math.prod(kernel), 0 if config.get("padding", "valid") == "valid" else room


def _convolution(axes: int, config: Config, before: Shape) -> Made:
    places, channels, seen, room = _swept(config, before, axes)
    filters, groups = _size(config, "filters"), _size(config, "groups", 1)
    _fits(channels % groups == 0 and filters % groups == 0)
    kernel = seen * (channels // groups) * filters
    shape = _joined(config, places, filters)
    return Made(shape, kernel + _biases(config, filters), math.prod(places) * kernel, room)


def _depthwise(config: Config, before: Shape) -> Made:
    places, channels, seen, room = _swept(config, before, 2)
    filters = channels * _size(config, "depth_multiplier", 1)
    kernel = seen * filters
    shape = _joined(config, places, filters)
    return Made(shape, kernel + _biases(config, filters), COSTLY * math.prod(places) * kernel, room)


def _separable(config: Config, before: Shape) -> Made:
    deep = _depthwise({**config, "use_bias": False}, before)
    places, channels = _parted(config, deep.shape, 2)
    filters, numbers = _size(config, "filters"), math.prod(deep.shape)
    weights = deep.weights + channels * filters + _biases(config, filters)
    return Made(_joined(config, places, filters), weights, deep.work + numbers * filters, deep.room + numbers)


def _pooling(axes: int, config: Config, before: Shape) -> Made:
    sides, channels = _parted(config, before, axes)
    pool = _sizes(config, "pool_size", axes, default=2)
    steps = _sizes(config, "strides", axes) if config.get("strides") is not None else pool
    shape = _joined(config, _places(config, sides, pool, steps), channels)
    return Made(shape, work=math.prod(shape) * math.prod(pool))


def _globally(axes: int, config: Config, before: Shape) -> Made:
    _sides, channels = _parted(config, before, axes)
    shape = _joined(config, (1,) * axes, channels) if config.get("keepdims") else (channels,)
    return Made(shape, work=math.prod(before))


def _framed(key: str, sign: int, config: Config, before: Shape) -> Made:
    """Return what comes of a picture to whose sides something is added, or from which it's taken."""
    sides, channels = _parted(config, before, 2)
    value = config.get(key)
    if isinstance(value, list | tuple) and len(value) == 2 and any(isinstance(side, list | tuple) for side in value):
        edges = [_sizes({key: side}, key, 2, least=0) for side in value]  # at the start and at the end of each side
    else:
        edges = [(each, each) for each in _sizes(config, key, 2, least=0)]
    sides = tuple(side + sign * sum(ends) for side, ends in zip(sides, edges, strict=True))
    _fits(all(side >= 1 for side in sides))
    return Made(_joined(config, sides, channels))


def _normalised(each: int, config: Config, before: Shape) -> Made:
    weights = each * math.prod(before[place] for place in set(_axes(config, before)))
    return Made(before, weights, COSTLY * math.prod(before), math.prod(before))


def _prelu(config: Config, before: Shape) -> Made:
    shared = _axes(config, before, "shared_axes", []) if config.get("shared_axes") else []
    return Made(before, math.prod(side for place, side in enumerate(before) if place not in shared), math.prod(before))


def _rescaled(config: Config, before: Shape) -> Made:
    for key in ("scale", "offset"):
        value = config.get(key, 0)
        each = value if isinstance(value, list) else [value]
        numbers = all(isinstance(number, int | float) for number in each)
        if not numbers or (len(each) != 1 and before[-1:] != (len(each),)):  # else more would come of it than goes in
            raise OddError(key, value)
    return _same(config, before)


def _merged(_config: Config, *before: Shape) -> Made:
    _fits(len({len(each) for each in before}) == 1)
    shape = tuple(map(max, zip(*before, strict=True)))
    _fits(all(side in (1, most) for each in before for side, most in zip(each, shape, strict=True)))
    return Made(shape, work=len(before) * math.prod(shape), room=math.prod(shape))


def _concatenated(config: Config, *before: Shape) -> Made:
    _fits(len({len(each) for each in before}) == 1)
    places = _axes(config, before[0])
    _fits(len(places) == 1)
    place = places[0]
    _fits(len({each[:place] + each[place + 1 :] for each in before}) == 1)
    return Made((*before[0][:place], sum(each[place] for each in before), *before[0][place + 1 :]))


_SWEEP = "kernel_size strides padding data_format dilation_rate activation use_bias"
_POOL = "pool_size strides padding data_format"
_SCALE = "axis epsilon center scale"
_RENORM = "renorm renorm_clipping renorm_momentum"
_VARIED = """
    RandomFlip RandomRotation RandomTranslation RandomZoom RandomContrast RandomBrightness RandomShear RandomErasing
    RandomGaussianBlur RandomInvert RandomElasticTransform RandomPerspective
"""
_TABLE: tuple[tuple[str, str, Callable[..., Made]], ...] = (  # classes, the keys of their own, and what they make
    ("InputLayer", "batch_shape batch_input_shape sparse ragged optional", lambda _config, before: Made(before)),
    ("Dense", "units activation use_bias", _dense),
    ("Flatten", "data_format", lambda _config, before: Made((math.prod(before),))),
    ("Reshape", "target_shape", _reshape),
    ("Permute", "dims", _permute),
    ("Conv1D", f"{_SWEEP} filters groups", partial(_convolution, 1)),
    ("Conv2D Convolution2D", f"{_SWEEP} filters groups", partial(_convolution, 2)),
    ("DepthwiseConv2D", f"{_SWEEP} depth_multiplier", _depthwise),
    ("SeparableConv2D", f"{_SWEEP} filters groups depth_multiplier", _separable),
    ("MaxPooling1D AveragePooling1D", _POOL, partial(_pooling, 1)),
    ("MaxPooling2D AveragePooling2D", _POOL, partial(_pooling, 2)),
    ("GlobalMaxPooling1D GlobalAveragePooling1D", "data_format keepdims", partial(_globally, 1)),
    ("GlobalMaxPooling2D GlobalAveragePooling2D", "data_format keepdims", partial(_globally, 2)),
    ("BatchNormalization", f"{_SCALE} momentum synchronized {_RENORM}", partial(_normalised, 4)),
    ("LayerNormalization", f"{_SCALE} rms_scaling", partial(_normalised, 2)),
    ("GroupNormalization", f"{_SCALE} groups", partial(_normalised, 2)),
    ("UnitNormalization", "axis", partial(_normalised, 0)),
    ("Dropout AlphaDropout SpatialDropout1D", "rate seed noise_shape", _same),
    ("SpatialDropout2D", "rate seed noise_shape data_format", _same),
    ("GaussianDropout", "rate seed", _same),
    ("GaussianNoise", "stddev seed", _same),
    ("ActivityRegularization", "l1 l2", _same),
    ("Activation", "activation", _same),
    ("ReLU", "max_value negative_slope threshold", _same),
    ("LeakyReLU", "alpha negative_slope", _same),
    ("PReLU", "shared_axes", _prelu),
    ("ELU", "alpha", _same),
    ("Softmax", "axis", _same),
    ("ZeroPadding2D", "padding data_format", partial(_framed, "padding", 1)),
    ("Cropping2D", "cropping data_format", partial(_framed, "cropping", -1)),
    ("Rescaling", "scale offset", _rescaled),
    ("Add Subtract Multiply Average Maximum Minimum", "", _merged),
    ("Concatenate", "axis", _concatenated),
    (_VARIED, "", _same),
)
WHILE_TRAINING = words(_VARIED)  # layers that vary what is trained with: whoever reads does without them
RULES = {name: (words(keys), rule) for names, keys, rule in _TABLE for name in names.split()}
