"""The one door for pictures: files open only in formats on a list, and their cost is estimated before decoding."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

from app.sources.picture_cost import MOST_PICTURE_BYTES, MOST_PIXELS, CountedReads, TooManyReadsError, most_megapixels
from model.base.errors import UserError
from model.base.files import open_plain
from model.base.language import _
from model.base.silence import without_standard_error

log = logging.getLogger(__name__)

PICTURE_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF")
PICTURE_ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff")

ENOUGH_PIXELS = (1024, 1024)  # pixels: a JPEG may be opened at any reduction that leaves more than this,
PAGE_PIXELS = (2400, 2400)  # and one of many numbers at any that leaves this: of 12 megapixels it leaves all
MOST_FRAMES = 500  # of a TIFF: a heap of paper that nobody scans at once

MOST_FOR_PILLOW = 100_000_000  # pixels; it refuses twice as many itself, before it makes room for any
Image.MAX_IMAGE_PIXELS = MOST_FOR_PILLOW
# Of those between, which it warns of, `most_megapixels` knows more: a JPEG of that size is reduced.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)

_SUBFILE = 254  # a tag of TIFF, of a frame's purpose
_NO_PAGE = 1 | 4  # its bits: a smaller copy of another frame, and a mask


class SourceError(UserError):
    """A file that can't be read; the text says why."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of a file: what it shows, or why it can't be shown.

    ``index`` counts from 0; ``numbered`` says whether the file has more than one.
    """

    index: int
    content: Image.Image | UserError
    numbered: bool


def open_picture(path: Path | BinaryIO) -> Image.Image:
    """Return the first frame of a picture file, turned the way that its EXIF tag asks for. Raises SourceError."""
    sheet = next(open_sheets(path))
    if isinstance(sheet.content, UserError):
        raise sheet.content
    return sheet.content


def open_sheets(path: Path | BinaryIO, first: int = 0, enough: tuple[int, int] = ENOUGH_PIXELS) -> Iterator[Sheet]:
    """Yield the frames of a TIFF as pages, and of any other picture only the first: animations have no pages.

    Frames before ``first`` are skipped. Raises SourceError if there's no picture at all.
    """
    with _opened(path) as (picture, counted):
        frames = _frames(picture, counted)
        index, found, numbered = 0, next(frames, None), False
        while found:
            content = (found.wrong or _page(picture, counted, enough)) if index >= first else None
            found = next(frames, None)
            numbered = numbered or found is not None
            if content is not None:
                yield Sheet(index, content, numbered)
            index += 1


def count_sheets(path: Path | BinaryIO) -> int:
    """Return how many sheets `open_sheets` yields for a file, without decoding any. Raises SourceError."""
    with _opened(path) as (picture, counted):
        return sum(1 for _found in _frames(picture, counted))


@dataclass(frozen=True, slots=True)
class _Found:
    """A frame that a picture was taken to, or why that was in vain."""

    wrong: SourceError | None = None


def _frames(picture: Image.Image, counted: CountedReads) -> Iterator[_Found]:
    """Take a picture to one of its frames after another, as far as they are pages."""
    yield _Found()
    for number in range(1, MOST_FRAMES + 1 if picture.format == "TIFF" else 1):
        counted.begin()
        try:
            with _in_sentences():
                try:
                    picture.seek(number)
                except EOFError:
                    return
        except SourceError as error:
            yield _Found(error)
            if picture.tell() != number:  # then it doesn't tell either where the next one is
                return
            continue
        if number == MOST_FRAMES:
            yield _Found(too_many_pages(MOST_FRAMES))
        elif _is_page(picture):
            yield _Found()


def _is_page(picture: Image.Image) -> bool:
    """Return whether a frame of a TIFF is more than a smaller copy of another one, or its mask."""
    purpose = picture.tag_v2.get(_SUBFILE)  # type: ignore[attr-defined]  # only TIFFs have tags
    return not (isinstance(purpose, int) and purpose & _NO_PAGE)


@contextmanager
def _opened(path: Path | BinaryIO) -> Iterator[tuple[Image.Image, CountedReads]]:
    """Open a picture's file, and close it. Raises SourceError."""
    with _in_sentences(), open_plain(path) if isinstance(path, Path) else nullcontext(path) as file:
        if file.seek(0, os.SEEK_END) > MOST_PICTURE_BYTES:
            sentence = _("The file is too large. Make the picture smaller than {most} megabytes.")
            raise SourceError(sentence, most=MOST_PICTURE_BYTES // 1_000_000)
        file.seek(0)
        counted = CountedReads(file)
        # It's given the file and not its path, or it would map some into the memory, and end when they shrink.
        with Image.open(counted, formats=PICTURE_FORMATS) as picture:
            yield picture, counted


@contextmanager
def _in_sentences() -> Iterator[None]:
    """Turn whatever goes wrong with a picture into SourceError."""
    try:
        yield
    except SourceError:
        raise
    except TooManyReadsError as error:
        sentence = _("The picture's file is cut into too many pieces. Open it in another program, and save it again.")
        raise SourceError(sentence) from error
    except UnidentifiedImageError as error:
        sentence = _(
            "Inkling can't read this kind of file. It reads pictures (PNG, JPEG, BMP, GIF, WebP, TIFF, PDF) "
            "and ink (.inkling, .json, .jsonl, .svg, .inkml)."
        )
        raise SourceError(sentence) from error
    except Image.DecompressionBombError as error:
        raise far_too_large() from error
    except Exception as error:  # Pillow's decoders raise what they please on a damaged file: OSError, SyntaxError, …
        if isinstance(error, OSError) and error.errno is not None:
            raise cannot_open(error) from error
        raise SourceError(_("The picture is damaged or cut off. Save or download it again.")) from error


def _page(picture: Image.Image, counted: CountedReads, enough: tuple[int, int]) -> Image.Image | SourceError:
    """Return what a picture shows in the frame that it was taken to, which stays when it goes on; or why nothing."""
    try:
        with _in_sentences():
            _load(picture, counted, enough)
            page = picture._new(picture.im)  # not a copy: it would take as much again
            picture.readonly = 1  # so that the next frame gets room of its own
            return page
    except SourceError as error:
        return error


def far_too_large() -> SourceError:
    """Return the sentence for a picture that Pillow itself rejects without details."""
    sentence = _("The picture has more than {pixels} megapixels. Make it smaller than {most}.")
    return SourceError(sentence, pixels=2 * MOST_FOR_PILLOW // 1_000_000, most=MOST_PIXELS // 1_000_000)


def _load(picture: Image.Image, file: CountedReads, enough: tuple[int, int]) -> None:
    """Get a picture's pixels, turned. Raises SourceError where it is too large, and what Pillow raises."""
    size = picture.size
    picture.draft(None, enough)  # lets a JPEG be decoded at an eighth to a half of its size
    most = most_megapixels(picture, size, file)
    if most:
        sentence = _("The picture is {width} x {height} pixels. Make it smaller than {most} megapixels.")
        raise SourceError(sentence, width=size[0], height=size[1], most=most)
    # Of damaged files libtiff speaks past Python.
    with without_standard_error() if picture.format == "TIFF" else nullcontext():
        picture.load()
    if picture.mode == "P" and picture.palette is None:
        raise ValueError("its palette is missing")
    picture.info.pop("exif", None)  # what it says of a turn is known by now, and the rest would be written again
    try:
        ImageOps.exif_transpose(picture, in_place=True)
    except Exception:  # whatever is wrong with what an EXIF tag says, the picture is whole
        log.info("an EXIF tag that cannot be read", exc_info=True)


def too_many_pages(most: int) -> SourceError:
    """Return the sentence for pages beyond the limit."""
    return SourceError(_("The file has more than {most} pages. Split it into several files."), most=most)


def cannot_open(error: OSError) -> SourceError:
    """Return the sentence for a file that the system doesn't open."""
    if isinstance(error, FileNotFoundError):
        return SourceError(_("There's no such file. Check its name."))
    return SourceError(_("The file can't be opened ({reason})."), reason=error.strerror)
