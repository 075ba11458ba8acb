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
from app.sources.pdf import PDF_ENDINGS, is_pdf, open_pages
from app.sources.picture_cost import MOST_PICTURE_BYTES
from app.sources.pictures import ENOUGH_PIXELS, PAGE_PIXELS, PICTURE_ENDINGS, SourceError, cannot_open, open_sheets
from model.base.errors import UserError
from model.base.files import open_plain
from model.base.language import _
from model.base.shown import shown
from model.ink.ink import MOST_JSON_BYTES, Drawing, lines, read_document, read_lines

log = logging.getLogger(__name__)

INK_ENDINGS = (".json", ".inkling", ".jsonl")  # the second is the first under a name that is ours alone
STANDARD_INPUT = "-"


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
        """What people call it, in one line: a tab, a line's end or half a letter in a file's name is written out."""
        return shown(f"{self.source}:{self.index}" if self.numbered else self.source)


@dataclass(frozen=True, slots=True)
class Piece:
    """What can be read by itself, here or elsewhere: a file, or a line of one; or the error in its place.

    ``content`` is what is in it, None where the file is still to be opened; ``index`` counts lines within ``source``.
    """

    source: str
    index: int = 0
    content: bytes | SourceError | None = None
    line: bool = False


def read(paths: Iterable[str], standard_input: BinaryIO, enough: tuple[int, int] = ENOUGH_PIXELS) -> Iterator[Subject]:
    """Yield what the paths hold, in their order, never more than one subject in memory.

    A folder stands for the pictures and ink files directly in it, by name; ``-`` for ink lines on standard input.
    Pictures may be reduced as far as more than ``enough`` pixels are left.
    """
    for piece in pieces(paths, standard_input):
        yield from subjects(piece, enough=enough)


def pieces(paths: Iterable[str], standard_input: BinaryIO) -> Iterator[Piece]:
    """Yield what `read` reads without opening more than files of lines, for others to make `subjects` of it."""
    for path in paths:
        if path == STANDARD_INPUT:
            yield from _lines(path, standard_input)
        elif os.path.isdir(path):  # noqa: PTH112  (Path.is_dir raises where a folder on the way is closed to us)
            try:
                known = _known(path)
            except OSError as error:
                yield Piece(
                    path, content=SourceError(_("The folder cannot be read ({reason})."), reason=error.strerror)
                )
                continue
            if not known:
                yield Piece(path, content=SourceError(_("The folder holds no pictures and no ink.")))
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
    names = sorted(entry.name for entry in os.scandir(folder) if entry.is_file())
    endings = (*PICTURE_ENDINGS, *PDF_ENDINGS, *INK_ENDINGS)
    return [str(Path(folder) / name) for name in names if Path(name).suffix.lower() in endings]


def with_content(piece: Piece) -> Piece:
    """Return a piece that can be read where there is no such file: what is in it comes along, or why it does not."""
    if piece.content is not None:
        return piece
    try:
        return replace(piece, content=_beginning(Path(piece.source)))
    except OSError as error:
        return replace(piece, content=cannot_open(error))


def subjects(piece: Piece, first: int = 0, enough: tuple[int, int] = ENOUGH_PIXELS) -> Iterator[Subject]:
    """Yield what is in a piece: one subject, or those of a `.json` file, or the pages of a TIFF or a PDF.

    Pages before ``first`` may be left out, and pictures be reduced as far as more than ``enough`` pixels are left.
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
        elif path.suffix.lower() in INK_ENDINGS:
            drawings = read_document(_beginning(path) if content is None else content)
            begun = list(islice(drawings, 2))
            for index, drawing in enumerate(chain(begun, drawings)):
                yield Subject(piece.source, index, drawing, numbered=len(begun) != 1)
        else:
            file = path if content is None else io.BytesIO(content)
            sheets = open_pages(file, first) if is_pdf(file, path.suffix) else open_sheets(file, first, enough)
            for sheet in sheets:
                yield Subject(piece.source, sheet.index, sheet.content, sheet.numbered)
    except UserError as error:
        yield Subject(piece.source, 0, error)
    except OSError as error:
        yield Subject(piece.source, 0, cannot_open(error))


def _beginning(path: Path) -> bytes:
    """Return as much of a file as can be read, and a byte more where there is. Raises OSError."""
    with open_plain(path) as file:
        return file.read((MOST_JSON_BYTES if path.suffix.lower() in INK_ENDINGS else MOST_PICTURE_BYTES) + 1)


def count(paths: Iterable[str]) -> int:
    """Return how many subjects the paths hold; a file with pages or a `.json` is one, and so is what cannot be read."""
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
    """Return what is in that place of a file, as the window works on it. Raises UserError."""
    for piece in pieces([source], io.BytesIO()):
        for subject in subjects(piece, index):
            if subject.index == index:
                return workable(subject)
    raise SourceError(_("{name} holds no drawing there any more."), name=Path(source).name)


def fetch_picture(source: str, index: int = 0) -> Image.Image:
    """Return the picture in that place of a file, as fine as a page of many numbers needs it. Raises UserError."""
    for subject in subjects(Piece(source), index, PAGE_PIXELS):
        if isinstance(subject.content, UserError):
            raise SourceError(f"{shown(Path(source).name)}: {subject.content}") from subject.content
        if subject.index == index and isinstance(subject.content, Image.Image):
            return subject.content
    raise SourceError(_("{name} holds no picture there."), name=Path(source).name)


def fetch_only(source: str) -> Drawing | Picture | None:
    """Return the one thing that a file holds, as the window works on it; None: it holds several. Raises UserError."""
    found = list(islice(read([source], io.BytesIO()), 2))
    if not found:
        raise SourceError(_("There is no drawing in {name}."), name=Path(source).name)
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
