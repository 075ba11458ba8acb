"""A drawing that is kept with its label, and the line of a .jsonl file that carries it."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from model.base.errors import UserError
from model.base.files import erase, open_plain, private_opener, replaced
from model.base.language import N_, _
from model.ink.ink import Drawing, InkError, read_lines

DIGITS = tuple("0123456789")
MOST_NAMED = 5  # bad lines that a sentence names
COLUMNS = "label, ink, kept, read_as, id"  # of the store, as `Sample` has them
TOLD = ("kept", "read_as")  # what a line says beside the ink
LONGEST_ANSWER = 100  # characters of what was read
LARGEST_IMPORT = 100_000_000  # bytes of one that is imported: some 50,000 drawings
CHOOSE = N_("choose a .jsonl file of labelled ink")


@dataclass(frozen=True, slots=True)
class Sample:
    """A drawing as it is kept: thousands of them are listed and put back without reading their ink."""

    label: str  # one digit
    ink: str  # the JSON of the drawing, without its label
    kept: str  # when, in UTC: 2026-11-22T19:05:00+00:00
    read_as: str | None = None  # what was read then
    id: int = 0  # its number in the store; 0: not kept yet

    @property
    def drawing(self) -> Drawing:
        """The drawing with its label. Raises InkError when what is kept is no ink, as damage can have it."""
        try:
            return replace(Drawing.from_json(json.loads(self.ink)), label=self.label)
        except InkError:
            raise
        except (ValueError, RecursionError) as error:
            raise InkError(_("What is kept of this drawing is damaged; delete it in Model ▸ My drawings….")) from error


def sample(drawing: Drawing, label: str | None, read_as: str | None = None, kept: str | None = None) -> Sample:
    """Return a drawing as it is kept, by default now. Raises InkError without ink, or when the label is no digit."""
    if label not in DIGITS:
        raise InkError(_("a drawing is kept with one digit as its label, not {label!r}."), label=str(label)[:20])
    if drawing.is_blank:
        raise InkError(_("there is no ink in it, so there is nothing to keep."))
    bare = replace(drawing, label=None, extra={key: drawing.extra[key] for key in drawing.extra if key not in TOLD})
    return Sample(label, _json(bare.to_json()), kept or datetime.now(UTC).isoformat(timespec="seconds"), read_as)


def read_file(path: Path) -> list[Sample]:
    """Return the drawings of a .jsonl file. Raises UserError, which names the bad lines when there are any."""
    samples = []
    wrong: dict[int, InkError] = {}
    try:
        with open_plain(path) as lines:
            if os.fstat(lines.fileno()).st_size > LARGEST_IMPORT:
                sentence = _("{name} is larger than {most} MB; divide its lines between several files.")
                raise UserError(sentence, name=path.name, most=LARGEST_IMPORT // 1_000_000)
            for number, drawing in enumerate(read_lines(lines), 1):
                try:
                    if isinstance(drawing, InkError):
                        raise drawing
                    told = _told(drawing)
                    samples.append(sample(drawing, drawing.label, told.get("read_as"), told.get("kept")))
                except InkError as error:
                    wrong[number] = error
    except OSError as error:
        sentence = _("{path} cannot be read ({reason}); {choose}.")
        raise UserError(sentence, path=path, reason=error.strerror, choose=_(CHOOSE)) from error
    if wrong:
        raise UserError(_("Nothing was taken from {name}, because of {wrong}"), name=path.name, wrong=_named(wrong))
    if not samples:
        raise UserError(_("{name} holds no drawings; {choose}."), name=path.name, choose=_(CHOOSE))
    return samples


def write_file(path: Path, samples: Iterable[Sample], *, private: bool = False) -> int:
    """Write drawings to a .jsonl file, and return how many. Raises UserError; what was there is then there still.

    Each line is a drawing's JSON with "kept" and "read_as" beside what ink has. Damaged ones are left out. A private
    file is for a child process alone: it is written in its place, so that a kill leaves nothing of another name.
    """
    count = 0
    try:
        if private:
            erase(path)  # which a kill has left
        with open(path, "xb", opener=private_opener) if private else replaced(path) as file:  # a path has no opener
            for each in samples:
                with contextlib.suppress(InkError):
                    told = {"kept": each.kept} | ({} if each.read_as is None else {"read_as": each.read_as})
                    line = _json(each.drawing.to_json() | told)
                    file.write(line.encode() + b"\n")
                    count += 1
    except OSError as error:
        sentence = _("{name} cannot be written ({reason}); choose another place.")
        raise UserError(sentence, name=path.name, reason=error.strerror) from error
    return count


def _named(wrong: Mapping[int, InkError]) -> str:
    """Return which lines are bad, and why the first is."""
    (first, reason), *others = wrong.items()
    numbers = _(", ").join(map(str, [*wrong][:MOST_NAMED]))
    if not others:
        return _("drawing {number}: {reason}").format(number=numbers, reason=reason)
    if len(wrong) > MOST_NAMED:
        numbers = _("{numbers} and {count} more").format(numbers=numbers, count=len(wrong) - MOST_NAMED)
    sentence = _("drawings {numbers}; of drawing {number}: {reason}")
    return sentence.format(numbers=numbers, number=first, reason=reason)


def _told(drawing: Drawing) -> dict[str, str]:
    """Return what an exported line says of a drawing beside its ink, as far as it can be."""
    told = {}
    read_as, kept = (drawing.extra.get(key) for key in ("read_as", "kept"))
    if isinstance(read_as, str) and len(read_as) <= LONGEST_ANSWER and read_as.isprintable():
        told["read_as"] = read_as
    if isinstance(kept, str):
        with contextlib.suppress(ValueError, OverflowError):  # no moment, or one before the first year
            told["kept"] = datetime.fromisoformat(kept).astimezone(UTC).isoformat(timespec="seconds")
    return told


def _json(value: Mapping[str, Any]) -> str:
    """Return JSON in ASCII: half a surrogate pair, which ink may hold, is neither text for SQLite nor UTF-8."""
    return json.dumps(value, separators=(",", ":"))
