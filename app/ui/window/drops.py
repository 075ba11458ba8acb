"""Files dropped on the window, through tkdnd: a part of Tk that Tk does not bring."""

from __future__ import annotations

import logging
import tkinter as tk
from collections.abc import Callable

FILES = "DND_Files"  # as tkdnd calls them


def listen(root: tk.Tk, dropped: Callable[[tuple[str, ...]], None]) -> None:
    """Hand the paths of files that are dropped on a window to somebody, where Tk can; else the log says why not."""
    try:
        from tkinterdnd2 import TkinterDnD  # noqa: PLC0415  (after the first paint; it can be missing)

        TkinterDnD.require(root)  # RuntimeError: it has none for this system, or Tk does not load it
    except (ImportError, AttributeError, RuntimeError, tk.TclError):
        logging.warning("files cannot be dropped on the window", exc_info=True)
        return

    def drop(data: str) -> str:
        # Later: whoever dropped them waits for the answer.
        root.after_idle(lambda: dropped(tuple(str(path) for path in root.tk.splitlist(data))))
        return "copy"

    root.tk.call("tkdnd::drop_target", "register", root, (FILES,))
    root.tk.call("bind", root, f"<<Drop:{FILES}>>", f"{root.register(drop)} %D")
