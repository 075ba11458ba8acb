"""Other people's text made safe to print and show: nothing is left in it that a terminal or a window would obey."""

from __future__ import annotations

import unicodedata

# Control characters, halves of characters, and what ends lines and paragraphs, by Unicode's categories.
_OBEYED = ("Cc", "Cs", "Zl", "Zp")
# Turn the order of what follows, beyond their own text too (Boucher and Anderson 2021).
_TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def is_obeyed(letter: str) -> bool:
    """Return whether a character isn't text but a control code."""
    return unicodedata.category(letter) in _OBEYED or letter in _TURNING


def shown(text: str) -> str:
    """Return a text in one line, with its control codes escaped as in Python's source code."""
    if text.isprintable():
        return text
    return "".join(letter.encode("unicode_escape").decode() if is_obeyed(letter) else letter for letter in text)
