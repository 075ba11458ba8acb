"""The eraser: shows which strokes it would remove, and removes those that it touches while it's down."""

from __future__ import annotations

import tkinter as tk
from typing import TYPE_CHECKING, Any

from app.drawing.geometry import Place, touches
from app.ui.kit import style
from app.ui.pad.pad_marks import around, draw_ring

if TYPE_CHECKING:
    from app.ui.pad.dry_ink import Dry
    from app.ui.pad.pad import Pad

REACH = 7  # pixels of 1/96 inch around its middle, shown as a ring


class Eraser:
    """Removes whole strokes from a pad; all that it removes while it's down is one step, which its owner makes."""

    def __init__(self, pad: Pad):
        self._pad = pad
        self._last: Place | None = None  # where it was, while it's down
        self._taken: dict[int, str] = {}  # place in the drawing -> tag of what it hides
        self._lit: list[str] = []  # the tags of what it would remove

    @property
    def is_down(self) -> bool:
        """Whether it removes what it touches."""
        return self._last is not None

    def put_down(self, place: Place) -> None:
        """Begin to remove strokes at a place in the drawing's pixels."""
        self._last = place
        self.move(place)

    def move(self, place: Place) -> None:
        """Remove what's between the last place and this one; while it's up, show what it would remove here."""
        pad, start = self._pad, self._last or place
        reach = REACH * style.now.factor / pad.shown_scale + pad.ink_width / 2
        touched = {
            number: dry
            for number, dry in pad.dry.in_order
            if number not in self._taken and touches(dry.stroke.points, dry.box, start, place, reach)
        }
        if self.is_down:
            self._light([])
            self._last = place
            for number, dry in touched.items():
                self._taken[number] = dry.tag
                pad.itemconfigure(dry.tag, state=tk.HIDDEN)
        else:
            self._light(list(touched.values()))
        x, y = (coordinate * pad.shown_scale for coordinate in place)
        pad.delete("ring")
        draw_ring(pad, around(x, y, REACH * style.now.factor), (style.px(6), style.px(2)), "ring")

    def leave(self) -> None:
        """Leave the pad, unless it's down."""
        if not self.is_down:
            self._light([])
            self._pad.delete("ring")

    def finish(self) -> frozenset[int]:
        """Lift it, and return the places in the drawing of what it removed."""
        taken, self._last = frozenset(self._taken), None
        self._light([])
        return taken

    def give_back(self) -> None:
        """Lift it, and show again what it removed, if that's still in the drawing."""
        self.finish()
        for tag in self._taken.values():
            self._pad.itemconfigure(tag, state=tk.NORMAL)
        self._taken.clear()

    def _light(self, strokes: list[Dry]) -> None:
        """Mark strokes that are about to go: with a bright rim, and crossed out along their middle."""
        tags = [dry.tag for dry in strokes]
        if tags == self._lit:
            return
        self._lit = tags
        pad, scale = self._pad, self._pad.shown_scale
        pad.delete("lit")
        width = pad.ink_width * scale
        for dry in strokes:
            places = [coordinate * scale for point in dry.drawn for coordinate in point[:2]]
            places = places if len(places) > 2 else places * 2  # a dot is a line without length
            round_ends: Any = {"capstyle": tk.ROUND, "joinstyle": tk.ROUND, "tags": "lit"}
            rim = pad.create_line(*places, width=width + style.px(6), fill=style.now.colours.warning, **round_ends)
            pad.tag_lower(rim, dry.tag)
            dash = (style.px(4), style.px(5))
            pad.create_line(*places, width=max(2, style.px(3)), fill=style.now.colours.paper, dash=dash, tags="lit")
