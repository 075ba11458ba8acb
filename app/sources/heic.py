"""HEIC pictures, as phones take them: the child process for PDF files draws them."""

from __future__ import annotations

import logging
import os
import re
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from app.sources.pdf_child import MOST_PAGE_PIXELS, Child, LostError
from app.sources.picture_cost import MOST_PICTURE_BYTES
from app.sources.pictures import SourceError
from model.base.files import open_plain
from model.base.installation import require_heif
from model.base.language import _

log = logging.getLogger(__name__)

HEIC_ENDINGS = (".heic", ".heif")

_HEAD = re.compile(rb"....ftyp(hei[cxms]|hev[cxms]|mif1|msf1)", re.DOTALL)  # ISO/IEC 23008-12, section 10
_HEAD_BYTES = 12


def is_heic(path: Path | BinaryIO) -> bool:
    """Return whether a file is such a picture, whatever its name. Raises OSError."""
    with _file(path) as file:
        head = file.read(_HEAD_BYTES)
        file.seek(0)
    return bool(_HEAD.match(head))


def open_heic(path: Path | BinaryIO) -> Image.Image:
    """Return the picture, reduced to `MOST_PAGE_PIXELS` if it has more.

    Raises OSError, UserError if the library is missing, and SourceError if it can't be drawn.
    """
    require_heif()
    with _file(path) as file:
        size = file.seek(0, os.SEEK_END)
        if size > MOST_PICTURE_BYTES:
            sentence = _("The file is too large. Make the picture smaller than {most} megabytes.")
            raise SourceError(sentence, most=MOST_PICTURE_BYTES // 1_000_000)
        file.seek(0)
        child = Child()
        try:
            word, _numbers, _pixels = child.ask(f"open {size}", file)
            if word == b"pages":
                word, numbers, pixels = child.ask(f"draw 0 {MOST_PAGE_PIXELS}")
        except LostError as error:
            log.info("a HEIC picture ended what draws it: %s", error)
            raise SourceError(_("The picture takes too much time or memory to open; save it as JPEG.")) from error
        finally:
            child.end()
    if word != b"drawn":
        raise SourceError(_("The picture is damaged or cut off. Save or download it again."))
    width, height, stride = numbers
    return Image.frombytes("RGB", (width, height), pixels, "raw", "RGB", stride, 1)


def _file(path: Path | BinaryIO) -> AbstractContextManager[BinaryIO]:
    return open_plain(path) if isinstance(path, Path) else nullcontext(path)
