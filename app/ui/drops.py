"""Files dropped on the window, through tkdnd: a part of Tk that Tk does not bring."""

from __future__ import annotations

import logging
import sys
import tkinter as tk
from collections.abc import Callable

from model.language import _

FILES = "DND_Files"  # as tkdnd calls them


def listen(root: tk.Tk, dropped: Callable[[tuple[str, ...]], None]) -> str:
    """Hand the paths of files that are dropped on a window to somebody.

    Returns what is missing for that, in a sentence; nothing where all is there.
    """
    try:
        from tkinterdnd2 import TkinterDnD  # noqa: PLC0415  (after the first paint; it can be missing)

        TkinterDnD.require(root)  # RuntimeError: it has none for this system, or Tk does not load it
    except (ImportError, AttributeError, RuntimeError, tk.TclError):
        logging.warning("files cannot be dropped on the window", exc_info=True)
        if getattr(sys, "frozen", False):
            return _("Files cannot be dropped on the window on this system; File ▸ Open… opens them.")
        return _("Files can be dropped on the window once this is installed: pip install tkinterdnd2")

    def drop(data: str) -> str:
        # Later: whoever dropped them waits for the answer.
        root.after_idle(lambda: dropped(tuple(str(path) for path in root.tk.splitlist(data))))
        return "copy"

    root.tk.call("tkdnd::drop_target", "register", root, (FILES,))
    root.tk.call("bind", root, f"<<Drop:{FILES}>>", f"{root.register(drop)} %D")
    return ""
