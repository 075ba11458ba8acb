"""Text to read: it scrolls if it's long, can be selected and copied, and is never edited."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from tkinter import ttk

from app.ui.kit import style
from app.ui.kit.scrolled import add_bar

LETTERS = 72  # wide, as it asks for; it takes what it gets


class TextView(ttk.Frame):
    """Shows text, so many lines high; what comes after a tab begins ``captions`` pixels of 1/96 inch from the left."""

    def __init__(self, parent: tk.Misc, lines: int, captions: int = 0):
        super().__init__(parent)
        indent = style.px(captions)
        self.text = text = tk.Text(
            self,
            width=LETTERS,
            height=lines,
            wrap="word",
            tabs=(indent,) if indent else "",
            cursor="xterm",
            takefocus=True,
            state="disabled",
            **style.text_options(self),
        )
        text.tag_configure("line", lmargin2=indent, spacing1=style.px(2), spacing3=style.px(2))
        text.tag_configure("caption", foreground=style.now.colours.muted)
        add_bar(text)
        text.bind("<Button-1>", lambda _event: text.focus_set(), add="+")
        text.bind("<Up>", lambda _event: self._scroll(-1))  # there's no cursor that it could move
        text.bind("<Down>", lambda _event: self._scroll(1))
        text.bind("<<SelectAll>>", lambda _event: self._select_all())

    def show(self, text: str) -> None:
        """Show a text from its beginning."""
        self.show_pieces([(text, ())])

    def show_lines(self, lines: Sequence[tuple[str, str]]) -> None:
        """Show captions with their texts."""
        pieces: list[tuple[str, tuple[str, ...]]] = []
        for caption, value in lines:
            end = "\n" if pieces else ""
            pieces += [(f"{end}{caption}\t", ("line", "caption")), (value, ("line",))]
        self.show_pieces(pieces)

    @property
    def content(self) -> str:
        """Everything that's shown."""
        return self.text.get("1.0", "end-1c")

    def show_pieces(self, pieces: Sequence[tuple[str, tuple[str, ...]]]) -> None:
        """Show pieces of a text, each with the tags that say how it looks."""
        self.text.configure(state="normal")
        self.text.delete("1.0", "end")
        for piece, tags in pieces:
            self.text.insert("end", piece, tags)
        self.text.configure(state="disabled")

    def _select_all(self) -> str:
        self.text.tag_add("sel", "1.0", "end-1c")
        return "break"

    def _scroll(self, units: int) -> str:
        self.text.yview_scroll(units, "units")
        return "break"
