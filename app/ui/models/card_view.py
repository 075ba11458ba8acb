"""What a model's card says, captions beside values."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

from app.ui.kit import style

LINES = 6
HEIGHT = 176  # pixels, always kept free: nothing below moves when another model is chosen
CAPTIONS = 84  # pixels for the captions


class CardView(ttk.Frame):
    """Shows six captioned lines, or one sentence on what is wrong."""

    def __init__(self, parent: tk.Misc):
        super().__init__(parent, height=style.px(HEIGHT))
        self._captions = [ttk.Label(self, style="Caption.TLabel") for _ in range(LINES)]
        self._values = [ttk.Label(self, justify="left") for _ in range(LINES)]
        self._problem = ttk.Label(self, style="Warning.TLabel", justify="left")
        self.grid_propagate(False)
        self.columnconfigure(0, minsize=style.px(CAPTIONS))
        self.columnconfigure(1, weight=1)
        for row, (caption, value) in enumerate(zip(self._captions, self._values, strict=True)):
            caption.grid(row=row, column=0, sticky="nw", pady=style.px(1))
            value.grid(row=row, column=1, sticky="ew", pady=style.px(1))
        self.bind("<Configure>", lambda event: self._wrap(event.width))

    def show(self, lines: list[tuple[str, str]]) -> None:
        """Show six captions with their values."""
        self._problem.place_forget()
        for caption, value, line in zip(self._captions, self._values, lines, strict=True):
            caption.configure(text=line[0])
            value.configure(text=line[1])

    def show_problem(self, sentence: str) -> None:
        """Show what is wrong instead."""
        self.show([("", "")] * LINES)
        self._problem.configure(text=sentence)
        self._problem.place(x=0, y=0, relwidth=1)

    def _wrap(self, width: int) -> None:
        self._problem.configure(wraplength=width)
        for value in self._values:
            value.configure(wraplength=max(1, width - style.px(CAPTIONS)))
