"""Text to read: scrolled when it is long, marked and copied by mouse and keys, and never changed."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from tkinter import ttk

from app.ui.kit import style
from app.ui.kit.key_events import virtual

LETTERS = 72  # wide, as it asks for; it takes what it gets


class TextView(ttk.Frame):
    """Shows text.

    Args:
        parent: the widget around it.
        lines: high.
        captions: pixels of 1/96 inch from the left for what stands after a tab.
    """

    def __init__(self, parent: tk.Misc, lines: int, captions: int = 0):
        super().__init__(parent)
        colours, indent = style.now.colours, style.px(captions)
        self.text = tk.Text(
            self,
            width=LETTERS,
            height=lines,
            wrap="word",
            tabs=(indent,) if indent else "",
            cursor="xterm",
            takefocus=True,
            **style.text_options(self),
        )
        self.text.tag_configure("line", lmargin2=indent, spacing1=style.px(2), spacing3=style.px(2))
        self.text.tag_configure("caption", foreground=colours.muted)
        bar = ttk.Scrollbar(self, command=self.text.yview)

        def scrolled(first: str, last: str) -> None:
            bar.set(float(first), float(last))
            bar.grid_remove() if float(first) <= 0 and float(last) >= 1 else bar.grid()

        self.text.grid(row=0, column=0, sticky="nsew")
        bar.grid(row=0, column=1, sticky="ns")
        self.text.configure(yscrollcommand=scrolled)  # type: ignore[arg-type]  # Tk hands over text
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self.text.bind("<Button-1>", lambda _event: self.text.focus_set(), add="+")
        for key, units in (("<Up>", -1), ("<Down>", 1)):  # there is no cursor that they could move
            self.text.bind(key, lambda _event, units=units: self._scroll(units))  # type: ignore[misc]
        for key in ("<<SelectAll>>", virtual(self, "Mod+A")):  # the second, since the first is not Tk's everywhere
            self.text.bind(key, lambda _event: self._select_all())
        self.text.configure(state="disabled")

    def show(self, text: str) -> None:
        """Show a text, from its beginning."""
        self._fill([(text, ())])

    def show_lines(self, lines: Sequence[tuple[str, str]]) -> None:
        """Show captions with what stands beside them."""
        pieces: list[tuple[str, tuple[str, ...]]] = []
        for number, (caption, value) in enumerate(lines):
            end = "\n" if number < len(lines) - 1 else ""
            pieces += [(f"{caption}\t", ("line", "caption")), (f"{value}{end}", ("line",))]
        self._fill(pieces)

    @property
    def content(self) -> str:
        """All that is shown."""
        return self.text.get("1.0", "end-1c")

    def _fill(self, pieces: Sequence[tuple[str, tuple[str, ...]]]) -> None:
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
