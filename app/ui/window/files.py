"""What comes into the window and goes out of it: files opened, dropped, pasted and saved. It has Pillow with it."""

from __future__ import annotations

import contextlib
import logging
import os
import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from tkinter import filedialog

from app.drawing import drawing_file
from app.drawing.picture import Picture
from app.drawing.session import Session
from app.kept import recent
from app.sources.batch import Batch
from app.sources.clipboard import Clipboard
from app.sources.pdf import PDF_ENDINGS
from app.sources.pictures import PICTURE_ENDINGS
from app.sources.sources import INK_ENDINGS, fetch, fetch_only
from app.ui.drawings.list_dialog import ListDialog
from app.ui.kit import style
from app.ui.kit.background import Background
from app.ui.kit.questions import is_asking
from model.base.errors import UserError
from model.base.language import N_, _
from model.base.shown import shown
from model.ink.ink import Drawing

LIST_PICTURE = 44  # pixels of ours, of the small pictures of a list
LONGEST_LABEL = 60  # characters in a menu
DROPPED = "DND_Files"  # as tkdnd calls them
SAVED = (  # a drawing of Inkling's is ink, under an ending that is opened with Inkling
    (N_("Picture"), ".png"),
    (N_("Lines (SVG)"), ".svg"),
    (N_("Inkling drawing"), ".inkling"),
    (N_("Ink"), ".json"),
)


class Files:
    """Opens and saves what a session works on.

    ``shown`` is called when that is something else, and ``tell`` is given what went wrong.
    """

    def __init__(self, root: tk.Tk, session: Session, shown: Callable[[], None], tell: Callable[[UserError], None]):
        self._root, self._session, self._shown, self._tell = root, session, shown, tell
        self._background = Background(root, tell)
        self._lists: list[ListDialog] = []
        self._clipboard: Clipboard | None = None  # that was asked last

    @property
    def busy(self) -> bool:
        """Whether something is being opened."""
        return self._background.busy

    def listen_for_drops(self) -> None:
        """Take files that are dropped on the window, through tkdnd, where that is there; else the log says why not."""
        try:
            from tkinterdnd2 import TkinterDnD  # noqa: PLC0415  (it can be missing)

            TkinterDnD.require(self._root)  # RuntimeError: it has none for this system, or Tk does not load it
        except (ImportError, AttributeError, RuntimeError, tk.TclError):
            logging.warning("files cannot be dropped on the window", exc_info=True)
            return

        def drop(data: str) -> str:
            # Later: whoever dropped them waits for the answer.
            self._root.after_idle(lambda: self.open_paths([str(path) for path in self._root.tk.splitlist(data)]))
            return "copy"

        self._root.tk.call("tkdnd::drop_target", "register", self._root, (DROPPED,))
        self._root.tk.call("bind", self._root, f"<<Drop:{DROPPED}>>", f"{self._root.register(drop)} %D")

    def close(self) -> None:
        """Wait for nothing any more: the window closes."""
        if self._clipboard:
            self._clipboard.stop()
        self._background.stop()

    def redraw(self) -> None:
        """Make the lists that are open anew, in the look and the language of now."""
        for dialog in [dialog for dialog in self._lists if dialog.winfo_exists() and not is_asking(dialog)]:
            batch, entered, place = dialog.batch, dialog.entered(), dialog.place
            dialog.destroy(keep=True)
            new = self._open_list(batch)
            new.put(place)
            new.enter(entered)

    def open(self) -> None:
        """Ask for files, and open them."""
        endings = [*PICTURE_ENDINGS, *PDF_ENDINGS, *INK_ENDINGS]
        if _x_display(self._root):  # where letters' case matters
            endings += [ending.upper() for ending in endings]
        names = filedialog.askopenfilename(
            parent=self._root,
            title=_("Open"),
            multiple=True,  # type: ignore[call-arg]  # typeshed has another function for it; Tk has not
            filetypes=[(_("Pictures and ink"), endings), (_("All files"), "*")],
        )
        self.open_paths(self._root.tk.splitlist(names))

    def open_folder(self) -> None:
        """Ask for a folder, and open what is in it."""
        if name := filedialog.askdirectory(parent=self._root, title=_("Open a folder"), mustexist=True):
            self.open_paths([name])

    def open_paths(self, paths: Sequence[str]) -> None:
        """Open one drawing or picture in the window; several, or a folder, or a page of ink, in a list."""
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
        """Open what is on the clipboard: files, ink, or a picture."""
        if self._clipboard:
            self._clipboard.stop()
        text, display = "", _x_display(self._root)
        if not display:
            with contextlib.suppress(tk.TclError):  # there is no text
                text = self._root.clipboard_get()
        self._clipboard = Clipboard(text, display)

        def then(found: Drawing | Picture | list[str]) -> None:
            self.open_paths(found) if isinstance(found, list) else self._work_on(found)

        self._background.do(self._clipboard.read, then)

    def save(self) -> None:
        """Ask for a file, and save in it what is worked on."""
        subject = self._session.picture or self._session.drawing
        kind = tk.StringVar(self._root)
        kinds = {_(name): ending for name, ending in (SAVED if isinstance(subject, Drawing) else SAVED[:1])}
        name = filedialog.asksaveasfilename(
            parent=self._root,
            title=_("Save drawing") if isinstance(subject, Drawing) else _("Save picture"),
            filetypes=list(kinds.items()),
            typevariable=kind,
        )
        if not name:
            return
        path = Path(name)
        if not path.suffix:
            path = path.with_suffix(kinds.get(kind.get(), ".png"))
        try:
            drawing_file.save(subject, path)
        except UserError as error:
            logging.info("%r is not saved", path)  # so that a report knows the name for one
            self._tell(error)
            return
        if path.suffix.lower() != ".svg":  # which cannot be opened here
            self._remember(str(path))

    def fill_recent(self, menu: tk.Menu) -> None:
        """Make a menu's lines those of the recent files."""
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
            menu.add_command(label=_("Nothing was opened or saved yet"), state="disabled")

    def _open_recent(self, path: str) -> None:
        """Open a recent file; one that is gone is named, and forgotten."""
        if self._try(lambda: recent.check(path)):
            self.open_paths([path])

    def _work_on(self, subject: Drawing | Picture) -> None:
        self._session.open(subject)
        self._shown()

    def _list(self, paths: Sequence[str]) -> None:
        """Read what some paths hold, in a list."""
        try:
            batch = Batch(paths, self._session.recognizer, style.px(LIST_PICTURE))
        except UserError as error:  # there is no model to read with
            self._tell(error)
            return
        if len(paths) == 1:
            self._remember(paths[0])
        self._open_list(batch)

    def _open_list(self, batch: Batch) -> ListDialog:
        def open_answer(source: str, index: int) -> None:
            self._background.do(lambda: fetch(source, index), self._work_on)

        dialog = ListDialog(self._root, batch, open_answer)
        self._lists = [each for each in self._lists if each.winfo_exists()] + [dialog]
        dialog.lift()
        dialog.focus_set()
        return dialog

    def _remember(self, path: str) -> None:
        """Let a file be among the recent ones; that it cannot be kept is not worth a sentence."""
        try:
            recent.add(path)
        except UserError:
            logging.warning("a recent file cannot be kept", exc_info=True)

    def _try(self, action: Callable[[], None]) -> bool:
        """Do something, or say why not, and return whether it was done."""
        try:
            action()
        except UserError as error:
            self._tell(error)
            return False
        return True


def _x_display(root: tk.Tk) -> str:
    """Return the name of the X server that a window is on; empty where it is on none."""
    return root.winfo_screen() if root.tk.call("tk", "windowingsystem") == "x11" else ""
