"""View ▸ See inside: the panel that shows what the network does, beside the answer, folded or not."""

from __future__ import annotations

from dataclasses import replace
from tkinter import ttk
from typing import TYPE_CHECKING

from app.drawing.session import Session
from app.ui.kit import style
from app.ui.kit.room import Room

if TYPE_CHECKING:
    from PIL import Image

    from app.ui.inside.inside_panel import InsidePanel
    from model.ink.ink import Drawing
    from model.reading.reading import Reading

WIDTH = 316  # pixels that the window is wider with it, and at least as wide as what is in it
LEAST_PAD = 140  # pixels of the pad beside it
INSIDE = "inside"  # what the window is wider for


class SeeInside:
    """Keeps the panel, which is made when it is unfolded.

    Args:
        room: makes the window as much wider as the panel needs, where the screen has the room.
        session: what is worked on.
    """

    def __init__(self, room: Room, session: Session):
        self._room, self._session = room, session
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
            from app.ui.inside.inside_panel import InsidePanel  # noqa: PLC0415  (opening the window does not need it)

            self._panel = InsidePanel(page)
            side = style.px(12)
            self._panel.grid(row=0, column=2, rowspan=2, sticky="nsew", padx=(0, side), pady=side)
            page.bind("<Configure>", lambda _event: self._arrange(page))
        elif self._panel and not unfolded:
            self._panel.destroy()
            self._panel = None
        self._arrange(page)

    def _arrange(self, page: ttk.Frame) -> None:
        """Leave the buttons below the pad their room: in a narrow window they lie below the panel, which gives way."""
        (buttons,) = page.grid_slaves(row=1, column=0)
        narrow = self.is_shown and page.winfo_width() < buttons.winfo_reqwidth() + style.px(WIDTH)
        buttons.grid(columnspan=3 if narrow else 2)
        page.columnconfigure(0, minsize=style.px(LEAST_PAD) if narrow else 0)
        page.columnconfigure(2, weight=4 if narrow else 0)
        if self._panel:
            self._panel.grid(rowspan=1 if narrow else 2)

    def widen(self) -> None:
        """Give the window the room that the panel takes, or take it back."""
        if self.is_shown:
            self._room.widen(INSIDE, style.px(WIDTH))
        else:
            self._room.narrow(INSIDE)

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
