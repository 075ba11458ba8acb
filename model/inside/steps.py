"""The steps of a network, computed forwards and backwards by NumPy.

A step's ``forward`` turns its input into its output. Its ``backward`` says how a change of the input changes the final
result: the chain rule (Rumelhart, Hinton, Williams: Learning representations by back-propagating errors, 1986).

For one image, einsum computes the sums of products, because it uses one thread: a BLAS' threads wait for each other,
and on a busy machine a layer's half millisecond becomes 30. Forwards, what's (1, …) for one image may be (n, …) for
several, and then a BLAS is worth the wait.
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
    """A layer of units that each see the whole input: weights (units, inputs), biases (units,)."""

    weights: Array
    bias: Array
    shape: tuple[int, ...]  # of the result

    def forward(self, before: Array) -> Array:
        """Return each unit's weighted sum."""
        sums = _products(before.reshape(-1, self.weights.shape[1]), self.weights, alone=len(before) == 1)
        if len(self.shape) == before.ndim and before.shape[-1] == self.weights.shape[1]:  # also with fewer views
            return np.asarray(sums + self.bias).reshape(*before.shape[:-1], -1)
        return np.asarray(sums + self.bias).reshape(-1, *self.shape[1:])

    def backward(self, gradient: Array, before: Array, after: Array) -> Array:  # noqa: ARG002
        """Return the gradient, with each unit's share in proportion to its weights."""
        flat = gradient.astype(self.weights.dtype, copy=False).reshape(-1, len(self.weights))
        return np.asarray(np.einsum("nu,uk->nk", flat, self.weights)).reshape(before.shape)


@dataclass(frozen=True, slots=True, eq=False)
class Convolution:
    """Filters (filters, rows, columns, channels) that are applied at every place of (n, rows, columns, channels)."""

    weights: Array
    bias: Array
    padding: tuple[int, int, int, int]  # zeros above, below, left, right

    def forward(self, before: Array) -> Array:
        """Return each filter's weighted sum at each place."""
        rows, columns = self.weights.shape[1:3]
        above, below, left, right = self.padding
        padded = np.pad(before, ((0, 0), (above, below), (left, right), (0, 0)))
        windows = np.lib.stride_tricks.sliding_window_view(padded, (rows, columns), (1, 2))
        weights = self.weights.reshape(len(self.weights), -1)
        seen = windows.transpose(0, 1, 2, 4, 5, 3).reshape(-1, weights.shape[1])  # image, y, x; row, column, channel
        sums = _products(seen, weights, alone=len(before) == 1)
        return np.asarray(sums + self.bias).reshape(*windows.shape[:3], -1)

    def backward(self, gradient: Array, before: Array, after: Array) -> Array:  # noqa: ARG002
        """Return the gradient: each place's share goes back to everything that the filters saw there."""
        above, below, left, right = self.padding
        high, wide = before.shape[1:3]
        result = np.zeros((high + above + below, wide + left + right, before.shape[3]), self.weights.dtype)
        for row in range(self.weights.shape[1]):
            for column in range(self.weights.shape[2]):
                place = result[row : row + gradient.shape[1], column : column + gradient.shape[2]]
                place += np.einsum("rcf,fk->rck", gradient[0], self.weights[:, row, column])
        return result[None, above : above + high, left : left + wide]


def _products(rows: Array, weights: Array, *, alone: bool) -> Array:
    """Return each row (n, k) times each unit's weights (units, k): (n, units)."""
    return np.asarray(np.einsum("nk,uk->nu", rows, weights) if alone else rows @ weights.T)


@dataclass(frozen=True, slots=True, eq=False)
class Plain:
    """A step without weights.

    Args:
        forward: returns its output for an input.
        backward: returns the gradient by its input, for the gradient by its output, its input, and its output.
        bends: whether it's an activation.
    """

    forward: Callable[[Array], Array]
    backward: Callable[[Array, Array, Array], Array]
    bends: bool = False


Step = Dense | Convolution | Plain


def max_pooling(rows: int, columns: int) -> Plain:
    """Return the largest of each block of this many rows and columns; incomplete blocks are left out."""

    def blocks(array: Array) -> Array:  # (n, blocks, rows, blocks, columns, channels)
        high, wide = array.shape[1] // rows, array.shape[2] // columns
        return array[:, : high * rows, : wide * columns].reshape(len(array), high, rows, wide, columns, -1)

    def backward(gradient: Array, before: Array, after: Array) -> Array:
        largest = blocks(before) == after[:, :, None, :, None]
        parts = largest * (gradient[:, :, None, :, None] / largest.sum((2, 4), keepdims=True))  # shared by equal ones
        high, wide = after.shape[1] * rows, after.shape[2] * columns
        result = np.zeros_like(before)
        result[:, :high, :wide] = parts.reshape(1, high, wide, -1)
        return result

    return Plain(lambda before: np.asarray(blocks(before).max((2, 4))), backward)


def reshape(shape: tuple[int, ...]) -> Plain:
    """Return the same numbers in another shape."""
    return Plain(
        lambda before: before.reshape(-1, *shape[1:]), lambda gradient, before, _after: gradient.reshape(before.shape)
    )


def transpose(order: tuple[int, ...]) -> Plain:
    """Return the same numbers with their axes in another order."""
    return Plain(
        # Contiguous in memory: the next step is ten times as fast.
        lambda before: np.ascontiguousarray(before.transpose(order)),
        lambda gradient, _before, _after: gradient.transpose(np.argsort(order)),
    )


def mean(axes: tuple[int, ...], shape: tuple[int, ...]) -> Plain:
    """Return the mean over some axes, in the given shape."""

    def backward(gradient: Array, before: Array, after: Array) -> Array:
        kept = [1 if axis in axes else side for axis, side in enumerate(before.shape)]
        return np.broadcast_to(gradient.reshape(kept) * (after.size / before.size), before.shape)

    return Plain(lambda before: np.asarray(before.mean(axes)).reshape(-1, *shape[1:]), backward)


def scale(factor: Any, offset: Any) -> Plain:
    """Return all multiplied by a factor, plus an offset: each is a number, or one number per channel."""
    return Plain(
        lambda before: np.asarray(before * factor + offset),
        lambda gradient, _before, _after: np.asarray(gradient * factor),
    )


def softmax() -> Plain:
    """Return scores as probabilities along the last axis, in float64: one near 1 leaves little for the others."""

    def forward(before: Array) -> Array:
        powers = np.exp(before.astype(np.float64) - before.max(-1, keepdims=True))
        return np.asarray(powers / powers.sum(-1, keepdims=True))

    return Plain(
        forward, lambda gradient, _before, after: after * (gradient - (gradient * after).sum(-1, keepdims=True))
    )


def activation(name: str) -> Plain:
    """Return an activation, applied to each number by itself; without any, stacked layers amount to a single one."""
    bend, slope = ACTIVATIONS[name]
    return Plain(bend, lambda gradient, before, after: np.asarray(gradient * slope(before, after)), bends=True)


ACTIVATIONS: dict[str, tuple[Callable[[Array], Array], Callable[[Array, Array], npt.NDArray[Any]]]] = {
    # name in LiteRT -> the function, and its derivative from its input and output
    "RELU": (lambda x: np.maximum(x, 0), lambda x, _y: x > 0),
    "RELU6": (lambda x: np.clip(x, 0, 6), lambda x, _y: (x > 0) & (x < 6)),
    "TANH": (np.tanh, lambda _x, y: 1 - y**2),
    "LOGISTIC": (lambda x: (1 + np.tanh(x / 2)) / 2, lambda _x, y: y * (1 - y)),
    "ELU": (lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))), lambda x, y: np.where(x > 0, 1, y + 1)),
}
