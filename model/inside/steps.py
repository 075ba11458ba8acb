"""The steps of a network, which NumPy computes forwards and backwards.

What a step makes of its input is its ``forward``; how a change of the input changes what comes out in the end is
``backward``, the chain rule (Rumelhart, Hinton, Williams: Learning representations by back-propagating errors, 1986).

Sums of products are made by einsum, which uses one thread: the threads of a BLAS wait for each other, and on a busy
machine the half millisecond of a layer becomes 30.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating]


@dataclass(frozen=True, slots=True, eq=False)
class Dense:
    """A layer of units that each see all of what comes before: weights (units, inputs), biases (units,)."""

    weights: Array
    bias: Array
    shape: tuple[int, ...]  # of what comes out

    def forward(self, before: Array) -> Array:
        """Return each unit's weighted sum."""
        sums = np.einsum("nk,uk->nu", before.reshape(-1, self.weights.shape[1]), self.weights)
        return np.asarray(sums + self.bias).reshape(self.shape)

    def backward(self, gradient: Array, before: Array, after: Array) -> Array:  # noqa: ARG002
        """Return the gradient, each unit's share by its weights."""
        flat = gradient.astype(self.weights.dtype, copy=False).reshape(-1, len(self.weights))
        return np.asarray(np.einsum("nu,uk->nk", flat, self.weights)).reshape(before.shape)


@dataclass(frozen=True, slots=True, eq=False)
class Convolution:
    """Filters (filters, rows, columns, channels) that each look at every place of (1, rows, columns, channels)."""

    weights: Array
    bias: Array
    padding: tuple[int, int, int, int]  # zeros above, below, left, right

    def forward(self, before: Array) -> Array:
        """Return each filter's weighted sum at each place."""
        rows, columns = self.weights.shape[1:3]
        above, below, left, right = self.padding
        padded = np.pad(before[0], ((above, below), (left, right), (0, 0)))
        windows = np.lib.stride_tricks.sliding_window_view(padded, (rows, columns), (0, 1))
        seen = windows.transpose(0, 1, 3, 4, 2).reshape(*windows.shape[:2], -1)  # y, x; row, column, channel
        sums = np.einsum("rck,fk->rcf", seen, self.weights.reshape(len(self.weights), -1))
        return np.asarray(sums + self.bias)[None]

    def backward(self, gradient: Array, before: Array, after: Array) -> Array:  # noqa: ARG002
        """Return the gradient: each place's share goes back to all that the filters saw there."""
        above, below, left, right = self.padding
        high, wide = before.shape[1:3]
        result = np.zeros((high + above + below, wide + left + right, before.shape[3]), self.weights.dtype)
        for row in range(self.weights.shape[1]):
            for column in range(self.weights.shape[2]):
                place = result[row : row + gradient.shape[1], column : column + gradient.shape[2]]
                place += np.einsum("rcf,fk->rck", gradient[0], self.weights[:, row, column])
        return result[None, above : above + high, left : left + wide]


@dataclass(frozen=True, slots=True, eq=False)
class Plain:
    """A step without weights.

    Args:
        forward: what it makes of what is before it.
        backward: its gradient, of the gradient by what is after it, what is before, and what is after.
        bends: whether it is an activation.
    """

    forward: Callable[[Array], Array]
    backward: Callable[[Array, Array, Array], Array]
    bends: bool = False


Step = Dense | Convolution | Plain


def max_pooling(rows: int, columns: int) -> Plain:
    """Return the largest of each block of so many rows and columns; what fills none is left out."""

    def blocks(array: Array) -> Array:  # (1, blocks, rows, blocks, columns, channels)
        high, wide = array.shape[1] // rows, array.shape[2] // columns
        return array[:, : high * rows, : wide * columns].reshape(1, high, rows, wide, columns, -1)

    def backward(gradient: Array, before: Array, after: Array) -> Array:
        largest = blocks(before) == after[:, :, None, :, None]
        parts = largest * (gradient[:, :, None, :, None] / largest.sum((2, 4), keepdims=True))  # equal ones
        high, wide = after.shape[1] * rows, after.shape[2] * columns
        result = np.zeros_like(before)
        result[:, :high, :wide] = parts.reshape(1, high, wide, -1)
        return result

    return Plain(lambda before: np.asarray(blocks(before).max((2, 4))), backward)


def reshape(shape: tuple[int, ...]) -> Plain:
    """Return the same numbers in another shape."""
    return Plain(lambda before: before.reshape(shape), lambda gradient, before, _after: gradient.reshape(before.shape))


def transpose(order: tuple[int, ...]) -> Plain:
    """Return the same numbers with their axes in another order."""
    return Plain(
        # Side by side in memory: ten times as fast in the next step.
        lambda before: np.ascontiguousarray(before.transpose(order)),
        lambda gradient, _before, _after: gradient.transpose(np.argsort(order)),
    )


def mean(axes: tuple[int, ...], shape: tuple[int, ...]) -> Plain:
    """Return the mean over some axes, in the shape of what comes out."""

    def backward(gradient: Array, before: Array, after: Array) -> Array:
        kept = [1 if axis in axes else side for axis, side in enumerate(before.shape)]
        return np.broadcast_to(gradient.reshape(kept) * (after.size / before.size), before.shape)

    return Plain(lambda before: np.asarray(before.mean(axes)).reshape(shape), backward)


def scale(factor: Any, offset: Any) -> Plain:
    """Return all multiplied, and then something added: numbers, or one for each channel."""
    return Plain(
        lambda before: np.asarray(before * factor + offset),
        lambda gradient, _before, _after: np.asarray(gradient * factor),
    )


def softmax() -> Plain:
    """Return scores as probabilities along the last axis, in float64: what is nearly 1 leaves little for the rest."""

    def forward(before: Array) -> Array:
        powers = np.exp(before.astype(np.float64) - before.max(-1, keepdims=True))
        return np.asarray(powers / powers.sum(-1, keepdims=True))

    return Plain(
        forward, lambda gradient, _before, after: after * (gradient - (gradient * after).sum(-1, keepdims=True))
    )


def activation(name: str) -> Plain:
    """Return each number bent for itself, which makes more than one layer of layers on layers."""
    bend, slope = ACTIVATIONS[name]
    return Plain(bend, lambda gradient, before, after: np.asarray(gradient * slope(before, after)), bends=True)


ACTIVATIONS: dict[str, tuple[Callable[[Array], Array], Callable[[Array, Array], npt.NDArray[Any]]]] = {
    # name in LiteRT -> the function, and its slope by what is before and after it
    "RELU": (lambda x: np.maximum(x, 0), lambda x, _y: x > 0),
    "RELU6": (lambda x: np.clip(x, 0, 6), lambda x, _y: (x > 0) & (x < 6)),
    "TANH": (np.tanh, lambda _x, y: 1 - y**2),
    "LOGISTIC": (lambda x: (1 + np.tanh(x / 2)) / 2, lambda _x, y: y * (1 - y)),
    "ELU": (lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))), lambda x, y: np.where(x > 0, 1, y + 1)),
}
