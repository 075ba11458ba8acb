"""How fine the screen is: told to the system before Tk starts, and asked of it afterwards."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tkinter as tk

STANDARD = 96 / 72  # Tk's scaling, pixels in a point, on a screen of 96 pixels an inch
STEP = 0.25  # a factor between two steps would make every line uneven, and is a rounding of the screen's size
LARGEST = 4.0

_XFT_DPI = re.compile(r"^Xft\.dpi:\s*([0-9.]+)", re.MULTILINE)


def promise_sharpness() -> None:
    """Tell Windows that the program scales itself, before it has a window: else its pixels are blown up."""
    if sys.platform == "win32":
        from ctypes import windll  # noqa: PLC0415  (exists on Windows alone)

        try:
            windll.shcore.SetProcessDpiAwareness(1)  # by the system's setting
        except (AttributeError, OSError):
            windll.user32.SetProcessDPIAware()  # before Windows 8.1


def factor(root: tk.Tk) -> float:
    """Return how many of the screen's pixels are 1/96 inch, and let Tk size its fonts by that."""
    system = str(root.tk.call("tk", "windowingsystem"))
    if system == "aqua":
        return 1.0  # macOS counts in points and draws them as finely as the screen can
    scaling = float(root.tk.call("tk", "scaling"))
    if system == "x11":
        scaling = _desktop_scaling() or scaling
    found = min(max(round(scaling / STANDARD / STEP) * STEP, 1.0), LARGEST)
    root.tk.call("tk", "scaling", found * STANDARD)
    return found


def _desktop_scaling() -> float:
    """Return what the desktop has said of its screen in the X resources, as Tk's scaling; 0 where it has not."""
    xrdb = shutil.which("xrdb")
    if xrdb is None:
        return 0.0
    try:
        said = subprocess.run([xrdb, "-query"], capture_output=True, text=True, timeout=2, check=False).stdout  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return 0.0
    dpi = _XFT_DPI.search(said)
    return float(dpi[1]) / 72 if dpi else 0.0
