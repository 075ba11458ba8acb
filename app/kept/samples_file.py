"""The SQLite file of the user's drawings: opened, checked, brought up to date, and set aside if it's damaged."""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import re
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from app.kept.salvage import LARGEST_NUMBER, salvage
from app.kept.sqlite_file import JOURNAL, LONGEST_TEXT, Connection, erase_idle_journal, turn
from model.base import files
from model.base.errors import UserError
from model.base.language import N_, _, ngettext

BUSY_PATIENCE = 0.9  # seconds for another Inkling that's writing: the window hangs for twice as long at most

# What no drawing has; SQLite does keep bytes in a text column if it's told to.
WRONG = f"""typeof(label) != 'text' OR typeof(ink) != 'text' OR typeof(kept) != 'text'
    OR typeof(read_as) NOT IN ('text', 'null') OR length(label) != 1 OR unicode(label) <= 32
    OR length(ink) > {LONGEST_TEXT}
    OR id NOT BETWEEN 1 AND {LARGEST_NUMBER}
    OR (SELECT max(seq) FROM sqlite_sequence) > {LARGEST_NUMBER}"""  # noqa: S608  (no words but our own)

# Each one updates a file by one version; PRAGMA user_version counts them. Released steps never change.
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
    """
    ALTER TABLE drawings RENAME TO before;
    DROP INDEX drawings_by_label;
    CREATE TABLE drawings (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        label TEXT NOT NULL CHECK (length(label) = 1 AND unicode(label) > 32),  -- a digit, or a sign of the user's own
        kept TEXT NOT NULL,
        read_as TEXT,
        ink TEXT NOT NULL
    );
    INSERT INTO drawings SELECT id, label, kept, read_as, ink FROM before;
    DELETE FROM sqlite_sequence WHERE name = 'drawings';
    UPDATE sqlite_sequence SET name = 'drawings' WHERE name = 'before';
    DROP TABLE before;
    CREATE INDEX drawings_by_label ON drawings (label);
    """,
)

_NO_ROOM = N_("Your drawings in {path} can't be saved. Make room on the disk ({reason}).")
_READ_ONLY = N_(
    "Your drawings in {path} can't be saved. Make sure that the file and its folder aren't read-only ({reason})."
)
_CLOSED = N_("Your drawings in {path} can't be opened. Make sure that you can write to the folder ({reason}).")
_SENTENCES = {  # by SQLite's error codes
    sqlite3.SQLITE_FULL: _NO_ROOM,
    sqlite3.SQLITE_IOERR: _NO_ROOM,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
}

log = logging.getLogger(__name__)


class SamplesFile:
    """The file of drawings, opened when it's first needed, and again if somebody has moved or deleted it.

    All methods raise UserError if it can't be used; its content then stays as it was.
    """

    def __init__(self, path: Path):
        self.notice = ""  # what happened to the file, for the user, once it's open
        self.connection: Connection | None = None
        self._path = path
        self._opened: os.stat_result | None = None  # of the file when it was opened

    def close(self) -> None:
        """Close the file; it's opened again when it's needed."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def rows(self, question: str, values: Sequence[object] = ()) -> list[Any]:
        """Return what the file answers; a missing file isn't created just by looking."""
        with sentences(self._path):  # if we may not look, we don't know that there aren't any
            if self.connection is None and not self._path.exists():
                return []
        with self.opened() as connection:
            return connection.execute(question, values).fetchall()

    @contextlib.contextmanager
    def change(self) -> Iterator[Connection]:
        """Yield the open file; afterwards all changes are on the disk, or after an error, none of them."""
        with self.opened() as connection, connection.transaction():
            yield connection

    def overwrite(self) -> None:
        """Overwrite the remains of deleted drawings, in the file and in its journal."""
        with self.opened() as connection:
            try:
                connection.overwrite(self._path)
            except (sqlite3.OperationalError, OSError) as error:
                sentence = _(
                    "That's deleted, but traces of it in {folder} can't be overwritten yet ({reason}). They will be "
                    "when you delete more, or start Inkling again."
                )
                raise UserError(sentence, folder=self._path.parent, reason=error) from error

    @contextlib.contextmanager
    def opened(self) -> Iterator[Connection]:
        """Yield the open file, and turn errors into sentences."""
        try:
            with sentences(self._path), turn(self._path, BUSY_PATIENCE):
                yield self._open()
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            self.close()
            with sentences(self._path), turn(self._path, BUSY_PATIENCE):
                self._open()  # sets it aside
            what = self.notice or _("{path} is damaged.").format(path=self._path)
            raise UserError(_("{what} Please do that again."), what=what) from error

    def _open(self) -> Connection:
        # Whoever moved or deleted the file didn't know that it was open; what's saved from now on needs a new one.
        if self.connection is not None and not self._is_there():
            self.close()
        if self.connection is None:
            self.connection, self.notice = connect(self._path)
            self._opened = self._path.stat()
        return self.connection

    def _is_there(self) -> bool:
        with contextlib.suppress(OSError):
            return self._opened is not None and os.path.samestat(self._opened, self._path.stat())
        return False


def connect(path: Path) -> tuple[Connection, str]:
    """Open the file, or create it, and return it with a sentence on what happened to it, if anything.

    A damaged file is set aside, and what can still be read goes into a new one. Raises UserError.
    """
    fresh = path.with_name(f".{path.name}.fresh")
    with sentences(path):
        files.make_folder(path.parent)
        with files.file_lock(path.with_name(f".{path.name}.lock"), BUSY_PATIENCE):  # one at a time creates or fixes it
            if fresh.exists() and not path.exists():
                fresh.rename(path)  # after a kill below, between the last two moves
            for _look in range(2):  # a single failed read looks like damage, too
                try:
                    return _ready(path), ""
                except sqlite3.DatabaseError as error:
                    if not is_damage(error):
                        raise
                    log.warning("%s is damaged", path, exc_info=error)
            found = salvage(path, BUSY_PATIENCE)
            files.erase(fresh)
            with contextlib.closing(_ready(fresh)) as connection, connection.transaction():
                connection.insert(found)
            erase_idle_journal(fresh)
            erase_idle_journal(path)
            aside = files.set_aside(path, "-wal", JOURNAL)  # a new file would take these logs as its own
            path.with_name(f"{path.name}-shm").unlink(missing_ok=True)  # rebuilt from the log
            fresh.rename(path)
            taken = ngettext("{count:,} drawing was recovered", "{count:,} drawings were recovered", len(found)).format(
                count=len(found)
            )
            sentence = _("The file of your drawings was damaged. It's now called {name}, next to a new one; {taken}.")
            return _ready(path), sentence.format(
                name=aside.name, taken=taken if found else _("no drawing could be recovered")
            )


@contextlib.contextmanager
def _in_words() -> Iterator[None]:
    """Treat SQLite's messages that Python can't decode as damage: they quote the file, and are assumed to be UTF-8."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise sqlite3.DatabaseError("words that are no text") from error


def is_damage(error: Exception) -> bool:
    """Return whether SQLite says that the file is damaged, isn't a database, or lacks the tables that it needs."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the other bits are details
    # A full disk, a lock and a constraint have their own classes; damage has the general one.
    return type(error) is sqlite3.DatabaseError or code in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_TOOBIG)


@contextlib.contextmanager
def sentences(path: Path) -> Iterator[None]:
    """Turn errors of SQLite and the system into UserError; damage is left to the caller."""
    busy = _("Another Inkling is writing to your drawings in {path}. Try again when it's done.").format(path=path)
    try:
        with _in_words():
            yield
    except TimeoutError as error:
        raise UserError(busy) from error
    except (sqlite3.OperationalError, sqlite3.DataError) as error:
        if is_damage(error):
            raise
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise UserError(busy) from error
        sentence = _SENTENCES.get(code, _CLOSED)
        raise UserError(_(sentence), path=path, reason=error) from error
    except OSError as error:
        sentence = _("Your drawings in {path} can't be opened ({reason}). Make sure that you can write to the folder.")
        raise UserError(sentence, path=path, reason=error.strerror or error) from error


@_in_words()
def _ready(path: Path) -> Connection:
    """Return the open file, checked and brought up to date. Raises sqlite3.Error, and UserError if it's too new."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, files.FILE_MODE))  # SQLite gives the files next to it the same mode
    connection = Connection(path, BUSY_PATIENCE)
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version < 0:
            raise sqlite3.DatabaseError("no version")
        if version > len(STEPS):
            sentence = _(
                "Your drawings in {path} were saved by a newer Inkling. Use that one to see them or to save more."
            )
            raise UserError(sentence, path=path)
        connection.keep_safe()
        (said,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if said != "ok":
            raise _unreadable(said)
        if version < len(STEPS):
            steps = "".join(STEPS[version:])
            connection.executescript(f"BEGIN IMMEDIATE; {steps} PRAGMA user_version={len(STEPS)}; COMMIT;")
        if _schema(connection) != _own_schema(STEPS):  # anybody's triggers, views and columns would act for us
            raise sqlite3.DatabaseError("other tables than Inkling's")
        if connection.execute(f"SELECT 1 FROM drawings WHERE {WRONG} LIMIT 1").fetchone():  # noqa: S608  (our words)
            raise sqlite3.DatabaseError("a drawing that is none")
        if connection.execute("PRAGMA application_id").fetchone() != (0,):  # a program was killed before overwriting
            with contextlib.suppress(sqlite3.OperationalError, OSError):
                connection.overwrite(path)
    except BaseException:
        connection.close()
        raise
    return connection


def _unreadable(said: str) -> sqlite3.DatabaseError:
    """Return what SQLite's check found as an error: damage, or a disk that couldn't be read just then."""
    code = re.search(r"error code=(\d+)", said)
    if code is None or int(code[1]) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return sqlite3.DatabaseError(said)
    error = sqlite3.OperationalError(said.splitlines()[-1])
    error.sqlite_errorcode = int(code[1])
    return error


def _schema(connection: sqlite3.Connection) -> list[tuple[str, str, str]]:
    """Return what a file has besides SQLite's own tables."""
    question = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    return connection.execute(question).fetchall()


@functools.cache
def _own_schema(steps: tuple[str, ...]) -> list[tuple[str, str, str]]:
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript("".join(steps))
        return _schema(connection)
