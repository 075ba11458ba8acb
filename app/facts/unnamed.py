"""What a report leaves out: names of people, their computers and their files; paths of code stay."""

from __future__ import annotations

import ast
import contextlib
import getpass
import json
import os
import re
import socket
import sys
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, unquote

from app.kept import paths
from model.base.program import ROOT
from model.bundle import bundle

if sys.platform != "win32":
    import pwd

SOME_FILE, SOME_NAME, SOME_HOST, SOME_ADDRESS = "<file>", "<name>", "<host>", "<address>"  # what replaces them
SHORTEST_NAME = 3  # letters, where it's looked for outside of paths: a shorter one is a word, or a part of many
MOST_PARTS = 9  # parts of a path that are looked at for a module of the program's own

OWN = {  # files' names that tell nothing of anybody
    *(path().name for path in (paths.log_file, paths.settings_file, paths.samples_file, paths.last_drawing_file)),
    *(bundle.KERAS_FILE, bundle.LITERT_FILE, bundle.CARD_FILE, bundle.DOUBT_KERAS_FILE, bundle.DOUBT_LITERT_FILE),
    *(bundle.EYE_KERAS_FILE, bundle.EYE_LITERT_FILE),
    *(bundle.HISTORY_FILE, bundle.CURVES_FILE, bundle.CHECKPOINT_FILE, paths.TEACHING, paths.running_file().name),
    *("keras.datasets.mnist", "mnist.npz", "pen-digits.jsonl", "not-digits.jsonl"),  # what ours were trained on
}

SLASHES = r"[\\/]{1,4}"  # of any system, as they are and as JSON has them
_CODE = r"(?:pyc?|pyd|so|dll|dylib|tcl)(?:\.\d+)*(?::\d+)?"
_KNOWN = (
    "png|jpe?g|bmp|gif|webp|tiff?|heic|svg|e?ps|pdf|json|jsonl|inkling|npz|npy|gz|zip|csv|txt|md|log|tmp|part|docx?|"
    r"xlsx?|pptx?|od[tsp]|keras(?!\.\w)|h5|hdf5|tflite|sqlite3"
)
# Where a path begins, whatever stands before it for those that lead to people's homes (the user's own is /~ by then).
_BEGINNING = (
    r"(?:/~|(?:file:[\\/]{0,4}|(?<![\w.~>])(?:~[\w.-]*|\.{1,2}|[A-Za-z]:)?[\\/]{1,4}"
    r"|[\\/]{1,4}(?:home|users|media|mnt|volumes)[\\/]{1,4})(?=[^\s\\/]))"
)
# Where one ends that has no ending of a file: at a sign of any language, which isn't a part of most names.
_END = r"[:;,.!?)\]}](?:\s|$)|[\uff1a\uff1b\uff0c\u3002\uff08\uff09\u201c\u201d\"<>|]|\ \(|$"
_FOLDERS = r"(?:[^\n\"<>|]{0,400}[\\/])?"  # whatever signs are in their names
_NO_NAME = r":;\"<>|=\uff1a\uff1b\uff0c\u3002\u201c\u201d"  # what ends a clause
_FOUND = re.compile(
    rf"""
      (?P<url>\b(?!file:)[a-z][a-z0-9+.-]{{1,20}}://[^\s"'<>]+)
    | (?P<address>(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*)
    | (?P<value>(?:Posix|Windows)Path\((?P<sign>["'])[^\n]*?(?P=sign)\))
    | (?P<mark>["'])(?P<quoted>{_BEGINNING}[^\n]*?)(?=(?P=mark)(?:\W|$))
    | (?P<path>{_BEGINNING}(?:[^\n]{{0,400}}?\.(?:{_CODE}|{_KNOWN})(?:\.\w+)*(?!\w)|{_FOLDERS}[^\n]*?(?={_END})))
    | (?P<bare>(?<![\w.-])(?!\.)[^\s'{_NO_NAME}][^\n{_NO_NAME}]{{0,200}}?(?<![\s(])\.(?:{_KNOWN})(?:\.\w+)*(?!\w))
    | (?P<short>(?<!\w)\w{{1,8}}~\d+(?!\w))
    """,
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
_SLASHED = {"%2f": "/", "%5c": "\\", "%3a": ":"}  # of a path that is one part of another address
_TRACED = re.compile(r'(\s*(?:\|\s*)*File )"(.*)"(,? line \d+(?:,? in .*)?)')  # where a trace goes through
_RECORD = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \w+ [\w.]*: ")  # how a record of the log begins
_ROOTED = re.compile(r"(?:[a-z]:)?/|~|\.\.", re.IGNORECASE)
_LIBRARIES = re.compile(r".*/(?:site-packages|dist-packages|python3\.\d+|lib)/", re.IGNORECASE)


def people() -> tuple[str, str, list[str]]:
    """Return the user's home and login name, and any other names of the user and the computer."""
    home = user = ""
    others = [socket.gethostname()]
    with contextlib.suppress(OSError, KeyError, RuntimeError):  # a user whom the system doesn't know
        home, user = str(Path.home()), getpass.getuser()
        if sys.platform != "win32":
            full = pwd.getpwnam(user).pw_gecos.split(",")[0]
            others += [full, *full.split()]
    return home, user, others


def without(text: str, home: str, user: str, others: Iterable[str] = ()) -> str:
    """Return a text without the names of people and of files, as far as they can be told from words: see `people`."""
    folder = re.split(r"[\\/]", home.rstrip("\\/"))[-1]
    own, names = _own(home, user, folder), _names((user, folder, *others))
    return "".join(_line(line, own, names) for line in text.splitlines(keepends=True))


def told_apart(text: str) -> set[str]:
    """Return the names of the files that a log tells apart from words; sentences can have them as words, too."""
    values = (found["value"] for found in _FOUND.finditer(text) if found["value"])
    return {re.split(r"[\\/]", ast.literal_eval(value.partition("(")[2][:-1]))[-1] for value in values} - OWN


def place(path: str) -> str:
    """Return what a path may reveal: for code, its place in the program or a library; for other files, the ending."""
    plain = re.sub(r"[\\/]+", "/", unquote(path))
    code = re.search(rf"\.{_CODE}$", plain, re.IGNORECASE)
    if code:
        parts = plain[: code.start()].split("/")
        for number in range(max(1, len(parts) - MOST_PARTS), len(parts) - 1):
            if os.path.isfile(ROOT.joinpath(*parts[number:-1], f"{parts[-1]}.py")):  # noqa: PTH113  (Path's raises)
                return "/".join(plain.split("/")[number:])
        found = _LIBRARIES.match(plain)
        return plain[found.end() :] if found else plain.rpartition("/")[2] if _ROOTED.match(plain) else plain
    name = plain.rpartition("/")[2]
    ending = re.search(r"\.\w{1,8}$", name)
    return name if name in OWN else SOME_FILE + (ending[0].lower() if ending else "")


def _line(line: str, own: re.Pattern[str], names: re.Pattern[str]) -> str:
    traced = _TRACED.fullmatch(line.rstrip())
    if traced:
        where = traced[2] if traced[2].startswith("<") else place(traced[2])  # as <string>
        return f'{traced[1]}"{where}"{traced[3]}{line[traced.end() :]}'
    record = _RECORD.match(line)
    begins = record.end() if record else 0
    plain = re.sub("%(?:2f|5c|3a)", lambda found: _SLASHED[found[0].lower()], line[begins:], flags=re.IGNORECASE)
    said = own.sub(lambda found: "/~" if found["home"] else "~", plain)
    return line[:begins] + names.sub(SOME_NAME, _FOUND.sub(_replaced, said))


def _replaced(found: re.Match[str]) -> str:
    kind, text = "value" if found["value"] else found.lastgroup, found[0]
    if kind == "url":
        scheme, _, rest = text.partition("://")
        return (
            f"{scheme}://{rest.rpartition('@')[2]}"
            if scheme.lower() in ("http", "https")
            else f"{scheme}://{SOME_HOST}"
        )
    if kind == "quoted":
        return found["mark"] + place(found["quoted"])
    if kind == "address":
        return SOME_ADDRESS
    if kind == "value":
        return place(text.partition("(")[2][1:-2])
    if kind == "bare" and (last := text.split()[-1]) in OWN:
        return _FOUND.sub(_replaced, text.removesuffix(last)) + last
    return SOME_NAME if kind == "short" else place(text)


@lru_cache(maxsize=4)
def _own(home: str, *users: str) -> re.Pattern[str]:
    """Return what finds a home, as ``home``, and other folders of a user's name, in any spelling."""
    parts = [part for part in re.split(r"[\\/]+", home) if part]
    is_disk = bool(parts) and parts[0].endswith(":")
    start = "" if is_disk else SLASHES
    whole = start + SLASHES.join(map(_any, parts)) if len(parts) > is_disk else r"(?!)"  # / and C: are everybody's
    folders = "|".join(_any(user) for user in users if user) or r"(?!)"
    return re.compile(rf"(?P<home>{whole})(?![\w.-])|(?<=[\\/~])(?:{folders})(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=4)
def _names(names: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds names in any of their spellings, as words; short ones only where they are quoted."""
    return re.compile("|".join(map(_word, _spellings(*names))) or r"(?!)", re.IGNORECASE)


def _any(name: str) -> str:
    """Return what finds a name in any of its spellings."""
    return f"(?:{'|'.join(map(re.escape, _spellings(name)))})"


def _spellings(*names: str) -> list[str]:
    """Return names as they are, percent-encoded, and in JSON, with their accents apart or not; the longest first."""
    forms = {
        form
        for name in map(str.strip, names)
        for form in (name, *(unicodedata.normalize(kind, name) for kind in ("NFC", "NFD")))
    } - {""}
    spelled = {each for form in forms for each in (form, quote(form), json.dumps(form)[1:-1])}
    return sorted(spelled, key=len, reverse=True)


def _word(name: str) -> str:
    word = re.escape(name)
    if not name.isascii():
        return word  # not every script has spaces between words
    return rf"(?<![^\W_]){word}(?![^\W_])" if len(name) >= SHORTEST_NAME else rf"(?<=['\"]){word}(?=['\"])"
