"""What's on the clipboard of any system: files, ink or a picture, within limits. It's slow, so a thread reads it.

Text is Tk's where the system hands it over in one piece, and a picture Windows' or macOS', as bytes that nobody has
decoded yet. Under X, and so under Wayland too, another program hands over whatever it likes for as long as it likes;
there everything comes by `x_clipboard`.
"""

from __future__ import annotations

import binascii
import contextlib
import io
import os
import select
import signal
import subprocess
import sys
import time
from itertools import islice
from urllib.parse import urlsplit
from urllib.request import url2pathname

from PIL import Image, ImageFile, ImageGrab

from app.drawing.canvas import on_canvas
from app.drawing.picture import Picture
from app.sources.picture_cost import MOST_PICTURE_BYTES
from app.sources.pictures import far_too_large, open_picture
from app.sources.x_clipboard import XClipboard
from model.base.errors import UserError
from model.base.language import _
from model.ink.document import is_ink, read_document
from model.ink.ink import MOST_INK_BYTES, Drawing

KINDS = ("image/png", "image/bmp", "image/jpeg", "image/tiff", "image/webp", "image/gif")  # the best first
ADDRESSES, TEXT, OLD_TEXT = "text/uri-list", "UTF8_STRING", "STRING"
LINES = "image/svg+xml"  # ink, where it has any; a program that has it offers a picture of it, too
MOST_FILES = 10_000  # more lines than this are any other text
URI = "file://"

MACOS_SECONDS = 30.0  # that macOS' own program for its clipboard may take
READ_AT_ONCE = 1 << 20  # bytes
_ASKING = ("osascript", "-e", "get the clipboard as «class PNGf»")
_BEFORE, _BEHIND = b"\xc2\xabdata PNGf", b"\xc2\xbb"  # «data PNGf89504E…», in hexadecimal digits
_MOST_SAID = len(_BEFORE) + 2 * (MOST_PICTURE_BYTES + 1)  # bytes, of a picture whose file is too large


class Clipboard:
    """What is on it at this moment: on an X server's by its name, else with the text that Tk has found on it."""

    def __init__(self, text: str, display: str = "") -> None:
        self._text = text
        self._x = XClipboard(display) if display else None
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def stop(self) -> None:
        """Stop waiting, and end what was started for it. Can be called in any thread."""
        self._stopped = True
        if self._x:
            self._x.stop()
        if self._process:
            _end(self._process)

    def read(self) -> Drawing | Picture | list[str]:
        """Return ink, a picture or the paths of files. Raises UserError."""
        try:
            if self._x:
                with self._x:
                    found = _from_x(self._x)
            else:
                found = understood(self._text) or (self._from_macos() if sys.platform == "darwin" else _from_windows())
        except TimeoutError as error:
            sentence = _(
                "The program that you copied from doesn't answer. Copy again, or save it as a file and open that."
            )
            raise UserError(sentence) from error
        except OSError as error:
            raise nothing() from error
        if not found:
            raise nothing()
        return picture(found) if isinstance(found, bytes) else found

    def _from_macos(self) -> bytes | None:
        with subprocess.Popen(  # noqa: S603  (macOS' own program, in words of ours)
            _ASKING,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # so that what it starts can be ended with it
        ) as process:
            self._process = process
            try:
                if self._stopped:
                    return None
                said = _said(process)
            finally:
                self._process = None
                _end(process)
        end = said.rfind(_BEHIND) if len(said) < _MOST_SAID else _MOST_SAID
        if not said.startswith(_BEFORE):
            return None
        with contextlib.suppress(ValueError), memoryview(said) as digits:  # which aren't copied
            return binascii.unhexlify(digits[len(_BEFORE) : end])
        return None


def nothing() -> UserError:
    """Return the sentence for a clipboard with nothing that can be opened."""
    sentence = _(
        "There's nothing on the clipboard that Inkling can open. Copy a picture, a file or ink, and paste again."
    )
    return UserError(sentence)


def picture(content: bytes) -> Picture:
    """Return the picture in a file's bytes. Raises UserError."""
    return Picture.of(open_picture(io.BytesIO(content)), _("the pasted picture"))


def understood(text: str) -> list[str] | Drawing | None:
    """Return the paths that a text names, or the drawing in it; None for any other text. Raises UserError."""
    return files(text) or ink(text)


def files(text: str) -> list[str]:
    """Return the paths that a text names, one path or file:// address a line; none for any other text."""
    found: list[str] = []
    for line in map(str.strip, text[:MOST_INK_BYTES].splitlines()):
        if line and not line.startswith("#"):
            path = _path(line)
            if not path or len(found) == MOST_FILES:
                return []
            found.append(path)
    return found


def ink(text: str) -> Drawing | None:
    """Return the drawing in a text of any ink format; None for any other text. Raises UserError."""
    if not is_ink(text):
        return None
    found = list(islice(read_document(text[: MOST_INK_BYTES + 1].encode(errors="replace")), 2))
    if len(found) != 1:
        raise UserError(_("There are several drawings on the clipboard. Save them as a file, and open that."))
    if isinstance(found[0], UserError):
        raise UserError(_("The text on the clipboard isn't ink. {reason}"), reason=found[0]) from found[0]
    return on_canvas(found[0])


def _path(line: str) -> str:
    """Return the path that a line names; nothing where it names none that is there."""
    if line.startswith(URI):
        try:
            return url2pathname(urlsplit(line).path)  # if it isn't there, opening it says so
        except ValueError:  # the computer's name in it isn't a valid one
            return ""
    path = line.strip('"')  # Windows' "Copy as path" quotes them
    return path if os.path.isabs(path) and os.path.exists(path) else ""  # noqa: PTH110, PTH117  (as text, any text)


def _from_x(clipboard: XClipboard) -> bytes | list[str] | Drawing | None:
    """Return what a program has, which offers the same in several kinds. Raises OSError, UserError."""
    wrong = None
    for kind in clipboard.kinds((ADDRESSES, TEXT, OLD_TEXT, LINES, *KINDS)):
        content = clipboard.get(kind, MOST_PICTURE_BYTES if kind in KINDS else MOST_INK_BYTES) or b""
        if kind in KINDS and content:
            return content
        try:
            if found := understood(content.decode("latin-1" if kind == OLD_TEXT else "utf-8", "replace")):
                return found
        except UserError as error:
            if kind != LINES:
                raise
            wrong = error  # a picture of it may come yet
    if wrong:
        raise wrong
    return None


def _from_windows() -> bytes | list[str] | None:
    """Return the bytes of a picture's file, or the paths of files. Raises OSError, and SourceError where too large."""
    try:
        found = ImageGrab.grabclipboard()  # opened as the one format that it is in, and not decoded
    except Image.DecompressionBombError as error:
        raise far_too_large() from error
    except (ValueError, SyntaxError) as error:  # UnidentifiedImageError is an OSError
        raise OSError(str(error)) from error
    if isinstance(found, list):
        return found
    if not isinstance(found, ImageFile.ImageFile) or not found.fp:
        return None
    found.fp.seek(0)
    content = found.fp.read(MOST_PICTURE_BYTES + 1)
    # What Windows has as DIB is a BMP without the 14 bytes at its beginning; where its pixels are is found without.
    return b"BM" + bytes(12) + content if found.format == "DIB" else content


def _said(process: subprocess.Popen[bytes]) -> bytearray:
    """Return what a program prints until it ends, or a little more than the most that it may. Raises OSError."""
    assert process.stdout
    handle = process.stdout.fileno()
    found = bytearray()
    end = time.monotonic() + MACOS_SECONDS
    while len(found) <= _MOST_SAID:
        if not select.select([handle], [], [], max(0.0, end - time.monotonic()))[0]:
            raise TimeoutError
        piece = os.read(handle, READ_AT_ONCE)
        if not piece:
            break
        found += piece
    return found


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program and what it has started, as far as that is there still."""
    with contextlib.suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)
