"""The thing that's pointed at: a title, a sentence or two, and its weights as a picture."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from app.ui.inside.pixels import put
from app.ui.kit import style
from app.ui.kit.short_label import ShortLabel
from app.ui.laboratory import paint
from app.ui.laboratory.words import Told

SIDE = 112  # pixels of 1/96 inch, of the picture
LINES = 5  # of text next to it


class Inspector(ttk.Frame):
    """Describes one thing at a time; its height never changes, so that nothing moves."""

    def __init__(self, parent: tk.Misc):
        super().__init__(parent, height=round(style.px(SIDE + 4) * max(1, style.now.text)))
        self.grid_propagate(False)
        self._photo = tk.PhotoImage(master=self)
        self._picture = ttk.Label(self, image=self._photo, padding=0)
        self._title, self._text = ShortLabel(self, 2, "Strong.TLabel"), ShortLabel(self, LINES, "Caption.TLabel")
        self._picture.grid(row=0, column=0, rowspan=2, padx=(0, style.px(14)), sticky="nw")
        self._title.grid(row=0, column=1, sticky="ew")
        self._text.grid(row=1, column=1, sticky="new")
        self.columnconfigure(1, weight=1)
        self.rowconfigure(1, weight=1)

    def say(self, line: str) -> None:
        """Show a line that isn't about a particular thing."""
        self._picture.grid_remove()
        self._title.say("")
        self._text.say(line)

    def show(self, told: Told) -> None:
        """Describe a thing."""
        self._title.say(told.title)
        self._text.say(told.text)
        if told.weights is None:
            self._picture.grid_remove()
            return
        most = max(float(abs(told.weights).max()), 1e-9)
        square = paint.Grid(1, 1, style.px(SIDE))
        put(self._photo, paint.tiles(told.weights[None] / most, square))
        self._picture.grid()
