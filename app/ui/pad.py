"""The pad: a canvas that a pen draws on."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence

from app.ui import style
from model.ink import DEFAULT_WIDTH, Box, Drawing, Point, Stroke

LEAST = 280  # pixels each way; it grows with the window


class Pad(tk.Canvas):
    """Shows a drawing and reports each stroke that is drawn on it.

    A drawing whose canvas is larger than the pad is shown smaller, so that all ink that is read is seen.

    Args:
        parent: the widget around it.
        on_stroke: gets the points of a finished stroke: the drawing's pixels, the milliseconds of the pointer events.
    """

    def __init__(
        self,
        parent: tk.Misc,
        on_stroke: Callable[[tuple[Point, ...]], None],
        on_move: Callable[[], None] = lambda: None,
    ):
        super().__init__(
            parent,
            width=LEAST,
            height=LEAST,
            background=style.colours.paper,
            highlightthickness=1,
            highlightbackground=style.colours.edge,
            highlightcolor=style.colours.accent,
            cursor="pencil",
        )
        self._on_stroke = on_stroke
        self._on_move = on_move
        self._drawing = Drawing()
        self._scale = 1.0  # the screen's pixels in a pixel of the drawing
        self._wet: list[Point] = []  # the stroke under the pen
        self._font = (style.family(self), 13, "bold")
        self._dry: list[tuple[Stroke, int]] = []  # the strokes that are shown, and their canvas items
        self._marks: tuple[str, Sequence[Box], int] = ("", (), 0)  # as they were asked for
        self.bind("<ButtonPress-1>", self._press)
        self.bind("<B1-Motion>", self._move)
        self.bind("<ButtonRelease-1>", self._release)
        self.bind("<Configure>", lambda _: self.show(self._drawing))

    @property
    def size_in_pixels(self) -> tuple[int, int]:
        """The (width, height) that can be drawn on, in the drawing's pixels."""
        return round(self.winfo_width() / self._scale), round(self.winfo_height() / self._scale)

    @property
    def is_drawing(self) -> bool:
        """Whether the pen is down."""
        return bool(self._wet)

    @property
    def wet_stroke(self) -> tuple[Point, ...]:
        """The points of the stroke under the pen."""
        return tuple(self._wet)

    def finish_stroke(self) -> None:
        """End and report the stroke under the pen, if there is one, as if the pen were lifted."""
        if self._wet:
            points, self._wet = tuple(self._wet), []
            self.delete("wet")
            self._on_stroke(points)

    def show(self, drawing: Drawing) -> None:
        """Show a drawing, drawing only what differs from what is shown."""
        if drawing is not self._drawing:
            self.mark("", (), 0)
        self._drawing = drawing
        scale = self._fitting_scale(drawing)
        same = 0
        if scale == self._scale:
            for (shown, _), stroke in zip(self._dry, drawing.strokes, strict=False):
                if shown is not stroke:
                    break
                same += 1
        self._scale = scale
        for _, item in self._dry[same:]:
            self.delete(item)
        del self._dry[same:]
        for stroke in drawing.strokes[same:]:
            if stroke.points:
                self._dry.append((stroke, self._draw(stroke.points, drawing.width, "dry")))
        self.mark(*self._marks)  # at this scale, and over the ink

    def mark(self, text: str, boxes: Sequence[Box], selected: int) -> None:
        """Draw a light box around each digit of a number and the digit over it; a single one needs none.

        The marks go when the drawing that is shown changes.
        """
        self._marks = text, boxes, selected
        self.delete("mark")
        if len(boxes) < 2:
            return
        for place, (box, digit) in enumerate(zip(boxes, text, strict=True)):
            left, top, right, bottom = (side * self._scale for side in box)
            colour = style.colours.accent if place == selected else style.colours.edge
            self.create_rectangle(left - 3, top - 3, right + 3, bottom + 3, outline=colour, tags="mark")
            above = top - 5 if top > 24 else bottom + 21  # under it where there is no room
            self.create_text(
                (left + right) / 2,
                above,
                text=digit,
                anchor="s",
                font=self._font,
                tags="mark",
                fill=style.colours.accent if place == selected else style.colours.muted,
            )

    def _fitting_scale(self, drawing: Drawing) -> float:
        if drawing.is_blank or drawing.canvas is None:
            return 1.0
        width, height = drawing.canvas
        return min(1.0, self.winfo_width() / width, self.winfo_height() / height)

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
            self._on_move()

    def _release(self, event: tk.Event[tk.Misc]) -> None:
        self._move(event)
        self.finish_stroke()

    def _point(self, event: tk.Event[tk.Misc]) -> Point:
        """Return where the pen is, held to the canvas: what cannot be seen is not to be read."""
        x = min(max(event.x, 0), self.winfo_width() - 1)
        y = min(max(event.y, 0), self.winfo_height() - 1)
        if self._scale == 1:
            return Point(x, y, event.time)
        return Point(round(x / self._scale, 1), round(y / self._scale, 1), event.time)

    def _draw(self, points: Sequence[Point], width: float, tag: str) -> int:
        """Draw a line, or a dot, given in the drawing's pixels, and return its canvas item."""
        width *= self._scale
        places = [coordinate * self._scale for point in points for coordinate in point[:2]]
        if len(points) == 1:
            (x, y), radius = places, width / 2
            box = (x - radius, y - radius, x + radius, y + radius)
            return self.create_oval(*box, fill=style.colours.ink, width=0, tags=tag)
        return self.create_line(
            *places, width=width, fill=style.colours.ink, capstyle=tk.ROUND, joinstyle=tk.ROUND, tags=tag
        )
