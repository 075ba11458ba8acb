"""The pages that are open next to the window, each in a window of its own."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from app.drawing.labels import Labels
from app.page.corrections import Corrections
from app.page.document import Document
from app.sources.heic import HEIC_ENDINGS
from app.sources.pdf import PDF_ENDINGS
from app.sources.pictures import PICTURE_ENDINGS
from app.sources.sources import count_pages, fetch_picture
from app.ui.kit.file_dialogs import PAGE, ask_for_file
from app.ui.kit.questions import is_asking
from app.ui.page.learn_box import Learns
from app.ui.page.page_dialog import PageDialog
from model.base.errors import UserError
from model.base.language import _
from model.base.shown import shown

if TYPE_CHECKING:
    from PIL import Image

    from app.drawing.picture import Picture
    from app.drawing.session import Session
    from app.page.table import Table

Told: TypeAlias = "Callable[[int, Table], object]"


class Pages:
    """Opens pages of many numbers, and reads them with a session's model.

    ``shown`` is called when the open picture has another table; ``learn`` learns what is saved now, and returns what is
    to be said of that.
    """

    def __init__(self, root: tk.Tk, session: Session, shown: Callable[[], object], learn: Callable[[], str]):
        self._root, self._session, self._shown, self._learn = root, session, shown, learn
        self._open: list[PageDialog] = []
        self._last: tuple[Picture, Table] | None = None  # the picture that was read last, and the table of its page

    def table_of(self, picture: Picture) -> Table | None:
        """Return the table of a picture's page, with corrections; None unless it's the page that was read last."""
        return self._last[1] if self._last and self._last[0] is picture else None

    def read(self) -> None:
        """Read the open picture as a page; if there isn't one, ask for it. Raises UserError."""
        if picture := self._session.picture:
            if picture.source:
                name, index = picture.source
                self._read(name, index, partial(_finest, picture), partial(self._told, picture, index))
            else:
                document = Document(picture.name, lambda _index: picture.image, self._session.recognizer)
                self._show(document, partial(self._told, picture, 0))
            return
        kinds = {_("Pictures"): (*PICTURE_ENDINGS, *HEIC_ENDINGS, *PDF_ENDINGS)}
        if name := ask_for_file(self._root, _("Read a page"), kinds, PAGE):
            self.open(name)

    def open(self, name: str) -> None:
        """Read a picture file as a page."""
        self._read(name, 0, partial(fetch_picture, name), lambda _index, _table: None)

    def may_close(self) -> bool:
        """Return whether the window can be closed; asks about unsaved corrections."""
        return all(dialog.may_close() for dialog in self._there())

    def redraw(self) -> None:
        """Rebuild the pages' windows in the current appearance and language."""
        for dialog in self._there():
            if not is_asking(dialog):
                document, entered, place = dialog.document, dialog.entered(), dialog.place
                dialog.destroy(keep=True)
                new = self._show(document, dialog.told, dialog.learns)
                new.put(place)
                new.enter(entered)

    def _read(self, file: str, first: int, fetch: Callable[[int], Image.Image], told: Told) -> None:
        name, count = shown(Path(file).name), partial(count_pages, file)
        self._show(Document(name, fetch, self._session.recognizer, count, first), told)

    def _told(self, picture: Picture, page: int, index: int, table: Table) -> None:
        """Keep the table of one of a picture's pages."""
        if page == index and self.table_of(picture) is not table:
            self._last = picture, table
            if picture is self._session.picture:
                self._shown()

    def _show(self, document: Document, told: Told, learns: Learns | None = None) -> PageDialog:
        session = self._session
        learns = learns or Learns(Corrections(Labels(session.samples)), lambda: session.recognizer.eye, self._learn)
        dialog = PageDialog(self._root, document, learns)
        dialog.told = told
        self._open = [*self._there(), dialog]
        dialog.lift()
        dialog.focus_set()
        return dialog

    def _there(self) -> list[PageDialog]:
        return [dialog for dialog in self._open if dialog.winfo_exists()]


def _finest(picture: Picture, index: int) -> Image.Image:
    """Return a page of a picture's file, or if the file no longer exists, the picture as it's open."""
    assert picture.source
    file, shown_index = picture.source
    try:
        return fetch_picture(file, index)
    except UserError:
        if index != shown_index:
            raise
        return picture.image
