"""Questions that wait for an answer: message boxes and file dialogs, which under X are windows of Tk's own."""

from __future__ import annotations

import tkinter as tk

from app.ui.kit.screen import window_system
from model.base.language import _

QUESTION_CLASSES = ("Dialog", "TkFDialog", "TkChooseDir")  # as Tk calls them


def is_asking(window: tk.Misc) -> bool:
    """Return whether a question of a window, or of one that is in it, waits; it must not go before it is answered."""
    path = str(window).rstrip(".") + "."
    waiting = [str(each) for each in window.tk.splitlist(window.tk.call("grab", "current"))]
    return any(each.startswith(path) and window.tk.call("winfo", "class", each) in QUESTION_CLASSES for each in waiting)


def leave_out_hidden_files(root: tk.Tk) -> None:
    """Let Tk's own dialogs list no files whose names begin with a dot, of which homes are full, until asked to."""
    if window_system(root) == "x11":
        root.tk.call("auto_load", "::tk::dialog::file::")  # which sets what follows, if it comes later
        root.tk.call("set", "::tk::dialog::file::showHiddenBtn", 1)
        root.tk.call("set", "::tk::dialog::file::showHiddenVar", 0)


def ask_for_mnist(parent: tk.Misc) -> str:
    """Ask for MNIST as a file, and return its path; empty where none was chosen."""
    from tkinter import filedialog  # noqa: PLC0415  (after the first paint)

    kinds = [(_("MNIST as one file"), ".npz"), (_("All files"), "*")]
    return filedialog.askopenfilename(parent=parent, title=_("Choose MNIST"), filetypes=kinds)
