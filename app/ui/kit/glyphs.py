"""Whether this system's fonts have the letters of the language in use, and a sentence where they haven't."""

from __future__ import annotations

import tkinter as tk
import unicodedata
from tkinter.font import Font

from app.ui.kit import style
from app.ui.kit.screen import window_system
from model.base import language

SIZE = 40  # pixels, that widths are told apart
NO_CHARACTER = "\ufffe"  # so no font has it: what Tk draws for it, it draws for all that is missing
FULL = 0.9  # of the size: a Chinese character is as wide as high, in any font

_said = {language.ENGLISH}  # languages for which it was said


def warning(widget: tk.Misc) -> str:
    """Return a sentence, in English, where the letters of the language in use can't be shown; once for a language.

    Only X11 can want for fonts: Windows and Macs come with those of all scripts.
    """
    code = language.current()
    if code in _said or window_system(widget) != "x11":
        return ""
    _said.add(code)
    name = language.available()[code]
    if can_show(widget, name):
        return ""
    font = (
        "Noto Sans CJK (Debian: apt install fonts-noto-cjk)"
        if any(map(_is_wide, name))
        else "a Noto font of its script"
    )
    return (
        f"No font of this system has the letters of the language {code}, so boxes stand for them. "
        f"Install {font}, or choose English again: Ctrl and the comma open the settings; the language is the first."
    )


def can_show(widget: tk.Misc, text: str) -> bool:
    """Return whether a text's letters can be shown, be it with another font's: Tk looks for one (X11).

    A letter that no font has is as wide as what is none at all; so is a Chinese one in fonts that have it, whose box
    for missing ones is as wide as it, but then both are full.
    """
    font = Font(widget, (style.family(widget), -SIZE))
    missing = font.measure(NO_CHARACTER)
    letters = filter(str.isalpha, text)
    return any(font.measure(each) != missing or (_is_wide(each) and missing >= FULL * SIZE) for each in letters)


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) == "W"
