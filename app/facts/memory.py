"""Memory that was freed, and that the system can have back."""

from __future__ import annotations

import contextlib
import ctypes
import sys


def give_back() -> None:
    """Give the system back what was freed. The C library of Linux keeps it, apart for each thread that had some."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # another C library
            ctypes.CDLL(None).malloc_trim(0)
