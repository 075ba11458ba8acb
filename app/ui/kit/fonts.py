"""A font of our own for a system that has none, where X11's Tk writes nothing and opens no window."""

from __future__ import annotations

import ctypes
import logging
import os
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[3] / "assets" / "fonts"  # beside `app`, wherever the program lies


def bring() -> None:
    """Let this process, and those that it starts, write with the program's own font from now on.

    Raises OSError: Tk writes without fontconfig here, so this is no help.
    """
    logging.info("this system has no fonts; the program's own is used")
    os.environ["FONTCONFIG_FILE"] = str(FOLDER / "fonts.conf")
    ctypes.CDLL("libfontconfig.so.1").FcInitReinitialize()  # the very library that Tk has loaded
