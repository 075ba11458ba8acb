"""What was read, as values: what the networks make of one image, and the number that a canvas shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import prod
from typing import Literal, TypeAlias

from model.ink.ink import Box

MOST_ALTERNATIVES = 5  # of a number, itself included
Alternatives = tuple[tuple[str, float], ...]  # texts with their probabilities, the likeliest first
Signs = tuple[tuple[int, str], ...]  # how many digits stand before each, and what it is: a point, a comma, a minus, …

# Why a reading is rejected, as `recognize --json` says it: README.md tells what each word means.
Reason: TypeAlias = Literal[
    "", "blank", "faint", "small", "blurred", "edge", "lines", "crossed", "letters", "unclear", "layout", "doubt"
]


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the networks make of an image."""

    probabilities: tuple[float, ...]  # ten, digit by digit; ten zeros for a blank image
    doubt: float = 0.0  # the probability that it shows no digit at all
    accepted: bool = True  # whether that is at most the threshold

    @classmethod
    def certain(cls, label: str) -> Prediction:
        """Return what a network would make of a digit that it has no doubt about."""
        return cls(tuple(float(label == str(digit)) for digit in range(10)))

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


@dataclass(frozen=True, slots=True)
class Digit:
    """One digit of a number."""

    prediction: Prediction
    box: Box  # of its ink, pen and all, in canvas pixels
    strokes: tuple[int, ...] = ()  # their places in the drawing; none in a picture


@dataclass(frozen=True, slots=True)
class Reading:
    """The digits from left to right; none on a blank canvas."""

    digits: tuple[Digit, ...] = ()
    believable: bool = True  # not where digits do not stand like that, as in a hatching, nor where not all was read
    signs: Signs = ()  # between the digits, from left to right
    hindered: Reason = ""  # what in the picture keeps it from being read for sure

    @property
    def text(self) -> str:
        """What was read, a character a digit; empty for a blank canvas."""
        return "".join(digit.prediction.text for digit in self.digits)

    @property
    def written(self) -> str:
        """The text with the signs that stand in it, as "3.70"."""
        return self.signed(self.text)

    def signed(self, text: str) -> str:
        """Return another text for these digits, a character a digit, with the signs that stand between them."""
        characters = list(text)
        for place, sign in reversed(self.signs):
            characters.insert(place, sign)
        return "".join(characters)

    @property
    def digit(self) -> int | None:
        """The digit where there is exactly one; else None."""
        return self.digits[0].prediction.digit if len(self.digits) == 1 else None

    @property
    def confidence(self) -> float:
        """The probability that every digit is right: the product of theirs; 0 for a blank canvas."""
        return prod(digit.prediction.confidence for digit in self.digits) if self.digits else 0.0

    @property
    def least_sure(self) -> int:
        """The place of the digit with the smallest confidence. Raises ValueError on a blank canvas."""
        confidences = [digit.prediction.confidence for digit in self.digits]
        return confidences.index(min(confidences))

    @property
    def accepted(self) -> bool:
        """Whether all of it is taken to be digits; False for a blank canvas."""
        return not self.reason

    @property
    def reason(self) -> Reason:
        """Why it is not accepted; empty where it is."""
        if self.hindered:
            return self.hindered
        if not self.digits:
            return "blank"
        if not self.believable:
            return "layout"
        return "" if all(digit.prediction.accepted for digit in self.digits) else "doubt"

    @property
    def doubt(self) -> float:
        """The largest doubt of any digit; 1 where it is rejected for another reason."""
        if self.reason in ("", "doubt"):
            return max(digit.prediction.doubt for digit in self.digits)
        return 1.0

    def as_told(self, labels: Mapping[int, str]) -> Reading:
        """Return the reading as its user corrects it: that the digits in some places are these is certain."""
        digits = tuple(
            replace(digit, prediction=Prediction.certain(labels[place])) if place in labels else digit
            for place, digit in enumerate(self.digits)
        )
        if 0 < len(labels) == len(digits):
            return replace(self, digits=digits, believable=True, hindered="")
        return replace(self, digits=digits)

    @property
    def probabilities(self) -> tuple[float, ...] | None:
        """The ten probabilities of a single digit, ten zeros for a blank canvas, None for a number of several."""
        if len(self.digits) > 1:
            return None
        return self.digits[0].prediction.probabilities if self.digits else BLANK.probabilities

    @property
    def alternatives(self) -> Alternatives:
        """The likeliest texts with their probabilities, the text that was read first; none for a blank canvas.

        Those of a number differ from it in one digit.
        """
        if len(self.digits) == 1:
            return self.digits[0].prediction.alternatives
        if not self.digits:
            return ()
        text, confidence = self.text, self.confidence
        changed = [
            (text[:place] + other + text[place + 1 :], confidence / digit.prediction.confidence * probability)
            for place, digit in enumerate(self.digits)
            for other, probability in digit.prediction.alternatives[1:]
        ]
        changed.sort(key=lambda alternative: alternative[1], reverse=True)
        return ((text, confidence), *changed[: MOST_ALTERNATIVES - 1])
