"""The picture, or the files, that Windows and macOS have on their clipboard, as bytes that nobody has decoded yet."""

from __future__ import annotations

import binascii
import contextlib
import os
import select
import signal
import subprocess
import sys
import time

from app.sources.picture_cost import LARGEST_FILE

PATIENCE = 30.0  # seconds that macOS' own program for it may take
AT_ONCE = 1 << 20  # bytes

_ASKING = ("osascript", "-e", "get the clipboard as «class PNGf»")
_BEFORE, _BEHIND = b"\xc2\xabdata PNGf", b"\xc2\xbb"  # «data PNGf89504E…», in hexadecimal digits
_MOST = len(_BEFORE) + 2 * (LARGEST_FILE + 1)  # bytes, of a picture whose file is too large


class SystemClipboard:
    """What is on the clipboard of this computer."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def stop(self) -> None:
        """Wait for nothing any more; what was started for it is ended. Can be called in any thread."""
        self._stopped = True
        if self._process:
            _end(self._process)

    def get(self) -> bytes | list[str] | None:
        """Return the bytes of a picture's file, or the paths of files; None where there is neither.

        Raises OSError, and SourceError where a picture is too large.
        """
        return self._from_macos() if sys.platform == "darwin" else _from_windows()

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
                said = _said(process, _MOST)
            finally:
                self._process = None
                _end(process)
        end = said.rfind(_BEHIND) if len(said) < _MOST else _MOST
        if not said.startswith(_BEFORE):
            return None
        with contextlib.suppress(ValueError), memoryview(said) as digits:  # which are not copied
            return binascii.unhexlify(digits[len(_BEFORE) : end])
        return None


def _said(process: subprocess.Popen[bytes], most: int) -> bytearray:
    """Return what a program prints until it ends, or a little more than so many bytes. Raises OSError."""
    assert process.stdout
    handle = process.stdout.fileno()
    found = bytearray()
    end = time.monotonic() + PATIENCE
    while len(found) <= most:
        if not select.select([handle], [], [], max(0.0, end - time.monotonic()))[0]:
            raise TimeoutError
        piece = os.read(handle, AT_ONCE)
        if not piece:
            break
        found += piece
    return found


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program and what it has started, as far as that is there still."""
    with contextlib.suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)


def _from_windows() -> bytes | list[str] | None:
    from PIL import Image, ImageFile, ImageGrab  # noqa: PLC0415  (Pillow is not needed to open the window)

    from app.sources.sources import far_too_large  # noqa: PLC0415  (Pillow has its limit from there)

    try:
        found = ImageGrab.grabclipboard()  # opened as the one format that it is in, and not decoded
    except Image.DecompressionBombError as error:
        raise far_too_large() from error
    except (ValueError, SyntaxError) as error:  # UnidentifiedImageError is an OSError
        raise OSError(str(error)) from error
    if isinstance(found, list):
        return found or None
    if not isinstance(found, ImageFile.ImageFile) or not found.fp:
        return None
    found.fp.seek(0)
    content = found.fp.read(LARGEST_FILE + 1)
    # What Windows has as DIB is a BMP without the 14 bytes at its beginning; where its pixels are is found without.
    return b"BM" + bytes(12) + content if found.format == "DIB" else content
