"""Reads many drawings and pictures in a separate thread, and saves the answers as a table."""

from __future__ import annotations

import io
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image, ImageOps

from app.drawing.canvas import on_canvas
from app.drawing.picture import Picture
from app.facts import memory
from app.facts.log import place as log_place
from app.sources import sources
from app.sources.sources import Subject
from app.sources.spreadsheet import save_csv
from model.base.errors import UserError
from model.base.language import _
from model.ink.ink import Drawing
from model.ink.render import render
from model.page.page import Cell, Page
from model.page.reading import page_of
from model.reading.layout import around
from model.reading.reading import SIGNS, Reading
from model.reading.recognizer import Recognizer
from model.reading.rejection import what_is_wrong

# Of the table, as `recognize --json` says it.
HEAD = ("source", "index", "text", "confidence", "accepted", "problem", "written", "reason")
MOST_ANSWERS = 10_000  # of a batch; each can have a picture of a kilobyte or two

Read = Callable[[Drawing | Image.Image, Recognizer], Reading | Page]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was read of a subject, or why nothing was; the subject itself isn't kept."""

    source: str
    index: int
    name: str
    reading: Reading | Page | UserError
    picture: bytes = b""  # a small PNG, where one is wanted
    said: str | None = None  # what the user says it is; None: nothing

    @classmethod
    def of(cls, recognizer: Recognizer, subject: Subject, read: Read | None = None) -> Answer:
        """Return the answer to a subject from ``read``; even a bug costs only its own answer."""
        reading: Reading | Page | UserError
        try:
            content = subject.content
            reading = content if isinstance(content, UserError) else (read or all_of)(content, recognizer)
        except UserError as error:
            reading = error
        except Exception:
            log.exception("a bug with %r", Path(subject.source))
            reading = bug()
        return cls(subject.source, subject.index, subject.name, reading)

    @property
    def is_page(self) -> bool:
        """Whether several numbers were read."""
        return isinstance(self.reading, Page)

    @property
    def problem(self) -> str:
        """Why nothing was read; empty if something was, or if the user says what it is."""
        if self.said is not None:
            return ""
        if isinstance(self.reading, UserError):
            return str(self.reading)
        return "" if self.reading.digits else what_is_wrong(self.reading)


def as_page(content: Drawing | Image.Image, recognizer: Recognizer) -> Page:
    """Return a page's table, or a drawing's answer as a table. Raises PictureError."""
    if isinstance(content, Image.Image):
        return page_of(content, recognizer)
    reading = recognizer.recognize(content)
    boxes = [digit.box for digit in reading.digits]
    return Page(((Cell(around(boxes), reading, is_inked=True),),)) if boxes else Page()


def all_of(content: Drawing | Image.Image, recognizer: Recognizer) -> Reading | Page:
    """Return what a drawing or a picture shows: a number, or the lines of a page. Raises PictureError."""
    reading = recognizer.recognize(content)
    if reading.hindered == "lines" and isinstance(content, Image.Image):
        page = page_of(content, recognizer)
        return page if page.text else reading
    return reading


class Batch:
    """Reads what's at some paths, one by one, with small pictures of this many pixels a side.

    Only the recogniser's bundle and threshold are used, with the thread's own networks.
    """

    def __init__(self, paths: Sequence[str], recognizer: Recognizer, side: int):
        self.paths = tuple(paths)
        self.answers: list[Answer] = []  # those that were polled
        self.expected = 0  # subjects, as far as is known
        self.left_out = 0  # files of folders
        self.over = False
        self.side = side
        self._recognizer = recognizer
        self._corrected: list[tuple[int, Answer]] = []  # where the user has corrected an answer, and which one
        self._saved: tuple[int, Answer] | None = None  # the last correction in the saved table
        self._read: queue.SimpleQueue[Answer | None] = queue.SimpleQueue()
        self._cancelled = False
        threading.Thread(target=self._work, daemon=True).start()

    def poll(self, at_most: int = 100) -> list[Answer]:
        """Return what was read since the last call, a limited number at once, without waiting."""
        fresh: list[Answer] = []
        while len(fresh) < at_most and not self.over and not self._read.empty():
            if answer := self._read.get():
                fresh.append(answer)
            else:
                self.over = True
        self.answers += fresh
        return fresh

    def cancel(self) -> None:
        """Stop after what is being read now; what was read stays."""
        self._cancelled = True

    @property
    def can_undo(self) -> bool:
        """Whether there's a correction to take back."""
        return bool(self._corrected)

    @property
    def is_precious(self) -> bool:
        """Whether there are unsaved corrections."""
        return next(reversed(self._corrected), None) is not self._saved

    def correct(self, place: int, said: str) -> None:
        """Let the user say what one of the answers should be."""
        self._corrected.append((place, self.answers[place]))
        self.answers[place] = replace(self.answers[place], said=" ".join(said.split()))

    def undo(self) -> int:
        """Take the last correction back, and return where it was."""
        place, answer = self._corrected.pop()
        self.answers[place] = answer
        return place

    def save(self, path: Path) -> None:
        """Write the answers as CSV that spreadsheets read. Raises UserError."""
        save_table(self.answers, path)
        self._saved = next(reversed(self._corrected), None)

    def _work(self) -> None:
        try:
            self._read_all()
        except UserError as error:  # the model is gone, as one is that was deleted a moment ago
            self._read.put(Answer("", 0, "", error))
        except Exception:
            log.exception("a bug while a batch was read")
            self._read.put(Answer("", 0, "", bug()))
        finally:
            memory.give_back()  # a network of its own is some tens of megabytes
            self._read.put(None)

    def _read_all(self) -> None:
        self.expected = sources.count(self.paths)
        self.left_out = sum(map(sources.left_out, self.paths))
        recognizer = Recognizer(self._recognizer.bundle, self._recognizer.threshold)
        for number, subject in enumerate(sources.read(self.paths, io.BytesIO())):
            if self._cancelled:
                break
            if number == MOST_ANSWERS:
                end = UserError(_("The list ends here. `inkling-cli recognize` reads all of them."))
                self._read.put(Answer("", 0, "…", end))
                break
            answer = Answer.of(recognizer, subject)
            self._read.put(replace(answer, picture=small_picture(subject.content, self.side)))


def small_picture(content: Drawing | Image.Image | UserError, side: int) -> bytes:
    """Return a small square picture as PNG, on white paper; empty if there's none."""
    if isinstance(content, UserError) or (isinstance(content, Drawing) and content.is_blank):
        return b""
    if isinstance(content, Drawing):
        picture = render(on_canvas(replace(content, canvas=None)))  # only its ink
    else:
        try:
            picture = Picture.of(content, "").image
        except UserError:  # colours that can't be read: the answer has said so
            return b""
    if picture.mode == "RGBA":
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")
    file = io.BytesIO()
    ImageOps.pad(picture, (side, side), Image.Resampling.LANCZOS, color="white").save(file, "PNG")
    return file.getvalue()


def save_table(answers: Sequence[Answer], path: Path) -> None:
    """Write answers as CSV that spreadsheets read. Raises UserError."""
    save_csv((HEAD, *map(_cells, answers)), path)


def _cells(answer: Answer) -> tuple[object, ...]:
    read, more = ("", "", ""), ("", "")
    if answer.said is not None:
        read, more = ("".join(each for each in answer.said if each not in SIGNS), "", "yes"), (answer.said, "")
    elif not isinstance(reading := answer.reading, UserError):
        read = (reading.text, f"{reading.confidence:.4f}", "yes" if reading.accepted else "no")
        more = (reading.written, reading.reason)
    return answer.source, answer.index, *read, answer.problem, *more


def bug() -> UserError:
    """Return the sentence for an unexpected error, which the log has."""
    return UserError(_("Inkling ran into an internal error. What happened is in {file}."), file=log_place())
