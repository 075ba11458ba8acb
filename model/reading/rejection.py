"""Why a reading is rejected, in sentences: what is wrong, and what helps."""

from __future__ import annotations

from typing import Protocol

from model.base.language import N_, _
from model.reading.reading import Digit, Reason

_SENTENCES: dict[Reason, tuple[str, str]] = {
    "blank": (N_("There is nothing to read."), N_("Open another picture, or draw a digit.")),
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
    "crossed": (N_("Lines go through the digits."), N_("Write clear of lines, or on plain paper.")),
    "letters": (N_("These look like letters."), N_("Only digits are read: crop the picture to a number.")),
    "unclear": (N_("The writing isn't clear."), N_("Take the picture again, closer and in better light.")),
}


class Rejected(Protocol):
    """A reading, or the lines of a page."""

    @property
    def reason(self) -> Reason:
        """Why it is not accepted."""

    @property
    def digits(self) -> tuple[Digit, ...]:
        """Those that were read."""


def what_is_wrong(reading: Rejected) -> str:
    """Return why a reading is rejected."""
    if reading.reason in _SENTENCES:
        return _(_SENTENCES[reading.reason][0])
    return _("Not sure this is a digit") if len(reading.digits) == 1 else _("Not sure this is a number")


def what_helps(reading: Rejected) -> str:
    """Return what to do about it: about the picture, or to say that its ink is digits after all."""
    if reading.reason in _SENTENCES:
        return _(_SENTENCES[reading.reason][1])
    if not any(digit.strokes for digit in reading.digits):
        return _("Crop the picture to one number, with some paper around it.")
    if len(reading.digits) == 1:
        return _("If it's a digit, press its key.")
    return _("If it's a number, choose each digit and press its key.")


def in_full(reading: Rejected) -> str:
    """Return both, of what was rejected for its picture."""
    return f"{what_is_wrong(reading)} {what_helps(reading)}"
