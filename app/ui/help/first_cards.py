"""What greets a newcomer, where the answer will be: a few cards, each with something to try."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk
from typing import Any, NamedTuple

from app.ui.kit import style
from app.ui.kit.background import Timer
from model.base.language import _

INSIDE, BETWEEN = 10, 8  # pixels within a card, and from one to the next
TIGHT = 3  # pixels of both where they don't fit


class Card(NamedTuple):
    """Something to try, and what does it where it's not the pen."""

    title: str
    text: str
    button: str = ""
    action: Callable[[], object] = lambda: None


class FirstCards(ttk.Frame):
    """Shows cards below each other, and a button that calls ``done``; where they don't fit, without their texts."""

    def __init__(self, parent: tk.Misc, cards: Sequence[Card], done: Callable[[], object]):
        super().__init__(parent)
        self._texts: list[ttk.Label] = []
        self._cards: list[tk.Frame] = []
        self._size = (0, 0)  # pixels, that they were fitted into
        paper: dict[str, Any] = {"background": style.now.colours.paper}
        for title, text, button, action in cards:
            inside = style.px(INSIDE)
            card = tk.Frame(self, padx=inside, pady=inside, highlightthickness=style.px(1), **paper)
            edge = style.now.colours.edge
            card.configure(highlightbackground=edge, highlightcolor=edge)
            card.pack(fill="x", pady=(0, style.px(BETWEEN)))
            self._cards.append(card)
            ttk.Label(card, text=title, style="Strong.TLabel", **paper).grid(sticky="w")
            self._texts.append(ttk.Label(card, text=text, style="Caption.TLabel", **paper))
            self._texts[-1].grid(sticky="w")
            if button:
                offer = ttk.Button(card, text=button, style="Small.TButton", command=action)
                offer.grid(sticky="w", pady=(style.px(6), 0))
        ttk.Button(self, text=_("Got it"), style="Small.TButton", command=done).pack(anchor="e")
        fitting = Timer(self)
        self.bind("<Configure>", lambda _event: fitting.start("idle", self._fit))

    def _fit(self) -> None:
        size = self.winfo_width(), self.winfo_height()
        if size == self._size:  # it's told of what is in it, too
            return
        self._size = size
        for text in self._texts:
            text.configure(wraplength=max(1, self.winfo_width() - 2 * style.px(INSIDE + 1)))
            text.grid()
        for card in self._cards:
            card.configure(pady=style.px(INSIDE))
            card.pack_configure(pady=(0, style.px(BETWEEN)))
        self.update_idletasks()  # now their size is known
        if self.winfo_exists() and self.winfo_reqheight() > self.winfo_height():
            for text, card in zip(self._texts, self._cards, strict=True):
                text.grid_remove()
                card.configure(pady=style.px(TIGHT))
                card.pack_configure(pady=(0, style.px(TIGHT)))
