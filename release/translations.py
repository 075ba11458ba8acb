"""Sentences in every language of the program, for what menus and software centres say of it."""

from __future__ import annotations

import polib

from model import language


def of(sentence: str) -> dict[str, str]:
    """Return a sentence by the codes of the languages that have it, without English: ``{"zh_CN": …}``."""
    found = {}
    for code in language.available():
        if code != language.ENGLISH:
            entry = polib.pofile(str(language.FOLDER / f"{code}.po")).find(sentence)
            if entry is not None and entry.translated():
                found[code] = entry.msgstr
    return found


def without_stop(sentence: str) -> str:
    """Return a sentence as menus show it, without its full stop."""
    return sentence.rstrip(".。")
