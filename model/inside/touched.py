"""A modified network: units switched off, small weights pruned, biases moved, the softmax's temperature changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from model.inside.chain import Chain
from model.inside.steps import Array, Convolution, Dense, Plain, Step

Unit = tuple[int, int]  # the number of its column (the image's is 0), and its own

SAMPLED = 20_000  # weights of a layer, to decide which are small: all of them would take a tenth of a second


@dataclass(frozen=True, slots=True)
class Touch:
    """What's changed in a network."""

    off: frozenset[Unit] = frozenset()
    pruned: float = 0.0  # the fraction of each layer's weights, the smallest, that count as 0
    biases: Mapping[Unit, float] = field(default_factory=dict)  # what's added to them
    temperature: float = 1.0  # scores are divided by it before the softmax


class Touched:
    """A network that the user modifies. An unchanged step is the same object again, so that its results can be kept."""

    def __init__(self, chain: Chain):
        self.chain = chain  # without changes
        self._made: dict[int, tuple[tuple[Any, ...], Step]] = {}  # by a step's index: what it was made from, and it

    def by(self, touch: Touch) -> Chain:
        """Return the network with these changes; its columns are where they were."""
        chain, steps = self.chain, list(self.chain.steps)
        for number, column in enumerate(chain.columns[1:], 1):
            off = tuple(sorted(unit for place, unit in touch.off if place == number))
            moved = {unit: by for (place, unit), by in touch.biases.items() if place == number}
            softer = touch.temperature if column is chain.columns[-1] else 1.0
            at, last = column.weights, column.end - 1
            weighing, bent = chain.weighing(column), chain.steps[last]
            silent = () if isinstance(bent, Plain) else off
            steps[at] = self._made_of(at, _changed, weighing, touch.pruned, moved, softer, silent)
            if off and isinstance(bent, Plain):
                steps[last] = self._made_of(last, _silenced, bent, off, column.units)
        return replace(chain, steps=tuple(steps))

    def _made_of(self, place: int, make: Callable[..., Step], *given: Any) -> Step:
        """Return a step made from what's given, or the last one made if that's the same."""
        if place not in self._made or self._made[place][0] != given:
            self._made[place] = given, make(*given)
        return self._made[place][1]


def zeros(chain: Chain) -> tuple[int, int]:
    """Return how many of the weights are 0, and how many there are."""
    weights = [chain.weighing(column).weights for column in chain.columns[1:]]
    return sum(each.size - int(np.count_nonzero(each)) for each in weights), sum(each.size for each in weights)


def _changed(
    step: Dense | Convolution,
    pruned: float,
    moved: Mapping[int, float],
    softer: float,
    silent: Sequence[int],
) -> Dense | Convolution:
    """Return a layer with changed weights and biases; the layer itself if nothing is changed."""
    if not pruned and not moved and softer == 1 and not silent:
        return step
    weights, bias = step.weights, step.bias.copy()
    for unit, by in moved.items():
        bias[unit] += by
    if pruned:
        weights = np.where(np.abs(weights) < _small(weights, pruned), np.float32(0), weights)
    if silent:
        weights = weights.copy()
        weights[list(silent)] = bias[list(silent)] = 0
    if softer != 1:
        weights, bias = weights / np.float32(softer), bias / np.float32(softer)
    return replace(step, weights=weights, bias=bias)


def _small(weights: Array, part: float) -> float:
    """Return the size that about this fraction of some weights is below; infinity for all of them."""
    if part >= 1:
        return np.inf
    some = np.abs(weights.ravel()[:: max(1, weights.size // SAMPLED)])
    return float(np.quantile(some, part))


def _silenced(step: Plain, off: Sequence[int], units: int) -> Plain:
    """Return an activation after which some units answer 0."""
    on = np.ones(units, np.float32)
    on[list(off)] = 0
    return Plain(
        lambda before: np.asarray(step.forward(before) * on),
        lambda gradient, before, _after: step.backward(gradient * on, before, step.forward(before)),
        bends=True,
    )
