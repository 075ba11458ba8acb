"""Puts ink from elsewhere onto a canvas like the window's."""

from __future__ import annotations

import math
from dataclasses import replace

from model.ink.ink import DEFAULT_WIDTH, Drawing, Point, Stroke

SMALLEST_CANVAS, LARGEST_CANVAS = 280, 4000  # pixels of the longer side of one that is shown as it is
INK_HEIGHT, INK_WIDTH = 180, 600  # pixels that ink takes at most on a canvas of its own: as people write
MARGIN = 50  # pixels around it, at least
THINNEST_PEN, THICKEST_PEN = 6, 24  # pixels, on such a canvas
BROADEST_PEN = 100  # pixels of one that is shown as it is; the window's are no broader
NO_EXTENT = 1e-6  # pixels: less is a dot


def on_canvas(drawing: Drawing) -> Drawing:
    """Return a drawing with all of its ink on its canvas.

    If it has no canvas, or ink beyond it, or units that aren't a screen's, ink and pen are scaled and moved onto a new
    canvas.
    """
    if drawing.is_blank:
        return drawing if drawing.width <= BROADEST_PEN else replace(drawing, width=DEFAULT_WIDTH)
    box = drawing.box
    if drawing.canvas and SMALLEST_CANVAS <= max(drawing.canvas) <= LARGEST_CANVAS and drawing.width <= BROADEST_PEN:
        width, height = drawing.canvas
        if box.left >= 0 and box.top >= 0 and box.right <= width and box.bottom <= height:
            return drawing
    scale = min(INK_HEIGHT / max(box.height, NO_EXTENT), INK_WIDTH / max(box.width, NO_EXTENT))
    if max(box.width, box.height) < NO_EXTENT:
        scale = 1.0
    width, height = (max(SMALLEST_CANVAS, math.ceil(side * scale) + 2 * MARGIN) for side in (box.width, box.height))
    left, top = width / 2 - (box.left + box.right) / 2 * scale, height / 2 - (box.top + box.bottom) / 2 * scale

    def laid(point: Point) -> Point:
        return point._replace(x=round(point.x * scale + left, 1), y=round(point.y * scale + top, 1))

    strokes = tuple(Stroke(tuple(map(laid, stroke.points))) for stroke in drawing.strokes)
    pen = min(max(round(drawing.width * scale, 1), THINNEST_PEN), THICKEST_PEN)
    return replace(drawing, strokes=strokes, width=pen, canvas=(width, height))
