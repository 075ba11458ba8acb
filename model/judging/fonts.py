"""Fonts for text in any script, chosen by the glyphs that they have: their names promise nothing."""

from __future__ import annotations

import unicodedata

from matplotlib import font_manager

BASE = "DejaVu Sans"  # comes with Matplotlib; Latin, Greek, Cyrillic and signs
PREFERRED = (  # where several have what is missing: even strokes, and Chinese forms of the characters
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "Noto Sans CJK JP",
    "Noto Sans",
)

_NO_CHARACTER = 0x10FFFF  # a font with a glyph even for this has boxes for all, and shows none
_CJK = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "IDEOGRAPHIC", "FULLWIDTH")  # how characters' names begin


def families_for(text: str) -> tuple[list[str], str]:
    """Return the font families that together show a text, `BASE` first, and the characters that none of them has.

    Spaces and controls need no glyph.
    """
    families = [BASE]
    missing = {character for character in text if unicodedata.category(character) not in ("Cc", "Cf", "Mn", "Zs")}
    missing -= _shown(BASE, missing)
    if missing:  # only then are all fonts opened
        names = set(font_manager.get_font_names())
        ordered = [name for name in PREFERRED if name in names] + sorted(names.difference(PREFERRED))
        shown = {name: _shown(name, missing) for name in ordered}
        while shown[best := max(ordered, key=lambda name: len(shown[name] & missing))] & missing:
            families.append(best)
            missing -= shown[best]
    return families, "".join(sorted(missing))


def advice(missing: str) -> str:
    """Return the sentence for characters that no font has: which font to install."""
    is_cjk = any(unicodedata.name(character, "").startswith(_CJK) for character in missing)
    font = "Noto Sans CJK (Debian: apt install fonts-noto-cjk)" if is_cjk else "a Noto font of their script"
    return f"No installed font has {' '.join(missing)}, so boxes stand for them; install {font}."


def _shown(family: str, characters: set[str]) -> set[str]:
    try:
        # What Matplotlib itself would take for this name, weight and style.
        path = font_manager.findfont(font_manager.FontProperties(family=[family]), fallback_to_default=False)
        font = font_manager.get_font(path)
    except (OSError, RuntimeError, ValueError):
        return set()  # removed or damaged since Matplotlib listed it
    if font.get_char_index(_NO_CHARACTER):
        return set()
    return {character for character in characters if font.get_char_index(ord(character))}
