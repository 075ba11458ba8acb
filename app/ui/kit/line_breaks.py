"""Where lines of Chinese end: Tk knows spaces alone, and then begins lines with a full stop or cuts words.

A line may end between any two signs, but not before a mark that closes, nor after one that opens (GB/T 15834, 5.1).
"""

from __future__ import annotations

import re
from collections.abc import Callable

CLOSING, OPENING = "，。、；：？！）】》」』”’…—", "（【《「『“‘"  # noqa: RUF001  (Chinese marks)

_SIGNS = "\u2e80-\u2fff\u3040-\u9fff\uf900-\ufaff"
_OTHERS = rf"[^\s{_SIGNS}{CLOSING}{OPENING}]+"  # a word, a number
_PIECE = rf"[{OPENING}]*(?:{_OTHERS}|[{_SIGNS}])?[{CLOSING}]*\s*"


def broken(text: str, width: int, measure: Callable[[str], int]) -> str:
    """Return a text with its lines broken where it holds Chinese; any other is left to Tk.

    A line is at most so wide as ``measure`` tells; a piece that is wider stands alone.
    """
    if max(text, default="") < _SIGNS[0] or not re.search(f"[{_SIGNS}]", text):
        return text
    return "\n".join(filled(line, width, measure) for line in text.split("\n"))


def filled(line: str, width: int, measure: Callable[[str], int]) -> str:
    """Return a line of any language broken in the same way, for texts that Tk doesn't break."""
    lines = [""]
    for piece in re.findall(_PIECE, line):
        if lines[-1] and measure((lines[-1] + piece).rstrip()) > width:
            lines.append("")
        lines[-1] += piece
    return "\n".join(each.rstrip() for each in lines)
