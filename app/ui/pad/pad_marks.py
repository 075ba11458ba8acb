"""What's on the pad besides ink: the marks of a number's digits, lines to write between, rings and dots."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from typing import Any

from app.ui.kit import style
from model.ink.ink import Box

BASE, TOP = 0.78, 0.22  # of the height: where digits stand and how far up they reach


def draw_marks(canvas: tk.Canvas, text: str, boxes: Sequence[Box], selected: int, colours: style.Colours) -> None:
    """Replace the marks: a light box around each digit of a number, with the digit above it; none for one digit.

    The boxes are in the canvas' pixels; the one at the place ``selected`` stands out.
    """
    canvas.delete("mark")
    if len(boxes) < 2:
        return
    font = (style.family(canvas), style.points(13), "bold")
    for place, (box, digit) in enumerate(zip(boxes, text, strict=True)):
        left, top, right, bottom = box
        near, chosen = style.px(3), place == selected
        around = (left - near, top - near, right + near, bottom + near)
        edge = colours.accent if chosen else colours.edge
        canvas.create_rectangle(*around, outline=edge, width=style.px(1), tags="mark")
        canvas.create_text(
            (left + right) / 2,
            top - style.px(5) if top > style.px(24) else bottom + style.px(21),  # below it if there isn't room
            text=digit,
            anchor="s",
            font=font,
            tags="mark",
            fill=colours.accent if chosen else colours.muted,
        )


def draw_guide(canvas: tk.Canvas) -> None:
    """Draw, below everything else, the line that digits stand on, and the dotted line that they reach up to."""
    width, height = canvas.winfo_width(), canvas.winfo_height()
    for part, dash in ((BASE, ()), (TOP, (style.px(2), style.px(6)))):
        y = round(height * part)
        canvas.create_line(0, y, width, y, fill=style.now.colours.faint, width=style.px(1), dash=dash, tags="guide")
    canvas.tag_lower("guide")


def around(x: float, y: float, radius: float) -> tuple[float, float, float, float]:
    """Return a circle's bounding box, in the form that a canvas takes."""
    return x - radius, y - radius, x + radius, y + radius


def draw_ring(canvas: tk.Canvas, box: Any, widths: tuple[int, int], tag: str, dash: tuple[int, ...] = ()) -> None:
    """Draw a ring in the accent's colour on one in the paper's, in these widths, so that it's visible on ink."""
    canvas.create_oval(*box, outline=style.now.colours.paper, width=widths[0], tags=tag)
    canvas.create_oval(*box, outline=style.now.colours.accent, width=widths[1], dash=dash, tags=tag)
