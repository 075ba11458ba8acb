"""My drawings ▸ New sign…: a name, and a pad on which its user draws it a few times; from then on it's read."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Collection
from tkinter import ttk

from app.drawing.session import Session
from app.kept import models
from app.kept.samples import Samples
from app.ui.kit import style
from app.ui.kit.background import on_change
from app.ui.kit.dialog import Dialog
from app.ui.kit.key_events import PRESSES, bind_plain
from app.ui.pad.pad import LEAST_SIDE, Pad
from model.base.language import _, ngettext
from model.ink.ink import Point
from model.reading.reading import DIGITS, FEWEST, is_label


class NewSignDialog(Dialog):
    """Keeps drawings of a sign among the user's own; ``done`` is called when it closes, where there are new ones."""

    def __init__(self, parent: tk.Misc, samples: Samples, done: Callable[[], None]):
        super().__init__(parent, _("New sign"), fixed=True)
        self._samples, self._done, self._kept = samples, done, False
        self._session = Session(models.recognizer_in_use, samples)
        self.name = tk.StringVar(self)
        on_change(self.name, self, self._tell)
        row = ttk.Frame(self.body.inside)
        row.pack(fill="x", pady=(0, style.px(10)))
        ttk.Label(row, text=_("Name, one character:")).pack(side="left")
        self.first = ttk.Entry(row, textvariable=self.name, width=4)
        self.first.pack(side="left", padx=style.px(8))
        self.pad = Pad(self.body.inside, self._draw, self._erase)
        self.pad.pack()
        self._line.configure(wraplength=style.px(LEAST_SIDE))
        for text, command, look in ((_("Save"), self._save, "Accent.TButton"), (_("Clear"), self._clear, "TButton")):
            self.buttons.add(text, command, look)
        self.buttons.show(ttk.Button(self.buttons, text=_("Done"), command=self.close), right=True)
        for keys in PRESSES:
            bind_plain(self, keys, lambda _event: self._save())
        self._tell()

    def destroy(self) -> None:
        """Take the dialog away; what was kept can be learned now."""
        super().destroy()
        if self._kept:
            self._done()

    def _draw(self, points: tuple[Point, ...]) -> None:
        self._session.add_stroke(points, self.pad.size_in_pixels)
        self.pad.show(self._session.drawing)

    def _erase(self, places: Collection[int]) -> None:
        self._session.erase(places)
        self.pad.show(self._session.drawing)

    def _clear(self) -> None:
        self.pad.give_up_stroke()
        self._session.clear()
        self.pad.show(self._session.drawing)

    def _save(self) -> None:
        """Keep what is drawn, under the name that was entered, and clear the pad for the next one."""
        self.pad.finish_stroke()
        name = self.name.get().strip()
        if name in DIGITS or not is_label(name):
            self.say(_("A sign's name is one character that isn't a digit: a letter, +, %."), problem=True)
            self.focus_set()
        elif self._session.is_blank:
            self._tell()
        elif self.attempt(lambda: self._samples.keep(self._session.drawing, name)):
            self._kept = True
            self._clear()
            self._tell()

    def _tell(self) -> None:
        """Say how many drawings there are, and what is to be done."""
        count = self._samples.counts_by_label().get(self.name.get().strip(), 0) if self.name.get() else 0
        if count >= FEWEST:
            line = ngettext(
                "{count} drawing is saved. Draw more, or choose Done.",
                "{count} drawings are saved. Draw more, or choose Done.",
                count,
            )
        else:
            line = _("Draw it five times, each time a little differently, and press Return after each: {count} so far.")
        self.say(line.format(count=count))
