"""The most recently opened or saved files, kept in the settings."""

from __future__ import annotations

import os
from collections.abc import Sequence

from app.kept import settings
from model.base.errors import UserError
from model.base.language import _


def files() -> tuple[str, ...]:
    """Return their paths, the newest first."""
    return settings.load().recent


def add(path: str) -> None:
    """Remember a file or a folder as the newest. Raises UserError."""
    path = os.path.abspath(path)  # noqa: PTH100  (Path.resolve would follow links, to names that nobody knows)
    settings.change(recent=(path, *(each for each in files() if each != path))[: settings.MOST_RECENT])


def check(path: str) -> None:
    """If a file is gone, forget it and raise UserError."""
    if not os.path.exists(path):  # noqa: PTH110  (Path.exists raises where a folder on the way is closed to us)
        settings.change(recent=tuple(each for each in files() if each != path))
        raise UserError(_("{name} is gone, so it's no longer among the recent files."), name=path)


def clear() -> None:
    """Forget all files. Raises UserError."""
    settings.change(recent=())


def names(paths: Sequence[str]) -> list[str]:
    """Return the files' names for a menu: with their folder's if two have the same name."""
    last = [os.path.basename(path) for path in paths]  # noqa: PTH119  (these are text, and stay so)
    return [
        name if last.count(name) == 1 else os.path.join(os.path.basename(os.path.dirname(path)), name)  # noqa: PTH118, PTH119, PTH120
        for path, name in zip(paths, last, strict=True)
    ]
