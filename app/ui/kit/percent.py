"""How sure an answer is, as a whole percentage."""

from __future__ import annotations

from model.base.language import _


def percent(confidence: float) -> str:
    """Return a fraction as a whole percentage; never 100, because no network can be that sure."""
    if confidence > 0.99:
        return _("over 99 %")
    return _("{number} %").format(number=f"{confidence * 100:.0f}")
