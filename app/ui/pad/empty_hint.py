"""The hint on an empty canvas: what to do on it, above its middle, until the first touch."""

from __future__ import annotations

import tkinter as tk
from typing import Any

from app.ui.kit import style
from model.base.language import N_, _

TAG = "hint"  # of the canvas items
SIDE = 24  # pixels that stay free on each side of it
GAP = 8  # pixels between its two texts
MIDDLE = 36  # pixels above the canvas' middle that stay free: the keyboard's pen waits there

WHAT = N_("Draw a digit or a number here")
HOW = N_("with the mouse, a finger or a pen")


class EmptyHint:
    """Shows on a canvas what to do on it.

    Args:
        canvas: of any size; its other items aren't touched.
    """

    def __init__(self, canvas: tk.Canvas):
        self._canvas = canvas
        self._shown = False
        self._font = style.family(canvas)
        canvas.bind("<Configure>", lambda _event: self._place(), add="+")
        canvas.bind("<<PenDown>>", lambda _event: self.show(False), add="+")

    def show(self, blank: bool) -> None:
        """Show the hint if the canvas is blank; otherwise hide it."""
        if blank == self._shown:
            return
        self._shown = blank
        self._canvas.delete(TAG)
        if blank:
            still = {"state": "disabled"}  # the pointer doesn't find it
            for text, size, colour in ((WHAT, 15, style.now.colours.ink), (HOW, 11, style.now.colours.muted)):
                look: Any = {"font": (self._font, style.points(size)), "fill": colour, "disabledfill": colour, **still}
                self._canvas.create_text(0, 0, text=_(text), anchor="n", justify="center", tags=TAG, **look)
            self._canvas.tag_lower(TAG)
            self._place()

    def _place(self) -> None:
        """Put it above the middle of the canvas at its current size."""
        items = self._canvas.find_withtag(TAG)
        if not items:
            return
        wide, high = self._canvas.winfo_width(), self._canvas.winfo_height()
        heights = []
        for item in items:
            self._canvas.itemconfigure(item, width=max(1, wide - 2 * style.px(SIDE)))
            _left, top, _right, bottom = self._canvas.bbox(item)
            heights.append(bottom - top)
        top = max(high // 2 - style.px(MIDDLE) - sum(heights) - style.px(GAP) * (len(items) - 1), style.px(GAP))
        for item, height in zip(items, heights, strict=True):
            self._canvas.coords(item, wide / 2, top)
            top += height + style.px(GAP)
