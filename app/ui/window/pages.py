"""The pages that are open beside the window, each in a window of its own."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tkinter import filedialog
from typing import TYPE_CHECKING

from app.page.open_page import OpenPage
from app.sources.pdf import PDF_ENDINGS
from app.sources.pictures import PICTURE_ENDINGS
from app.sources.sources import fetch_picture
from app.ui.kit.questions import is_asking
from app.ui.page.page_dialog import PageDialog
from model.base.errors import UserError
from model.base.language import _
from model.base.shown import shown

if TYPE_CHECKING:
    from PIL import Image

    from app.drawing.picture import Picture
    from app.drawing.session import Session


class Pages:
    """Opens pages of many numbers, to be read with the model of a session."""

    def __init__(self, root: tk.Tk, session: Session):
        self._root, self._session = root, session
        self._open: list[PageDialog] = []

    def read(self) -> None:
        """Read the picture that is worked on as a page; where there's none, ask for one. Raises UserError."""
        if picture := self._session.picture:
            self._read(picture.name, partial(_finest, picture))
            return
        endings = [*PICTURE_ENDINGS, *PDF_ENDINGS]
        endings += map(str.upper, endings[:])  # where letters' case matters
        name = filedialog.askopenfilename(
            parent=self._root, title=_("Read a page"), filetypes=[(_("Pictures"), endings), (_("All files"), "*")]
        )
        if name:
            self._read(shown(Path(name).name), partial(fetch_picture, name))

    def may_close(self) -> bool:
        """Return whether the window can be closed: corrections that aren't saved are asked about."""
        return all(dialog.may_close() for dialog in self._there())

    def redraw(self) -> None:
        """Make the pages' windows anew, in the look and the language of now."""
        for dialog in self._there():
            if not is_asking(dialog):
                page, entered, place = dialog.page, dialog.entered(), dialog.place
                dialog.destroy(keep=True)
                new = self._show(page)
                new.put(place)
                new.enter(entered)

    def _read(self, name: str, fetch: Callable[[], Image.Image]) -> None:
        self._show(OpenPage(name, fetch, self._session.recognizer))

    def _show(self, page: OpenPage) -> PageDialog:
        dialog = PageDialog(self._root, page)
        self._open = [*self._there(), dialog]
        dialog.lift()
        dialog.focus_set()
        return dialog

    def _there(self) -> list[PageDialog]:
        return [dialog for dialog in self._open if dialog.winfo_exists()]


def _finest(picture: Picture) -> Image.Image:
    """Return a picture as its file has it, or where that is gone, or there was none, as it's worked on."""
    if picture.source:
        try:
            return fetch_picture(*picture.source)
        except UserError:
            pass
    return picture.image
