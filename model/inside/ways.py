"""The ways through a network: what each unit answers, where that goes, and how much of it speaks for a digit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.base.work import Work
from model.inside.chain import Column, Trace
from model.inside.inside import slope_of
from model.inside.steps import Array

Way = tuple[int, int, float]  # from a unit, to one of the next column, and its contribution


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What a network does with an image, and what of it speaks for a digit."""

    traced: Trace
    digit: int
    shares: tuple[Array, ...]  # of each unit in the digit's log odds, (units,), for each column but the last
    ways: tuple[Sequence[Way], ...]  # the strongest ones into each column but the first

    @property
    def columns(self) -> tuple[Column, ...]:
        """The network's columns."""
        return self.traced.chain.columns

    def answers(self, number: int) -> Array:
        """Return what a column's units answer, (units,); for a map, the strongest."""
        own = self.columns[number].answers(self.traced)
        return np.asarray(own.reshape(len(own), -1).max(1))


def see(traced: Trace, digit: int, units: int, each: int) -> Work[Seen]:
    """Return, in pieces of work, what speaks for a digit.

    The ways lead into the ``units`` of a column that count most, ``each`` that many; in the last column, they lead into
    the digit.
    """
    shares, slopes = yield from votes(traced, digit)
    ways: list[list[Way]] = []
    for number, slope in enumerate(slopes, 1):
        is_last, found = number == len(slopes), []
        for unit in [digit] if is_last else strongest(shares[number], units):
            amounts, _weights = yield from into(traced, number, unit, slope)
            starts = strongest(amounts, each * units if is_last else each)
            found += [(start, unit, float(amounts[start])) for start in starts]
            yield
        ways.append(found)
    return Seen(traced, digit, shares, tuple(ways))


def votes(traced: Trace, digit: int) -> Work[tuple[tuple[Array, ...], list[Array]]]:
    """Return, in pieces of work, what each unit does for a digit: its answer times the gradient of the log odds by it.

    It's (units,) for each column but the last. The gradients by each layer's sums come with it.
    """
    shares: list[Array] = []
    slopes: list[Array] = []
    slope, place = slope_of(traced, digit), len(traced.chain.steps)
    for column in reversed(traced.chain.columns):
        slope = yield from traced.back(slope, place, column.end)
        shares.insert(0, column.per_unit(slope * traced.values[column.end]))
        if column.end:
            place = column.weights + 1
            slope = yield from traced.back(slope, column.end, place)
            slopes.insert(0, slope)
    return tuple(shares[:-1]), slopes


def into(traced: Trace, number: int, unit: int, slope: Array | None = None) -> Work[tuple[Array, Array]]:
    """Return, in pieces of work, what a column's units add to a sum in the next one, ``number``, and their weights.

    It's their answers times these weights, and also times ``slope`` if it's given, the gradient of something by the
    column's sums. For maps, the weights are sums over all places.
    """
    before, column = traced.chain.columns[number - 1 : number + 1]
    if slope is None:
        slope = np.zeros(traced.values[column.weights + 1].shape, np.float32)
        flat = slope.reshape(-1, column.units)
        flat[: len(flat) if column.has_maps else 1, unit] = 1
    back = yield from traced.back_from(column, unit, slope, before.end)
    return before.per_unit(back * traced.values[before.end]), before.per_unit(back)


def out_of(traced: Trace, number: int, unit: int) -> Work[Array]:
    """Return, in pieces of work, what the next column's sums would lose without a unit of column ``number``."""
    column, after = traced.chain.columns[number : number + 2]
    values = traced.values[column.end].copy()
    values.reshape(-1, column.units)[:, unit] = 0
    for place in range(column.end, after.weights + 1):
        values = traced.chain.steps[place].forward(values)
        yield
    lost = traced.values[after.weights + 1] - values
    return after.per_unit(lost) if after.has_maps else after.own(lost)


def strongest(amounts: Array, count: int) -> list[int]:
    """Return the indices of the ``count`` largest amounts, positive or negative, that aren't 0."""
    sizes = np.abs(amounts)
    count = min(count, int(np.count_nonzero(sizes)))
    if not count:
        return []
    largest = np.argpartition(-sizes, count - 1)[:count]
    return sorted(largest.tolist(), key=lambda place: (-sizes[place], place))
