"""One network of a model that learns: as it was before any teaching, and what its last layers know now."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from model.base.errors import UserError
from model.base.language import _
from model.bundle.bundle import Bundle
from model.bundle.litert_head import Floats, Head, Layer, NoHeadError
from model.data.data import Labels
from model.learning import pupil
from model.reading.features import Features
from model.reading.litert import LiteRTNetwork

FINEST = 1 / 16  # of the way: how closely the fraction that may be learned is found


class Network:
    """A network of a bundle, whose file is checked, and which runs as it was before any teaching.

    Raises UserError if it doesn't end in dense layers, or can't be run.
    """

    def __init__(self, bundle: Bundle, name: str, answers: int):
        self._untaught = LiteRTNetwork(bundle, bundle.untaught(name), answers)
        self.run = self._untaught.run
        try:
            self.head = Head(self.file, answers)
        except NoHeadError as error:
            sentence = _(
                "The network in {path} doesn't end in layers that can learn from drawings. Choose the built-in "
                "model, or one that was trained here."
            )
            raise UserError(sentence, path=bundle.path) from error
        self.features = Features(self.head)
        self.layers = self.head.layers  # what they know now

    @property
    def file(self) -> bytes:
        """The file as it was before any teaching."""
        return self._untaught.content

    @property
    def taught_file(self) -> bytes:
        """The file with what its last layers know now."""
        return self.head.with_layers(self.layers)

    def answers(self, features: npt.NDArray[np.floating], layers: Sequence[Layer] | None = None) -> Floats:
        """Return the (n, answers) probabilities for features, by the last layers as they are now, or by other ones."""
        return pupil.probabilities(pupil.values(features, layers or self.layers, self.head.bends)[-1])

    def learn(
        self,
        taught: tuple[Floats, Labels],
        rehearsed: tuple[npt.NDArray[np.floating], Floats],
        steps: int,
        report: Callable[[int, float, float], None] = lambda _step, _loss, _right: None,
    ) -> list[Layer]:
        """Return the last layers as they would be after learning some features: see `pupil.learned`."""
        return pupil.learned(self.head, taught, rehearsed, steps, report)

    def hold_back(self, new: Sequence[Layer], holds: Callable[[Sequence[Layer]], bool]) -> float:
        """Go as far towards new layers, rounded as in the file, as ``holds`` allows; return that fraction, or 0."""
        old, strength, step = self.head.layers, 0.0, 1.0
        while step >= FINEST and strength < 1:
            layers = self.head.rounded(pupil.between(old, new, strength + step))
            if holds(layers):
                self.layers, strength = layers, strength + step
            step /= 2
        return strength
