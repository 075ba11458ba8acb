"""The pointer as a pen: a mouse, a finger or a stylus, with a button down; it draws nothing outside the pad."""

from __future__ import annotations

import tkinter as tk
from typing import TYPE_CHECKING

from app.drawing.geometry import part_on_canvas
from model.ink.ink import Point

if TYPE_CHECKING:
    from app.ui.pad.pad import Pad

HELD = {1: 0x100, 2: 0x200, 3: 0x400}  # what an event's state says while a button is down


class PointerPen:
    """Draws on a pad with the left button, and erases with the right one. Tk reports pen and touch as the left one."""

    def __init__(self, pad: Pad):
        self._pad = pad
        self._button = 0  # the button that's down; also 0 while the keyboard's pen is down
        self._last = Point(0, 0, 0)  # its last place, in the screen's pixels
        self._is_out = False  # whether it has left the pad with its button down
        right = 2 if pad.tk.call("tk", "windowingsystem") == "aqua" else 3
        for button in (1, right):
            pad.bind(f"<ButtonPress-{button}>", self._press)
            pad.bind(f"<ButtonRelease-{button}>", self._release)
        pad.bind("<Motion>", self._move)

    def let_go(self) -> None:
        """Stop drawing until a button comes down again."""
        self._button = 0

    def _press(self, event: tk.Event[tk.Misc]) -> None:
        if self._button != event.num and int(event.state) & HELD.get(self._button, 0):
            return  # a second button, a palm or a pen's button, while the first one draws
        self._pad.focus_set()
        self._pad.keyboard.sleep()
        self._last, self._is_out = _place(event), False
        if self._way_to(self._last):
            self._pad.put_down(self._point(self._last), erase=event.num != 1 or self._pad.tool == "eraser")
            self._button = int(event.num)

    def _move(self, event: tk.Event[tk.Misc]) -> None:
        if self._button and not int(event.state) & HELD[self._button]:
            self._pad.finish_stroke()  # its release got lost
        elif self._button:
            self._go_on(_place(event))
        elif not self._pad.is_drawing:  # otherwise it's the keyboard's stroke
            self._pad.move_pen(self._point(_place(event)))

    def _release(self, event: tk.Event[tk.Misc]) -> None:
        if event.num == self._button:
            self._go_on(_place(event))
            self._pad.finish_stroke()

    def _go_on(self, place: Point) -> None:
        """Move to a place, as far as the path to it is on the pad: what can't be seen must not be read."""
        way = self._way_to(place)
        self._last = place
        if way and not way[0] == way[1] != place:  # it only touches a corner
            if self._is_out:
                self._pad.go_on_from(self._point(way[0]))
            self._pad.move_pen(self._point(way[1]))
        self._is_out = way is None or way[1] != place

    def _way_to(self, place: Point) -> tuple[Point, Point] | None:
        return part_on_canvas(self._last, place, self._pad.winfo_width() - 1, self._pad.winfo_height() - 1)

    def _point(self, place: Point) -> Point:
        """Convert a place on the screen to the drawing's pixels."""
        scale = self._pad.shown_scale
        return place if scale == 1 else Point(round(place.x / scale, 1), round(place.y / scale, 1), place.t)


def _place(event: tk.Event[tk.Misc]) -> Point:
    return Point(event.x, event.y, event.time)
