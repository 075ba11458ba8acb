"""A stage of a drawing on its way to the network, as a small picture."""

from __future__ import annotations

import io
import tkinter as tk

from PIL import Image, ImageColor, ImageDraw, ImageOps

from app.ui.kit import style
from model.inside.inside import Stage
from model.reading.normalize import BOX, SIDE

CROSS = 0.05  # of the side: half of the cross at the centre of mass


def picture_of(parent: tk.Misc, stage: Stage, side: int) -> tk.PhotoImage:
    """Return a stage as a square picture, ``side`` of the screen's pixels a side.

    With the box of 20x20 where the ink is fitted into it, and a cross at its centre of mass.
    """
    if stage.name == "picture":
        field = Image.new("RGB", (side, side), style.now.colours.background)
        whole = ImageOps.contain(stage.picture.convert("RGBA"), (side, side))
        field.paste(whole, ((side - whole.width) // 2, (side - whole.height) // 2), whole)
    else:
        ink = ImageOps.contain(stage.picture, (side, side))
        mask = Image.new("L", (side, side))
        mask.paste(ink, ((side - ink.width) // 2, (side - ink.height) // 2))
        field = Image.new("RGB", (side, side), style.now.colours.paper)
        field.paste(Image.new("RGB", (side, side), style.now.colours.ink), mask=mask)
    pen = ImageDraw.Draw(field)
    line = style.px(1)
    if stage.name == "fitted":
        edge = side * (SIDE - BOX) / SIDE / 2
        pen.rectangle((edge, edge, side - edge, side - edge), outline=style.now.colours.accent, width=line)
    if stage.name == "moved":  # the lines that cross in the middle
        for ends in ((0, side / 2, side, side / 2), (side / 2, 0, side / 2, side)):
            pen.line(ends, fill=style.now.colours.edge, width=line)
        field.paste(Image.new("RGB", (side, side), style.now.colours.ink), mask=mask)
    if stage.centre is not None:
        x, y = (side * part for part in stage.centre)
        for colour, wide in ((style.now.colours.paper, 3 * line), (style.now.colours.accent, line)):
            reach = side * CROSS + (wide - line) / 2
            pen.line((x - reach, y, x + reach, y), fill=colour, width=wide)
            pen.line((x, y - reach, x, y + reach), fill=colour, width=wide)
    pen.rectangle((0, 0, side - 1, side - 1), outline=ImageColor.getrgb(style.now.colours.edge), width=line)
    file = io.BytesIO()
    field.save(file, "PNG", compress_level=1)
    return tk.PhotoImage(master=parent, data=file.getvalue())
