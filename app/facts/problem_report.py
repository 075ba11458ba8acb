"""A problem report: everything that helps to find the problem, in one .zip file for the user to check and send."""

from __future__ import annotations

import json
import re
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from app.facts.unnamed import OWN, SOME_NAME, people, place, told_apart, without
from app.facts.versions import of_library, versions
from app.kept import paths, profiles, settings
from model.base.errors import UserError
from model.base.files import replaced
from model.base.language import _
from model.bundle.bundle import Bundle
from model.bundle.card import OPENED, Card
from model.ink.ink import Drawing

LOG_TAIL = 200_000  # bytes of the log's end that are told
# What only training needs, but many of its problems come from; the full bundle has TensorFlow's build for CPUs.
TRAINING = (("tensorflow", "tensorflow-cpu"), ("keras",))
NOTHING = "nothing"

WORDS, VERSIONS, SETTINGS, CARD, ERROR, LOG, DRAWING = (
    "what-happened.txt",
    "versions.txt",
    "settings.json",
    "model-card.json",
    "last-error.txt",
    "log.txt",
    "drawing.json",
)

_RECORD = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (\w+) ", re.MULTILINE)  # how a record of the log begins


def collect(tk: str, bundle: Callable[[], Bundle], drawing: Drawing | None = None) -> dict[str, str]:
    """Return the report's files, name to text, without names of people and of their files; `said` adds one.

    Args:
        tk: the version of Tk, which only the window knows.
        bundle: returns the model in use; may raise UserError, and then that is told.
        drawing: to go with it, if the user wants that.
    """
    chosen = settings.load()
    try:
        card: Card | str = bundle().card
    except UserError as error:
        card = str(error)
    home, user, others = people()
    files = [Path(path).name for path in (chosen.data, *chosen.recent) if Path(path).suffix]
    models = [chosen.model, *((card.name, *_of_its_user(card)) if isinstance(card, Card) else ())]
    hands = [settings.load(key).name for key in profiles.everyone()]
    names = [name for name in (*others, *files, *models, *hands) if name and name not in OWN]
    log = _log()
    log = without(log, home, user, {*names, *told_apart(log)})
    told = replace(
        chosen,
        model=chosen.model and SOME_NAME,
        name=chosen.name and SOME_NAME,
        data=chosen.data and place(chosen.data),
        folder=chosen.folder and place(chosen.folder),
        recent=tuple(map(place, chosen.recent)),
    )
    lines = [*versions(tk), *((known[0], of_library(*known)) for known in TRAINING)]
    report = {
        WORDS: NOTHING,
        VERSIONS: "\n".join(f"{name}: {value}" for name, value in lines),
        SETTINGS: _json(asdict(told)),
        CARD: _json(_told(card)) if isinstance(card, Card) else without(card, home, user, names),
        ERROR: _last_error(log) or NOTHING,
        LOG: log or NOTHING,
    }
    if drawing is not None:
        report[DRAWING] = json.dumps(replace(drawing, writer=None, extra={}).to_json())
    return report


def said(words: str) -> str:
    """Return the text of the file with the user's description of the problem."""
    return without(words.strip(), *people()) or NOTHING


def file_name() -> str:
    """Return a name for today's report."""
    return f"inkling-problem-{time.strftime('%Y%m%d-%H%M')}.zip"


def write(files: Mapping[str, str], path: Path) -> None:
    """Write the files into a .zip, completely or not at all. Raises UserError."""
    now = time.localtime()[:6]
    date = min(max(now, (1980, 1, 1, 0, 0, 0)), (2107, 12, 31, 23, 59, 58))  # as far as archives know it
    try:
        with replaced(path) as file, zipfile.ZipFile(file, "w") as archive:
            for name, text in files.items():
                entry = zipfile.ZipInfo(name, date)
                entry.external_attr = 0o600 << 16
                archive.writestr(entry, text, zipfile.ZIP_DEFLATED)
    except OSError as error:
        sentence = _("{path} can't be written ({reason}); choose another place.")
        raise UserError(sentence, path=path, reason=error.strerror) from error


def _log() -> str:
    """Return the end of the log, from the beginning of a line."""
    try:
        with paths.log_file().open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - LOG_TAIL))
            text = file.read(LOG_TAIL).decode("utf-8", errors="replace")
    except (OSError, RuntimeError):  # RuntimeError: the user has no home at all
        return ""
    return text if size <= LOG_TAIL else text.partition("\n")[2]


def _last_error(log: str) -> str:
    """Return the last error in a log with its trace; nothing where there's none."""
    end = len(log)
    for record in reversed(list(_RECORD.finditer(log))):
        if record[1] in ("ERROR", "CRITICAL"):
            return log[record.start() : end].strip()
        end = record.start()
    return ""


def _of_its_user(card: Card) -> list[str]:
    return [card.network] if card.origin == OPENED else []  # as its file was called


def _told(card: Card) -> Any:
    """Return what a card says, without what its user calls it and the files that it was made of."""

    def told(value: Any, key: str = "") -> Any:
        if isinstance(value, Mapping):
            return {each: told(value[each], each) for each in value}
        if key == "source" and isinstance(value, str):
            return ", ".join(each and place(each) for each in value.split(", "))
        return value

    network = SOME_NAME if _of_its_user(card) else card.network
    return told(asdict(replace(card, network=network, name=card.name and SOME_NAME)))


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)
