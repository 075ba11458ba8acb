"""A pen that keys move: arrow keys move it as the pointer would, Space presses and releases its button."""

from __future__ import annotations

import tkinter as tk
from typing import TYPE_CHECKING

from app.ui.kit import style
from app.ui.kit.key_events import SHIFT, held
from app.ui.pad.pad_marks import around, draw_ring
from model.ink.ink import Point

if TYPE_CHECKING:
    from app.ui.pad.pad import Pad

DIRECTIONS = {"Left": (-1, 0), "Right": (1, 0), "Up": (0, -1), "Down": (0, 1)}

STEP = 4  # pixels of the drawing: a key's first steps
FASTEST = 12  # pixels a step while a key is held down
FAR = 20  # pixels a step with Shift
HELD = 80  # milliseconds; presses closer together than this come from a held key, not a hand

ARM = 14  # pixels of 1/96 inch: how far the arms reach beyond the pen


class KeyboardPen:
    """Draws or erases on a pad while the pad has the focus.

    It wakes when the focus has come by the keyboard, or Space is pressed, and sleeps when the pointer draws:
    then the arrow keys belong to the window.
    """

    def __init__(self, pad: Pad):
        self._pad = pad
        self._place: tuple[float, float] | None = None  # the drawing's pixels; None: in the middle
        self.is_awake = self._has_focus = False
        self._held: set[str] = set()  # the arrow keys that are down
        self._pressed = "", 0  # the last arrow key, and when, in milliseconds
        self._run = 0  # how often it has been repeated
        pad.bind("<<TraverseIn>>", lambda _event: self.wake())
        pad.bind("<FocusIn>", lambda _event: self._focused(True))
        pad.bind("<FocusOut>", lambda _event: self._focused(False))
        for name in DIRECTIONS:
            for key in (name, f"KP_{name}"):
                pad.bind(f"<KeyPress-{key}>", lambda event, name=name: self._arrow(event, name))  # type: ignore[misc]
                pad.bind(f"<KeyRelease-{key}>", lambda _event, name=name: self._held.discard(name))  # type: ignore[misc]
        pad.bind("<KeyPress-space>", self._space)

    @property
    def place(self) -> tuple[float, float]:
        """Where it is on the pad, in the drawing's pixels, whatever the pad's size."""
        width, height = self._pad.size_in_pixels
        x, y = self._place or (width // 2, height // 2)
        return min(max(x, 0), width - 1), min(max(y, 0), height - 1)

    def go_on_from(self, other: KeyboardPen) -> None:
        """Take another pen's place and state."""
        self._place, self.is_awake = other._place, other.is_awake
        self.show()

    def wake(self) -> None:
        """Show the pen, and listen to the arrow keys."""
        self.is_awake = True
        self.show()

    def sleep(self) -> None:
        """Hide the pen, and leave the arrow keys to the window."""
        if self.is_awake:
            self.is_awake = False
            self._held.clear()
            self.show()

    def show(self) -> None:
        """Show where it is: up, a dashed ring with four arms; down, a full ring around a dot."""
        pad = self._pad
        pad.delete("keyboard")
        if not self.is_awake or not self._has_focus:
            return
        x, y = (coordinate * pad.shown_scale for coordinate in self.place)
        radius = max(pad.ink_width / 2 * pad.shown_scale, style.px(6))
        line = style.px(2)
        if pad.is_drawing:
            draw_ring(pad, around(x, y, radius + line), (4 * line, 2 * line), "keyboard")
            dot, colours = around(x, y, style.px(4)), style.now.colours
            pad.create_oval(*dot, fill=colours.accent, outline=colours.paper, width=line, tags="keyboard")
            return
        draw_ring(pad, around(x, y, radius), (2 * line, line), "keyboard", (2 * line, 2 * line))
        near, far = radius + line, radius + style.px(ARM)
        for width, colour in ((3 * line, style.now.colours.paper), (line, style.now.colours.accent)):
            for dx, dy in DIRECTIONS.values():
                places = (x + dx * near, y + dy * near, x + dx * far, y + dy * far)
                pad.create_line(*places, width=width, fill=colour, tags="keyboard")

    def _arrow(self, event: tk.Event[tk.Misc], name: str) -> str | None:
        if not self.is_awake or held(event):
            return None
        self._held.add(name)
        before, when = self._pressed
        self._run = self._run + 1 if name == before and 0 <= event.time - when < HELD else 0
        self._pressed = name, event.time
        step = FAR if int(event.state) & SHIFT else min(STEP + self._run // 2, FASTEST)
        across, down = (sum(DIRECTIONS[each][axis] for each in self._held) for axis in (0, 1))
        x, y = self.place
        self._place = x + step * across, y + step * down
        self._pad.move_pen(Point(*self.place, event.time))
        self.show()
        return "break"

    def _space(self, event: tk.Event[tk.Misc]) -> str | None:
        if held(event):
            return None
        if not self.is_awake:
            if not self._pad.is_drawing:  # the keyboard must not end the pointer's stroke
                self.wake()
        elif self._pad.is_drawing:
            self._pad.finish_stroke()
        else:
            self._pad.put_down(Point(*self.place, event.time), erase=self._pad.tool == "eraser")
        self.show()
        return "break"

    def _focused(self, has_focus: bool) -> None:
        self._has_focus = has_focus
        self._held.clear()
        if self.is_awake and not has_focus:
            self._pad.finish_stroke()
        self.show()
