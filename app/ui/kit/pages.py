"""Dialogs with one page after the other."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from app.ui.kit import style
from app.ui.kit.dialog import Dialog
from app.ui.kit.progress_bar import ProgressBar

WIDTH = 480  # pixels of the lines


class PagedDialog(Dialog):
    """Shows pages, each with a title, sentences and buttons; its size is that of the page."""

    def __init__(self, parent: tk.Misc, title: str):
        super().__init__(parent, title)
        self.resizable(width=False, height=False)
        self.page = ttk.Frame(self.body.inside)

    def turn(self, title: str) -> None:
        """Remove what's shown, and begin another page, under a title."""
        self.page.destroy()
        self.page = ttk.Frame(self.body.inside)
        self.page.pack(fill="both", expand=True)
        self.write(title, "Title.TLabel", above=0)
        ttk.Frame(self.page, width=self.room(WIDTH)).pack()  # all pages are as wide

    def write(self, sentence: str, name: str = "TLabel", *, above: int = 8, below: int = 0) -> ttk.Label:
        """Add a sentence to the page, in a ttk style and with room around it, and return its label."""
        label = ttk.Label(self.page, text=sentence, style=name, wraplength=self.room(WIDTH), justify="left")
        label.pack(anchor="w", pady=(style.px(above), style.px(below)))
        return label

    def add_progress(self) -> tuple[ProgressBar, ttk.Label]:
        """Add a bar to the page, with a line below it, and return them."""
        bar = ProgressBar(self.page, self.room(WIDTH))
        bar.pack(fill="x", pady=(style.px(10), style.px(6)))
        return bar, self.write("", "Hint.TLabel", above=0)

    def offer(self, *buttons: tuple[str, Callable[[], object]]) -> None:
        """Show buttons, marked by `N_`, and give the first the keyboard; where there are more, it is what to choose."""
        self.buttons.clear()
        made = [self.add_button(text, command) for text, command in buttons]
        if len(made) > 1:
            made[0].configure(style="Accent.TButton")
        self.first = made[0]
        self.focus_set()
