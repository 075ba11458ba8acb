"""The program's icon on its windows, as each system wants it; `assets/icon/make.py` draws it."""

from __future__ import annotations

import logging
import sys
import tkinter as tk
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[3] / "assets" / "icon"  # beside `app`, wherever the program lies
SIZES = {"x11": (16, 32, 64, 128), "aqua": (512,)}  # pixels; the window manager takes what fits, a dock scales one
GROUP = "Inkling.Inkling"  # what Windows' task bar groups the program's windows by

log = logging.getLogger(__name__)


def set_group() -> None:
    """Tell Windows that the windows are Inkling's, and not those of any Python program; before the first one opens."""
    if sys.platform == "win32":
        from ctypes import windll  # noqa: PLC0415  (exists on Windows alone)

        try:
            windll.shell32.SetCurrentProcessExplicitAppUserModelID(GROUP)
        except (AttributeError, OSError):
            log.info("the windows have no group of their own", exc_info=True)


def set_icon(root: tk.Tk) -> None:
    """Give a window and all that open later the icon; where the system does not take it, theirs stays."""
    system = str(root.tk.call("tk", "windowingsystem"))
    try:
        if system == "win32":
            root.tk.call("wm", "iconbitmap", root, "-default", str(FOLDER / "inkling.ico"))
        else:
            # Tk copies what it is given: the images need not stay.
            images = [image(root, size) for size in SIZES[system]]
            root.tk.call("wm", "iconphoto", root, "-default", *images)
    except tk.TclError:
        log.warning("the icon cannot be shown", exc_info=True)


def image(widget: tk.Misc, size: int) -> tk.PhotoImage:
    """Return the icon to show in a window, in the size that is drawn and next to so many pixels. Raises TclError."""
    there = (16, 24, 32, 48, 64, 128, 256, 512)
    nearest = min(there, key=lambda drawn: abs(drawn - size))
    return tk.PhotoImage(master=widget, file=str(FOLDER / f"{nearest}.png"))
