"""The last layers of a network learn a little more, while they're held to what they answered before."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from model.bundle.litert_head import Floats, Head, Layer
from model.data.data import Labels

TAUGHT, REHEARSED = 32, 96  # examples per step
SHARE = 0.03  # of what's taught, against what's rehearsed
SOFTNESS = 4.0  # the temperature at which the old answers are kept
LEARNING_RATE, WAY = 1e-3, 0.12  # Adam's, at its highest, and that times the steps: more steps are shorter
WARM_UP = 10  # steps
MEMORY = (0.9, 0.99)  # of Adam's means: there are few steps, so the squares' has to be quick
_NOTHING = 1e-7

Made = Callable[[Floats], Floats]
_BENT: dict[str, tuple[Made, Made]] = {  # an activation, and its derivative, computed from its result
    "": (lambda sums: sums, np.ones_like),
    "RELU": (lambda sums: np.maximum(sums, 0), lambda made: (made > 0).astype(np.float32)),
    "RELU6": (lambda sums: np.clip(sums, 0, 6), lambda made: ((made > 0) & (made < 6)).astype(np.float32)),
    "TANH": (np.tanh, lambda made: 1 - made * made),
    "LOGISTIC": (lambda sums: np.reciprocal(1 + np.exp(-sums)), lambda made: made * (1 - made)),
    "ELU": (
        lambda sums: np.maximum(sums, 0) + np.expm1(np.minimum(sums, 0)),
        lambda made: np.minimum(made + 1, np.float32(1)),
    ),
}


def values(features: npt.NDArray[np.floating], layers: Sequence[Layer], bends: Sequence[str]) -> list[Floats]:
    """Return features, (n, inputs), and each layer's results; the last are the sums that softmax gets."""
    made = [features.astype(np.float32)]
    for layer, bend in zip(layers, bends, strict=True):
        made.append(_BENT[bend][0](made[-1] @ layer.weights.T + layer.bias))
    return made


def probabilities(sums: Floats, softness: float = 1.0) -> Floats:
    """Return the softmax of (n, answers) sums."""
    sums = sums / np.float32(softness)
    likely = np.exp(sums - sums.max(1, keepdims=True))
    likely /= likely.sum(1, keepdims=True)
    return np.asarray(likely, np.float32)


def learned(
    head: Head,
    taught: tuple[Floats, Labels],
    rehearsed: tuple[npt.NDArray[np.floating], Floats],
    steps: int,
    report: Callable[[int, float, float], None],
) -> list[Layer]:
    """Return a head's layers after learning some features with their labels.

    ``rehearsed`` has features and the sums that they gave before; the divergence from those holds the answers in place:
    Li, Hoiem: Learning without Forgetting (2016). The optimizer is Adam (Kingma, Ba, 2015). ``report`` gets the step,
    and the last loss and accuracy of what's taught.
    """
    layers = [Layer(each.weights.copy(), each.bias.copy()) for each in head.layers]
    (features, labels), (held, kept) = taught, rehearsed
    random = np.random.default_rng(0)
    adam = Adam([numbers for layer in layers for numbers in layer], steps, min(LEARNING_RATE, WAY / steps))
    for step in range(1, steps + 1):
        some, others = random.integers(0, len(labels), TAUGHT), random.integers(0, len(held), REHEARSED)
        made = values(np.concatenate([features[some], held[others]]), layers, head.bends)
        likely = probabilities(made[-1][:TAUGHT])
        right, wanted = likely.argmax(1) == labels[some], (np.arange(TAUGHT), labels[some])
        loss = float(-np.log(np.maximum(likely[wanted], 1e-30)).mean())
        likely[wanted] -= 1
        soft = probabilities(made[-1][TAUGHT:], SOFTNESS) - probabilities(kept[others], SOFTNESS)
        slope = np.concatenate([likely * np.float32(SHARE / TAUGHT), soft * np.float32(SOFTNESS / REHEARSED)])
        adam.take(step, _slopes(slope, made, layers, head.bends))
        report(step, loss, float(right.mean()))
    return layers


def _slopes(slope: Floats, made: Sequence[Floats], layers: Sequence[Layer], bends: Sequence[str]) -> list[Floats]:
    """Return the loss' gradients by each layer's weights and bias, from the gradient by the last sums."""
    found: list[Floats] = []
    for place in range(len(layers) - 1, -1, -1):
        found = [slope.T @ made[place], slope.sum(0), *found]
        if place:
            slope = (slope @ layers[place].weights) * _BENT[bends[place - 1]][1](made[place])
    return found


class Adam:
    """Moves numbers, in place, down their gradients, at a rate that falls from its highest to almost 0."""

    def __init__(self, numbers: list[Floats], steps: int, rate: float):
        self._numbers, self._steps, self._rate = numbers, steps, rate
        self._means = [np.zeros_like(each) for each in numbers]
        self._squares = [np.zeros_like(each) for each in numbers]

    def take(self, step: int, slopes: Sequence[Floats]) -> None:
        """Take a step down these gradients; the first step is 1."""
        rate = self._rate * (1 - 0.95 * step / self._steps) * min(1, step / WARM_UP)
        slow, quick = MEMORY
        rate /= 1 - slow**step
        for place, slope in enumerate(slopes):
            self._means[place] += (1 - slow) * (slope - self._means[place])
            self._squares[place] += (1 - quick) * (slope * slope - self._squares[place])
            spread = np.sqrt(self._squares[place] / (1 - quick**step)) + _NOTHING
            self._numbers[place] -= rate * self._means[place] / spread


def between(old: Sequence[Layer], new: Sequence[Layer], strength: float) -> list[Layer]:
    """Return the layers at this fraction of the way from old ones to new ones.

    Wortsman et al.: Robust fine-tuning of zero-shot models (CVPR 2022): between the weights before and after, there are
    some with much learned already, and little forgotten yet.
    """
    part = np.float32(strength)
    return [
        Layer(*(start + part * (end - start) for start, end in zip(*both, strict=True)))
        for both in zip(old, new, strict=True)
    ]
