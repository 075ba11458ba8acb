"""View ▸ See inside: the panel that shows what the network does, beside the answer, folded or not."""

from __future__ import annotations

import tkinter as tk
from dataclasses import replace
from tkinter import ttk
from typing import TYPE_CHECKING

from app.session import Session
from app.ui import style

if TYPE_CHECKING:
    from PIL import Image

    from app.ui.inside_panel import InsidePanel
    from model.ink import Drawing
    from model.reading import Reading

WIDTH = 316  # pixels that the window is wider with it, and at least as wide as what is in it


class SeeInside:
    """Keeps the panel, which is made when it is unfolded.

    Args:
        root: the window, which is as much wider as the panel needs, where the screen has the room.
        session: what is worked on.
    """

    def __init__(self, root: tk.Tk, session: Session):
        self._root, self._session = root, session
        self._panel: InsidePanel | None = None

    @property
    def is_shown(self) -> bool:
        """Whether the panel is unfolded."""
        return self._panel is not None

    def fold(self, page: ttk.Frame, *, unfolded: bool) -> None:
        """Show the panel on the right of a page, or take it away."""
        if self._panel and not self._panel.winfo_exists():
            self._panel = None  # it went with the page that it was on
        if unfolded and not self._panel:
            from app.ui.inside_panel import InsidePanel  # noqa: PLC0415  (opening the window does not need it)

            self._panel = InsidePanel(page)
            side = style.px(12)
            self._panel.grid(row=0, column=2, rowspan=2, sticky="nsew", padx=(0, side), pady=side)
        elif self._panel and not unfolded:
            self._panel.destroy()
            self._panel = None

    def widen(self) -> None:
        """Give the window the room that the panel takes, or take it back."""
        wide, high = self._root.winfo_width(), self._root.winfo_height()
        if str(self._root.tk.call("wm", "state", self._root)) != "normal":
            return  # it is as large as the screen
        most = self._root.winfo_screenwidth() - self._root.winfo_rootx()
        wanted = min(wide + style.px(WIDTH), max(most, wide)) if self.is_shown else wide - style.px(WIDTH)
        self._root.geometry(f"{max(wanted, self._root.minsize()[0])}x{high}")

    def show(self, drawing: Drawing, reading: Reading | None, selected: int) -> None:
        """Show what the network does with a drawing, or with the picture that is worked on.

        Args:
            drawing: as it is, with the stroke under the pen.
            reading: of it, where it is read.
            selected: the place of the digit, in a number, that is looked at.
        """
        if self._panel:
            recognizer = self._session.recognizer if self._session.is_ready else None
            self._panel.show(self._subject(drawing, reading, selected), recognizer)

    def _subject(self, drawing: Drawing, reading: Reading | None, selected: int) -> Drawing | Image.Image | None:
        """Return the one digit that is looked at."""
        digits = reading.digits if reading else ()
        picture = self._session.picture
        if picture:
            return picture.image.crop(digits[selected].box) if len(digits) > 1 else picture.image
        if len(digits) > 1:
            return replace(drawing, strokes=tuple(drawing.strokes[place] for place in digits[selected].strokes))
        return drawing
