"""Whether this system's fonts have the letters of the language in use, and a sentence where they have not."""

from __future__ import annotations

import tkinter as tk
import unicodedata
from tkinter.font import Font

from app.ui.kit import style
from app.ui.kit.keys import AQUA
from model.base import language

SIZE = 40  # pixels, that widths are told apart
NOBODY_S = "\ufffe"  # no character, so no font has it: what Tk draws for it, it draws for all that is missing
FULL = 0.9  # of the size: a Chinese character is as wide as high, in any font

_said = {language.ENGLISH}  # languages for which it was said


def warning(widget: tk.Misc) -> str:
    """Return a sentence, in English, where the letters of the language in use cannot be shown; once for a language.

    Only X11 can want for fonts: Windows and Macs come with those of all scripts.
    """
    code = language.current()
    if code in _said or str(widget.tk.call("tk", "windowingsystem")) in ("win32", AQUA):
        return ""
    _said.add(code)
    name = language.available()[code]
    if can_show(widget, name):
        return ""
    is_chinese = any(unicodedata.east_asian_width(letter) == "W" for letter in name)
    font = "Noto Sans CJK (Debian: apt install fonts-noto-cjk)" if is_chinese else "a Noto font of its script"
    return (
        f"No font of this system has the letters of the language {code}, so boxes stand for them. "
        f"Install {font}, or choose English again: menu (V), line (G)."
    )


def can_show(widget: tk.Misc, text: str) -> bool:
    """Return whether a text's letters can be shown, be it with another font's: Tk looks for one (X11).

    A letter that no font has is as wide as what is none at all; so is a Chinese one in fonts that have it, whose box
    for missing ones is as wide as it, but then both are full.
    """
    font = Font(widget, (style.family(widget), -SIZE))
    missing = font.measure(NOBODY_S)
    return not all(
        font.measure(letter) == missing and not (unicodedata.east_asian_width(letter) == "W" and missing >= FULL * SIZE)
        for letter in text
        if letter.isalpha()
    )
