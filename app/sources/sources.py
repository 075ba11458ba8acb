"""What the program is asked to read: pictures, ink files, folders and standard input, one subject at a time."""

from __future__ import annotations

import io
import logging
import os
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, cast

from PIL import Image, ImageOps, UnidentifiedImageError

from app.drawing.canvas import on_canvas
from app.drawing.picture import Picture
from app.sources.picture_cost import MOST_PICTURE_BYTES, MOST_PIXELS, CountedReads, TooManyReadsError, most_megapixels
from model.base.errors import UserError
from model.base.files import open_plain
from model.base.language import _
from model.base.shown import shown
from model.ink.ink import MOST_JSON_BYTES, Drawing, lines, read_document, read_lines

log = logging.getLogger(__name__)

PICTURE_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF")
PICTURE_ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff")
INK_ENDINGS = (".json", ".inkling", ".jsonl")  # the second is the first under a name that is ours alone
STANDARD_INPUT = "-"

ENOUGH_PIXELS = (1024, 1024)  # pixels: a JPEG may be opened at any reduction that leaves more than this

MOST_FOR_PILLOW = 100_000_000  # pixels; it refuses twice as many itself, before it makes room for any
Image.MAX_IMAGE_PIXELS = MOST_FOR_PILLOW
# Of those between, which it warns of, `most_megapixels` knows more: a JPEG of that size is reduced.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)


class SourceError(UserError):
    """A file that cannot be read; the text says why."""


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


def read(paths: Iterable[str], standard_input: BinaryIO) -> Iterator[Subject]:
    """Yield what the paths hold, in their order, never more than one subject in memory.

    A folder stands for the pictures and ink files directly in it, by name; ``-`` for ink lines on standard input.
    """
    for piece in pieces(paths, standard_input):
        yield from subjects(piece)


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
                yield Piece(path, content=_cannot_open(error))
        else:
            yield Piece(path)


def _lines(source: str, file: BinaryIO) -> Iterator[Piece]:
    for index, line in enumerate(lines(file)):
        yield Piece(source, index, line, line=True)


def _known(folder: str) -> list[str]:
    """Return the paths of the pictures and ink files in a folder, by name. Raises OSError."""
    names = sorted(entry.name for entry in os.scandir(folder) if entry.is_file())
    endings = (*PICTURE_ENDINGS, *INK_ENDINGS)
    return [str(Path(folder) / name) for name in names if Path(name).suffix.lower() in endings]


def with_content(piece: Piece) -> Piece:
    """Return a piece that can be read where there is no such file: what is in it comes along, or why it does not."""
    if piece.content is not None:
        return piece
    try:
        return replace(piece, content=_beginning(Path(piece.source)))
    except OSError as error:
        return replace(piece, content=_cannot_open(error))


def subjects(piece: Piece) -> Iterator[Subject]:
    """Yield what is in a piece: one subject, or those of a `.json` file."""
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
            first = list(islice(drawings, 2))
            for index, drawing in enumerate(chain(first, drawings)):
                yield Subject(piece.source, index, drawing, numbered=len(first) != 1)
        else:
            yield Subject(piece.source, 0, open_picture(path if content is None else io.BytesIO(content)))
    except SourceError as error:
        yield Subject(piece.source, 0, error)
    except OSError as error:
        yield Subject(piece.source, 0, _cannot_open(error))


def _beginning(path: Path) -> bytes:
    """Return as much of a file as can be read, and a byte more where there is. Raises OSError."""
    with open_plain(path) as file:
        return file.read((MOST_JSON_BYTES if path.suffix.lower() in INK_ENDINGS else MOST_PICTURE_BYTES) + 1)


def count(paths: Iterable[str]) -> int:
    """Return how many subjects the paths hold; each `.json` file counts as one, and what cannot be read too."""
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
    for subject in islice(read([source], io.BytesIO()), index, None):
        return workable(subject)
    raise SourceError(_("{name} holds no drawing there any more."), name=Path(source).name)


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
    return Picture.of(subject.content, name)


def open_picture(path: Path | BinaryIO) -> Image.Image:
    """Return the first frame of a picture file, turned the way that its EXIF tag asks for. Raises SourceError."""
    try:
        with open_plain(path) if isinstance(path, Path) else nullcontext(path) as file:
            if file.seek(0, os.SEEK_END) > MOST_PICTURE_BYTES:
                sentence = _("The file is too large for a picture; make it smaller than {most} megabytes.")
                raise SourceError(sentence, most=MOST_PICTURE_BYTES // 1_000_000)
            file.seek(0)
            counted = cast("BinaryIO", CountedReads(file))
            # It is given the file and not its path, or it would map some into the memory, and end when they shrink.
            with Image.open(counted, formats=PICTURE_FORMATS) as picture:
                return _loaded(picture, counted)
    except SourceError:
        raise
    except TooManyReadsError as error:
        sentence = _("The picture's file is cut into too many pieces; open it elsewhere and save it anew.")
        raise SourceError(sentence) from error
    except UnidentifiedImageError as error:
        sentence = _(
            "This is no picture that Inkling reads (PNG, JPEG, BMP, GIF, WebP, TIFF), "
            "nor ink (.inkling, .json, .jsonl)."
        )
        raise SourceError(sentence) from error
    except Image.DecompressionBombError as error:
        raise far_too_large() from error
    except Exception as error:  # Pillow's decoders raise what they please on a damaged file: OSError, SyntaxError, …
        if isinstance(error, OSError) and error.errno is not None:
            raise _cannot_open(error) from error
        raise SourceError(_("The picture is damaged or cut off; save or download it again.")) from error


def far_too_large() -> SourceError:
    """Return what is to be said of a picture that Pillow itself refuses, which tells no more of it."""
    sentence = _("The picture has more than {pixels} megapixels; make it smaller than {most}.")
    return SourceError(sentence, pixels=2 * MOST_FOR_PILLOW // 1_000_000, most=MOST_PIXELS // 1_000_000)


def _loaded(picture: Image.Image, file: BinaryIO) -> Image.Image:
    """Return a picture with its pixels, turned. Raises SourceError where it is too large, and what Pillow raises."""
    size = picture.size
    picture.draft(None, ENOUGH_PIXELS)  # lets a JPEG be decoded at an eighth to a half of its size
    most = most_megapixels(picture, size, file)
    if most:
        sentence = _("The picture is {width} x {height} pixels; make it smaller than {most} megapixels.")
        raise SourceError(sentence, width=size[0], height=size[1], most=most)
    with _silence_of_libtiff(picture):
        picture.load()
    if picture.mode == "P" and picture.palette is None:
        raise ValueError("its palette is missing")
    picture.info.pop("exif", None)  # what it says of a turn is known by now, and the rest would be written anew
    try:
        ImageOps.exif_transpose(picture, in_place=True)
    except Exception:  # whatever is wrong with what an EXIF tag says, the picture is whole
        log.info("an EXIF tag that cannot be read", exc_info=True)
    return picture


@contextmanager
def _silence_of_libtiff(picture: Image.Image) -> Iterator[None]:
    """Keep what libtiff says of damaged files off standard error: it writes there past Python."""
    if picture.format != "TIFF":
        yield
        return
    try:
        kept = os.dup(2)
    except OSError:  # it is closed
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _cannot_open(error: OSError) -> SourceError:
    if isinstance(error, FileNotFoundError):
        return SourceError(_("There is no such file; check its name."))
    return SourceError(_("The file cannot be opened ({reason})."), reason=error.strerror)
