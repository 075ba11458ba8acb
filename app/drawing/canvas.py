"""Ink from elsewhere, laid onto a canvas as the window has it."""

from __future__ import annotations

import math
from dataclasses import replace

from model.ink.ink import DEFAULT_WIDTH, Drawing, Stroke

LEAST, LARGEST = 280, 4000  # pixels of a canvas' longer side that is shown as it is; the window's are no smaller
HIGH, WIDE = 180, 600  # pixels that ink takes at most on a canvas of its own: as people write
MARGIN = 50  # pixels around it, at least
THINNEST, THICKEST = 6, 24  # pixels of its pen
BROADEST = 100  # pixels of a pen that is shown as it is; the window's are no broader
NO_EXTENT = 1e-6  # pixels: less is a dot


def on_canvas(drawing: Drawing) -> Drawing:
    """Return a drawing with all of its ink on its canvas.

    Where it has no canvas, or its ink is beyond it, or the units are not a screen's, ink and pen are scaled and moved
    onto a canvas of their own.
    """
    if drawing.is_blank:
        return drawing if drawing.width <= BROADEST else replace(drawing, width=DEFAULT_WIDTH)
    box = drawing.box
    if drawing.canvas and LEAST <= max(drawing.canvas) <= LARGEST and drawing.width <= BROADEST:
        width, height = drawing.canvas
        if box.left >= 0 and box.top >= 0 and box.right <= width and box.bottom <= height:
            return drawing
    if max(box.width, box.height) < NO_EXTENT:
        scale = 1.0
    else:
        scale = min(HIGH / max(box.height, NO_EXTENT), WIDE / max(box.width, NO_EXTENT))
    width, height = (max(LEAST, math.ceil(side * scale) + 2 * MARGIN) for side in (box.width, box.height))
    left, top = width / 2 - (box.left + box.right) / 2 * scale, height / 2 - (box.top + box.bottom) / 2 * scale
    strokes = tuple(
        Stroke(
            tuple(
                point._replace(x=round(point.x * scale + left, 1), y=round(point.y * scale + top, 1))
                for point in stroke.points
            )
        )
        for stroke in drawing.strokes
    )
    pen = min(max(round(drawing.width * scale, 1), THINNEST), THICKEST)
    return replace(drawing, strokes=strokes, width=pen, canvas=(width, height))
