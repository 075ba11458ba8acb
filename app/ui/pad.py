"""The pad: a canvas that a pen draws on."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from app.ui import style
from model.ink import DEFAULT_WIDTH, Drawing, Point, Stroke

LEAST = 280  # pixels each way; it grows with the window


class Pad(tk.Canvas):
    """Shows a drawing and reports each stroke that is drawn on it.

    Args:
        parent: the widget around it.
        on_stroke: gets the points of a finished stroke: pixels, and the milliseconds of the pointer events.
    """

    def __init__(self, parent: tk.Misc, on_stroke: Callable[[tuple[Point, ...]], None]):
        super().__init__(
            parent,
            width=LEAST,
            height=LEAST,
            background=style.PAPER,
            highlightthickness=1,
            highlightbackground=style.EDGE,
            highlightcolor=style.ACCENT,
            cursor="pencil",
        )
        self._on_stroke = on_stroke
        self._wet: list[Point] = []  # the stroke under the pen
        self._dry: list[tuple[Stroke, int]] = []  # the strokes that are shown, and their canvas items
        self.bind("<ButtonPress-1>", self._press)
        self.bind("<B1-Motion>", self._move)
        self.bind("<ButtonRelease-1>", self._release)

    @property
    def size_in_pixels(self) -> tuple[int, int]:
        """The (width, height) that can be drawn on."""
        return self.winfo_width(), self.winfo_height()

    @property
    def is_drawing(self) -> bool:
        """Whether the pen is down."""
        return bool(self._wet)

    def finish_stroke(self) -> None:
        """End and report the stroke under the pen, if there is one, as if the pen were lifted."""
        if self._wet:
            points, self._wet = tuple(self._wet), []
            self.delete("wet")
            self._on_stroke(points)

    def show(self, drawing: Drawing) -> None:
        """Show a drawing, drawing only what differs from the one that is shown."""
        same = 0
        for (shown, _), stroke in zip(self._dry, drawing.strokes, strict=False):
            if shown is not stroke:
                break
            same += 1
        for _, item in self._dry[same:]:
            self.delete(item)
        del self._dry[same:]
        for stroke in drawing.strokes[same:]:
            self._dry.append((stroke, self._draw(stroke.points, drawing.width)))

    def _press(self, event: tk.Event[tk.Misc]) -> None:
        self.finish_stroke()  # a release can get lost, to a dialog that opens for example
        self.focus_set()
        self._wet = [self._point(event)]
        self._draw(self._wet, DEFAULT_WIDTH, "wet")

    def _move(self, event: tk.Event[tk.Misc]) -> None:
        point = self._point(event)
        if self._wet and point[:2] != self._wet[-1][:2]:
            self._wet.append(point)
            self._draw(self._wet[-2:], DEFAULT_WIDTH, "wet")

    def _release(self, event: tk.Event[tk.Misc]) -> None:
        self._move(event)
        self.finish_stroke()

    def _point(self, event: tk.Event[tk.Misc]) -> Point:
        """Return where the pen is, held to the canvas: what cannot be seen is not to be read."""
        width, height = self.size_in_pixels
        return Point(min(max(event.x, 0), width - 1), min(max(event.y, 0), height - 1), event.time)

    def _draw(self, points: list[Point] | tuple[Point, ...], width: float, tag: str = "dry") -> int:
        if len(points) == 1:
            x, y = points[0][:2]
            radius = width / 2
            return self.create_oval(
                x - radius, y - radius, x + radius, y + radius, fill=style.INK, outline=style.INK, width=0, tags=tag
            )
        places = [coordinate for point in points for coordinate in point[:2]]
        return self.create_line(*places, width=width, fill=style.INK, capstyle=tk.ROUND, joinstyle=tk.ROUND, tags=tag)
