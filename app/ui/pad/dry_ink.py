"""The strokes shown on the pad."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.drawing.geometry import without_tremble
from app.ui.kit import style
from app.ui.pad.pad_marks import around
from app.ui.pad.smooth_ink import SmoothInk
from model.ink.ink import Box, Drawing, Point, Stroke


@dataclass(frozen=True, slots=True)
class Dry:
    """A stroke on the pad: the box around its points, the points that are drawn, and the tag of its canvas items."""

    stroke: Stroke
    box: Box
    drawn: Sequence[Point]
    tag: str


class DryInk:
    """Keeps the strokes on a canvas the same as a drawing's, and changes only what differs.

    Args:
        canvas: where the strokes are.
        is_busy: whether a pen is down; edges are smoothed only while no pen is.
    """

    def __init__(self, canvas: tk.Canvas, is_busy: Callable[[], bool]):
        self._canvas = canvas
        self._edges = SmoothInk(canvas, is_busy)
        self._strokes: dict[int, Dry] = {}  # by the stroke's id; order doesn't matter, since all ink has one colour
        self._drawing = Drawing()
        self._scale = 0.0
        self._smooth = True
        self._count = 0  # of all strokes so far

    @property
    def is_smooth(self) -> bool:
        """Whether all edges are as smooth as they can be."""
        return self._edges.is_done

    @property
    def in_order(self) -> list[tuple[int, Dry]]:
        """The strokes, each with its place in the drawing."""
        strokes = self._drawing.strokes
        return [(place, self._strokes[id(stroke)]) for place, stroke in enumerate(strokes) if stroke.points]

    def show(self, drawing: Drawing, scale: float, *, smooth: bool) -> None:
        """Show a drawing; one of its pixels is ``scale`` of the screen's. ``smooth`` removes the hand's tremor."""
        as_smooth = smooth == self._smooth
        as_large = scale == self._scale and drawing.width == self._drawing.width
        kept = {id(stroke) for stroke in drawing.strokes} if as_smooth and as_large else set()
        before, self._strokes = self._strokes, {key: dry for key, dry in self._strokes.items() if key in kept}
        for key in before.keys() - kept:
            self._edges.drop(before[key].tag)
            self._canvas.delete(before[key].tag)
        self._drawing, self._scale, self._smooth = drawing, scale, smooth
        for stroke in drawing.strokes:
            key = id(stroke)
            if not stroke.points or key in self._strokes:
                continue
            if key in before and as_smooth:
                points = before[key].drawn
            else:
                points = without_tremble(stroke.points) if smooth else stroke.points
            self._count += 1
            tag = f"stroke-{self._count}"
            line = draw_ink(self._canvas, scale, points, drawing.width, (tag, "dry"))
            self._edges.add(tag, line, [(point.x * scale, point.y * scale) for point in points], drawing.width * scale)
            self._strokes[key] = Dry(stroke, Box.around(stroke.points), points, tag)


def draw_ink(canvas: tk.Canvas, scale: float, points: Sequence[Point], width: float, tags: tuple[str, ...]) -> int:
    """Draw a line, or a dot, given in the drawing's pixels, and return its canvas item."""
    width *= scale
    places = [coordinate * scale for point in points for coordinate in point[:2]]
    if len(points) == 1:
        x, y = places
        return canvas.create_oval(*around(x, y, width / 2), fill=style.now.colours.ink, width=0, tags=tags)
    return canvas.create_line(
        *places, width=width, fill=style.now.colours.ink, capstyle=tk.ROUND, joinstyle=tk.ROUND, tags=tags
    )
