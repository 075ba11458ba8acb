"""The user's own labelled drawings: kept, looked through, relabelled, deleted, exported and imported."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from app.kept import paths, sample, samples_file
from app.kept.sample import DIGITS, Sample
from app.kept.samples_file import COLUMNS
from model.base import files
from model.base.alone import file_lock
from model.base.errors import UserError
from model.base.language import _
from model.ink.ink import Drawing

if TYPE_CHECKING:
    from app.kept.sqlite_file import Connection

AT_ONCE = 500  # numbers in one question; SQLite takes 999 everywhere


class Taken(NamedTuple):
    """The numbers of a file's drawings that are kept now and were not, and how many were kept already."""

    new: list[int]
    known: int


class Waiting(NamedTuple):
    """How many drawings a model has not learned with the labels that they have, and how many it was not even given."""

    all: int
    new: int


class Samples:
    """The drawings in one SQLite file, which is opened when it is first needed.

    Several programs may have it open. All methods raise UserError when the file cannot be used; what was in it
    is then in it still.

    Args:
        path: the file; neither it nor its folder need exist yet.
    """

    def __init__(self, path: Path):
        self.path = path
        self.notice = ""  # what befell the file, for the user, once it is open
        self._connection: Connection | None = None
        self._identity: tuple[int, int] | None = None  # of the file that is open

    def __enter__(self) -> Samples:
        return self

    def __exit__(self, *_what: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; it is opened again when it is needed."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def keep(self, drawing: Drawing, label: str, read_as: str | None = None, before: int = 0) -> int:
        """Keep a drawing with a digit as its label and what was read then; return its number once it is on the disk.

        One that was kept before gets the number that it had, unless another drawing has it by now. Raises InkError
        when there is no ink, or the label is not one digit.
        """
        new = sample.sample(drawing, label, read_as)
        with self._change() as connection:
            taken = connection.execute("SELECT 1 FROM drawings WHERE id = ?", (before,)).fetchone()
            (number,) = samples_file.insert(connection, [replace(new, id=0 if taken else before)])
        return number

    def relabel(self, ids: Iterable[int], label: str) -> None:
        """Give drawings another digit as their label."""
        if label not in DIGITS:
            raise ValueError(f"{label!r} is not a digit")
        with self._change() as connection:
            connection.executemany("UPDATE drawings SET label = ? WHERE id = ?", [(label, number) for number in ids])

    def remove(self, ids: Iterable[int]) -> None:
        """Delete drawings and overwrite them where they lay; `put_back` brings them back.

        What a program that was killed while it taught left beside them goes, too.
        """
        with self._change() as connection:
            connection.delete("drawings", ids)
        self._overwrite()

    def put_back(self, samples: Sequence[Sample]) -> None:
        """Make drawings what they were: those that were deleted are there again, those that were changed as before."""
        with self._change() as connection:
            samples_file.insert(connection, samples)

    def remove_all(self) -> None:
        """Delete all drawings, and damaged files that were set aside."""
        with self._change() as connection:
            connection.delete("drawings", [number for (number,) in connection.execute("SELECT id FROM drawings")])
            connection.execute("DELETE FROM lessons")
        self._overwrite()
        for path in self.damaged():
            _erase(path)

    def damaged(self) -> list[Path]:
        """Return the damaged files that were set aside and are there still."""
        return samples_file.set_aside(self.path)

    def ids(self, label: str | None = None) -> list[int]:
        """Return the numbers of all drawings, or of those with a label, the newest first."""
        where = "" if label is None else "WHERE label = ?"
        rows = self._rows(f"SELECT id FROM drawings {where} ORDER BY id DESC", () if label is None else (label,))  # noqa: S608  (as above)
        return [number for (number,) in rows]

    def some(self, ids: Sequence[int]) -> list[Sample]:
        """Return the drawings with these numbers, in this order, without those that are gone."""
        found: dict[int, Sample] = {}
        for start in range(0, len(ids), AT_ONCE):
            part = ids[start : start + AT_ONCE]
            marks = ", ".join("?" * len(part))
            rows = self._rows(f"SELECT {COLUMNS} FROM drawings WHERE id IN ({marks})", part)  # noqa: S608  (marks)
            found.update((row[-1], Sample(*row)) for row in rows)
        return [found[number] for number in ids if number in found]

    def everything(self) -> list[Sample]:
        """Return all drawings, the oldest first."""
        return [Sample(*row) for row in self._rows(f"SELECT {COLUMNS} FROM drawings ORDER BY id")]  # noqa: S608  (no words but our own)

    def count(self) -> int:
        """Return how many there are."""
        return sum(self.counts_by_label().values())

    def counts_by_label(self) -> dict[str, int]:
        """Return how many there are of each digit."""
        found = dict(self._rows("SELECT label, count(*) FROM drawings GROUP BY label"))
        return {label: found.get(label, 0) for label in DIGITS}

    def waiting(self, model: str) -> Waiting:
        """Return how many drawings wait to be learned by the model whose network has this hash."""
        question = """
            SELECT coalesce(sum(learned IS NOT 1 OR lessons.label IS NOT drawings.label), 0),
                coalesce(sum(lessons.label IS NOT drawings.label), 0)
            FROM drawings LEFT JOIN lessons ON model = ? AND drawing = id"""
        rows = self._rows(question, (model,))
        return Waiting(*rows[0]) if rows else Waiting(0, 0)

    def teach(self, model: str) -> None:
        """Remember that a model is given all drawings to learn, with the labels that they have."""
        with self._change() as connection:
            connection.execute(
                """INSERT INTO lessons SELECT ?, id, label, 0 FROM drawings WHERE true
                ON CONFLICT DO UPDATE SET learned = learned AND label = excluded.label, label = excluded.label""",
                (model,),
            )

    def taught(self, model: str, result: str, there: Iterable[str]) -> None:
        """Remember that what a model was given has been learned, and which model came of it.

        Args:
            model: the hash of its network.
            result: the hash of the new model's.
            there: those of all models that there are; what others have learned is forgotten.
        """
        with self._change() as connection:
            known = {found for (found,) in connection.execute("SELECT DISTINCT model FROM lessons")}
            gone = known - {model, result, *there}
            connection.executemany("DELETE FROM lessons WHERE model = ?", [(each,) for each in gone])
            connection.execute(
                "INSERT OR REPLACE INTO lessons SELECT ?, drawing, label, 1 FROM lessons WHERE model = ?",
                (result, model),
            )

    def export(self, path: Path, *, private: bool = False) -> int:
        """Write all drawings to a .jsonl file, the oldest first, and return how many.

        Raises UserError when there are none, or the file cannot be written.
        """
        everything = self.everything()
        if not everything:  # and what is in the file may be the only ones
            raise UserError(_("There are no drawings to write to a file; keep some first."))
        return sample.write_file(path, everything, private=private)

    def take(self, path: Path) -> Taken:
        """Keep all drawings of a .jsonl file, or none when one of them is bad; the same ink is not kept twice."""
        read = sample.read_file(path)
        with self._change() as connection:
            known = set(connection.execute("SELECT label, ink FROM drawings"))
            fresh = {(each.label, each.ink): each for each in read if (each.label, each.ink) not in known}
            new = samples_file.insert(connection, fresh.values())
        return Taken(new, len(read) - len(new))

    def _overwrite(self) -> None:
        """Overwrite what is left of deleted drawings, in the file and beside it. Raises UserError."""
        import sqlite3  # noqa: PLC0415  (as below)

        with self._file() as connection:
            try:
                connection.overwrite(self.path)
            except (sqlite3.OperationalError, OSError) as error:
                sentence = _(
                    "That is deleted, but what is left of it in {folder} cannot be overwritten yet ({reason}); it "
                    "will be when you delete more or start Inkling again."
                )
                raise UserError(sentence.format(folder=self.path.parent, reason=error)) from error
        taught = self.path.with_name(paths.TEACHING)
        if taught.exists():
            with contextlib.suppress(OSError), file_lock(taught.with_name(f"{taught.name}.lock"), 0):
                _erase(taught)  # else a model is learning from it right now, and it goes when that is done

    def _rows(self, question: str, values: Sequence[object] = ()) -> list[Any]:
        """Return what the file answers; where there is none, looking makes none."""
        with samples_file.sentences(self.path):  # whoever may not look does not know that there are none
            if self._connection is None and not self.path.exists():
                return []
        with self._file() as connection:
            return connection.execute(question, values).fetchall()

    @contextlib.contextmanager
    def _change(self) -> Iterator[Connection]:
        """Yield the open file; what is done to it is on the disk afterwards, all of it or, after an error, nothing."""
        with self._file() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # SQLite ends it itself on some errors
                    connection.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def _file(self) -> Iterator[Connection]:
        """Yield the open file, and turn what goes wrong with it into sentences."""
        import sqlite3  # noqa: PLC0415  (10 ms that opening the window does not need)

        from app.kept.sqlite_file import turn  # noqa: PLC0415  (as above)

        try:
            with samples_file.sentences(self.path), turn(self.path, samples_file.WAIT):
                yield self._opened()
        except sqlite3.DatabaseError as error:
            if not samples_file.is_damage(error):
                raise
            self.close()
            with samples_file.sentences(self.path), turn(self.path, samples_file.WAIT):
                self._opened()  # sets it aside
            what = self.notice or _("{path} is damaged.").format(path=self.path)
            raise UserError(_("{what} Do that once more.").format(what=what)) from error

    def _opened(self) -> Connection:
        # Whoever moved or deleted the file did not know that it is open: what is kept from now on needs a new one.
        if self._connection is not None and self._identity != _identity(self.path):
            self.close()
        if self._connection is None:
            self._connection, self.notice = samples_file.connect(self.path)
            self._identity = _identity(self.path)
        return self._connection


def _erase(path: Path) -> None:
    """Overwrite and remove a file. Raises UserError."""
    try:
        files.erase(path)
    except OSError as error:
        sentence = _("{path} cannot be deleted ({reason}); delete it yourself.")
        raise UserError(sentence.format(path=path, reason=error.strerror)) from error


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another one of the same name; None when there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
