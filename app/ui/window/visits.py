"""The window's side of a second start: to come to the front, and to open what was handed over."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from pathlib import Path

from app.facts.instance import Instance
from app.kept import paths

OFTEN = 200  # milliseconds between two looks at what was handed over
ABOVE = 150  # milliseconds for which the window is kept above the others


class Visits:
    """Answers second starts.

    Args:
        root: the window.
        open_paths: opens files in it.
    """

    def __init__(self, root: tk.Tk, open_paths: Callable[[list[Path]], None]):
        self._root, self._open_paths = root, open_paths
        self._instance = Instance(paths.running_file())

    def begin(self) -> None:
        """Be found from now on, unless another window is."""
        if self._instance.listen():
            self._look()

    def end(self) -> None:
        """Be found no longer; the window is closed, or is about to be."""
        self._instance.close()

    def _look(self) -> None:
        self._root.after(OFTEN, self._look)  # first: what fails below must not be the last that is looked at
        for request in self._instance.requests():
            if request.accept():
                come_to_front(self._root)
                if request.files:
                    self._open_paths(request.files)


def heed_the_mac(root: tk.Tk, open_paths: Callable[[list[Path]], None], close: Callable[[], None]) -> None:
    """Open what is double-clicked in the Finder, which starts no second program but tells the one that runs.

    And let the Mac's own *Quit* close the window as everything else does.
    """
    root.createcommand("::tk::mac::OpenDocument", lambda *files: open_paths([Path(file) for file in files]))
    root.createcommand("::tk::mac::Quit", close)


def come_to_front(root: tk.Tk) -> None:
    """Put the window above all others and give it the keyboard, as far as the system lets a program do that."""
    if root.state() in ("iconic", "withdrawn"):
        root.deiconify()
    root.lift()
    if not root.attributes("-topmost"):  # a window manager may refuse to raise a window, but not to keep one above
        root.attributes("-topmost", True)
        root.after(ABOVE, lambda: root.attributes("-topmost", False))
    root.focus_force()
