"""A drawing as a small picture with smooth edges, which Tk's own lines have not."""

from __future__ import annotations

import io
import tkinter as tk

from app.ui.kit import style
from model.ink.ink import Drawing

FINER = 4  # times as large it is drawn, and then scaled down
MARGIN = 0.1  # of the side, around the ink
THINNEST, THICKEST = 2.5, 4.5  # pixels of the pen: what was drawn small or on a large tablet is seen as well


def thumbnail(parent: tk.Misc, drawing: Drawing, side: int) -> tk.PhotoImage:
    """Return a square picture of the ink, centred, ``side`` pixels a side, on nothing: any colour can lie behind it."""
    return tk.PhotoImage(master=parent, data=png(drawing, side))


def png(drawing: Drawing, side: int) -> bytes:
    """Return that picture as PNG."""
    from PIL import Image, ImageDraw  # noqa: PLC0415  (Pillow is not needed to open the window)

    box = drawing.box
    full = side * FINER
    extent = max(box.width, box.height, drawing.width)
    scale = full * (1 - 2 * MARGIN) / extent
    pixel = FINER * style.now.factor
    pen = round(min(max(drawing.width * scale, THINNEST * pixel), THICKEST * pixel))
    left = (full - box.width * scale) / 2 - box.left * scale
    top = (full - box.height * scale) / 2 - box.top * scale
    ink = Image.new("L", (full, full))
    canvas = ImageDraw.Draw(ink)
    for stroke in drawing.strokes:
        points = [(point.x * scale + left, point.y * scale + top) for point in stroke.points]
        canvas.line(points, fill=255, width=pen)
        for x, y in points:  # round ends and joints, exactly as wide as Pillow's line: wider ones look like beads
            canvas.ellipse((x - (pen - 1) / 2, y - (pen - 1) / 2, x + (pen - 1) / 2, y + (pen - 1) / 2), fill=255)
    picture = Image.new("RGB", (side, side), style.now.colours.ink)
    picture.putalpha(ink.reduce(FINER))
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=1)
    return file.getvalue()
