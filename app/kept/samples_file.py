"""The SQLite file of the user's drawings: opened, checked, brought up to date, set aside when it is damaged."""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.kept.sample import DIGITS, Sample
from model.base import files
from model.base.alone import file_lock
from model.base.errors import UserError
from model.base.language import _, ngettext
from model.ink.ink import MOST_JSON_BYTES, InkError

if TYPE_CHECKING:
    import sqlite3

    from app.kept.sqlite_file import Connection

WAIT = 0.9  # seconds for another Inkling that is writing: the window stands still, twice as long at most
LARGEST = 2 * MOST_JSON_BYTES  # bytes of a text in the file, which is at most one drawing's JSON
LARGEST_NUMBER = 10**15  # of a drawing; with SQLite's own largest no other could be kept after it
MOST = 200_000  # numbers that are tried in a damaged file
AT_ONCE = 100  # of them; one by one where some of these are damaged
IN_VAIN = 20_000  # of them in a row that meet with damage: then what leads to all of them is damaged

COLUMNS = "label, ink, kept, read_as, id"  # as `Sample` has them
# What no drawing has; SQLite keeps bytes as a text's value if it is told to.
WRONG = f"""typeof(label) != 'text' OR typeof(ink) != 'text' OR typeof(kept) != 'text'
    OR typeof(read_as) NOT IN ('text', 'null') OR label NOT GLOB '[0-9]' OR length(ink) > {LARGEST}
    OR id NOT BETWEEN 1 AND {LARGEST_NUMBER}
    OR (SELECT max(seq) FROM sqlite_sequence) > {LARGEST_NUMBER}"""  # noqa: S608  (no words but our own)

# Each brings a file one version further; PRAGMA user_version counts them. What was released is never changed.
STEPS = (
    """
    CREATE TABLE drawings (
        id INTEGER PRIMARY KEY AUTOINCREMENT,  -- a number is never given twice, so Undo can give it back
        label TEXT NOT NULL CHECK (label GLOB '[0-9]'),
        kept TEXT NOT NULL,
        read_as TEXT,
        ink TEXT NOT NULL
    );
    CREATE INDEX drawings_by_label ON drawings (label);  -- counts and lists without reading the ink
    """,
    """
    CREATE TABLE lessons (
        model TEXT NOT NULL,  -- the hash of its network
        drawing INTEGER NOT NULL,  -- one that was deleted can come back by Undo
        label TEXT NOT NULL,  -- that it had then
        learned INTEGER NOT NULL,  -- 1: the model has learned it; 0: it was given to learn, and came to nothing
        PRIMARY KEY (model, drawing)
    ) WITHOUT ROWID;
    """,
)

log = logging.getLogger(__name__)


def connect(path: Path) -> tuple[Connection, str]:
    """Open the file, a new one where there is none, and return it with a sentence on what befell it, if anything.

    A damaged file is set aside, and what can be read of it is in the new one. Raises UserError.
    """
    import sqlite3  # noqa: PLC0415  (10 ms that opening the window does not need)

    from app.kept import sqlite_file  # noqa: PLC0415  (as above)

    fresh = path.with_name(f".{path.name}.fresh")
    with sentences(path):
        files.make_folder(path.parent)
        with file_lock(path.with_name(f".{path.name}.lock"), WAIT):  # one at a time makes or mends it
            if fresh.exists() and not path.exists():
                fresh.rename(path)  # killed below, between the last two moves
            for _look in range(2):  # a disk that fails to read once looks like damage, too
                try:
                    return _ready(path), ""
                except sqlite3.DatabaseError as error:
                    if not is_damage(error):
                        raise
                    log.warning("%s is damaged", path, exc_info=error)
            found = _readable(path)
            files.erase(fresh)
            with contextlib.closing(_ready(fresh)) as connection:
                connection.execute("BEGIN IMMEDIATE")
                insert(connection, found)
                connection.execute("COMMIT")
            sqlite_file.erase_idle_journal(fresh)
            aside = _set_aside(path)
            fresh.rename(path)
            taken = ngettext(
                "{count:,} drawing was taken over from it", "{count:,} drawings were taken over from it", len(found)
            ).format(count=len(found))
            sentence = _("The file of your drawings was damaged. It is kept beside the new one as {name}; {taken}.")
            return _ready(path), sentence.format(
                name=aside.name, taken=taken if found else _("no drawing could be read from it")
            )


@contextlib.contextmanager
def _in_words() -> Iterator[None]:
    """Make damage of SQLite's words that Python cannot read: they quote the file, and are taken for UTF-8."""
    import sqlite3  # noqa: PLC0415  (as above)

    try:
        yield
    except UnicodeDecodeError as error:
        raise sqlite3.DatabaseError("words that are no text") from error


def is_damage(error: Exception) -> bool:
    """Return whether SQLite says that the file is damaged, is none of its own or has not the tables that it needs."""
    import sqlite3  # noqa: PLC0415  (as above)

    code = getattr(error, "sqlite_errorcode", 0)
    # What has a class of its own is a full disk, a lock, a constraint; what is damaged has the general one.
    return type(error) is sqlite3.DatabaseError or code in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_TOOBIG)


@contextlib.contextmanager
def sentences(path: Path) -> Iterator[None]:
    """Turn what SQLite and the system say of the file into UserError; damage is left to the caller."""
    import sqlite3  # noqa: PLC0415  (as above)

    busy = _("Another Inkling is writing to your drawings in {path}; try again when it is done.").format(path=path)
    try:
        with _in_words():
            yield
    except TimeoutError as error:
        raise UserError(busy) from error
    except (sqlite3.OperationalError, sqlite3.DataError) as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest of its bits tell details
        if code in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_TOOBIG):
            raise
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise UserError(busy) from error
        raise UserError(_what_to_do(code).format(path=path, reason=error)) from error
    except OSError as error:
        sentence = _("Your drawings in {path} cannot be opened ({reason}); see that the folder can be written.")
        raise UserError(sentence.format(path=path, reason=error.strerror or error)) from error


def _what_to_do(code: int) -> str:
    import sqlite3  # noqa: PLC0415  (as above)

    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return _("Your drawings in {path} cannot be written; see that there is room on the disk ({reason}).")
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return _(
            "Your drawings in {path} cannot be written; see that the file and its folder are not read-only ({reason})."
        )
    return _("Your drawings in {path} cannot be opened; see that the folder can be written ({reason}).")


def set_aside(path: Path) -> list[Path]:
    """Return the damaged files that lie beside this one, the parts of each."""
    return sorted(path.parent.glob(f"{path.name}{files.DAMAGED}*"))


@_in_words()
def _ready(path: Path) -> Connection:
    """Return the open file, checked and brought up to date. Raises sqlite3.Error, and UserError when it is newer."""
    import sqlite3  # noqa: PLC0415  (as above)

    from app.kept import sqlite_file  # noqa: PLC0415  (as above)

    os.close(os.open(path, os.O_CREAT | os.O_RDWR, files.FILE_MODE))  # SQLite gives the files beside it the same mode
    connection = sqlite_file.Connection(path, WAIT, LARGEST)
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version < 0:
            raise sqlite3.DatabaseError("no version")
        if version > len(STEPS):
            sentence = _("Your drawings in {path} were kept by a newer Inkling; use that one to see or keep more.")
            raise UserError(sentence.format(path=path))
        connection.keep_safe()
        (said,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if said != "ok":
            raise _unreadable(said)
        if version < len(STEPS):
            steps = "".join(STEPS[version:])
            connection.executescript(f"BEGIN IMMEDIATE; {steps} PRAGMA user_version={len(STEPS)}; COMMIT;")
        if _schema(connection) != _own_schema(STEPS):  # triggers, views and columns of somebody's would act for us
            raise sqlite3.DatabaseError("other tables than Inkling's")
        if connection.execute(f"SELECT 1 FROM drawings WHERE {WRONG} LIMIT 1").fetchone():  # noqa: S608  (our words)
            raise sqlite3.DatabaseError("a drawing that is none")
        if not connection.is_overwritten:
            with contextlib.suppress(sqlite3.OperationalError, OSError):
                connection.overwrite(path)
    except BaseException:
        connection.close()
        raise
    return connection


def _unreadable(said: str) -> sqlite3.DatabaseError:
    """Return what SQLite's check has found as an error: damage, or a disk that could not be read just then."""
    import sqlite3  # noqa: PLC0415  (as above)

    code = re.search(r"error code=(\d+)", said)
    if code is None or int(code[1]) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return sqlite3.DatabaseError(said)
    error = sqlite3.OperationalError(said.splitlines()[-1])
    error.sqlite_errorcode = int(code[1])
    return error


def _schema(connection: sqlite3.Connection) -> list[tuple[str, str, str]]:
    """Return what a file has beside SQLite's own tables."""
    question = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    return connection.execute(question).fetchall()


@functools.cache
def _own_schema(steps: tuple[str, ...]) -> list[tuple[str, str, str]]:
    import sqlite3  # noqa: PLC0415  (as above)

    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript("".join(steps))
        return _schema(connection)


def _set_aside(path: Path) -> Path:
    """Move a damaged file and its log away, and return where it is."""
    from app.kept import sqlite_file  # noqa: PLC0415  (as above)

    sqlite_file.erase_idle_journal(path)
    aside = files.set_aside(path, "-wal", sqlite_file.JOURNAL)
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)  # made anew from the log
    return aside


def _readable(path: Path) -> list[Sample]:
    """Return all drawings that can still be read in a damaged file."""
    import sqlite3  # noqa: PLC0415  (as above)

    from app.kept import sqlite_file  # noqa: PLC0415  (as above)

    found: dict[int, Sample] = {}
    damage = (sqlite3.Error, UnicodeDecodeError)  # the latter for the reason that `_in_words` has
    question = f"SELECT {COLUMNS} FROM drawings"  # noqa: S608  (no words but our own)
    with contextlib.suppress(*damage), contextlib.closing(sqlite_file.Connection(path, WAIT, LARGEST)) as old:
        if ("view",) in old.execute("SELECT type FROM sqlite_master WHERE name = 'drawings'"):
            return []  # it can be made to go on for ever
        try:
            for row in old.execute(question):
                _take_over(row, found)
        except damage:  # it is in some pages: what lies beyond them has its number
            _take_over_by_number(old, found, damage)
    return [found[number] for number in sorted(found)]


def _take_over_by_number(
    old: sqlite3.Connection, found: dict[int, Sample], damage: tuple[type[Exception], ...]
) -> None:
    """Add what can be read by its number to what was found: many at once, one by one where some are damaged."""
    question = f"SELECT {COLUMNS} FROM drawings WHERE id BETWEEN ? AND ?"  # noqa: S608  (as above)
    in_vain = 0
    for first in range(1, min(_last(old), MOST) + 1, AT_ONCE):
        numbers = range(first, first + AT_ONCE)
        for least, most in ((first, numbers[-1]), *zip(numbers, numbers, strict=True)):
            try:
                for row in old.execute(question, (least, most)):
                    _take_over(row, found)
            except damage:
                in_vain += least == most
            else:
                in_vain = 0
                if least < most:
                    break  # all of them are whole
        if in_vain >= IN_VAIN:
            return


def _take_over(row: Any, found: dict[int, Sample]) -> None:
    """Add a row of a damaged file to what was found, if it is a drawing; a number that cannot be is given anew."""
    read = Sample(*row)
    with contextlib.suppress(InkError):
        if isinstance(read.id, int) and _is_whole(read):
            found[read.id] = read if 0 < read.id < LARGEST_NUMBER else replace(read, id=0)


def _is_whole(sample: Sample) -> bool:
    """Return whether what was read in a damaged file can be kept. Raises InkError when the ink cannot."""
    texts = (sample.ink, sample.kept, sample.read_as or "")
    return sample.label in DIGITS and all(isinstance(text, str) for text in texts) and not sample.drawing.is_blank


def _last(connection: sqlite3.Connection) -> int:
    """Return the largest number that was given to a drawing in a damaged file, as far as it can be told."""
    import sqlite3  # noqa: PLC0415  (as above)

    last = 0
    for question in ("SELECT seq FROM sqlite_sequence WHERE name = 'drawings'", "SELECT max(id) FROM drawings"):
        with contextlib.suppress(sqlite3.Error, TypeError, ValueError, OverflowError):
            last = max(last, int(connection.execute(question).fetchone()[0]))
    return last


def insert(connection: sqlite3.Connection, samples: Iterable[Sample]) -> list[int]:
    """Write drawings under their numbers, over what has them already, and return these; those without get new ones."""
    question = f"INSERT OR REPLACE INTO drawings ({COLUMNS}) VALUES (?, ?, ?, ?, ?)"  # noqa: S608  (as above)
    rows = ((each.label, each.ink, each.kept, each.read_as, each.id or None) for each in samples)
    return [connection.execute(question, row).lastrowid or 0 for row in rows]
