"""The chosen cell: what's written there, enlarged, with its text and why that's doubtful."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from PIL import ImageOps

from app.page.levels import Levels
from app.page.table import Entry, Place
from app.ui.kit import style
from model.base.language import _
from model.ink.ink import Box
from model.reading.rejection import what_is_wrong

WIDE, HIGH = 280, 92  # pixels, of the enlarged cell
AROUND = 0.15  # of a cell's height, that is shown around it
LETTERS = 12  # wide, of what it says


class CellView(ttk.Frame):
    """Shows one cell of a page."""

    def __init__(self, parent: tk.Misc):
        super().__init__(parent)
        colours = style.now.colours
        self._ink = tk.Label(self, background=colours.paper, highlightthickness=style.px(1), borderwidth=0)
        self._blank = tk.PhotoImage(master=self, width=style.px(WIDE), height=style.px(HIGH))
        self._ink.configure(highlightbackground=colours.edge, image=self._blank)
        self._photo: tk.PhotoImage | None = None  # Tk forgets images that nobody holds
        self._seen: tuple[Levels | None, Box | None] = None, None
        self._where = ttk.Label(self, style="Caption.TLabel")
        family = style.family(self)
        self._says = tk.Label(
            self, anchor="w", width=LETTERS, padx=style.px(8), font=(family, style.points(20), "bold")
        )
        self._says.configure(background=colours.paper, foreground=colours.ink, highlightthickness=style.px(1))
        self._why = ttk.Label(self, style="Doubt.TLabel")
        self._ink.grid(row=0, column=0, rowspan=3, padx=(0, style.px(12)))
        for row, label in enumerate((self._where, self._says, self._why)):
            label.grid(row=row, column=1, sticky="w")
        self.columnconfigure(1, weight=1)
        self.show(None, None, None, None)

    def show(self, picture: Levels | None, place: Place | None, entry: Entry | None, typed: str | None) -> None:
        """Show the entry in a place, with what is being typed there, or that none is chosen."""
        colours = style.now.colours
        where = why = says = ""
        if place and entry:
            where = _("Row {row}, column {column}").format(row=place[0] + 1, column=place[1] + 1)
            says = entry.text if typed is None else f"{typed}|"
            if entry.is_unread:
                why = _("Not read yet")
            elif (entry.is_doubtful or entry.is_heading) and entry.reading:
                why = what_is_wrong(entry.reading)
        self._where.configure(text=where or _("Click a cell to see it here"))
        self._says.configure(text=says, highlightbackground=colours.edge if typed is None else colours.accent)
        self._why.configure(text=why, style="Doubt.TLabel" if entry and entry.is_doubtful else "Hint.TLabel")
        self._show_ink(picture, entry.box if entry else None)

    def _show_ink(self, picture: Levels | None, box: Box | None) -> None:
        if (picture, box) == self._seen:
            return
        self._seen, self._photo = (picture, box), None
        if picture and box:
            around = AROUND * box.height
            wide, high = box.width + 2 * around, box.height + 2 * around
            by = min(style.px(WIDE) / wide, style.px(HIGH) / high)
            size = max(1, round(wide * by)), max(1, round(high * by))
            left, top = box.left - around, box.top - around
            part = picture.part(Box(left, top, left + wide, top + high), size)
            ground = style.now.colours.paper
            whole = ImageOps.pad(part, (style.px(WIDE), style.px(HIGH)), color=ground)
            pixels = b"P6 %d %d 255\n" % whole.size + whole.tobytes()
            self._photo = tk.PhotoImage(master=self, data=pixels, format="ppm")
        self._ink.configure(image=self._photo or self._blank)
