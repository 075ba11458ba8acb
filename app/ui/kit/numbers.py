"""How the window writes numbers."""

from __future__ import annotations

from model.base.language import _


def percent(confidence: float) -> str:
    """Return how sure an answer is, as a whole percentage; never 100, because no network can be that sure."""
    return _("over 99 %") if confidence > 0.99 else share(confidence)


def share(part: float, digits: int = 0) -> str:
    """Return a fraction as a percentage."""
    return _("{number} %").format(number=f"{part * 100:.{digits}f}")


def plain(number: float, form: str = ".2f") -> str:
    """Return a number in the usual notation, with a minus instead of a hyphen."""
    return format(number, form).replace("-", "−")


def signed(number: float) -> str:
    """Return a number with its sign, likewise."""
    return plain(number, "+.2f")
