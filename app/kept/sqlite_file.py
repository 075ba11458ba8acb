"""SQLite as the user's drawings need it: it waits for others, trusts no file, and overwrites what it deletes."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from app.kept.sample import COLUMNS, Sample
from model.base import files
from model.ink.ink import MOST_INK_BYTES

LONGEST_TEXT = 2 * MOST_INK_BYTES  # bytes of a text in the file, at most one drawing's JSON
BUSY_PAUSE = 0.003  # seconds between two checks whether another program is done
JOURNAL = "-journal"  # how SQLite ends its name
LONGEST_JOURNAL = 1_000_000  # bytes of it that stay for the next change


class Connection(sqlite3.Connection):
    """An open file, created if it's missing; each statement waits this many seconds for other programs.

    If its file system has no locks for SQLite, `turn` has to keep others away whenever it's used.
    """

    def __init__(self, path: Path, patience: float):
        locks = files.has_locks(path.parent)
        place = path if locks else f"{path.absolute().as_uri()}?vfs=unix-none"
        super().__init__(place, timeout=0, isolation_level=None, uri=not locks)
        self._patience = patience
        # Any bytes will do: damage in one row mustn't hide the others.
        self.text_factory = lambda content: content.decode("utf-8", "replace")
        self.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_TEXT)
        self.execute("PRAGMA trusted_schema=OFF")
        self.execute("PRAGMA cell_size_check=ON")
        if not locks:  # otherwise a log left by an older Inkling couldn't be read; until `keep_safe`
            self.execute("PRAGMA locking_mode=EXCLUSIVE")

    def execute(self, sql: str, values: Sequence[object] = ()) -> sqlite3.Cursor:  # type: ignore[override]
        """Run a statement, as soon as no other program is in the way. Raises sqlite3.Error.

        SQLite itself checks less and less often, so a program that keeps writing would always get in first.
        """
        end = time.monotonic() + self._patience
        while True:
            try:
                return super().execute(sql, values)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                    raise
            time.sleep(BUSY_PAUSE)

    def keep_safe(self) -> None:
        """Make sure that commits are on the disk, and that what's deleted is overwritten."""
        self.execute("PRAGMA journal_mode=PERSIST")  # the journal stays in place, where it can be overwritten
        self.execute("PRAGMA locking_mode=NORMAL")
        self.execute("PRAGMA synchronous=FULL")  # a commit returns when it's on the disk
        self.execute("PRAGMA secure_delete=ON")
        self.execute("PRAGMA temp_store=MEMORY")  # nothing temporary goes to another file

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Put everything that's done meanwhile on the disk afterwards, or after an error, none of it."""
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            if self.in_transaction:  # SQLite ends it itself on some errors
                self.execute("ROLLBACK")
            raise

    def insert(self, samples: Iterable[Sample]) -> list[int]:
        """Write drawings and return their numbers: rows with the same number are replaced; 0 gets a new number."""
        question = f"INSERT OR REPLACE INTO drawings ({COLUMNS}) VALUES (?, ?, ?, ?, ?)"  # noqa: S608  (our words)
        rows = ((each.label, each.ink, each.kept, each.read_as, each.id or None) for each in samples)
        return [self.execute(question, row).lastrowid or 0 for row in rows]

    def delete(self, ids: Iterable[int]) -> None:
        """Delete drawings in the current transaction; `overwrite` has to follow it."""
        self.executemany("DELETE FROM drawings WHERE id = ?", [(number,) for number in ids])
        self.execute("PRAGMA application_id=1")  # marks that something is still to be overwritten, whatever happens

    def overwrite(self, path: Path) -> None:
        """Overwrite the remains of deleted rows. Raises sqlite3.OperationalError and OSError.

        They're in the journal, which has the former pages, and in places that SQLite has moved rows from.
        """
        self.execute("VACUUM")
        self.execute("BEGIN IMMEDIATE")  # from now on nobody else writes to the journal
        try:
            files.overwrite(path.with_name(path.name + JOURNAL), LONGEST_JOURNAL)
            self.execute("PRAGMA application_id=0")
        finally:
            self.execute("COMMIT")


@contextlib.contextmanager
def turn(path: Path, patience: float) -> Iterator[None]:
    """Keep others from a file meanwhile, if SQLite can't. Raises OSError, and filelock.Timeout after ``patience``."""
    files.make_folder(path.parent)
    with contextlib.ExitStack() as held:
        if not files.has_locks(path.parent):
            held.enter_context(files.file_lock(path.with_name(f".{path.name}.turn"), patience))
        yield


def erase_idle_journal(path: Path) -> None:
    """Overwrite and remove a file's journal, unless it has an interrupted change in it. Raises OSError."""
    journal = path.with_name(path.name + JOURNAL)
    with contextlib.suppress(FileNotFoundError):
        with journal.open("rb") as file:
            idle = file.read(1) in (b"", b"\0")
        if idle:
            files.erase(journal)
