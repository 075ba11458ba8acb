"""The system behind Tk: what it's told before there's a window, how fine the screen is, and a font of our own."""

from __future__ import annotations

import ctypes
import logging
import os
import re
import shutil
import subprocess
import sys
import tkinter as tk
from pathlib import Path

STANDARD = 96 / 72  # Tk's scaling, pixels in a point, on a screen of 96 pixels an inch
STEP = 0.25  # a factor between two steps would make every line uneven, and is a rounding of the screen's size
LARGEST_FACTOR = 4.0
GROUP = "Inkling.Inkling"  # what Windows' task bar groups the program's windows by
FONTS = Path(__file__).resolve().parents[3] / "assets" / "fonts"  # next to `app`, wherever the program is

_XFT_DPI = re.compile(r"^Xft\.dpi:\s*([0-9.]+)", re.MULTILINE)


def window_system(widget: tk.Misc) -> str:
    """Return whose windows they are, as Tk names it: ``x11``, ``win32`` or ``aqua``, a Mac's."""
    return str(widget.tk.call("tk", "windowingsystem"))


def prepare() -> None:
    """Tell Windows, before there's a window, that the program scales itself, and which windows are Inkling's."""
    if sys.platform == "win32":
        try:
            ctypes.windll.shcore.SetProcessDpiAwareness(1)  # by the system's setting; else its pixels are blown up
        except (AttributeError, OSError):
            ctypes.windll.user32.SetProcessDPIAware()  # before Windows 8.1
        try:
            ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID(GROUP)
        except (AttributeError, OSError):
            logging.info("the windows have no group of their own", exc_info=True)


def bring_fonts() -> None:
    """Let this process, and those that it starts, write with the program's own font from now on.

    That is for a system without fonts, where X11's Tk writes nothing and opens no window.

    Raises OSError: Tk writes without fontconfig here, so this is no help.
    """
    logging.info("this system has no fonts; the program's own is used")
    os.environ["FONTCONFIG_FILE"] = str(FONTS / "fonts.conf")
    ctypes.CDLL("libfontconfig.so.1").FcInitReinitialize()  # the very library that Tk has loaded


def factor(root: tk.Tk) -> float:
    """Return how many of the screen's pixels are 1/96 inch, and let Tk size its fonts by that."""
    system = window_system(root)
    if system == "aqua":
        return 1.0  # macOS counts in points and draws them as finely as the screen can
    scaling = float(root.tk.call("tk", "scaling"))
    if system == "x11":
        scaling = _desktop_scaling() or scaling
    found = min(max(round(scaling / STANDARD / STEP) * STEP, 1.0), LARGEST_FACTOR)
    root.tk.call("tk", "scaling", found * STANDARD)
    return found


def _desktop_scaling() -> float:
    """Return what the desktop has said of its screen in the X resources, as Tk's scaling; 0 where it hasn't."""
    xrdb = shutil.which("xrdb")
    if xrdb is None:
        return 0.0
    try:
        said = subprocess.run([xrdb, "-query"], capture_output=True, text=True, timeout=2, check=False).stdout  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return 0.0
    dpi = _XFT_DPI.search(said)
    return float(dpi[1]) / 72 if dpi else 0.0
