"""Questions for files and folders: in the desktop's own dialog where a program of it shows one, else in Tk's."""

from __future__ import annotations

import contextlib
import logging
import os
import subprocess
import tkinter as tk
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from tkinter import filedialog, messagebox, ttk
from typing import Any

from app.facts.open_file import environment
from app.kept import settings
from app.ui.kit import style
from app.ui.kit.background import Background
from app.ui.kit.file_helper import Question, answer, command
from app.ui.kit.questions import ASKED_ELSEWHERE
from app.ui.kit.screen import window_system
from model.base.errors import UserError
from model.base.language import _

Kinds = Mapping[str, Sequence[str]]  # what to call files -> their endings, ``.png``

# In Tk's own dialogs: the folder that's highlighted, or typed, is the one that OK takes; Ctrl+A chooses all files. The
# list takes a number that's too large for the last one's; what it takes "end" for is one more.
_MANNERS = """
auto_load ::tk::dialog::file::chooseDir::
proc ::tk::dialog::file::chooseDir::OkCmd {w} {
    upvar ::tk::dialog::file::[winfo name $w] data
    set folder [file join $data(selectPath) [$data(ent) get]]
    if {[file isdirectory $folder]} {Done $w $folder}
}
bind TkChooseDir <Map> {bind %W.contents.icons <<ListboxSelect>> {
    set place [%%W selection get]
    if {$place ne ""} {::tk::dialog::file::chooseDir::ListBrowse %W [%%W get $place]}
}}
bind TkFDialog <Map> {bind %W <<SelectAll>> {
    if {[%W.contents.icons cget -multiple] && ("%%W" ne "%W.contents.f2.ent" || [%%W get] eq "")} {
        %W.contents.icons selection set 0 999999
    }
}}
"""

# The settings that hold the folder which each purpose begins in.
INK, PAGE, DATA, MODEL, SAVE = "folder", "page_folder", "data_folder", "model_folder", "save_folder"


def ask_for_file(parent: tk.Misc, title: str, kinds: Kinds, purpose: str = INK) -> str:
    """Ask for a file that is there, and return its path; empty where none was chosen."""
    return next(iter(_asked(parent, Question("file", title, _start(purpose), _to_open(parent, kinds)), purpose)), "")


def ask_for_files(parent: tk.Misc, title: str, kinds: Kinds) -> tuple[str, ...]:
    """Ask for files that are there, and return their paths."""
    return _asked(parent, Question("files", title, _start(INK), _to_open(parent, kinds)), INK)


def ask_for_folder(parent: tk.Misc, title: str, purpose: str = INK) -> str:
    """Ask for a folder that is there, and return its path; empty where none was chosen."""
    return next(iter(_asked(parent, Question("folder", title, _start(purpose), {}), purpose)), "")


def ask_where_to_save(parent: tk.Misc, title: str, kinds: Kinds, proposed: str) -> str:
    """Ask for a file to write, and return its path, with an ending; empty where none was chosen.

    The name that is proposed has the first kind's ending, or another that stands for what's typed without one.
    """
    name = next(iter(_asked(parent, Question("save", title, _free(_start(SAVE) + proposed), kinds), SAVE)), "")
    if not name or Path(name).suffix:
        return name
    name += Path(proposed).suffix
    sentence = _("{name} is there already. Replace it?").format(name=Path(name).name)
    if Path(name).exists() and not messagebox.askokcancel(title, sentence, default="cancel", parent=parent):
        return ""
    return name


def ask_for_images(parent: tk.Misc, title: str) -> str:
    """Ask for a file of images with their labels, as MNIST's, and return its path; empty where none was chosen."""
    return ask_for_file(parent, title, {_("Images and labels"): (".npz", ".csv", ".jsonl", ".gz")}, DATA)


def _asked(parent: tk.Misc, question: Question, purpose: str) -> tuple[str, ...]:
    """Ask, and return what was chosen; the next question of that purpose begins in its folder."""
    words = command(question) if window_system(parent) == "x11" else []
    chosen = _asked_elsewhere(parent, words) if words else None
    if chosen is None:
        chosen = _asked_by_tk(parent, question)
    if chosen:
        folder = chosen[0] if question.what == "folder" else os.path.dirname(chosen[0])  # noqa: PTH120  (can be any)
        _remember(folder, purpose)
    return chosen


class _Waiting(tk.Frame):
    """A card on a window that another program's dialog belongs to: it takes what is pressed there, and can cancel."""

    def __init__(self, parent: tk.Misc):
        colours = style.now.colours
        line = {"highlightthickness": style.px(1), "highlightbackground": colours.edge, "highlightcolor": colours.edge}
        inner: dict[str, Any] = {"padx": style.px(20), "pady": style.px(16), **line}
        super().__init__(parent, class_=ASKED_ELSEWHERE, background=colours.background, **inner)
        text = _("Choose in the file dialog.")
        ttk.Label(self, text=text, wraplength=style.px(260), justify="center").pack(pady=(0, style.px(12)))
        self._cancel = ttk.Button(self, text=_("Cancel"), command=self.destroy)
        self._cancel.pack()
        self._cancel.bind("<Escape>", lambda _event: self.destroy())
        self._cancel.bind("<Return>", lambda _event: self.destroy())
        self.place(relx=0.5, rely=0.5, anchor="center")
        self.lift()
        self._before = self.focus_lastfor()
        self.update_idletasks()
        with contextlib.suppress(tk.TclError):  # the window is an icon meanwhile
            self.grab_set()
        self._cancel.focus_set()

    def give_back(self) -> None:
        """Give the keyboard back to what had it."""
        with contextlib.suppress(tk.TclError):  # that, or the whole window, is gone
            if self._before:
                self._before.focus_set()


def _asked_elsewhere(parent: tk.Misc, words: Sequence[str]) -> tuple[str, ...] | None:
    """Let another program ask while the window lives on, and return what was chosen; None: it couldn't ask."""
    try:
        process = subprocess.Popen(  # noqa: S603  (the desktop's own)
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
        )
    except OSError:
        logging.warning("%s cannot be started", words[0], exc_info=True)
        return None
    chosen: list[tuple[str, ...] | None] = []
    waiting = _Waiting(parent)

    def take(found: tuple[str, ...] | None) -> None:
        if found is None:
            logging.warning("%s could not ask: it ended with status %s", words[0], process.returncode)
        chosen.append(found)
        waiting.destroy()

    Background(waiting, lambda error: logging.warning("%s", error)).do(partial(answer, process), take)
    parent.wait_window(waiting)
    if process.poll() is None:
        process.kill()  # its user has cancelled here, or the window goes
    waiting.give_back()
    return chosen[0] if chosen else ()


def _dress(parent: tk.Misc) -> None:
    """Let Tk's own dialog behave as others do, and be in the look of now: it keeps its first colours."""
    call = parent.tk.call
    for name in ("__tk_filedialog", "__tk_choosedir"):
        call("destroy", f"{str(parent).rstrip('.')}.{name}")
    if not call("info", "commands", "::tk::IconList"):
        call("auto_load", "::tk::IconList")
    paper, ink = "[ttk::style lookup Treeview -background]", "[ttk::style lookup Treeview -foreground]"
    own = (
        "-background white",
        f"-background {paper}",
        "-fill black",
        f"-fill {ink}",
        "set fill black",
        f"set fill {ink}",
    )
    call("eval", _MANNERS)
    for method in ("Create", "DrawSelection"):
        words, body = parent.tk.splitlist(call("info", "class", "definition", "::tk::IconList", method))
        call("oo::define", "::tk::IconList", "method", method, words, call("string", "map", own, body))


def _asked_by_tk(parent: tk.Misc, question: Question) -> tuple[str, ...]:
    if window_system(parent) == "x11":
        _dress(parent)
    folder, proposed = os.path.split(question.start)
    options: dict[str, Any] = {"parent": parent, "title": question.title, "initialdir": folder}
    if question.what == "folder":
        chosen = filedialog.askdirectory(mustexist=True, **options)
        return (chosen,) if chosen else ()
    options["filetypes"] = [(name, tuple(endings)) for name, endings in question.kinds.items()]
    if question.what != "save":
        found = filedialog.askopenfilename(multiple=question.what == "files", **options)  # type: ignore[call-arg]  # Tk has it
        return tuple(parent.tk.splitlist(found) if question.what == "files" else filter(None, (found,)))
    if len(question.kinds) == 1:
        name = filedialog.asksaveasfilename(initialfile=proposed, defaultextension=Path(proposed).suffix, **options)
        return (name,) if name else ()
    kind = tk.StringVar(parent)  # whose ending a name without one has
    name = filedialog.asksaveasfilename(initialfile=Path(proposed).stem, typevariable=kind, **options)
    ending = question.kinds.get(kind.get(), [""])[0]
    return (name if Path(name).suffix else name + ending,) if name else ()


def _start(purpose: str) -> str:
    """Return the last folder of a purpose, or that of pictures, or the user's documents, with a slash at its end."""
    from platformdirs import user_documents_dir  # noqa: PLC0415  (reads a file of the desktop's)

    kept, home = settings.load(), os.path.expanduser("~")  # noqa: PTH111  (raises nothing)
    places = (getattr(kept, purpose), kept.folder, user_documents_dir(), home)
    folder = next(filter(os.path.isdir, places), "")
    return os.path.join(folder, "") if folder else ""  # noqa: PTH118  (Path drops the slash)


def _remember(folder: str, purpose: str) -> None:
    """Let the next question of a purpose begin in a folder; that it can't be kept isn't worth a sentence."""
    try:
        if folder != getattr(settings.load(), purpose):
            settings.change(**{purpose: folder})
    except UserError:
        logging.warning("the folder cannot be kept", exc_info=True)


def _free(path: str) -> str:
    """Return a path, or where something is there already, one with a number behind its name."""
    stem, ending = os.path.splitext(path)  # noqa: PTH122  (text, as it is)
    tries = (path if number == 1 else f"{stem} ({number}){ending}" for number in count(1))
    return next(each for each in tries if not os.path.exists(each))  # noqa: PTH110  (Path's raises in closed folders)


def _to_open(parent: tk.Misc, kinds: Kinds) -> Kinds:
    """Return what can be opened: those kinds in either case, where letters' case matters, and all files."""
    either = (str.lower, str.upper) if window_system(parent) == "x11" else (str.lower,)
    found = {name: tuple(case(ending) for ending in endings for case in either) for name, endings in kinds.items()}
    return {**found, _("All files"): ("*",)}
