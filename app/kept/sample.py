"""A drawing saved with its label, and its line in a .jsonl file."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from model.base.errors import UserError
from model.base.files import erase, open_plain, private_opener, replaced
from model.base.language import N_, _
from model.ink.ink import Drawing, InkError, read_lines
from model.reading.reading import is_label

MOST_NAMED = 5  # bad lines that a sentence names
COLUMNS = "label, ink, kept, read_as, id"  # of the store, as `Sample` has them
TOLD = ("kept", "read_as")  # what a line says besides the ink
LONGEST_ANSWER = 100  # characters of what was read
LARGEST_IMPORT = 100_000_000  # bytes of an imported file: some 50,000 drawings
CHOOSE = N_("choose a .jsonl file of labelled ink")


@dataclass(frozen=True, slots=True)
class Sample:
    """A saved drawing: thousands of them are listed and put back without reading their ink."""

    label: str  # a digit, or a sign of the user's own
    ink: str  # the JSON of the drawing, without its label
    kept: str  # when, in UTC: 2026-11-22T19:05:00+00:00
    read_as: str | None = None  # what was read then
    id: int = 0  # its number in the store; 0: not saved yet

    @property
    def drawing(self) -> Drawing:
        """The drawing with its label. Raises InkError if what's saved isn't ink, as damage can cause."""
        try:
            return replace(Drawing.from_json(json.loads(self.ink)), label=self.label)
        except InkError:
            raise
        except (ValueError, RecursionError) as error:
            raise InkError(_("This saved drawing is damaged. Delete it in Model ▸ My drawings….")) from error


def sample(drawing: Drawing, label: str | None, read_as: str | None = None, kept: str | None = None) -> Sample:
    """Return a drawing in the form that's saved, by default as of now. Raises InkError without ink or a valid label."""
    if label is None or not is_label(label):
        raise InkError(
            _("a drawing is saved with a digit or one other character as its label, not {label!r}."),
            label=str(label)[:20],
        )
    if drawing.is_blank:
        raise InkError(_("there's no ink in it, so there's nothing to save."))
    bare = replace(drawing, label=None, extra={key: drawing.extra[key] for key in drawing.extra if key not in TOLD})
    return Sample(label, _json(bare.to_json()), kept or datetime.now(UTC).isoformat(timespec="seconds"), read_as)


def read_file(path: Path) -> list[Sample]:
    """Return the drawings in a .jsonl file. Raises UserError, which names the bad lines if there are any."""
    samples = []
    wrong: dict[int, InkError] = {}
    try:
        with open_plain(path) as lines:
            if os.fstat(lines.fileno()).st_size > LARGEST_IMPORT:
                sentence = _("{name} is larger than {most} MB. Split its lines over several files.")
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
        sentence = _("{path} can't be read ({reason}); {choose}.")
        raise UserError(sentence, path=path, reason=error.strerror, choose=_(CHOOSE)) from error
    if wrong:
        raise UserError(_("Nothing was imported from {name}, because of {wrong}"), name=path.name, wrong=_named(wrong))
    if not samples:
        raise UserError(_("{name} has no drawings in it; {choose}."), name=path.name, choose=_(CHOOSE))
    return samples


def write_file(path: Path, samples: Iterable[Sample], *, private: bool = False) -> int:
    """Write drawings to a .jsonl file, and return how many. Raises UserError, and then keeps what was there before.

    Each line is a drawing's JSON with "kept" and "read_as" in addition to its ink. Damaged ones are left out. A private
    file is only for a child process: it's written in place, so that a kill leaves nothing under another name.
    """
    count = 0
    try:
        if private:
            erase(path)  # left by a kill
        with open(path, "xb", opener=private_opener) if private else replaced(path) as file:  # Path has no opener
            for line in lines(samples):
                file.write(line)
                count += 1
    except OSError as error:
        sentence = _("{name} can't be written ({reason}); choose another place.")
        raise UserError(sentence, name=path.name, reason=error.strerror) from error
    return count


def lines(samples: Iterable[Sample]) -> Iterator[bytes]:
    """Yield the lines of such a file, without damaged drawings."""
    for each in samples:
        with contextlib.suppress(InkError):
            told = {"kept": each.kept} | ({} if each.read_as is None else {"read_as": each.read_as})
            yield _json(each.drawing.to_json() | told).encode() + b"\n"


def _named(wrong: Mapping[int, InkError]) -> str:
    """Return which lines are bad, and why the first one is."""
    (first, reason), *others = wrong.items()
    numbers = _(", ").join(map(str, [*wrong][:MOST_NAMED]))
    if not others:
        return _("drawing {number}: {reason}").format(number=numbers, reason=reason)
    if len(wrong) > MOST_NAMED:
        numbers = _("{numbers} and {count} more").format(numbers=numbers, count=len(wrong) - MOST_NAMED)
    sentence = _("drawings {numbers}; of drawing {number}: {reason}")
    return sentence.format(numbers=numbers, number=first, reason=reason)


def _told(drawing: Drawing) -> dict[str, str]:
    """Return what an exported line says about a drawing besides its ink, as far as it's valid."""
    told = {}
    read_as, kept = (drawing.extra.get(key) for key in ("read_as", "kept"))
    if isinstance(read_as, str) and len(read_as) <= LONGEST_ANSWER and read_as.isprintable():
        told["read_as"] = read_as
    if isinstance(kept, str):
        with contextlib.suppress(ValueError, OverflowError):  # not a date, or one before the first year
            told["kept"] = datetime.fromisoformat(kept).astimezone(UTC).isoformat(timespec="seconds")
    return told


def _json(value: Mapping[str, Any]) -> str:
    """Return JSON in ASCII: half a surrogate pair, which ink may hold, is neither text for SQLite nor UTF-8."""
    return json.dumps(value, separators=(",", ":"))
