"""Hides what libraries write to standard error past Python, because users would take it for errors."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator


@contextlib.contextmanager
def without_standard_error() -> Iterator[None]:
    """Keep anything this process writes off standard error meanwhile."""
    try:
        kept = os.dup(2)
    except OSError:  # there's none, as in a Windows program without a console
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
