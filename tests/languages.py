"""``python -m tests.languages``: bring every language file up to date with the sentences in the sources.

``python -m tests.languages CODE`` starts another language, ``assets/languages/CODE.po``. New sentences get an empty
translation, unused ones are removed, and the order is that of the sources. A test makes sure that each is complete.
"""

from __future__ import annotations

import sys
from pathlib import Path

import polib
from babel.core import Locale
from babel.messages.extract import extract_from_dir
from babel.messages.plurals import get_plural

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "assets" / "languages"
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}

Message = str | tuple[str, str]  # for a count: one, many


def messages() -> dict[Message, str]:
    """Return every sentence in the sources that a user can see, with the first file that has it."""
    found: dict[Message, str] = {}
    for part in ("app", "model", "release"):
        for name, _line, message, _comments, _context in extract_from_dir(ROOT / part, keywords=KEYWORDS):
            found.setdefault(message if isinstance(message, str) else (message[0], message[1]), f"{part}/{name}")
    return found


def update(path: Path) -> tuple[int, int]:
    """Bring a language file up to date; return how many sentences are still untranslated, and how many there are."""
    old = polib.pofile(str(path), wrapwidth=110)
    known = {(entry.msgid, entry.msgid_plural): entry for entry in old}
    old.clear()
    for message, place in messages().items():
        one, many = (message, "") if isinstance(message, str) else message
        entry = known.get((one, many)) or polib.POEntry(msgid=one, msgid_plural=many)
        if many and not entry.msgstr_plural:
            entry.msgstr_plural = dict.fromkeys(range(_forms(path.stem)), "")
        entry.occurrences = [(place, "")]
        entry.flags = []
        old.append(entry)
    for entry in old.obsolete_entries():
        old.remove(entry)
    old.save()
    return len(old.untranslated_entries()), len(old)


def begin(path: Path) -> None:
    """Write a language file without sentences."""
    locale = Locale.parse(path.stem)
    empty = polib.POFile()
    empty.metadata = {
        "Language": path.stem,
        "X-Language-Name": str(locale.get_display_name()),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": str(get_plural(path.stem).plural_forms),
    }
    empty.save(str(path))


def _forms(code: str) -> int:
    return int(get_plural(code).num_plurals)


def main(codes: list[str]) -> None:
    """Start the languages with these codes, and bring all of them up to date."""
    for path in (FOLDER / f"{code}.po" for code in codes):
        if not path.exists():  # otherwise a translator's work would be lost
            begin(path)
    for path in sorted(FOLDER.glob("*.po")):
        missing, count = update(path)
        sys.stdout.write(f"{path.name}: {missing} of {count} sentences to be translated\n")


if __name__ == "__main__":
    main(sys.argv[1:])
