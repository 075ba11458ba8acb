"""What was read, as values: the networks' answers for one image, and the number on a canvas."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import prod
from operator import itemgetter
from typing import Literal, TypeAlias

from model.ink.ink import Box

MOST_ALTERNATIVES = 5  # of a number, itself included
Alternatives = tuple[tuple[str, float], ...]  # texts with their probabilities, the likeliest first
Signs = tuple[tuple[int, str], ...]  # how many digits stand before each, and what it is: a point, a comma, a minus, …

FEWEST = 5  # drawings of a sign of the user's own, before it's learned

DIGITS = tuple("0123456789")
SIGNS = ".,-'/: "  # that people type between digits

# Why a reading is rejected, as `recognize --json` says it: docs/command-line.md tells what each word means.
Reason: TypeAlias = Literal[
    "",
    "blank",
    "faint",
    "small",
    "blurred",
    "edge",
    "lines",
    "crossed",
    "letters",
    "unclear",
    "sign",
    "layout",
    "doubt",
]


def is_label(text: object) -> bool:
    """Return whether a text can be a drawing's label: a digit or a sign, one visible character."""
    return (
        isinstance(text, str)
        and len(text) == 1
        and text.isprintable()
        and not text.isspace()
        and (text in DIGITS or not text.isdecimal())
        and unicodedata.category(text)[0] != "M"  # which only marks another letter
    )


@dataclass(frozen=True, slots=True)
class Prediction:
    """The networks' answers for an image."""

    probabilities: tuple[float, ...]  # ten, digit by digit; ten zeros for a blank image
    doubt: float = 0.0  # the probability that it's something else than what's read, by a second network
    accepted: bool = True  # whether that is at most the threshold
    signs: Alternatives = ()  # the user's own, a character each, with their probabilities
    rival: str = ""  # the digit that the second network rather reads

    @classmethod
    def certain(cls, label: str, signs: Alternatives = ()) -> Prediction:
        """Return the answer of a network that's certain of a digit or a sign, among other signs."""
        names = dict.fromkeys(name for name in (*(sign for sign, _likely in signs), label) if name not in DIGITS)
        certain = tuple(float(label == digit) for digit in DIGITS)
        return cls(certain, signs=tuple((name, float(label == name)) for name in names))

    @property
    def choices(self) -> Alternatives:
        """The ten digits and the user's own signs, each with its probability."""
        return (*zip(DIGITS, self.probabilities, strict=True), *self.signs)

    @property
    def confidence(self) -> float:
        """The largest probability; 0 for a blank image."""
        return self._likeliest[1]

    @property
    def digit(self) -> int | None:
        """The digit that was read; None for a blank image, and for a sign."""
        return int(self.text) if self.text in DIGITS else None

    @property
    def text(self) -> str:
        """What was read; empty for a blank image."""
        text, probability = self._likeliest
        return text if probability else ""

    @property
    def _likeliest(self) -> tuple[str, float]:
        return max(self.choices, key=itemgetter(1))  # not sorted: a search over cuts asks each piece

    @property
    def alternatives(self) -> Alternatives:
        """All digits and signs with their probabilities, likeliest first; none for a blank image."""
        return tuple(sorted(self.choices, key=lambda choice: -choice[1])) if self.confidence else ()


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
    believable: bool = True  # not where digits don't stand like that, as in a hatching, nor where not all was read
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
        """The digit if there's exactly one; otherwise None."""
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
        """Why it isn't accepted; empty if it is."""
        if self.hindered:
            return self.hindered
        if not self.digits:
            return "blank"
        if not self.believable:
            return "layout"
        return "" if all(digit.prediction.accepted for digit in self.digits) else "doubt"

    @property
    def doubt(self) -> float:
        """The largest doubt of any digit; 1 if it's rejected for another reason."""
        if self.reason in ("", "doubt"):
            return max(digit.prediction.doubt for digit in self.digits)
        return 1.0

    def as_told(self, labels: Mapping[int, str]) -> Reading:
        """Return the reading as its user corrects it: the digits in these places are now certain."""
        digits = tuple(
            replace(digit, prediction=Prediction.certain(labels[place], digit.prediction.signs))
            if place in labels
            else digit
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
        """The likeliest texts with their probabilities, starting with the text that was read; none for a blank canvas.

        For a number, the others differ from it in one digit.
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
