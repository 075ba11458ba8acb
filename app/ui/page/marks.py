"""The marks over a page's picture: a box around each cell, with its text on a plate."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from itertools import pairwise
from statistics import median
from tkinter.font import Font
from typing import Any

from app.page.table import Entry, Place, Table
from app.ui.kit import style
from app.ui.kit.style import Colours
from model.ink.ink import Box

PLATE = 0.36  # of a row's height, is that of a plate, which leaves the ink to be seen,
LEAST, MOST = 11, 20  # in these pixels of ours
TEXT = 0.72  # of a plate's height, is that of its text in pixels
SIDE = 3  # pixels on either side of the text
ROOM = 0.7  # of a plate's height between two rows: then it lies above its cell where it can, else in it
APART = 4  # pixels between two rows: they're no cells of a ruled table, which touch
DASH = (6, 4)  # pixels, of what is doubtful
PLATES = "plates"  # Tk's tag for them and what they say: above all frames
CHOSEN, HALO = 3, 7  # pixels wide: the ring around the chosen cell, and the light around that


class Marks:
    """Draws the marks of a table on a canvas, in the colours that suit the picture there."""

    def __init__(self, canvas: tk.Canvas, colours: Colours, on_canvas: Callable[[Box], Box]):
        self._canvas, self._colours, self._on_canvas = canvas, colours, on_canvas
        self._table = Table()
        self._items: dict[Place, tuple[int, int, int]] = {}  # box, plate and text
        self._fonts = [Font(canvas, (style.family(canvas), style.points(10), weight)) for weight in ("normal", "bold")]
        self._rings = [
            canvas.create_rectangle(0, 0, 0, 0, width=style.px(wide), state="hidden") for wide in (HALO, CHOSEN)
        ]
        self._chosen: Place | None = None
        self._typed: str | None = None
        self._high, self._is_above, self._is_apart = 0.0, False, False  # of the plates

    def show(self, table: Table) -> None:
        """Show a table; where it has as many rows and columns as before, only what differs is drawn again."""
        before, self._table = self._table, table
        if table.places != before.places:
            self._canvas.delete(*(item for items in self._items.values() for item in items))
            self._items = {place: self._made() for place in table.places}
            self.place()
            return
        for place in table.places:
            if table.at(place) is not before.at(place):
                self._draw(place)

    def choose(self, place: Place | None, typed: str | None) -> None:
        """Put the ring around a cell, with what is being typed there, if anything is."""
        before, self._chosen, self._typed = self._chosen, place, typed
        for each in {before, place}:
            if each is not None and each in self._items:
                self._draw(each)
        for ring, colour in zip(self._rings, (self._colours.paper, self._colours.accent), strict=True):
            self._canvas.itemconfigure(ring, outline=colour, state="normal" if place in self._items else "hidden")
            self._canvas.tag_raise(ring)
        if place is not None and place in self._items:
            for ring in self._rings:
                self._canvas.coords(ring, *self._box(place))
        self._canvas.tag_raise(PLATES)
        if place is not None and place in self._items:
            for item in self._items[place][1:]:
                self._canvas.tag_raise(item)

    def place(self) -> None:
        """Move everything to its place on the canvas after a change of the zoom."""
        rows = self._table.rows
        if not rows:
            return
        height = median(self._on_canvas(entry.box).height for row in rows for entry in row)
        self._high = min(max(PLATE * height, style.px(LEAST)), style.px(MOST))
        pairs = [pair for above, below in pairwise(rows) for pair in zip(above, below, strict=True)]
        gaps = [self._on_canvas(below.box).top - self._on_canvas(above.box).bottom for above, below in pairs]
        self._is_above = not gaps or median(gaps) >= ROOM * self._high
        self._is_apart = not gaps or median(gaps) >= style.px(APART)
        for font in self._fonts:
            font.configure(size=-round(self._high * TEXT))
        for place in self._items:
            self._draw(place)
        self.choose(self._chosen, self._typed)

    def _made(self) -> tuple[int, int, int]:
        canvas = self._canvas
        plate = canvas.create_rectangle(0, 0, 0, 0, tags=PLATES)
        return canvas.create_rectangle(0, 0, 0, 0), plate, canvas.create_text(0, 0, anchor="w", tags=PLATES)

    def _box(self, place: Place) -> Box:
        box, room = self._on_canvas(self._table.at(place).box), style.px(2)
        return Box(box.left - room, box.top - room, box.right + room, box.bottom + room) if self._is_above else box

    def _draw(self, place: Place) -> None:
        """Draw a cell's box, its plate and its text."""
        entry, canvas, colours = self._table.at(place), self._canvas, self._colours
        box, plate, text = self._items[place]
        is_typed = place == self._chosen and self._typed is not None
        look = _look(entry, colours)
        says = f"{self._typed}|" if is_typed else f"{entry.text}?" if entry.is_doubtful else entry.text
        if entry.is_unread and not is_typed:
            says = ""  # the dashes say enough until it's read
        left, top, right, bottom = self._box(place)
        canvas.coords(box, left, top, right, bottom)
        canvas.itemconfigure(box, state="hidden" if _is_empty(entry) else "normal", **look)
        if entry.is_doubtful:
            for item in (box, plate, text):  # above the boxes next to it, which can share its sides
                canvas.tag_raise(item)
        font = self._fonts[entry.is_corrected or is_typed]
        wide = font.measure(says) + 2 * style.px(SIDE)
        left, top = self._free(place, wide)
        bottom = top + self._high
        state = "normal" if says else "hidden"
        fill = colours.paper if is_typed or not entry.is_corrected else colours.chosen
        canvas.coords(plate, left, top, left + wide, bottom)
        canvas.itemconfigure(plate, fill=fill, outline=colours.accent if is_typed else look["outline"], state=state)
        canvas.coords(text, left + style.px(SIDE), (top + bottom) / 2)
        ink = colours.warning if entry.is_doubtful and not is_typed else colours.ink
        canvas.itemconfigure(text, text=says, font=font, fill=ink, state=state)

    def _free(self, place: Place, wide: float) -> tuple[float, float]:
        """Return the corner of a cell's plate, where it hides the least of what is written there and around it."""
        (left, top, right, bottom), high = self._box(place), self._high
        end = max(left, right - wide)
        corners = [(end, top), (left, top), (end, bottom - high), (left, bottom - high)]
        corners += [(end, top - high / 2), (left, top - high / 2)]  # on its frame: what's beyond that is another cell's
        if self._is_above:
            corners = [(left, top - high), (end, top - high), *corners]
        if self._is_apart:
            corners += [(right, top), (end, top - high), (left, bottom)]
        rows, columns = (range(at - 1, at + 2) for at in place)
        near = (each for row in rows for column in columns if (each := (row, column)) in self._items)
        inked = [self._on_canvas(box) for each in near for box in _inked(self._table.at(each))]

        def hidden(corner: tuple[float, float]) -> float:
            x, y = corner
            return sum(
                max(0.0, min(x + wide, box.right) - max(x, box.left))
                * max(0.0, min(y + high, box.bottom) - max(y, box.top))
                for box in inked
            )

        return min(corners, key=hidden)


def _inked(entry: Entry) -> list[Box]:
    """Return where something is written, in the picture's pixels."""
    if entry.reading and entry.reading.digits:
        return [digit.box for digit in entry.reading.digits]
    return [] if _is_empty(entry) else [entry.box]


def _is_empty(entry: Entry) -> bool:
    """Return whether nothing is written in a cell, as far as is known: it may lie beyond the paper."""
    return not (entry.reading or entry.text or entry.is_unread or entry.is_corrected)


def _look(entry: Entry, colours: Colours) -> dict[str, Any]:
    """Return how a cell's box is drawn: what is doubtful has dashes as well as a colour of its own."""
    if entry.is_unread:
        return {"outline": colours.muted, "width": style.px(1), "dash": tuple(map(style.px, DASH))}
    if entry.is_doubtful:
        return {"outline": colours.warning, "width": style.px(2), "dash": tuple(map(style.px, DASH))}
    outline = colours.accent if entry.text or entry.is_corrected else colours.faint
    return {"outline": outline, "width": style.px(1), "dash": ()}
