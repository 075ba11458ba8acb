"""What from the clipboard can be opened: text that names files or is ink, and pictures as the bytes of their files."""

from __future__ import annotations

import io
import os
from itertools import islice

from app.drawing.canvas import on_canvas
from app.drawing.picture import Picture
from model.base.errors import UserError
from model.base.language import _
from model.ink.ink import MOST_BYTES, Drawing, read_document

MOST_FILES = 10_000  # more lines than this are any other text
URI = "file://"


def understood(text: str) -> list[str] | Drawing | None:
    """Return the paths that a text names, or the drawing that it is; None where it is any other. Raises UserError."""
    return files(text) or ink(text)


def picture(content: bytes) -> Picture:
    """Return the picture that the bytes of a file hold. Slow; raises UserError."""
    from app.sources.sources import open_picture  # noqa: PLC0415  (Pillow is needed for this alone)

    return Picture.of(open_picture(io.BytesIO(content)), _("the pasted picture"))


def files(text: str) -> list[str]:
    """Return the paths that a text names, a path or a file:// address a line; none where it is any other text."""
    found: list[str] = []
    for line in map(str.strip, text[:MOST_BYTES].splitlines()):
        if line and not line.startswith("#"):
            path = _path(line)
            if not path or len(found) == MOST_FILES:
                return []
            found.append(path)
    return found


def ink(text: str) -> Drawing | None:
    """Return the drawing whose JSON a text is; None where it is no JSON. Raises UserError where it is other JSON."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    found = list(islice(read_document(text[: MOST_BYTES + 1].encode(errors="replace")), 2))
    if len(found) != 1:
        raise UserError(_("What is on the clipboard holds several drawings; save it as a file and open that."))
    if isinstance(found[0], UserError):
        raise UserError(_("What is on the clipboard is no ink. {reason}").format(reason=found[0])) from found[0]
    return on_canvas(found[0])


def _path(line: str) -> str:
    """Return the path that a line names; nothing where it names none that is there."""
    if line.startswith(URI):
        from urllib.parse import urlsplit  # noqa: PLC0415  (this and the next: only here)
        from urllib.request import url2pathname  # noqa: PLC0415

        try:
            return url2pathname(urlsplit(line).path)  # if it is not there, opening it says so
        except ValueError:  # what stands for the computer's name is none
            return ""
    path = line.strip('"')  # Windows' "Copy as path" quotes them
    return path if os.path.isabs(path) and os.path.exists(path) else ""  # noqa: PTH110, PTH117  (as text, any text)
