"""A report on a problem: what helps to find it, in one .zip file that its user can look through and send."""

from __future__ import annotations

import getpass
import json
import re
import sys
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

from app import paths, settings
from app.versions import of_library, versions
from app.whole_file import replaced
from model.bundle import Bundle
from model.errors import UserError
from model.ink import Drawing
from model.language import _

TAIL = 200_000  # bytes of the log's end that are told
# What only training needs, but many of its problems come from; the full bundle has TensorFlow's build for CPUs.
TRAINING = (("tensorflow", "tensorflow-cpu"), ("keras",))
RECORD = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (\w+) ", re.MULTILINE)  # how a record of the log begins
NOTHING = "nothing"
SHORTEST = 3  # letters of a user's name that is looked for: a shorter one is found in paths where it is no name

WORDS, VERSIONS, SETTINGS, CARD, ERROR, LOG, DRAWING = (
    "what-happened.txt",
    "versions.txt",
    "settings.json",
    "model-card.json",
    "last-error.txt",
    "log.txt",
    "drawing.json",
)


def collect(tk: str, bundle: Callable[[], Bundle], drawing: Drawing | None = None) -> dict[str, str]:
    """Return the report's files, name to text; the user's home and name are taken out of all of them.

    What the user says is added to them by `said`.

    Args:
        tk: the version of Tk, which only the window knows.
        bundle: returns the model in use; may raise UserError, and then that is told.
        drawing: to go with it, if the user wants that.
    """
    log = _log()
    files = {
        WORDS: NOTHING,
        VERSIONS: _lines([*versions(tk), *((names[0], of_library(*names)) for names in TRAINING)]),
        SETTINGS: _json(asdict(settings.load())),
        CARD: _card(bundle),
        ERROR: _last_error(log) or NOTHING,
        LOG: log or NOTHING,
    }
    if drawing is not None:
        files[DRAWING] = json.dumps(drawing.to_json())
    return {name: _unnamed(text) for name, text in files.items()}


def said(words: str) -> str:
    """Return the text of the file that holds what the user says of the problem."""
    return _unnamed(words.strip()) or NOTHING


def file_name() -> str:
    """Return a name for a report of today."""
    return f"inkling-problem-{time.strftime('%Y%m%d-%H%M')}.zip"


def write(files: Mapping[str, str], path: Path) -> None:
    """Write the files into a .zip, whole or not at all. Raises UserError."""
    try:
        with replaced(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in files.items():
                archive.writestr(_entry(name), text, zipfile.ZIP_DEFLATED)
    except OSError as error:
        raise UserError(
            _("{path} cannot be written ({reason}); choose another place.").format(path=path, reason=error.strerror)
        ) from error


def _entry(name: str) -> zipfile.ZipInfo:
    """Return a file's entry in an archive, with today's date as far as archives know it, whatever the clock says."""
    now = time.localtime()[:6]
    entry = zipfile.ZipInfo(name, min(max(now, (1980, 1, 1, 0, 0, 0)), (2107, 12, 31, 23, 59, 58)))
    entry.external_attr = 0o600 << 16
    return entry


def _log() -> str:
    """Return the end of the log, from the beginning of a line."""
    try:
        with paths.log_file().open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - TAIL))
            text = file.read(TAIL).decode("utf-8", errors="replace")
    except (OSError, RuntimeError):  # RuntimeError: the user has no home at all
        return ""
    return text if size <= TAIL else text.partition("\n")[2]


def _last_error(log: str) -> str:
    """Return the last error in a log with its trace; nothing where there is none."""
    end = len(log)
    for record in reversed(list(RECORD.finditer(log))):
        if record[1] in ("ERROR", "CRITICAL"):
            return log[record.start() : end].strip()
        end = record.start()
    return ""


def _card(bundle: Callable[[], Bundle]) -> str:
    try:
        return _json(asdict(bundle().card))
    except UserError as error:
        return str(error)


def _lines(lines: list[tuple[str, str]]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in lines)


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)


def _unnamed(text: str) -> str:
    try:
        return without(text, str(Path.home()), getpass.getuser())
    except (OSError, KeyError, ImportError, RuntimeError):  # a user whom the system does not know
        return text


def without(text: str, home: str, user: str) -> str:
    """Return a text without a user's home and name, as far as they stand in it as (part of) a path."""
    ignore = re.IGNORECASE if sys.platform == "win32" else 0
    if len(home) >= SHORTEST + len("/"):  # not / or C:, which are everybody's
        for spelling in (json.dumps(home)[1:-1], home, home.replace("\\", "/")):  # as in JSON, as it is, as in a URL
            text = re.sub(re.escape(spelling) + r"(?![\w.-])", "~", text, flags=ignore)
    if len(user) >= SHORTEST:
        text = re.sub(rf"(?<=[/\\]){re.escape(user)}(?![\w.-])", "~", text, flags=ignore)
    return text
