"""Questions that wait for an answer: message boxes and file dialogs, which on X11 are Tk's own windows."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import messagebox

from app.ui.kit.screen import window_system
from model.base.language import _

ASKED_ELSEWHERE = "AskedElsewhere"  # the class of what waits for another program's dialog
QUESTION_CLASSES = ("Dialog", "TkFDialog", "TkChooseDir", ASKED_ELSEWHERE)  # the others as Tk calls them


def is_asking(window: tk.Misc) -> bool:
    """Return whether a question of a window, or of one that is in it, waits; it must not go before it's answered."""
    path = str(window).rstrip(".") + "."
    waiting = [str(each) for each in window.tk.splitlist(window.tk.call("grab", "current"))]
    return any(each.startswith(path) and window.tk.call("winfo", "class", each) in QUESTION_CLASSES for each in waiting)


def may_go(window: tk.Toplevel, is_precious: Callable[[], bool], save: Callable[[], object]) -> bool:
    """Return whether a window with a table may go: if that has unsaved corrections, whether to save them is asked."""
    if not is_precious():
        return True
    question, detail = _("Save the table before it's closed?"), _("Otherwise your corrections are lost.")
    wanted = messagebox.askyesnocancel(window.title(), question, detail=detail, default="yes", parent=window)
    if wanted:
        save()
        return not is_precious()
    return wanted is False


def leave_out_hidden_files(root: tk.Tk) -> None:
    """Let Tk's own dialogs list no files whose names begin with a dot, of which homes are full, until asked to."""
    if window_system(root) == "x11":
        root.tk.call("auto_load", "::tk::dialog::file::")  # which sets what follows, if it comes later
        root.tk.call("set", "::tk::dialog::file::showHiddenBtn", 1)
        root.tk.call("set", "::tk::dialog::file::showHiddenVar", 0)
