"""SQLite as the drawings of the user need it: it waits for others, trusts no file, overwrites what it deletes."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from app.kept.sample import COLUMNS, Sample
from model.base import files
from model.ink.ink import MOST_JSON_BYTES

LONGEST_TEXT = 2 * MOST_JSON_BYTES  # bytes of a text in the file, which is at most one drawing's JSON
BUSY_PAUSE = 0.003  # seconds between two looks whether another program is done
JOURNAL = "-journal"  # how its name ends, as SQLite has it
LONGEST_JOURNAL = 1_000_000  # bytes that stay of it, for the next change


class Connection(sqlite3.Connection):
    """A file that is open, a new one where there is none; each statement waits so many seconds for other programs.

    Where its file system has no locks for SQLite, `turn` has to keep others away whenever it is used.
    """

    def __init__(self, path: Path, patience: float):
        locks = files.has_locks(path.parent)
        place = path if locks else f"{path.absolute().as_uri()}?vfs=unix-none"
        super().__init__(place, timeout=0, isolation_level=None, uri=not locks)
        self._patience = patience
        # Whatever its bytes are: damage in one row must not hide the others.
        self.text_factory = lambda content: content.decode("utf-8", "replace")
        self.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_TEXT)
        self.execute("PRAGMA trusted_schema=OFF")
        self.execute("PRAGMA cell_size_check=ON")
        if not locks:  # else no log can be read that an older Inkling has left; until `keep_safe`
            self.execute("PRAGMA locking_mode=EXCLUSIVE")

    def execute(self, sql: str, values: Sequence[object] = ()) -> sqlite3.Cursor:  # type: ignore[override]
        """Do a statement, as soon as no other program is in the way. Raises sqlite3.Error.

        SQLite itself looks ever more seldom, so that one that writes again and again would always come before it.
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
        """Let what is committed be on the disk, and what is deleted be overwritten."""
        self.execute("PRAGMA journal_mode=PERSIST")  # its journal stays in its place, where it can be overwritten
        self.execute("PRAGMA locking_mode=NORMAL")
        self.execute("PRAGMA synchronous=FULL")  # a commit returns when it is on the disk
        self.execute("PRAGMA secure_delete=ON")
        self.execute("PRAGMA temp_store=MEMORY")  # what it needs for a moment goes to no other file

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Have what is done meanwhile on the disk afterwards, all of it or, after an error, nothing."""
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            if self.in_transaction:  # SQLite ends it itself on some errors
                self.execute("ROLLBACK")
            raise

    def insert(self, samples: Iterable[Sample]) -> list[int]:
        """Write drawings under their numbers, over what has them already, and return these; others get new ones."""
        question = f"INSERT OR REPLACE INTO drawings ({COLUMNS}) VALUES (?, ?, ?, ?, ?)"  # noqa: S608  (our words)
        rows = ((each.label, each.ink, each.kept, each.read_as, each.id or None) for each in samples)
        return [self.execute(question, row).lastrowid or 0 for row in rows]

    def delete(self, ids: Iterable[int]) -> None:
        """Delete drawings in the transaction that is under way; `overwrite` has to follow it."""
        self.executemany("DELETE FROM drawings WHERE id = ?", [(number,) for number in ids])
        self.execute("PRAGMA application_id=1")  # that something is left to overwrite, whatever happens before it is

    def overwrite(self, path: Path) -> None:
        """Overwrite what is left of deleted rows. Raises sqlite3.OperationalError and OSError.

        That is in the journal, which has the pages as they were, and where SQLite has moved rows away from.
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
    """Keep others from a file meanwhile, where SQLite cannot. Raises OSError, and filelock.Timeout after so long."""
    files.make_folder(path.parent)
    with contextlib.ExitStack() as held:
        if not files.has_locks(path.parent):
            held.enter_context(files.file_lock(path.with_name(f".{path.name}.turn"), patience))
        yield


def erase_idle_journal(path: Path) -> None:
    """Overwrite and remove a file's journal, unless it has a change in it that was cut off. Raises OSError."""
    journal = path.with_name(path.name + JOURNAL)
    with contextlib.suppress(FileNotFoundError):
        with journal.open("rb") as file:
            idle = file.read(1) in (b"", b"\0")
        if idle:
            files.erase(journal)
