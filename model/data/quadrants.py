"""A network of two layers that says in which quadrant of the plane a point lies: every formula written out, in NumPy.

With four answers, a quadrant each, straight lines are enough, and so is a network without a ReLU: two layers without an
activation function between them are one. With two answers, one for each pair of opposite quadrants (the exclusive or of
the signs), no straight line separates them, and the hidden layer needs one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

MOVED_BY = 1e-6  # each weight, when slopes are measured

Floats = npt.NDArray[np.float64]
Points = Floats  # (n, 2), x and y from -1 to 1
Labels = npt.NDArray[np.int64]  # (n,), the right answers, from 0


class Weights(NamedTuple):
    """Everything that is learned; also used for the gradient of the loss."""

    w1: Floats  # (2, hidden)
    b1: Floats  # (hidden,)
    w2: Floats  # (hidden, answers)
    b2: Floats  # (answers,)


@dataclass(frozen=True, slots=True)
class TwoLayers:
    """Points -> hidden units -> an answer's probabilities."""

    weights: Weights
    bends: bool = True  # whether the hidden units have a ReLU

    def hidden(self, points: Points) -> Floats:
        """Return the hidden units' outputs, (n, hidden): each is 0 on one side of a straight line."""
        sums = points @ self.weights.w1 + self.weights.b1
        return np.maximum(sums, 0) if self.bends else sums

    def probabilities(self, points: Points) -> Floats:
        """Return how likely each answer is, (n, answers): the forward pass."""
        return softmax(self.hidden(points) @ self.weights.w2 + self.weights.b2)

    def loss(self, points: Points, labels: Labels) -> float:
        """Return the mean cross-entropy, in nats."""
        return cross_entropy(self.probabilities(points), labels)

    def slopes(self, points: Points, labels: Labels) -> Weights:
        """Return how the loss changes with each weight: the backward pass, by the chain rule, layer after layer.

        Rumelhart, Hinton, Williams: Learning representations by back-propagating errors (1986).
        """
        hidden, answers = self.hidden(points), self.probabilities(points)
        right = np.eye(answers.shape[1])[labels]  # one-hot
        at_logits = (answers - right) / len(points)  # softmax and cross-entropy together come to no more than this
        at_hidden = at_logits @ self.weights.w2.T
        at_sums = at_hidden * (hidden > 0) if self.bends else at_hidden  # where a unit says nothing, nothing passes
        return Weights(points.T @ at_sums, at_sums.sum(0), hidden.T @ at_logits, at_logits.sum(0))

    def step(self, slopes: Weights, rate: float) -> TwoLayers:
        """Return the network a step downhill."""
        lower = (value - rate * slope for value, slope in zip(self.weights, slopes, strict=True))
        return TwoLayers(Weights(*lower), self.bends)


def softmax(logits: Floats) -> Floats:
    """Return rows of numbers as probabilities: all above 0, with a sum of 1, in the same order."""
    powers = np.exp(logits - logits.max(-1, keepdims=True))  # e to a large number would be no number any more
    probabilities: Floats = powers / powers.sum(-1, keepdims=True)
    return probabilities


def cross_entropy(probabilities: Floats, labels: Labels) -> float:
    """Return the mean over rows of -ln of the right answer's probability, in nats."""
    return float(-np.log(probabilities[np.arange(len(labels)), labels]).mean())


def measured_slopes(network: TwoLayers, points: Points, labels: Labels) -> Weights:
    """Return the gradient found by moving each weight a little both ways: slow, but nothing to derive."""
    slopes = Weights(*(np.zeros_like(value) for value in network.weights))
    for value, slope in zip(network.weights, slopes, strict=True):
        for place in np.ndindex(value.shape):
            losses = []
            for side in (MOVED_BY, -MOVED_BY):
                value[place] += side
                losses.append(network.loss(points, labels))
                value[place] -= side
            slope[place] = (losses[0] - losses[1]) / (2 * MOVED_BY)
    return slopes


def scattered(count: int, seed: int) -> Points:
    """Return points at random."""
    return np.random.default_rng(seed).uniform(-1, 1, (count, 2))


def quadrants(points: Points) -> Labels:
    """Return the points' quadrants, counted counterclockwise from 0: x and y above 0 is 0."""
    x, y = points.T >= 0
    return np.where(y, np.where(x, 0, 1), np.where(x, 3, 2))


def beginning(answers: int, hidden: int, seed: int, *, bends: bool = True) -> TwoLayers:
    """Return an untrained network: random lines, and answers that are all about equally likely."""
    random = np.random.default_rng(seed)
    w1, w2 = random.normal(0, 1, (2, hidden)), random.normal(0, 0.1, (hidden, answers))
    return TwoLayers(Weights(w1, np.zeros(hidden), w2, np.zeros(answers)), bends)


def learned(network: TwoLayers, points: Points, labels: Labels, steps: int, rate: float) -> TwoLayers:
    """Return the network after this many steps downhill, each on all points: gradient descent."""
    for _ in range(steps):
        network = network.step(network.slopes(points, labels), rate)
    return network


def accuracy(network: TwoLayers, points: Points, labels: Labels) -> float:
    """Return the fraction of points whose most likely answer is the right one."""
    return float((network.probabilities(points).argmax(1) == labels).mean())
