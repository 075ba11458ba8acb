"""A report on a problem: what helps to find it, in one .zip file that its user can look through and send."""

from __future__ import annotations

import json
import re
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from app.facts.unnamed import NAME, OWN, people, place, told_apart, without
from app.facts.versions import of_library, versions
from app.kept import paths, settings
from app.kept.settings import Settings
from model.base.errors import UserError
from model.base.files import replaced
from model.base.language import _
from model.bundle.bundle import Bundle
from model.bundle.card import OPENED, Card
from model.ink.ink import Drawing

TAIL = 200_000  # bytes of the log's end that are told
# What only training needs, but many of its problems come from; the full bundle has TensorFlow's build for CPUs.
TRAINING = (("tensorflow", "tensorflow-cpu"), ("keras",))
RECORD = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (\w+) ", re.MULTILINE)  # how a record of the log begins
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


def collect(tk: str, bundle: Callable[[], Bundle], drawing: Drawing | None = None) -> dict[str, str]:
    """Return the report's files, name to text, without names of people and of their files.

    What the user says is added to them by `said`.

    Args:
        tk: the version of Tk, which only the window knows.
        bundle: returns the model in use; may raise UserError, and then that is told.
        drawing: to go with it, if the user wants that.
    """
    chosen = settings.load()
    card = _card(bundle)
    home, user, names = _known(chosen, card)
    log = _log()
    log = without(log, home, user, {*names, *told_apart(log)})
    files = {
        WORDS: NOTHING,
        VERSIONS: _lines([*versions(tk), *((names[0], of_library(*names)) for names in TRAINING)]),
        SETTINGS: _json(_settings(chosen)),
        CARD: _json(_told(card)) if isinstance(card, Card) else without(card, home, user, names),
        ERROR: _last_error(log) or NOTHING,
        LOG: log or NOTHING,
    }
    if drawing is not None:
        files[DRAWING] = json.dumps(replace(drawing, writer=None, extra={}).to_json())
    return files


def said(words: str) -> str:
    """Return the text of the file that holds what the user says of the problem."""
    return without(words.strip(), *people()) or NOTHING


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


def _card(bundle: Callable[[], Bundle]) -> Card | str:
    """Return the card of the model in use, or why there is none."""
    try:
        return bundle().card
    except UserError as error:
        return str(error)


def _known(chosen: Settings, card: Card | str) -> tuple[str, str, list[str]]:
    """Return the user's home and name, and all names of theirs that the program knows."""
    home, user, others = people()
    files = [Path(path).name for path in (chosen.data, *chosen.recent) if Path(path).suffix]
    models = [chosen.model, card.name, *_of_their_own(card)] if isinstance(card, Card) else [chosen.model]
    return home, user, [name for name in (*others, *files, *models) if name not in OWN]


def _settings(chosen: Settings) -> dict[str, Any]:
    told = replace(chosen, model=chosen.model and NAME, data=chosen.data and place(chosen.data))
    return asdict(replace(told, recent=tuple(map(place, chosen.recent))))


def _of_their_own(card: Card) -> list[str]:
    return [card.network] if card.origin == OPENED else []  # as its file was called


def _told(card: Card) -> Any:
    """Return what a card says, without what its user calls it and the files that it was made of."""

    def told(value: Any, key: str = "") -> Any:
        if isinstance(value, Mapping):
            return {each: told(value[each], each) for each in value}
        if key == "source" and isinstance(value, str):
            return ", ".join(each and place(each) for each in value.split(", "))
        return value

    network = NAME if _of_their_own(card) else card.network
    return told(asdict(replace(card, network=network, name=card.name and NAME)))


def _lines(lines: list[tuple[str, str]]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in lines)


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)
