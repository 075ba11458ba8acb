"""The user's own labelled drawings: kept, looked through, relabelled, deleted, exported and imported."""

from __future__ import annotations

import contextlib
import functools
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from app.kept import paths, sample
from app.kept.sample import COLUMNS, DIGITS, Sample
from model.base.errors import UserError
from model.base.files import DAMAGED, erase, file_lock
from model.base.language import _
from model.ink.ink import Drawing

if TYPE_CHECKING:
    from app.kept.samples_file import SamplesFile


class Taken(NamedTuple):
    """The numbers of a file's drawings that are kept now and were not, and how many were kept already."""

    new: list[int]
    known: int


class Waiting(NamedTuple):
    """How many drawings a model has not learned with the labels that they have, and how many it was not even given."""

    all: int
    new: int


class Samples:
    """The drawings in one SQLite file, which need not exist yet and which several programs may have open.

    All methods raise UserError when the file cannot be used; what was in it is then in it still.
    """

    def __init__(self, path: Path):
        self.path = path

    def __enter__(self) -> Samples:
        return self

    def __exit__(self, *_what: object) -> None:
        self.close()

    @functools.cached_property
    def file(self) -> SamplesFile:
        """The file behind them."""
        from app.kept.samples_file import SamplesFile  # noqa: PLC0415  (SQLite, which opening the window can do without)

        return SamplesFile(self.path)

    @property
    def notice(self) -> str:
        """What befell the file, for the user; empty before it is open."""
        return self.file.notice

    def close(self) -> None:
        """Close the file; it is opened again when it is needed."""
        self.file.close()

    def keep(self, drawing: Drawing, label: str, read_as: str | None = None, before: int = 0) -> int:
        """Keep a drawing with a digit as its label and what was read then; return its number once it is on the disk.

        One that was kept before gets the number that it had, unless another drawing has it by now. Raises InkError
        when there is no ink, or the label is not one digit.
        """
        new = sample.sample(drawing, label, read_as)
        with self.file.change() as connection:
            taken = connection.execute("SELECT 1 FROM drawings WHERE id = ?", (before,)).fetchone()
            (number,) = connection.insert([replace(new, id=0 if taken else before)])
        return number

    def relabel(self, ids: Iterable[int], label: str) -> None:
        """Give drawings another digit as their label."""
        if label not in DIGITS:
            raise ValueError(f"{label!r} is not a digit")
        with self.file.change() as connection:
            connection.executemany("UPDATE drawings SET label = ? WHERE id = ?", [(label, number) for number in ids])

    def remove(self, ids: Iterable[int]) -> None:
        """Delete drawings and overwrite them where they lay; `put_back` brings them back."""
        with self.file.change() as connection:
            connection.delete(ids)
        self._overwrite()

    def put_back(self, samples: Sequence[Sample]) -> None:
        """Make drawings what they were: those that were deleted are there again, those that were changed as before."""
        with self.file.change() as connection:
            connection.insert(samples)

    def remove_all(self) -> None:
        """Delete all drawings, and damaged files that were set aside."""
        with self.file.change() as connection:
            connection.delete([number for (number,) in connection.execute("SELECT id FROM drawings")])
            connection.execute("DELETE FROM lessons")
        self._overwrite()
        for path in self.damaged():
            _erase(path)

    def damaged(self) -> list[Path]:
        """Return the damaged files that were set aside and are there still."""
        return sorted(self.path.parent.glob(f"{self.path.name}{DAMAGED}*"))

    def ids(self, label: str | None = None) -> list[int]:
        """Return the numbers of all drawings, or of those with a label, the newest first."""
        where, values = ("", ()) if label is None else ("WHERE label = ?", (label,))
        rows = self.file.rows(f"SELECT id FROM drawings {where} ORDER BY id DESC", values)  # noqa: S608  (our words)
        return [number for (number,) in rows]

    def some(self, ids: Sequence[int]) -> list[Sample]:
        """Return the drawings with these numbers, in this order, without those that are gone."""
        question = f"SELECT {COLUMNS} FROM drawings WHERE id IN (SELECT value FROM json_each(?))"  # noqa: S608  (our words)
        found = {row[-1]: Sample(*row) for row in self.file.rows(question, (json.dumps(ids),))}
        return [found[number] for number in ids if number in found]

    def everything(self) -> list[Sample]:
        """Return all drawings, the oldest first."""
        return [Sample(*row) for row in self.file.rows(f"SELECT {COLUMNS} FROM drawings ORDER BY id")]  # noqa: S608  (as above)

    def count(self) -> int:
        """Return how many there are."""
        return sum(self.counts_by_label().values())

    def counts_by_label(self) -> dict[str, int]:
        """Return how many there are of each digit."""
        found = dict(self.file.rows("SELECT label, count(*) FROM drawings GROUP BY label"))
        return {label: found.get(label, 0) for label in DIGITS}

    def waiting(self, model: str) -> Waiting:
        """Return how many drawings wait to be learned by the model whose network has this hash."""
        question = """
            SELECT coalesce(sum(learned IS NOT 1 OR lessons.label IS NOT drawings.label), 0),
                coalesce(sum(lessons.label IS NOT drawings.label), 0)
            FROM drawings LEFT JOIN lessons ON model = ? AND drawing = id"""
        rows = self.file.rows(question, (model,))
        return Waiting(*rows[0]) if rows else Waiting(0, 0)

    def teach(self, model: str) -> None:
        """Remember that a model is given all drawings to learn, with the labels that they have."""
        with self.file.change() as connection:
            connection.execute(
                """INSERT INTO lessons SELECT ?, id, label, 0 FROM drawings WHERE true
                ON CONFLICT DO UPDATE SET learned = learned AND label = excluded.label, label = excluded.label""",
                (model,),
            )

    def taught(self, model: str, result: str, there: Iterable[str]) -> None:
        """Remember that what a model was given has been learned, and what came of it, as hashes of networks.

        What models have learned that are not ``there`` any more is forgotten.
        """
        with self.file.change() as connection:
            known = {found for (found,) in connection.execute("SELECT DISTINCT model FROM lessons")}
            gone = known - {model, result, *there}
            connection.executemany("DELETE FROM lessons WHERE model = ?", [(each,) for each in gone])
            connection.execute(
                "INSERT OR REPLACE INTO lessons SELECT ?, drawing, label, 1 FROM lessons WHERE model = ?",
                (result, model),
            )

    def export(self, path: Path, *, private: bool = False) -> int:
        """Write all drawings to a .jsonl file, the oldest first, and return how many. Raises UserError for none."""
        everything = self.everything()
        if not everything:  # and what is in the file may be the only ones
            raise UserError(_("There are no drawings to write to a file; keep some first."))
        return sample.write_file(path, everything, private=private)

    def take(self, path: Path) -> Taken:
        """Keep all drawings of a .jsonl file, or none when one of them is bad; the same ink is not kept twice."""
        read = sample.read_file(path)
        with self.file.change() as connection:
            known = set(connection.execute("SELECT label, ink FROM drawings"))
            fresh = {(each.label, each.ink): each for each in read if (each.label, each.ink) not in known}
            new = connection.insert(fresh.values())
        return Taken(new, len(read) - len(new))

    def _overwrite(self) -> None:
        """Overwrite what is left of deleted drawings, and what a program left that was killed while it taught."""
        self.file.overwrite()
        taught = self.path.with_name(paths.TEACHING)
        if taught.exists():
            with contextlib.suppress(OSError), file_lock(taught.with_name(f"{taught.name}.lock"), 0):
                _erase(taught)  # else a model is learning from it right now, and it goes when that is done


def _erase(path: Path) -> None:
    """Overwrite and remove a file. Raises UserError."""
    try:
        erase(path)
    except OSError as error:
        sentence = _("{path} cannot be deleted ({reason}); delete it yourself.")
        raise UserError(sentence, path=path, reason=error.strerror) from error
