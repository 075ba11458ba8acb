"""An open page: its picture, what a thread has read so far, and its table with the user's changes."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from app.drawing.history import History
from app.facts import memory
from app.page.levels import Levels
from app.page.table import Table
from app.sources.batch import bug
from app.sources.spreadsheet import save_csv
from model.base.errors import UserError
from model.page.page import Page
from model.page.reading import read_page
from model.reading.recognizer import Recognizer

log = logging.getLogger(__name__)


class OpenPage:
    """Reads a picture's cells in a thread of its own, and keeps the table that its user makes of them.

    Of the recogniser only the bundle and the threshold are used, in networks of the thread's own.

    Args:
        name: what people call the picture.
        fetch: returns the picture, as fine as there is one; called by the thread. Raises UserError.
        recognizer: says what to read with.
    """

    def __init__(self, name: str, fetch: Callable[[], Image.Image], recognizer: Recognizer):
        self.name = name
        self.picture: Levels | None = None  # as soon as it's there
        self.problem: UserError | None = None
        self.is_over = False  # nothing more will be read
        self.is_number = False  # neither rows nor lines were found, but one number
        self._is_cancelled = self._is_away = False
        self._saved = Table()
        self._history = History(Table())
        self._fetch, self._recognizer = fetch, recognizer
        self._found: queue.SimpleQueue[Levels | Page | UserError | None] = queue.SimpleQueue()
        threading.Thread(target=self._work, daemon=True).start()

    @property
    def table(self) -> Table:
        """The table as it is now."""
        return self._history.current

    @property
    def can_undo(self) -> bool:
        """Whether there's a change to take back."""
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether a change was taken back."""
        return self._history.can_redo

    @property
    def is_precious(self) -> bool:
        """Whether there are unsaved changes."""
        return self._history.can_undo and self.table is not self._saved

    def change(self, table: Table) -> None:
        """Add a new version of the table; undo brings back the previous one."""
        self._history.push(table)

    def undo(self) -> None:
        """Take the last change back."""
        self._history.undo()

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        self._history.redo()

    def save(self, path: Path) -> None:
        """Write the table as CSV. Raises UserError."""
        save_csv(self.table.texts, path)
        self.keep_as_saved()

    def copy(self) -> str:
        """Return the table in the form that spreadsheets paste; it counts as saved."""
        self.keep_as_saved()
        return self.table.tabbed

    def keep_as_saved(self) -> None:
        """Count the current table as saved."""
        self._saved = self.table

    def put_away(self) -> None:
        """Forget the picture, which takes the most memory, until the page is looked at again."""
        self._is_away, self.picture = self.picture is not None, None

    def bring_back(self) -> None:
        """Fetch the picture again."""
        if self._is_away:
            self._is_away = False
            threading.Thread(target=self._fetch_again, daemon=True).start()

    def cancel(self) -> None:
        """Stop after the cell that's being read now; what was read stays."""
        self._is_cancelled = True

    def poll(self) -> bool:
        """Add what was read since the last call to the table, without waiting; return whether anything was."""
        newest: Page | None = None
        found = [self._found.get() for _ in range(self._found.qsize())]  # a page a cell, at most
        for each in found:
            if isinstance(each, Page):
                newest = each  # it holds all that those before it did
            elif isinstance(each, Levels):
                self.picture = each
            elif each:
                self.problem = each
            else:
                self.is_over = True
        if newest:
            self._take(newest)
        return bool(found)

    def _take(self, page: Page) -> None:
        """Let what was read be in the table, and in those that undo and redo bring."""
        self.is_number = page.is_number
        self._history.change_all(lambda table: table.renewed(page))

    def _fetch_again(self) -> None:
        try:
            self._found.put(Levels(self._fetch()))
        except UserError as error:
            self._found.put(error)

    def _work(self) -> None:
        try:
            self._read()
        except UserError as error:
            self._found.put(error)
        except Exception:
            log.exception("a bug while a page was read")
            self._found.put(bug())
        finally:
            memory.give_back()  # a network of its own is some tens of megabytes, and a picture of many more
            self._found.put(None)

    def _read(self) -> None:
        picture = self._fetch()
        self._found.put(Levels(picture))
        recognizer = Recognizer(self._recognizer.bundle, self._recognizer.threshold)
        for page in read_page(picture, recognizer):
            self._found.put(page)
            if self._is_cancelled:
                break
