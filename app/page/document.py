"""An open file with pages: each page is read when it's first looked at, and keeps its table."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import partial
from itertools import chain
from pathlib import Path

from PIL import Image

from app.page.open_page import OpenPage
from app.sources.spreadsheet import save_csv
from model.reading.recognizer import Recognizer


class Document:
    """Opens a file's pages, one after the other.

    Args:
        name: what people call the file.
        fetch: returns the page with an index, from 0, as fine as there is one; called by threads. Raises UserError.
        recognizer: says what to read with.
        count: returns how many pages there are; called by a thread.
        first: the index of the page that is looked at first.
    """

    def __init__(
        self,
        name: str,
        fetch: Callable[[int], Image.Image],
        recognizer: Recognizer,
        count: Callable[[], int] = lambda: 1,
        first: int = 0,
    ):
        self.name, self.index = name, first
        self.count = 0  # pages; 0: it's not known yet
        self._fetch, self._recognizer, self._count = fetch, recognizer, count
        self._pages: dict[int, OpenPage] = {}
        self.turn(0)
        threading.Thread(target=self._count_pages, daemon=True).start()

    @property
    def page(self) -> OpenPage:
        """The page that is looked at."""
        return self._pages[self.index]

    @property
    def pages(self) -> Mapping[int, OpenPage]:
        """The pages that were looked at, by index."""
        return self._pages

    @property
    def opened(self) -> int:
        """How many pages were looked at."""
        return len(self._pages)

    @property
    def is_precious(self) -> bool:
        """Whether there are unsaved changes."""
        return any(page.is_precious for page in self._pages.values())

    def turn(self, by: int) -> None:
        """Go forward by a number of pages."""
        if by:
            self.page.put_away()
        self.index += by
        if self.index in self._pages:
            self.page.bring_back()
        else:
            self._pages[self.index] = OpenPage(self.name, partial(self._fetch, self.index), self._recognizer)

    def save_all(self, path: Path) -> None:
        """Write the tables of all pages that were looked at as one CSV, whose first column names the page.

        Raises UserError.
        """
        pages = sorted(self._pages.items())
        rows = ([[f"{self.name}:{index}", *row] for row in page.table.texts] for index, page in pages)
        save_csv(chain.from_iterable(rows), path)
        for _index, page in pages:
            page.keep_as_saved()

    def cancel(self) -> None:
        """Stop reading."""
        for page in self._pages.values():
            page.cancel()

    def _count_pages(self) -> None:
        self.count = self._count()
