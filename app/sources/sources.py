"""What the program is asked to read: pictures, PDFs, ink files, folders and standard input, one subject at a time."""

from __future__ import annotations

import io
import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from app.drawing.canvas import on_canvas
from app.drawing.picture import Picture
from app.sources import heic, pdf
from app.sources.picture_cost import MOST_PICTURE_BYTES
from app.sources.pictures import (
    ENOUGH_PIXELS,
    PAGE_PIXELS,
    PICTURE_ENDINGS,
    SourceError,
    cannot_open,
    count_sheets,
    open_sheets,
)
from model.base.errors import UserError
from model.base.files import open_plain
from model.base.language import _, ngettext
from model.base.shown import shown
from model.ink import document
from model.ink.document import ENDINGS as INK_ENDINGS
from model.ink.document import read_document
from model.ink.ink import MOST_INK_BYTES, Drawing, lines, read_lines

log = logging.getLogger(__name__)

STANDARD_INPUT = "-"
_ENDINGS = (*PICTURE_ENDINGS, *heic.HEIC_ENDINGS, *pdf.PDF_ENDINGS, *INK_ENDINGS)  # of files that are read of a folder


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing to recognise, or the error in its place.

    ``index`` counts from 0 within ``source``; ``numbered`` tells whether the source can hold more than one.
    """

    source: str
    index: int
    content: Drawing | Image.Image | UserError
    numbered: bool = False

    @property
    def name(self) -> str:
        """Its name for people, in one line: a tab, a newline or a broken character in a file name is escaped."""
        return shown(f"{self.source}:{self.index}" if self.numbered else self.source)


@dataclass(frozen=True, slots=True)
class Piece:
    """A unit that can be read separately, here or elsewhere: a file, a line of one, or the error in its place.

    ``content`` is what's in it, or None if the file hasn't been opened yet; ``index`` counts lines within ``source``.
    """

    source: str
    index: int = 0
    content: bytes | SourceError | None = None
    line: bool = False


def read(paths: Iterable[str], standard_input: BinaryIO, enough: tuple[int, int] = ENOUGH_PIXELS) -> Iterator[Subject]:
    """Yield what's at the paths, in order, with at most one subject in memory.

    A folder means the pictures and ink files directly in it, by name; ``-`` means ink lines on standard input. Pictures
    may be reduced as long as more than ``enough`` pixels are left.
    """
    for piece in pieces(paths, standard_input):
        yield from subjects(piece, enough=enough)


def pieces(paths: Iterable[str], standard_input: BinaryIO) -> Iterator[Piece]:
    """Yield what `read` reads without opening any files but those with lines; others make `subjects` from it."""
    for path in paths:
        if path == STANDARD_INPUT:
            yield from _lines(path, standard_input)
        elif os.path.isdir(path):  # noqa: PTH112  (Path.is_dir raises where a folder on the way is closed to us)
            try:
                known = _known(path)
            except OSError as error:
                yield Piece(path, content=SourceError(_("The folder can't be read ({reason})."), reason=error.strerror))
                continue
            if not known:
                yield Piece(path, content=SourceError(_("The folder has neither pictures nor ink in it.")))
            yield from pieces(known, standard_input)
        elif Path(path).suffix.lower() == ".jsonl":
            try:
                with open_plain(Path(path)) as file:
                    yield from _lines(path, file)
            except OSError as error:
                yield Piece(path, content=cannot_open(error))
        else:
            yield Piece(path)


def _lines(source: str, file: BinaryIO) -> Iterator[Piece]:
    for index, line in enumerate(lines(file)):
        yield Piece(source, index, line, line=True)


def _known(folder: str) -> list[str]:
    """Return the paths of the pictures and ink files in a folder, by name. Raises OSError."""
    return [str(Path(folder) / name) for name in _files(folder) if Path(name).suffix.lower() in _ENDINGS]


def _files(folder: str) -> list[str]:
    return sorted(entry.name for entry in os.scandir(folder) if entry.is_file())


def left_out(path: str) -> int:
    """Return how many files in a folder are skipped because of their names; 0 if it's a file or can't be read."""
    try:
        shown_there = [name for name in _files(path) if not name.startswith(".")]
        return sum(1 for name in shown_there if Path(name).suffix.lower() not in _ENDINGS)
    except (OSError, ValueError):
        return 0


def told_left_out(count: int) -> str:
    """Return a sentence on files that were left out."""
    sentence = ngettext(
        "{count:,} other file was left out, because it isn't a picture or ink.",
        "{count:,} other files were left out, because they aren't pictures or ink.",
        count,
    )
    return sentence.format(count=count)


def with_content(piece: Piece) -> Piece:
    """Return a piece that can be read on another computer: it includes the contents, or why they're missing."""
    if piece.content is not None:
        return piece
    try:
        return replace(piece, content=_beginning(Path(piece.source)))
    except OSError as error:
        return replace(piece, content=cannot_open(error))


def subjects(piece: Piece, first: int = 0, enough: tuple[int, int] = ENOUGH_PIXELS) -> Iterator[Subject]:
    """Yield what's in a piece: one subject, or those of an ink file, or the pages of a TIFF or a PDF.

    Pages before ``first`` may be left out, and pictures may be reduced as long as more than ``enough`` pixels remain.
    """
    content = piece.content
    path = Path(piece.source)
    try:
        if isinstance(content, SourceError):
            yield Subject(piece.source, piece.index, content, piece.line)
        elif piece.line:
            assert content is not None
            for drawing in read_lines(io.BytesIO(content)):
                yield Subject(piece.source, piece.index, drawing, numbered=True)
        elif _is_ink(path, content):
            drawings = read_document(_beginning(path) if content is None else content)
            begun = list(islice(drawings, 2))
            for index, drawing in enumerate(chain(begun, drawings)):
                yield Subject(piece.source, index, drawing, numbered=len(begun) != 1)
        else:
            file = path if content is None else io.BytesIO(content)
            if heic.is_heic(file):
                yield Subject(piece.source, 0, heic.open_heic(file))
                return
            sheets = pdf.open_pages(file, first) if pdf.is_pdf(file, path.suffix) else open_sheets(file, first, enough)
            for sheet in sheets:
                yield Subject(piece.source, sheet.index, sheet.content, sheet.numbered)
    except UserError as error:
        yield Subject(piece.source, 0, error)
    except OSError as error:
        yield Subject(piece.source, 0, cannot_open(error))


def _is_ink(path: Path, content: bytes | None) -> bool:
    """Return whether a file is ink: by its name, whatever is in it, or by what is in it. Raises OSError."""
    if path.suffix.lower() in INK_ENDINGS:
        return True
    if content is None:
        with open_plain(path) as file:
            content = file.read(document.HEAD)
    return document.is_ink(content[: document.HEAD].decode(errors="replace"))


def _beginning(path: Path) -> bytes:
    """Return as much of a file as can be read, and a byte more where there is. Raises OSError."""
    with open_plain(path) as file:
        return file.read((MOST_INK_BYTES if path.suffix.lower() in INK_ENDINGS else MOST_PICTURE_BYTES) + 1)


def count(paths: Iterable[str]) -> int:
    """Return how many subjects are at the paths; a file with pages, a `.json` and an unreadable file count as one."""
    number = 0
    for path in paths:
        try:
            if os.path.isdir(path):  # noqa: PTH112  (as above)
                number += max(1, count(_known(path)))
            elif path.lower().endswith(".jsonl"):
                with open_plain(Path(path)) as file:
                    number += sum(1 for _line in lines(file))
            else:
                number += 1
        except (OSError, ValueError):  # ValueError: no name that a file can have
            number += 1
    return number


def fetch(source: str, index: int = 0) -> Drawing | Picture:
    """Return what's at an index of a file, as the window works on it. Raises UserError."""
    for piece in pieces([source], io.BytesIO()):
        for subject in subjects(piece, index):
            if subject.index == index:
                return workable(subject)
    raise SourceError(_("That drawing is no longer in {name}."), name=Path(source).name)


def fetch_picture(source: str, index: int = 0) -> Image.Image:
    """Return the picture at an index of a file, as fine as a page of many numbers needs it. Raises UserError."""
    for subject in subjects(Piece(source), index, PAGE_PIXELS):
        if isinstance(subject.content, UserError):
            raise SourceError(f"{shown(Path(source).name)}: {subject.content}") from subject.content
        if subject.index == index and isinstance(subject.content, Image.Image):
            return subject.content
    raise SourceError(_("There's no picture in {name} there."), name=Path(source).name)


def count_pages(source: str) -> int:
    """Return how many pages a picture's file has; 1 if it can't be read, which `fetch_picture` reports."""
    path = Path(source)
    try:
        return pdf.count_pages(path) if pdf.is_pdf(path, path.suffix) else count_sheets(path)
    except (OSError, UserError):
        return 1


def fetch_only(source: str) -> Drawing | Picture | None:
    """Return the single thing in a file, as the window works on it; None if there are several. Raises UserError."""
    found = list(islice(read([source], io.BytesIO()), 2))
    if not found:
        raise SourceError(_("There's no drawing in {name}."), name=Path(source).name)
    return workable(found[0]) if len(found) == 1 else None


def workable(subject: Subject) -> Drawing | Picture:
    """Return a subject as the window works on it. Raises UserError."""
    name = shown(Path(subject.source).name)
    if isinstance(subject.content, UserError):
        log.info("%r: %s", Path(subject.source), subject.content)  # so that a report knows the name for one
        raise SourceError(f"{name}: {subject.content}") from subject.content
    if isinstance(subject.content, Drawing):
        return on_canvas(subject.content)
    name = f"{name}:{subject.index}" if subject.numbered else name
    return Picture.of(subject.content, name, (subject.source, subject.index))
