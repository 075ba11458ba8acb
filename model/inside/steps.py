"""The steps of a network, which NumPy computes forwards and backwards.

What a step makes of its input is its ``forward``; how a change of the input changes what comes out in the end is
``backward``, the chain rule (Rumelhart, Hinton, Williams: Learning representations by back-propagating errors, 1986).

Sums of products are made by einsum, which uses one thread: the threads of a BLAS wait for each other, and on a busy
machine the half millisecond of a layer becomes 30.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating]


class Step(Protocol):
    """An operation of a network, on what the image has become."""

    def forward(self, before: Array) -> Array:
        """Return what the step makes of what comes before it."""

    def backward(self, gradient: Array, before: Array, after: Array) -> Array:
        """Return the gradient by ``before`` of a number whose gradient by ``after`` is given."""


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

    def backward(self, gradient: Array, before: Array, after: Array) -> Array:  # noqa: ARG002  (as every step)
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

    def backward(self, gradient: Array, before: Array, after: Array) -> Array:  # noqa: ARG002  (as every step)
        """Return the gradient: each place's share goes back to all that the filters saw there."""
        above, below, left, right = self.padding
        high, wide = before.shape[1:3]
        result = np.zeros((high + above + below, wide + left + right, before.shape[3]), self.weights.dtype)
        for row in range(self.weights.shape[1]):
            for column in range(self.weights.shape[2]):
                place = result[row : row + gradient.shape[1], column : column + gradient.shape[2]]
                place += np.einsum("rcf,fk->rck", gradient[0], self.weights[:, row, column])
        return result[None, above : above + high, left : left + wide]


@dataclass(frozen=True, slots=True)
class MaxPooling:
    """The largest of each block of so many rows and columns."""

    rows: int
    columns: int

    def forward(self, before: Array) -> Array:
        """Return the largest of each block; rows and columns that fill none are left out."""
        blocks = self._blocks(before)
        return np.asarray(blocks.max((2, 4)))

    def backward(self, gradient: Array, before: Array, after: Array) -> Array:
        """Return the gradient, which goes to the largest of each block, in equal parts where several are."""
        largest = self._blocks(before) == after[:, :, None, :, None]
        parts = largest * (gradient[:, :, None, :, None] / largest.sum((2, 4), keepdims=True))
        high, wide = after.shape[1] * self.rows, after.shape[2] * self.columns
        result = np.zeros_like(before)
        result[:, :high, :wide] = parts.reshape(1, high, wide, -1)
        return result

    def _blocks(self, array: Array) -> Array:
        """Return (1, rows, columns, channels) as (1, blocks, rows, blocks, columns, channels)."""
        high, wide = array.shape[1] // self.rows, array.shape[2] // self.columns
        whole = array[:, : high * self.rows, : wide * self.columns]
        return whole.reshape(1, high, self.rows, wide, self.columns, -1)


@dataclass(frozen=True, slots=True)
class Reshape:
    """The same numbers in another shape."""

    shape: tuple[int, ...]

    def forward(self, before: Array) -> Array:
        """Return them in this shape."""
        return before.reshape(self.shape)

    def backward(self, gradient: Array, before: Array, after: Array) -> Array:  # noqa: ARG002  (as every step)
        """Return the gradient in the shape that was before."""
        return gradient.reshape(before.shape)


@dataclass(frozen=True, slots=True)
class Transpose:
    """The same numbers with their axes in another order."""

    order: tuple[int, ...]

    def forward(self, before: Array) -> Array:
        """Return them with their axes in this order, side by side in memory: ten times as fast in the next step."""
        return np.ascontiguousarray(before.transpose(self.order))

    def backward(self, gradient: Array, before: Array, after: Array) -> Array:  # noqa: ARG002  (as every step)
        """Return the gradient with its axes as before."""
        return gradient.transpose(np.argsort(self.order))


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean over some axes, which vanish or not."""

    axes: tuple[int, ...]
    shape: tuple[int, ...]  # of what comes out

    def forward(self, before: Array) -> Array:
        """Return the mean."""
        return np.asarray(before.mean(self.axes)).reshape(self.shape)

    def backward(self, gradient: Array, before: Array, after: Array) -> Array:
        """Return the gradient, in equal shares."""
        kept = [1 if axis in self.axes else side for axis, side in enumerate(before.shape)]
        return np.broadcast_to(gradient.reshape(kept) * (after.size / before.size), before.shape)


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """All multiplied, and then something added: numbers, or one for each channel."""

    factor: Array | np.floating
    offset: Array | np.floating

    def forward(self, before: Array) -> Array:
        """Return the product and the sum."""
        return np.asarray(before * self.factor + self.offset)

    def backward(self, gradient: Array, before: Array, after: Array) -> Array:  # noqa: ARG002  (as every step)
        """Return the gradient multiplied."""
        return np.asarray(gradient * self.factor)


@dataclass(frozen=True, slots=True)
class Activation:
    """What bends each number for itself; without it, layers on layers were no more than one."""

    name: str

    def forward(self, before: Array) -> Array:
        """Return the numbers bent."""
        return np.asarray(ACTIVATIONS[self.name][0](before))

    def backward(self, gradient: Array, before: Array, after: Array) -> Array:
        """Return the gradient times each number's slope."""
        return np.asarray(gradient * ACTIVATIONS[self.name][1](before, after))


@dataclass(frozen=True, slots=True)
class Softmax:
    """Scores made into probabilities along the last axis, in float64: what is nearly 1 leaves little for the rest."""

    def forward(self, before: Array) -> Array:
        """Return the probabilities."""
        powers = np.exp(before.astype(np.float64) - before.max(-1, keepdims=True))
        return np.asarray(powers / powers.sum(-1, keepdims=True))

    def backward(self, gradient: Array, before: Array, after: Array) -> Array:  # noqa: ARG002  (as every step)
        """Return the gradient: what raises one lowers the others."""
        return np.asarray(after * (gradient - (gradient * after).sum(-1, keepdims=True)))


ACTIVATIONS: dict[str, tuple[Callable[[Array], Array], Callable[[Array, Array], npt.NDArray[Any]]]] = {
    # name in LiteRT -> the function, and its slope by what is before and after it
    "RELU": (lambda x: np.maximum(x, 0), lambda x, _y: x > 0),
    "RELU6": (lambda x: np.clip(x, 0, 6), lambda x, _y: (x > 0) & (x < 6)),
    "TANH": (np.tanh, lambda _x, y: 1 - y**2),
    "LOGISTIC": (lambda x: (1 + np.tanh(x / 2)) / 2, lambda _x, y: y * (1 - y)),
    "ELU": (lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))), lambda x, y: np.where(x > 0, 1, y + 1)),
}
