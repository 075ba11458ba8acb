"""Files in and out of the window: opened, dropped, pasted and saved. Imports Pillow."""

from __future__ import annotations

import contextlib
import logging
import os
import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from app.drawing import drawing_file
from app.drawing.picture import Picture
from app.drawing.session import Session
from app.kept import recent
from app.sources.batch import Batch
from app.sources.clipboard import Clipboard
from app.sources.heic import HEIC_ENDINGS
from app.sources.pdf import PDF_ENDINGS
from app.sources.pictures import PICTURE_ENDINGS
from app.sources.sources import fetch, fetch_only
from app.ui.drawings.list_dialog import ListDialog
from app.ui.kit import style
from app.ui.kit.background import Background, in_turn
from app.ui.kit.file_dialogs import ask_for_files, ask_for_folder, ask_where_to_save
from app.ui.kit.questions import is_asking
from model.base.errors import UserError
from model.base.language import N_, _
from model.base.shown import shown
from model.ink.document import ENDINGS as INK_ENDINGS
from model.ink.ink import Drawing

LIST_PICTURE = 44  # pixels of ours: the small pictures in a list
LONGEST_LABEL = 60  # characters in a menu
DROPPED = "DND_Files"  # tkdnd's name for them
SAVED = (  # a drawing of Inkling's is ink, under an ending that opens with Inkling
    (N_("Picture"), ".png"),
    (N_("Lines (SVG)"), ".svg"),
    (N_("Inkling drawing"), ".inkling"),
    (N_("Ink"), ".json"),
)


class Files:
    """Opens and saves what a session works on.

    ``shown`` is called when the session works on something else, and ``tell`` gets what went wrong.
    """

    def __init__(self, root: tk.Tk, session: Session, shown: Callable[[], None], tell: Callable[[UserError], None]):
        self._root, self._session, self._shown, self._tell = root, session, shown, tell
        self._background = Background(root, tell)
        self._lists: list[ListDialog] = []
        self._clipboard: Clipboard | None = None  # the last one that was asked

    @property
    def busy(self) -> bool:
        """Whether something is being opened."""
        return self._background.busy

    def listen_for_drops(self) -> None:
        """Accept files that are dropped on the window, through tkdnd if it's there; otherwise the log says why not."""
        try:
            from tkinterdnd2 import TkinterDnD  # noqa: PLC0415  (it can be missing)

            TkinterDnD.require(self._root)  # RuntimeError: it doesn't have one for this system, or Tk doesn't load it
        except (ImportError, AttributeError, RuntimeError, tk.TclError):
            logging.warning("files cannot be dropped on the window", exc_info=True)
            return

        def drop(data: str) -> str:
            # Later: the program that they were dragged from waits for the answer.
            in_turn(self._root, lambda: self.open_paths([str(path) for path in self._root.tk.splitlist(data)]))
            return "copy"

        self._root.tk.call("tkdnd::drop_target", "register", self._root, (DROPPED,))
        self._root.tk.call("bind", self._root, f"<<Drop:{DROPPED}>>", f"{self._root.register(drop)} %D")

    def close(self) -> None:
        """Stop waiting for anything: the window is closing."""
        if self._clipboard:
            self._clipboard.stop()
        self._background.stop()

    def may_close(self) -> bool:
        """Return whether the window can be closed; asks about unsaved corrections."""
        return all(dialog.may_close() for dialog in self._there())

    def redraw(self) -> None:
        """Rebuild the open lists in the current appearance and language."""
        for dialog in [dialog for dialog in self._there() if not is_asking(dialog)]:
            batch, entered, place = dialog.batch, dialog.entered(), dialog.place
            dialog.destroy(keep=True)
            new = self._open_list(batch)
            new.put(place)
            new.enter(entered)

    def open(self) -> None:
        """Ask for files and open them."""
        kinds = {_("Pictures and ink"): (*PICTURE_ENDINGS, *HEIC_ENDINGS, *PDF_ENDINGS, *INK_ENDINGS)}
        self.open_paths(ask_for_files(self._root, _("Open"), kinds))

    def open_folder(self) -> None:
        """Ask for a folder and open what's in it."""
        if name := ask_for_folder(self._root, _("Open a folder")):
            self.open_paths([name])

    def open_paths(self, paths: Sequence[str]) -> None:
        """Open one drawing or picture in the window; open several, a folder, or a page of ink in a list."""
        if not paths:
            return
        paths = [os.path.abspath(path) for path in paths]  # noqa: PTH100  (as text: a name can be any)
        if len(paths) > 1 or os.path.isdir(paths[0]) or paths[0].lower().endswith(".jsonl"):  # noqa: PTH112
            self._list(paths)
            return

        def then(found: Drawing | Picture | None) -> None:
            if found is None:
                self._list(paths)
            else:
                self._remember(paths[0])
                self._work_on(found)

        self._background.do(partial(fetch_only, paths[0]), then)

    def paste(self) -> None:
        """Open what's on the clipboard: files, ink, or a picture."""
        if self._clipboard:
            self._clipboard.stop()
        text, display = "", _x_display(self._root)
        if not display:
            with contextlib.suppress(tk.TclError):  # there isn't any text
                text = self._root.clipboard_get()
        self._clipboard = Clipboard(text, display)

        def then(found: Drawing | Picture | list[str]) -> None:
            self.open_paths(found) if isinstance(found, list) else self._work_on(found)

        self._background.do(self._clipboard.read, then)

    def save(self) -> None:
        """Ask for a file, and save the open drawing or picture in it."""
        subject = self._session.subject
        is_drawing = isinstance(subject, Drawing)
        kinds = {_(name): (ending,) for name, ending in (SAVED if is_drawing else SAVED[:1])}
        title = _("Save drawing") if is_drawing else _("Save picture")
        name = ask_where_to_save(self._root, title, kinds, f"{self._session.text or 'drawing'}.png")
        if not name:
            return
        path = Path(name)
        try:
            drawing_file.save(subject, path)
        except UserError as error:
            logging.info("%r is not saved", path)  # so that a report recognizes the name as one
            self._tell(error)
            return
        self._remember(str(path))

    def fill_recent(self, menu: tk.Menu) -> None:
        """Fill a menu with the recent files."""
        menu.delete(0, "end")
        paths = recent.files()
        for path, name in zip(paths, map(shown, recent.names(paths)), strict=True):
            menu.add_command(
                label=name if len(name) <= LONGEST_LABEL else f"{name[: LONGEST_LABEL - 1]}…",
                command=partial(self._open_recent, path),
            )
        if paths:
            menu.add_separator()
            menu.add_command(label=_("Clear this list"), command=lambda: self._try(recent.clear))
        else:
            menu.add_command(label=_("Nothing opened or saved yet"), state="disabled")

    def _open_recent(self, path: str) -> None:
        """Open a recent file; if it no longer exists, say so and forget it."""
        if self._try(lambda: recent.check(path)):
            self.open_paths([path])

    def _work_on(self, subject: Drawing | Picture) -> None:
        self._session.open(subject)
        self._shown()

    def _list(self, paths: Sequence[str]) -> None:
        """Read what's at some paths, in a list."""
        try:
            batch = Batch(paths, self._session.recognizer, style.px(LIST_PICTURE))
        except UserError as error:  # there isn't a model to read with
            self._tell(error)
            return
        if len(paths) == 1:
            self._remember(paths[0])
        self._open_list(batch)

    def _open_list(self, batch: Batch) -> ListDialog:
        dialog = ListDialog(self._root, batch, self._open_answer)
        self._lists = [*self._there(), dialog]
        dialog.lift()
        dialog.focus_set()
        return dialog

    def _there(self) -> list[ListDialog]:
        return [dialog for dialog in self._lists if dialog.winfo_exists()]

    def _open_answer(self, source: str, index: int) -> None:
        """Open the item of a list's row in the window, and bring the window in front of the list."""
        self._root.lift()
        self._background.do(lambda: fetch(source, index), self._work_on)

    def _remember(self, path: str) -> None:
        """Add a file to the recent ones; if that can't be saved, it isn't worth a sentence."""
        try:
            recent.add(path)
        except UserError:
            logging.warning("a recent file cannot be kept", exc_info=True)

    def _try(self, action: Callable[[], None]) -> bool:
        """Do something, or say why it failed; return whether it was done."""
        try:
            action()
        except UserError as error:
            self._tell(error)
            return False
        return True


def _x_display(root: tk.Tk) -> str:
    """Return the name of the X server that a window is on; empty if there isn't one."""
    return root.winfo_screen() if root.tk.call("tk", "windowingsystem") == "x11" else ""
