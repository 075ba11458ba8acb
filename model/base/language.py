"""The user's language: sentences are written in English in the sources, and said in the language in use.

Another language is one file, ``assets/languages/CODE.po``, with the name that its speakers give it in the header
``X-Language-Name``. (gettext's own catalogs are compiled; here the `.po` itself is read, by polib.)
"""

from __future__ import annotations

import gettext
import io
import locale
import logging
import os
from functools import cache

from model.base.program import ROOT

FOLDER = ROOT / "assets" / "languages"
ENGLISH = "en"


class _InUse:
    """The language of this process."""

    code = ENGLISH
    catalog = gettext.NullTranslations()


_in_use = _InUse()


def _(sentence: str) -> str:
    """Return a sentence of the sources in the language in use."""
    return _in_use.catalog.gettext(sentence)


def N_(sentence: str) -> str:  # noqa: N802  (gettext's own name for it)
    """Return a sentence unchanged, marked for translators; `_` translates it later."""
    return sentence


def ngettext(one: str, many: str, count: int) -> str:
    """Return the one of two sentences that goes with a count, in the language in use."""
    return _in_use.catalog.ngettext(one, many, count)


def current() -> str:
    """Return the code of the language in use, as ``zh_CN``."""
    return _in_use.code


def use(code: str) -> None:
    """Use a language from now on: the system's if the code is empty, English if its file can't be read."""
    code = code or of_system()
    if code == _in_use.code:
        return
    _in_use.code, _in_use.catalog = ENGLISH, gettext.NullTranslations()
    if code != ENGLISH and code in available():
        import polib  # noqa: PLC0415  (English needs none)

        try:
            compiled = polib.pofile(str(FOLDER / f"{code}.po")).to_binary()
            _in_use.catalog, _in_use.code = gettext.GNUTranslations(io.BytesIO(compiled)), code
        except (OSError, ValueError, LookupError):  # what polib and gettext raise on a damaged file
            logging.warning("the language %s cannot be read", code, exc_info=True)


@cache
def available() -> dict[str, str]:
    """Return the codes of all languages, each with its own name for itself, English first."""
    found = {ENGLISH: "English"}
    for path in sorted(FOLDER.glob("*.po")):
        with path.open(encoding="utf-8", errors="replace") as lines:
            names = [line.split(":", 1)[1] for line in lines if line.startswith('"X-Language-Name:')]
        found[path.stem] = names[0].rstrip('"\n').removesuffix("\\n").strip() if names else path.stem
    return found


def of_system() -> str:
    """Return the first language that the user's system asks for and Inkling has; otherwise English.

    The environment is asked as gettext does (LANGUAGE, LC_ALL, LC_MESSAGES, LANG), and else the system's own settings.
    """
    asked = (os.environ.get(name) for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"))
    for code in (next(filter(None, asked), locale.getlocale()[0]) or "").split(":"):
        plain = code.split(".")[0].split("@")[0].replace("-", "_")
        if plain in available():
            return plain
        for known in available():
            if plain and known.split("_")[0] == plain:
                return known  # `zh` is any Chinese that there is; `zh_TW` isn't `zh_CN`
    return ENGLISH
