"""Why a reading is rejected, in sentences: what's wrong, and what helps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from model.base.language import N_, _
from model.reading.reading import Digit, Reason

SURELY = 0.9  # the doubt from which on it's said to look like no digit
BETWEEN = 0.25  # the probability from which on the second closest is named

_SENTENCES: dict[Reason, tuple[str, str]] = {
    "blank": (N_("There's nothing to read."), N_("Open another picture, or draw a digit.")),
    "faint": (
        N_("The writing is too faint."),
        N_("Take the picture in better light, or write with a darker pen."),
    ),
    "small": (N_("The writing is too small."), N_("Move the camera closer.")),
    "blurred": (N_("The picture is out of focus."), N_("Take it again, and hold the camera still.")),
    "edge": (
        N_("The picture's edge cuts something off."),
        N_("Get the whole number into the picture, with some paper around it."),
    ),
    "lines": (N_("There are several lines."), N_("Choose Read as a page, or crop the picture to one number.")),
    "crossed": (N_("Lines go through the digits."), N_("Write clear of the lines, or on plain paper.")),
    "letters": (N_("These look like letters."), N_("Inkling reads only digits: crop the picture to a number.")),
    "unclear": (N_("The writing isn't clear."), N_("Take the picture again, closer and in better light.")),
    "sign": (N_("A point or a comma may be missing."), N_("Compare the number with the picture.")),
}


class Rejected(Protocol):
    """A reading, or the lines of a page."""

    @property
    def reason(self) -> Reason:
        """Why it isn't accepted."""

    @property
    def digits(self) -> tuple[Digit, ...]:
        """Those that were read."""


def what_is_wrong(reading: Rejected) -> str:
    """Return why a reading is rejected."""
    if reading.reason in _SENTENCES:
        return _(_SENTENCES[reading.reason][0])
    if reading.reason == "doubt" and all(digit.prediction.text for digit in reading.digits):
        return _doubted(reading.digits)
    return _("Not sure this is a digit") if len(reading.digits) == 1 else _("These don't stand like a number's digits.")


def _doubted(digits: Sequence[Digit]) -> str:
    """Return what was measured of digits that are doubted: what they are closest to, and how sure that is."""
    doubted = [digit.prediction for digit in digits if not digit.prediction.accepted]
    if not doubted:
        text = "".join(digit.prediction.text for digit in digits)
        return _("It's most like {text}, but that isn't sure enough.").format(text=text)
    (text, _likely), (other, next_likely) = doubted[0].alternatives[:2]
    rival = doubted[0].rival
    if len(doubted) > 1:
        sentence = _("Several of these may not be digits.")
    elif len(digits) > 1:
        sentence = _("The {text} may be a {other}.") if rival else _("The {text} may not be a digit.")
    elif rival:
        sentence = _("It may be a {text} or a {other}.")
    elif doubted[0].doubt < SURELY:
        sentence = _("It may be an unusual {text}, or not a digit at all.")
    elif next_likely > BETWEEN:
        sentence = _("It's a bit like {text} and {other}, but doesn't look like a digit.")
    else:
        sentence = _("It's most like {text}, but doesn't look like a digit.")
    return sentence.format(text=text, other=rival or other)


def what_helps(reading: Rejected) -> str:
    """Return what to do about it: improve the picture, or say that its ink is digits after all."""
    if reading.reason in _SENTENCES:
        return _(_SENTENCES[reading.reason][1])
    if not any(digit.strokes for digit in reading.digits):
        if reading.reason == "doubt":
            return _("Compare it with the picture. A sharper one may help.")
        return _("Crop the picture to one number, with some paper around it.")
    if len(reading.digits) == 1:
        return _("If it's a digit, press its key.")
    return _("If it's a number, choose each digit and press its key.")


def in_full(reading: Rejected) -> str:
    """Return both, for a reading that was rejected because of its picture."""
    return f"{what_is_wrong(reading)} {what_helps(reading)}"
