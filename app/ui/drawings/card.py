"""A kept drawing as a card: its label, and its ink as a small picture, smooth as Tk's own lines aren't."""

from __future__ import annotations

import tkinter as tk
from itertools import pairwise
from typing import Any

from app.kept.sample import Sample
from app.ui.kit import style
from app.ui.pad.smooth_ink import Ink
from model.base.language import _
from model.ink.ink import Drawing, InkError

WIDTH, HEIGHT = 96, 112  # pixels of a card
PICTURE = 72  # pixels a side
LONGEST_TEXT = 4  # characters of what was read that fit on a card
MARGIN = 0.1  # of the side, around the ink
THINNEST, THICKEST = 2.5, 4.5  # pixels of the pen: what was drawn small or on a large tablet is seen as well


def picture(parent: tk.Misc, sample: Sample) -> tk.PhotoImage | None:
    """Return the picture of a drawing, on nothing: any colour can lie behind it; None when its ink is damaged."""
    try:
        return tk.PhotoImage(master=parent, data=png(sample.drawing, style.text_px(PICTURE)))
    except (InkError, ValueError):  # no ink, or nothing but empty strokes
        return None


def draw(canvas: tk.Canvas, sample: Sample, ink: tk.PhotoImage | None, corner: tuple[int, int], row: str) -> None:
    """Draw a card, all of it tagged with its row's name, and its face with ``faceNUMBER``."""
    left, top = corner
    right, bottom, middle = left + style.text_px(WIDTH), top + style.text_px(HEIGHT), left + style.text_px(WIDTH) / 2
    canvas.create_rectangle(left, top, right - 1, bottom - 1, tags=(row, f"face{sample.id}"))
    if ink is None:
        write(canvas, (middle, top + style.text_px(44)), _("damaged"), 10, fill=style.now.colours.warning, tags=row)
    else:
        canvas.create_image(int(middle), top + style.text_px(44), image=ink, tags=row)
    foot = bottom - style.text_px(16)
    write(canvas, (left + style.text_px(10), foot), sample.label, 12, fill=style.now.colours.ink, anchor="w", tags=row)
    if sample.read_as not in (None, sample.label):
        read = sample.read_as if len(sample.read_as) <= LONGEST_TEXT else sample.read_as[: LONGEST_TEXT - 1] + "…"
        text = _("read {text}").format(text=read)
        write(canvas, (right - style.text_px(7), foot), text, 9, fill=style.now.colours.warning, anchor="e", tags=row)


def write(canvas: tk.Canvas, place: tuple[float, float], text: str, size: int, **more: Any) -> None:
    """Write a text in the window's font, bold where it is larger."""
    font = (style.family(canvas), style.points(size), "bold" if size > 11 else "normal")
    canvas.create_text(*place, text=text, font=font, **more)


def png(drawing: Drawing, side: int) -> bytes:
    """Return a square picture of the ink as PNG, centred, ``side`` pixels a side."""
    box = drawing.box
    extent = max(box.width, box.height, drawing.width)
    scale = side * (1 - 2 * MARGIN) / extent
    thinnest, thickest = THINNEST * style.now.factor, THICKEST * style.now.factor
    ink = Ink(side, min(max(drawing.width * scale, thinnest), thickest))
    left = (side - box.width * scale) / 2 - box.left * scale
    top = (side - box.height * scale) / 2 - box.top * scale
    for stroke in drawing.strokes:
        points = [(point.x * scale + left, point.y * scale + top) for point in stroke.points]
        for start, end in pairwise([*points[:1], *points]):
            ink.draw(start, end)
    return ink.png()
