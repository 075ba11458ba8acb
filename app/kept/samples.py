"""The user's own labelled drawings: kept, checked, relabelled, deleted, exported and imported."""

from __future__ import annotations

import contextlib
import functools
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from app.kept import paths, sample
from app.kept.sample import COLUMNS, Sample
from model.base.errors import UserError
from model.base.files import DAMAGED, erase, file_lock
from model.base.language import _
from model.ink.ink import Drawing
from model.reading.reading import DIGITS, is_label

if TYPE_CHECKING:
    from app.kept.samples_file import SamplesFile


class Taken(NamedTuple):
    """The numbers of a file's drawings that are newly saved, and how many were saved already."""

    new: list[int]
    known: int


class Waiting(NamedTuple):
    """How many drawings a model hasn't learned with their current labels, and how many it wasn't even given."""

    all: int
    new: int


class Samples:
    """The drawings in one SQLite file, which may not exist yet and which several programs may have open.

    All methods raise UserError if the file can't be used; its content then stays as it was.
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
        """What happened to the file, for the user; empty before it's open."""
        return self.file.notice

    def close(self) -> None:
        """Close the file; it's opened again when it's needed."""
        self.file.close()

    def keep(self, drawing: Drawing, label: str, read_as: str | None = None, before: int = 0) -> int:
        """Save a drawing with its label and what was read then; return its number once it's on the disk.

        One that was saved before gets its old number, ``before``, unless another drawing has it by now. Raises
        InkError if there's no ink, or the label isn't one character.
        """
        new = sample.sample(drawing, label, read_as)
        with self.file.change() as connection:
            taken = connection.execute("SELECT 1 FROM drawings WHERE id = ?", (before,)).fetchone()
            (number,) = connection.insert([replace(new, id=0 if taken else before)])
        return number

    def relabel(self, ids: Iterable[int], label: str) -> None:
        """Change drawings' labels."""
        if not is_label(label):
            raise ValueError(f"{label!r} is no label")
        with self.file.change() as connection:
            connection.executemany("UPDATE drawings SET label = ? WHERE id = ?", [(label, number) for number in ids])

    def remove(self, ids: Iterable[int]) -> None:
        """Delete drawings and overwrite them on the disk; `put_back` brings them back."""
        with self.file.change() as connection:
            connection.delete(ids)
        self._overwrite()

    def put_back(self, samples: Sequence[Sample]) -> None:
        """Restore drawings: those that were deleted, and those that were changed."""
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
        """Return the damaged files that were set aside and are still there."""
        return sorted(self.path.parent.glob(f"{self.path.name}{DAMAGED}*"))

    def ids(self, label: str | None = None) -> list[int]:
        """Return the numbers of all drawings, or of those with this label, the newest first."""
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
        """Return how many there are of each digit, and of each sign that has any."""
        found = self.file.rows("SELECT label, count(*) FROM drawings GROUP BY label ORDER BY label")
        return dict.fromkeys(DIGITS, 0) | dict(found)

    def waiting(self, model: str) -> Waiting:
        """Return how many drawings are still to be learned by the model whose network has this hash."""
        question = """
            SELECT coalesce(sum(learned IS NOT 1 OR lessons.label IS NOT drawings.label), 0),
                coalesce(sum(lessons.label IS NOT drawings.label), 0)
            FROM drawings LEFT JOIN lessons ON model = ? AND drawing = id"""
        rows = self.file.rows(question, (model,))
        return Waiting(*rows[0]) if rows else Waiting(0, 0)

    def differ(self, model: str) -> bool:
        """Return whether the drawings differ from those that the model with this hash has learned."""
        gone = "SELECT 1 FROM lessons WHERE model = ? AND learned AND drawing NOT IN (SELECT id FROM drawings) LIMIT 1"
        return self.waiting(model).all > 0 or bool(self.file.rows(gone, (model,)))

    def teach(self, model: str) -> None:
        """Remember that a model is given all drawings to learn, with their current labels."""
        with self.file.change() as connection:
            connection.execute(
                "DELETE FROM lessons WHERE model = ? AND drawing NOT IN (SELECT id FROM drawings)", (model,)
            )
            connection.execute(
                """INSERT INTO lessons SELECT ?, id, label, 0 FROM drawings WHERE true
                ON CONFLICT DO UPDATE SET learned = learned AND label = excluded.label, label = excluded.label""",
                (model,),
            )

    def taught(self, model: str, result: str, there: Iterable[str]) -> None:
        """Remember that what a model was given has been learned, and the resulting network, both by their hashes.

        What was learned by models that aren't ``there`` any more is forgotten.
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
        """Write all drawings to a .jsonl file, the oldest first, and return how many. Raises UserError if none."""
        everything = self.everything()
        if not everything:  # and the file may have the only ones
            raise UserError(_("There's nothing to export. Save some drawings first."))
        return sample.write_file(path, everything, private=private)

    def take(self, path: Path) -> Taken:
        """Save all drawings of a .jsonl file, or none if one of them is bad; the same ink isn't saved twice."""
        read = sample.read_file(path)
        with self.file.change() as connection:
            known = set(connection.execute("SELECT label, ink FROM drawings"))
            fresh = {(each.label, each.ink): each for each in read if (each.label, each.ink) not in known}
            new = connection.insert(fresh.values())
        return Taken(new, len(read) - len(new))

    def _overwrite(self) -> None:
        """Overwrite the remains of deleted drawings, and of a program that was killed while it taught a model."""
        self.file.overwrite()
        taught = self.path.with_name(paths.TEACHING)
        if taught.exists():
            with contextlib.suppress(OSError), file_lock(taught.with_name(f"{taught.name}.lock"), 0):
                _erase(taught)  # otherwise a model is learning from it now, and it's removed afterwards


def _erase(path: Path) -> None:
    """Overwrite and remove a file. Raises UserError."""
    try:
        erase(path)
    except OSError as error:
        sentence = _("{path} can't be deleted ({reason}); delete it yourself.")
        raise UserError(sentence, path=path, reason=error.strerror) from error
