"""The ways through a network: what each unit answers, where that goes, and how much of it speaks for a digit.

A network is seen as columns: the image's 784 pixels, each hidden layer's units, and the ten answers. A filter's answers
are a map, and count together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.base.work import Work
from model.inside.chain import Chain, Layer, Trace
from model.inside.inside import slope_of
from model.inside.steps import Array, Convolution
from model.reading.normalize import SIDE

PIXELS = SIDE * SIDE


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """Where to find units in a trace: ``layer`` is None for the image's pixels."""

    layer: Layer | None
    units: int
    has_maps: bool  # whether a unit's answer is a map of the places where a filter is applied

    @property
    def end(self) -> int:
        """The index of its units' answers in a trace."""
        return self.layer.end if self.layer else 0

    def answers(self, traced: Trace) -> Array:
        """Return the answers for the image itself, as `own` does."""
        return self.own(traced.values[self.end])

    def per_unit(self, numbers: Array) -> Array:
        """Return the sum of numbers that belong to each unit, (units,)."""
        return np.asarray(numbers.reshape(-1, self.units).sum(0))

    def own(self, numbers: Array) -> Array:
        """Return the numbers that belong to the image itself, (units,), or for maps (units, rows, columns).

        In a network that answers from several views of an image, the image itself comes first.
        """
        if self.has_maps:
            return np.asarray(numbers[0].transpose(2, 0, 1))
        return np.asarray(numbers.reshape(-1, self.units)[0])


@dataclass(frozen=True, slots=True, eq=False)
class Votes:
    """What speaks for a digit: each column's units' shares in the log odds, and the gradients by the layers' sums."""

    digit: int
    shares: tuple[Array, ...]  # (units,) for each column but the last
    slopes: tuple[Array, ...]  # for each layer, by its sums


def columns(chain: Chain) -> tuple[Column, ...]:
    """Return a network's columns: the image, each hidden layer, the answers."""
    steps = [(layer, chain.weighing(layer)) for layer in chain.layers]
    seen = (Column(layer, len(step.weights), isinstance(step, Convolution)) for layer, step in steps)
    return (Column(None, PIXELS, has_maps=False), *seen)


def votes(traced: Trace, digit: int) -> Work[Votes]:
    """Return, in pieces of work, what each unit's answer does for a digit: the answer times the gradient by it."""
    shares: list[Array] = []
    slopes: list[Array] = []
    slope, place = slope_of(traced, digit), len(traced.chain.steps)
    for column in reversed(columns(traced.chain)):
        slope = yield from traced.back(slope, place, column.end)
        shares.insert(0, column.per_unit(slope * traced.values[column.end]))
        if column.layer:
            slope = yield from traced.back(slope, column.layer.end, column.layer.weights + 1)
            slopes.insert(0, slope)
            place = column.layer.weights + 1
    return Votes(digit, tuple(shares[:-1]), tuple(slopes))


def into(traced: Trace, number: int, unit: int, slope: Array | None = None) -> Work[Array]:
    """Return, in pieces of work, what the previous column's units add to a unit's sum in column ``number``.

    That's their answers times their weights, and also times ``slope`` if it's given, the gradient of something by the
    column's sums.
    """
    before, column = columns(traced.chain)[number - 1 : number + 1]
    layer = column.layer
    assert layer is not None
    step, after = traced.chain.weighing(layer), traced.values[layer.weights + 1]
    if slope is None:
        slope = np.zeros(after.shape, np.float32)
        flat = slope.reshape(-1, column.units)
        flat[: len(flat) if column.has_maps else 1, unit] = 1
    alone = replace(step, weights=step.weights[[unit]], bias=step.bias[[unit]])
    back = alone.backward(slope[..., [unit]], traced.values[layer.weights], after)
    back = yield from traced.back(back, layer.weights, before.end)
    return before.per_unit(back * traced.values[before.end])


def out_of(traced: Trace, number: int, unit: int) -> Work[Array]:
    """Return, in pieces of work, what the next column's sums would lose without a unit of column ``number``."""
    column, after = columns(traced.chain)[number : number + 2]
    assert after.layer is not None
    values = traced.values[column.end].copy()
    values.reshape(-1, column.units)[:, unit] = 0
    for place in range(column.end, after.layer.weights + 1):
        values = traced.chain.steps[place].forward(values)
        yield
    lost = traced.values[after.layer.weights + 1] - values
    return after.per_unit(lost) if after.has_maps else after.own(lost)


def strongest(amounts: Array, count: int) -> list[int]:
    """Return the indices of the ``count`` largest amounts, positive or negative, that aren't 0."""
    sizes = np.abs(amounts)
    count = min(count, int(np.count_nonzero(sizes)))
    if not count:
        return []
    largest = np.argpartition(-sizes, count - 1)[:count]
    return sorted(largest.tolist(), key=lambda place: (-sizes[place], place))


def flows(traced: Trace, found: Votes, number: int, units: int, each: int) -> Work[Sequence[tuple[int, int, float]]]:
    """Return, in pieces of work, the strongest ways into column ``number``: from, to, and the effect on a digit.

    They lead into the ``units`` that count most, ``each`` that many; in the last column, they lead into the digit.
    """
    last = len(traced.chain.layers)
    to = [found.digit] if number == last else strongest(found.shares[number], units)
    ways = []
    for unit in to:
        amounts = yield from into(traced, number, unit, found.slopes[number - 1])
        many = each * units if number == last else each
        ways += [(start, unit, float(amounts[start])) for start in strongest(amounts, many)]
        yield
    return ways
