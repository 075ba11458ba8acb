"""Many drawings and pictures read in a thread of their own, and what was read as a table. Knows no toolkit."""

from __future__ import annotations

import csv
import io
import itertools
import logging
import queue
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image, ImageOps

from app.drawing.canvas import on_canvas
from app.drawing.picture import Picture
from app.facts import memory
from app.facts.log import place as log_place
from app.sources import sources
from app.sources.sources import SourceError, Subject
from model.base.errors import UserError
from model.base.files import replaced
from model.base.language import _
from model.base.shown import shown
from model.ink.ink import Drawing
from model.ink.render import render
from model.reading.reading import Reading
from model.reading.recognizer import Recognizer

HEAD = ("source", "index", "text", "confidence", "accepted", "problem")  # of the table, as `recognize --json` says it
MOST_ROWS = 10_000  # of a page; each can have a picture of a kilobyte or two
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # what a spreadsheet takes for the beginning of one

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Row:
    """What was read of one subject, or the problem that there was; ``picture`` is a small PNG, empty where none is."""

    source: str
    index: int
    name: str
    text: str = ""
    confidence: float = 0.0
    accepted: bool = False
    problem: str = ""
    picture: bytes = b""


class Page:
    """What some paths hold, read one by one.

    Args:
        paths: files and folders, as `app.sources.sources.read` takes them.
        recognizer: which reads; only its bundle and its threshold are used, in networks of the thread's own.
        side: of the small pictures, in pixels.
    """

    def __init__(self, paths: Sequence[str], recognizer: Recognizer, side: int):
        self.paths = tuple(paths)
        self.rows: list[Row] = []  # those that were polled
        self.expected = 0  # subjects, as far as is known
        self.side = side
        self._recognizer = recognizer
        self._read: queue.SimpleQueue[Row | None] = queue.SimpleQueue()
        self._cancelled = threading.Event()
        self.over = False
        threading.Thread(target=self._work, daemon=True).start()

    def poll(self, at_most: int = 100) -> list[Row]:
        """Return what was read since the last time, a bounded number at once, without waiting."""
        fresh: list[Row] = []
        while len(fresh) < at_most and not self.over:
            try:
                row = self._read.get_nowait()
            except queue.Empty:
                break
            if row is None:
                self.over = True
            else:
                fresh.append(row)
        self.rows += fresh
        return fresh

    def cancel(self) -> None:
        """Read no further than what is being read now; what was read stays."""
        self._cancelled.set()

    def _work(self) -> None:
        try:
            self._read_all()
        except Exception:
            log.exception("a bug while a page was read")
            self._read.put(Row("", 0, "", problem=str(_bug())))
        finally:
            memory.give_back()  # a network of its own is some tens of megabytes
            self._read.put(None)

    def _read_all(self) -> None:
        self.expected = sources.count(self.paths)
        recognizer = Recognizer(self._recognizer.bundle, self._recognizer.threshold)
        for number, subject in enumerate(sources.read(self.paths, io.BytesIO())):
            if self._cancelled.is_set():
                break
            if number == MOST_ROWS:
                self._read.put(Row("", 0, "…", problem=_("A list ends here; `recognize` in a terminal reads all.")))
                break
            self._read.put(_row(subject, answer_to(recognizer, subject), self.side))


def answer_to(recognizer: Recognizer, subject: Subject) -> Reading | UserError:
    """Return what a subject shows, or why that cannot be said; a bug too costs only its own answer."""
    if isinstance(subject.content, UserError):
        return subject.content
    try:
        return recognizer.recognize(subject.content)
    except UserError as error:
        return error
    except Exception:
        log.exception("a bug with %r", Path(subject.source))
        return _bug()


def _bug() -> UserError:
    return UserError(_("Inkling met an error of its own here; what happened is in {file}.").format(file=log_place()))


def fetch(source: str, index: int = 0) -> Drawing | Picture:
    """Return what is in that place of a file, as the window works on it. Raises UserError."""
    for subject in itertools.islice(sources.read([source], io.BytesIO()), index, None):
        return workable(subject)
    raise SourceError(_("{name} holds no drawing there any more.").format(name=Path(source).name))


def fetch_only(source: str) -> Drawing | Picture | None:
    """Return the one thing that a file holds, as the window works on it; None where it holds several.

    Raises UserError.
    """
    found = list(itertools.islice(sources.read([source], io.BytesIO()), 2))
    if not found:
        raise SourceError(_("There is no drawing in {name}.").format(name=Path(source).name))
    return workable(found[0]) if len(found) == 1 else None


def workable(subject: Subject) -> Drawing | Picture:
    """Return a subject as the window works on it. Raises UserError."""
    name = shown(Path(subject.source).name)
    if isinstance(subject.content, UserError):
        log.info("%r: %s", Path(subject.source), subject.content)  # so that a report knows the name for one
        raise SourceError(f"{name}: {subject.content}") from subject.content
    if isinstance(subject.content, Drawing):
        return on_canvas(subject.content)
    return Picture.of(subject.content, name)


def save_table(rows: Sequence[Row], path: Path) -> None:
    """Write rows as CSV that spreadsheets read: in UTF-8 with its mark, and without anything that they would run.

    A text that would be a formula gets an apostrophe before it (OWASP, CSV Injection). Raises UserError.
    """
    try:
        text = io.StringIO()
        table = csv.writer(text)
        table.writerow(HEAD)
        table.writerows(map(_cells, rows))
        with replaced(path) as file:
            file.write(text.getvalue().encode("utf-8-sig", "backslashreplace"))  # a file's name can be no text at all
    except OSError as error:
        raise UserError(
            _("{name} cannot be written ({reason}); choose another place.").format(
                name=path.name, reason=error.strerror
            )
        ) from error


def _cells(row: Row) -> Iterator[object]:
    known = not row.problem and row.text
    confidence = f"{row.confidence:.4f}" if known else ""
    accepted = ("yes" if row.accepted else "no") if known else ""
    for cell in (row.source, row.index, row.text, confidence, accepted, row.problem):
        yield f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _row(subject: Subject, answer: Reading | UserError, side: int) -> Row:
    row = Row(subject.source, subject.index, subject.name)
    if isinstance(answer, UserError):
        row = replace(row, problem=str(answer))
    elif not answer.digits:
        row = replace(row, problem=_("There is nothing to read."))
    else:
        row = replace(row, text=answer.text, confidence=answer.confidence, accepted=answer.accepted)
    try:
        return replace(row, picture=_small(subject.content, side))
    except UserError:  # colours that cannot be read: the answer has said so
        return row


def _small(content: Drawing | Image.Image | UserError, side: int) -> bytes:
    """Return a small square picture as PNG, on white paper; empty where there is none."""
    if isinstance(content, UserError) or (isinstance(content, Drawing) and content.is_blank):
        return b""
    if isinstance(content, Drawing):
        picture = render(on_canvas(replace(content, canvas=None)))  # only its ink
    else:
        picture = Picture.of(content, "").image
    if picture.mode == "RGBA":
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")
    file = io.BytesIO()
    ImageOps.pad(picture, (side, side), Image.Resampling.LANCZOS, color="white").save(file, "PNG")
    return file.getvalue()
