"""MNIST downloaded from Keras' source into Keras' cache, with a sentence if it fails."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from http.client import BadStatusLine, HTTPException, HTTPMessage, IncompleteRead
from pathlib import Path
from typing import IO
from urllib import request
from urllib.error import HTTPError, URLError

from model.base.errors import UserError
from model.base.language import _

# Where keras.datasets.mnist takes it from, and the SHA-256 that it asks for.
URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
SIZE = 11_490_434  # bytes
PIECE = 2**16  # bytes that are waited for at once
TIMEOUT = 30.0  # seconds without a byte


class DownloadError(UserError):
    """MNIST can't be downloaded; the text says why, and the caller adds what to do instead."""


class _UnencryptedError(URLError):
    """What was asked for in private is to be answered where everybody can read and change it."""


class _EncryptedRedirects(request.HTTPRedirectHandler):
    """Follows a server to another address, but not from an encrypted one to one that isn't; urllib alone would."""

    def redirect_request(  # noqa: PLR0913, PLR0917  (as its parent has it)
        self, req: request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> request.Request | None:
        if req.type == "https" and not newurl.lower().startswith("https:"):
            fp.close()
            raise _UnencryptedError(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def cache() -> Path:
    """Return where Keras keeps MNIST, whether it's there or not. Raises RuntimeError if the home folder is unknown."""
    return Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser() / "datasets" / "mnist.npz"


def is_kept() -> bool:
    """Return whether MNIST is there and complete. Raises RuntimeError if the home folder is unknown, and OSError."""
    kept = cache()
    return kept.is_file() and kept.stat().st_size <= SIZE and _is_mnist(kept.read_bytes())


def mnist_file(progress: Callable[[int, int], None] | None = None) -> Path:
    """Return MNIST's .npz file in Keras' cache, downloaded unless it's there and complete. Raises DownloadError.

    During the download, ``progress`` is called now and then with the bytes done and in all.
    """
    try:
        kept = cache()
        if is_kept():
            return kept
        kept.parent.mkdir(parents=True, exist_ok=True)
        # Only a whole file gets to its place, also when two download at once.
        with tempfile.TemporaryDirectory(prefix="mnist-", dir=kept.parent) as folder:
            fresh = Path(folder, kept.name)
            fresh.write_bytes(_downloaded(progress or (lambda _done, _total: None)))
            fresh.replace(kept)
    except (OSError, RuntimeError) as error:  # RuntimeError: nobody knows where the user's home is
        sentence = _(
            "MNIST can't be saved where Keras keeps it ({reason}); set KERAS_HOME to a folder that you can write to"
        )
        raise DownloadError(sentence, reason=error) from error
    return kept


def _is_mnist(content: bytes | bytearray) -> bool:
    return hashlib.sha256(content).hexdigest() == SHA256


def _downloaded(progress: Callable[[int, int], None]) -> bytearray:
    """Return what the server sends, which is MNIST's file. Raises DownloadError."""
    content = bytearray()
    try:
        with request.build_opener(_EncryptedRedirects).open(URL, timeout=TIMEOUT) as answer:
            while len(content) <= SIZE and (piece := answer.read(PIECE)):
                content += piece
                progress(min(len(content), SIZE), SIZE)
            if answer.length and len(content) <= SIZE:  # the connection was closed before its end
                raise IncompleteRead(bytes(content), answer.length)
        if not _is_mnist(content):
            raise ValueError(URL)
    except (OSError, HTTPException, ValueError) as error:
        raise DownloadError(_("MNIST couldn't be downloaded from {url}: {why}"), url=URL, why=_why(error)) from error
    return content


def _why(cause: Exception) -> str:
    match cause:
        case HTTPError():
            cause.close()  # urllib hands over the open answer
            why = _("the server said {code} {reason}").format(code=cause.code, reason=cause.reason)
        case TimeoutError() | URLError(reason=TimeoutError()):
            why = _("the server sent nothing for {seconds:g} seconds").format(seconds=TIMEOUT)
        case ConnectionError() | IncompleteRead():
            why = _("the connection broke off")
        case BadStatusLine():
            why = _("what answered isn't a web server")
        case _UnencryptedError():
            why = _("the server redirects to {url}, which isn't encrypted").format(url=cause.reason)
        case URLError(reason=object(verify_message=why)):  # of ssl, which the light bundle hasn't
            why = _("the server can't prove that it's the right one ({reason})").format(reason=why)
        case URLError():
            why = _("the server can't be reached ({reason})").format(
                reason=getattr(cause.reason, "strerror", None) or cause.reason
            )
        case ValueError():
            why = _("the download isn't MNIST's file, but a part of it, or a network's sign-in page")
        case _:
            why = str(cause) or type(cause).__name__
    return " ".join(why.split())  # one line, whatever a server or a library put into it
