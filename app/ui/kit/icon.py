"""The program's icon on its windows, as each system wants it; `assets/icon/make.py` draws it."""

from __future__ import annotations

import logging
import tkinter as tk
from pathlib import Path

from app.ui.kit.screen import window_system

FOLDER = Path(__file__).resolve().parents[3] / "assets" / "icon"  # next to `app`, wherever the program is
DRAWN = (16, 24, 32, 48, 64, 128, 256, 512)  # pixels
SIZES = {"x11": (16, 32, 64, 128), "aqua": (512,)}  # the window manager takes what fits, a dock scales one


def set_icon(root: tk.Tk) -> None:
    """Give a window and all that open later the icon; where the system doesn't take it, theirs stays."""
    system = window_system(root)
    try:
        if system == "win32":
            root.tk.call("wm", "iconbitmap", root, "-default", str(FOLDER / "inkling.ico"))
        else:
            # Tk copies what it's given: the images need not stay.
            root.tk.call("wm", "iconphoto", root, "-default", *(image(root, size) for size in SIZES[system]))
    except tk.TclError:
        logging.warning("the icon cannot be shown", exc_info=True)


def image(widget: tk.Misc, size: int) -> tk.PhotoImage:
    """Return the icon to show in a window, in the size that is drawn and next to this many pixels. Raises TclError."""
    nearest = min(DRAWN, key=lambda drawn: abs(drawn - size))
    return tk.PhotoImage(master=widget, file=str(FOLDER / f"{nearest}.png"))
