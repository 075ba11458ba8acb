"""PDF files as pictures of their pages."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from app.sources.pdf_child import MOST_PAGE_PIXELS, Child, LostError
from app.sources.picture_cost import MOST_PICTURE_BYTES
from app.sources.pictures import Sheet, SourceError, too_many_pages
from model.base.errors import UserError
from model.base.files import open_plain
from model.base.installation import require_pdfium
from model.base.language import _

log = logging.getLogger(__name__)

PDF_ENDINGS = (".pdf",)
MOST_PAGES = 200  # of a file; each is a picture of up to `MOST_PAGE_PIXELS`
MOST_LOST = 3  # pages that may end the child; then the others are left

_HEAD, _HEAD_BYTES = b"%PDF-", 1024  # how such a file begins, or within how many bytes where a letter precedes it


def is_pdf(path: Path | BinaryIO, ending: str) -> bool:
    """Return whether a file is a PDF, whatever its name. Raises OSError."""
    with _file(path) as file:
        head = file.read(_HEAD_BYTES)
        file.seek(0)
    return head.startswith(_HEAD) or (ending.lower() in PDF_ENDINGS and _HEAD in head)


def open_pages(path: Path | BinaryIO, first: int = 0) -> Iterator[Sheet]:
    """Yield the pages of a PDF from ``first`` on, with a sentence in place of a bad one.

    Raises OSError, UserError if the library is missing, and SourceError if there are none.
    """
    require_pdfium()
    with _file(path) as file, _Document(file) as document:
        count = document.open()
        for index in range(first, min(count, MOST_PAGES)):
            yield Sheet(index, _page(document, index), count > 1)
        if count > MOST_PAGES:
            yield Sheet(MOST_PAGES, too_many_pages(MOST_PAGES), numbered=True)


def count_pages(path: Path) -> int:
    """Return how many pages of a PDF are read. Raises what `open_pages` does."""
    require_pdfium()
    with _file(path) as file, _Document(file) as document:
        return min(document.open(), MOST_PAGES)


def _file(path: Path | BinaryIO) -> AbstractContextManager[BinaryIO]:
    return open_plain(path) if isinstance(path, Path) else nullcontext(path)


def _page(document: _Document, index: int) -> Image.Image | UserError:
    try:
        return document.draw(index)
    except UserError as error:
        return error


class _Document:
    """A PDF in a child process, and in another one when a page has ended that."""

    def __init__(self, file: BinaryIO):
        self._file = file
        self._child: Child | None = None
        self._lost = 0

    def __enter__(self) -> _Document:
        return self

    def __exit__(self, *_what: object) -> None:
        if self._child:
            self._child.end()
        self._child = None

    def open(self) -> int:
        """Return how many pages there are. Raises UserError."""
        size = self._file.seek(0, os.SEEK_END)
        if size > MOST_PICTURE_BYTES:
            sentence = _("The PDF is too large. Split it into files of less than {most} megabytes.")
            raise SourceError(sentence, most=MOST_PICTURE_BYTES // 1_000_000)
        self._file.seek(0)
        self._child = Child()
        try:
            word, numbers, _pixels = self._child.ask(f"open {size}", self._file)
        except LostError as error:
            log.info("a PDF ended what opens it: %s", error)
            raise SourceError(
                _("The PDF takes too much time or memory to open. Print it to a new PDF, and open that.")
            ) from error
        if word == b"password":
            raise SourceError(_("The PDF has a password. Save it without one, and open that."))
        if word != b"pages" or not numbers[0]:
            raise SourceError(_("The PDF is damaged, cut off or empty. Save or download it again."))
        return numbers[0]

    def draw(self, index: int) -> Image.Image:
        """Return what a page shows. Raises UserError."""
        if self._lost == MOST_LOST:
            raise SourceError(
                _("This page was left out, because too many pages of the PDF take too much time or memory to draw.")
            )
        if not self._child:
            self.open()
        assert self._child
        try:
            word, numbers, pixels = self._child.ask(f"draw {index} {MOST_PAGE_PIXELS}")
        except LostError as error:
            log.info("page %s of a PDF ended what draws it: %s", index, error)
            self._lost += 1
            self.__exit__()
            sentence = _("This page takes too much time or memory to draw. Save it as a picture, and open that.")
            raise SourceError(sentence) from error
        if word != b"drawn":
            raise SourceError(_("This page of the PDF is damaged. Save it as a picture, and open that."))
        width, height, stride = numbers
        return Image.frombytes("RGB", (width, height), pixels, "raw", "RGB", stride, 1)
