"""Folders that appear complete: written next to their place, moved in, and repaired after a kill in between."""

from __future__ import annotations

import contextlib
import errno
import glob
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from model.base.errors import UserError
from model.base.files import flush_file, flush_folder

MOST_TRIES = 20  # at moving a folder to where others look for one just then
_TAKEN = (errno.ENOTEMPTY, errno.EEXIST, errno.EACCES)  # what systems say of a folder that is there; the last, Windows


def is_there(path: Path) -> bool | None:
    """Return whether it exists; None if we may not look."""
    try:
        return path.exists()
    except OSError:
        return None


def check_names(
    path: Path, are_ours: Callable[[set[str]], bool], no_folder: str, others: str, kind: type[UserError] = UserError
) -> None:
    """Raise UserError unless the names in a folder are ours; it can be new.

    The sentences say that a ``path`` is no folder that can be read, for a ``reason``, and that it has others' files.
    """
    try:
        names = {entry.name for entry in path.iterdir()} if path.exists() else set()
    except OSError as error:
        raise kind(no_folder, path=path, reason=error.strerror) from error
    if not are_ours(names):
        raise kind(others, path=path)


def scratch_for(path: Path) -> Path:
    """Make a folder next to ``path``, for what will move there or has to be removed; `sweep` finds it."""
    return Path(tempfile.mkdtemp(suffix=".part", prefix=f".{path.name}.", dir=path.parent))


@contextmanager
def scratch(path: Path) -> Iterator[Path]:
    """Yield a folder next to ``path``; it's removed afterwards. Raises OSError."""
    folder = scratch_for(path)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """Yield a folder to write, which replaces what's at ``path`` when it's complete. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with scratch(path) as beside:
        fresh = beside / "new"
        fresh.mkdir()
        yield fresh
        for each in fresh.iterdir():
            flush_file(each)
        flush_folder(fresh)
        _swap(fresh, path)


def sweep(path: Path) -> None:
    """Remove what killed processes were writing next to ``path``; the caller must hold it."""
    bring_back(path)
    with contextlib.suppress(OSError):  # a folder that can't be read: what is left there stays
        for left in path.parent.glob(f".{glob.escape(path.name)}.????????.part"):
            shutil.rmtree(left, ignore_errors=True)
    if is_there(path):  # else what is aside is the only one there is
        _remove(_aside(path))


def bring_back(path: Path) -> None:
    """Undo the first half of a swap whose second half never came."""
    if is_there(path) is False:
        with contextlib.suppress(OSError):  # there's none, or it can't be moved: then there's nothing here
            _aside(path).replace(path)


def _swap(fresh: Path, path: Path) -> None:
    """Move ``fresh`` to ``path``, and what stood there out of the way.

    Between the two moves there's nothing at ``path``: an error or an interrupt brings the old folder back at once,
    and after a kill whoever looks for it does.
    """
    bring_back(path)  # after a kill, what is aside is the only one there is
    aside = _aside(path)
    left = MOST_TRIES
    while True:
        _remove(aside)
        try:
            if path.exists():
                path.replace(aside)
            fresh.replace(path)
            break
        except BaseException as error:
            bring_back(path)
            left -= 1
            # Whoever opened it in between has brought it back, too, as after a kill.
            if not (isinstance(error, OSError) and error.errno in _TAKEN and left):
                raise
    flush_folder(path.parent)  # both moves, before what was there goes
    old = fresh.parent / "old"
    with contextlib.suppress(OSError):
        aside.replace(old)  # what of it can't be removed there isn't brought back when this one is deleted
    _remove(old)
    _remove(aside)


def _remove(folder: Path) -> None:
    """Remove a folder, one that was read-only too, as far as that can be done."""
    with contextlib.suppress(OSError):
        folder.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)


def _aside(path: Path) -> Path:
    return path.with_name(f".{path.name}.old")
