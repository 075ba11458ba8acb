"""Markdown made from other people's text, which can't start a tag, a link, a picture, a formula or a cell in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from model.base.shown import shown

_SIGNS = frozenset("\\`*_[]{}<>|#&~$@:")  # what can mean something in CommonMark, or in GitHub's own


def escaped(text: str) -> str:
    """Return a text as Markdown shows it, in one line and in a table too, with no address that would become a link."""
    line = "".join(f"\\{sign}" if sign in _SIGNS else sign for sign in " ".join(shown(text).split()))
    return line.replace("www.", "www\\.")


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, words: int = 1) -> str:
    """Return a table, numbers to the right of this many columns of words; its cells are Markdown themselves."""
    lines = [head, [*["---"] * words, *["---:"] * (len(head) - words)], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
