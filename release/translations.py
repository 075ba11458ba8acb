"""Sentences in all of the program's languages, for what menus and software centres say about it."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import polib

from model.base import language

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def of(sentence: str) -> dict[str, str]:
    """Return a sentence by the codes of the languages that have it, except English: ``{"zh_CN": …}``."""
    found = {}
    for code in language.available():
        if code != language.ENGLISH:
            entry = polib.pofile(str(language.FOLDER / f"{code}.po")).find(sentence)
            if entry is not None and entry.translated():
                found[code] = entry.msgstr
    return found


def add(to: ET.Element, name: str, sentence: str) -> None:
    """Add a sentence to an XML element, the way menus show it: one element of that name per language."""
    ET.SubElement(to, name).text = without_stop(sentence)
    for code, said in of(sentence).items():
        ET.SubElement(to, name, {_LANGUAGE: code}).text = without_stop(said)


def without_stop(sentence: str) -> str:
    """Return a sentence the way menus show it, without its full stop."""
    return sentence.rstrip(".。")
