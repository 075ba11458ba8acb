"""MNIST from the network: Keras' own download, kept in Keras' own cache, and a sentence when it fails."""

from __future__ import annotations

import hashlib
import os
import socket
import ssl
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from http.client import BadStatusLine, HTTPMessage, IncompleteRead
from pathlib import Path
from typing import IO
from urllib import request
from urllib.error import ContentTooShortError, HTTPError, URLError

from model.base.errors import UserError
from model.base.language import _

# Where keras.datasets.mnist takes it from, and the SHA-256 that it asks for.
URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
SIZE = 11_490_434  # bytes
TIMEOUT = 30.0  # seconds without a byte; urllib alone would wait for ever


class DownloadError(UserError):
    """MNIST cannot be had; the text says why, and leaves out its end: what to do instead is for the caller to say."""


class _UnencryptedError(URLError):
    """What was asked for in private is to be answered where everybody can read and change it."""


class _EncryptedRedirects(request.HTTPRedirectHandler):
    """Follows a server to another address, but not from an encrypted one to one that is not; urllib alone would."""

    def redirect_request(  # noqa: PLR0913, PLR0917  (as its parent has it)
        self, req: request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> request.Request | None:
        if req.type == "https" and not newurl.lower().startswith("https:"):
            fp.close()
            raise _UnencryptedError(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def cache() -> Path:
    """Return where Keras keeps MNIST, whether it is there or not. Raises RuntimeError when nobody knows the home."""
    return Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser() / "datasets" / "mnist.npz"


def mnist_file(progress: Callable[[int, int], None] | None = None) -> Path:
    """Return MNIST's .npz file in Keras' cache, downloaded unless it is there whole. Raises DownloadError.

    While it comes, ``progress`` is called now and then, in the caller's thread, with the bytes done and in all.
    """
    try:
        kept = cache()
        if kept.is_file() and _sha256(kept) == SHA256:
            return kept
        kept.parent.mkdir(parents=True, exist_ok=True)
        # Keras writes straight to the file's place; here only a whole file gets there, also when two download at once.
        with tempfile.TemporaryDirectory(prefix="mnist-", dir=kept.parent) as folder:
            _watched(_fetch, Path(folder), progress or (lambda _done, _total: None)).replace(kept)
    except (OSError, RuntimeError) as error:  # RuntimeError: nobody knows where the user's home is
        raise DownloadError(
            _(
                "MNIST cannot be kept where Keras keeps it ({reason}); set KERAS_HOME to a folder that can be written"
            ).format(reason=error)
        ) from error
    return kept


def _watched(fetch: Callable[[Path], Path], folder: Path, progress: Callable[[int, int], None]) -> Path:
    """Fetch into a folder, in a thread, and tell meanwhile how much of it has come: Keras tells only a terminal."""
    with ThreadPoolExecutor(1) as pool:
        fetched = pool.submit(fetch, folder)
        while wait([fetched], timeout=0.2).not_done:
            progress(min(SIZE, sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())), SIZE)
        return fetched.result()


def _fetch(folder: Path) -> Path:
    """Return the file that was downloaded into a folder, its hash checked. Raises DownloadError."""
    from model.training.pinned import keras  # noqa: PLC0415  (seconds, and a file in the cache does not need it)

    try:
        with _timeout(TIMEOUT), _encrypted():
            return Path(keras.utils.get_file(origin=URL, file_hash=SHA256, cache_dir=folder, cache_subdir=""))
    except Exception as error:  # urllib's, ssl's and Keras' errors have no common base
        raise DownloadError(
            _("MNIST could not be downloaded from {url}: {why}").format(url=URL, why=_why(error))
        ) from error


def _why(error: BaseException) -> str:
    # Keras words urllib's errors anew, in a bare Exception; what they were is its context.
    cause = error.__context__ if type(error) is Exception and error.__context__ else error
    match cause:
        case HTTPError():
            cause.close()  # urllib hands over the open answer, and Keras lets it lie
            why = _("the server said {code} {reason}").format(code=cause.code, reason=cause.reason)
        case TimeoutError() | URLError(reason=TimeoutError()):
            why = _("the server sent nothing for {seconds:g} seconds").format(seconds=TIMEOUT)
        case ContentTooShortError() | ConnectionError() | IncompleteRead():
            why = _("it broke off")
        case BadStatusLine():
            why = _("what answered is no web server")
        case _UnencryptedError():
            why = _("the server sends us on to {url}, which is not encrypted").format(url=cause.reason)
        case URLError(reason=ssl.SSLCertVerificationError() as wrong):
            why = _("the server cannot prove that it is the right one ({reason})").format(reason=wrong.verify_message)
        case URLError():
            why = _("the server cannot be reached ({reason})").format(
                reason=getattr(cause.reason, "strerror", None) or cause.reason
            )
        case ValueError():  # Keras says so of a wrong hash
            why = _("what came is not the file of MNIST, but a part of it, or a page of a network that wants a sign-in")
        case _:
            why = str(cause) or type(cause).__name__
    return " ".join(why.split())  # one line, whatever a server or a library put into it


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def _encrypted() -> Iterator[None]:
    """Let urllib follow no server out of encryption meanwhile; Keras asks it, and passes nothing on."""
    request.install_opener(request.build_opener(_EncryptedRedirects))
    try:
        yield
    finally:
        request.install_opener(None)  # as it was at first: urllib makes its own


@contextmanager
def _timeout(seconds: float) -> Iterator[None]:
    """Let no socket that is opened meanwhile wait longer; Keras and urllib's urlretrieve take no timeout."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
