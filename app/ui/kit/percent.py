"""How sure an answer is, in whole per cent."""

from __future__ import annotations

from model.base.language import _


def percent(confidence: float) -> str:
    """Return a fraction in whole per cent; never 100, because no network is that sure with reason."""
    if confidence > 0.99:
        return _("over 99 %")
    return _("{number} %").format(number=f"{confidence * 100:.0f}")
