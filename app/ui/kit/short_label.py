"""A label with room for a few lines: longer text is cut off, and a tooltip shows all of it."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from tkinter.font import Font

from app.ui.kit import style, tooltip
from app.ui.kit.line_breaks import broken


class ShortLabel(ttk.Label):
    """Says something in this many lines at most, of its style's font, in the width that it's given."""

    def __init__(self, parent: tk.Misc, lines: int, name: str):
        super().__init__(parent, style=name)
        self.said = self._more = ""
        self._font = Font(self, ttk.Style(self).lookup(name, "font"))
        self.most = lines * self._font.metrics("linespace") + style.px(6)  # pixels high, with its border
        self._allowed = self.most  # for what is said now
        self._tip = tooltip.of(self)
        self.bind("<Configure>", lambda _event: self._fit())

    def say(self, text: str, more: str = "", room: int = 0) -> None:
        """Say a text, and in its tooltip more; with room for this many pixels, where these are more than it has."""
        allowed = max(room, self.most)
        if (text, more, allowed) != (self.said, self._more, self._allowed):
            self.said, self._more, self._allowed = text, more, allowed
            self._fit()

    def _fit(self) -> None:
        shown = cut = self.said
        while not self._fits(shown) and cut:
            cut = cut[:-1].rstrip()
            shown = f"{cut}…"
        self._tip.explain(self, " ".join(filter(None, (self.said if shown != self.said else "", self._more))))

    def _fits(self, text: str) -> bool:
        """Show a text, and return whether there is the room."""
        wide = max(1, self.winfo_width() - style.px(4))  # less the border of a label
        self.configure(text=broken(text, wide, self._font.measure), wraplength=wide)
        return self.winfo_reqheight() <= self._allowed
