"""What the networks make of one image, as a value."""

from __future__ import annotations

from dataclasses import dataclass

Alternatives = tuple[tuple[str, float], ...]  # texts with their probabilities, the likeliest first


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the networks make of an image: ten probabilities, digit by digit; ten zeros for a blank one.

    ``doubt`` is the probability that it shows no digit at all, and ``accepted`` whether that is below the threshold.
    """

    probabilities: tuple[float, ...]
    doubt: float = 0.0
    accepted: bool = True

    @property
    def confidence(self) -> float:
        """The largest probability; 0 for a blank image."""
        return max(self.probabilities)

    @property
    def digit(self) -> int | None:
        """The most probable digit; None for a blank image."""
        return self.probabilities.index(self.confidence) if self.confidence else None

    @property
    def text(self) -> str:
        """What was read; empty for a blank image."""
        return "" if self.digit is None else str(self.digit)

    @property
    def alternatives(self) -> Alternatives:
        """All digits with their probabilities, likeliest first; none for a blank image."""
        if not self.confidence:
            return ()
        order = sorted(range(10), key=lambda digit: -self.probabilities[digit])
        return tuple((str(digit), self.probabilities[digit]) for digit in order)


BLANK = Prediction((0.0,) * 10, accepted=False)
