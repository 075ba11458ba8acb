"""Pictures of numbers, with large pixels: ink in greys, for and against in two colours and two signs; and of stages."""

from __future__ import annotations

import tkinter as tk

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageOps

from app.ui.kit import style
from model.inside.inside import Stage
from model.reading.normalize import BOX, SIDE

SIGNED = 7  # pixels of the screen: in a pixel of the picture that is at least so large, a sign can be seen
STRONG = 0.25  # of the largest: what is weaker has no sign
FAINT = 0.25  # of ink, behind what is for or against
CROSS = 0.05  # of the side: half of the cross at the centre of mass
PALE = 0.35  # of a picture's own colours, where what is written in it is shown

Picture = npt.NDArray[np.uint8]  # (rows, columns, 3)
Colours = npt.NDArray[np.float32]  # (..., 3), from 0 to 255


def ink(image: npt.NDArray[np.floating]) -> Picture:
    """Return a picture of an image (rows, columns), 0 paper to 1 ink."""
    return mixed(style.now.colours.paper, style.now.colours.ink, image).astype(np.uint8)


def signed(amounts: npt.NDArray[np.floating], cell: int, behind: npt.NDArray[np.floating] | None = None) -> Picture:
    """Return a picture of amounts from -1, against, to 1, for.

    Args:
        amounts: (rows, columns).
        cell: the pixels of the screen, each way, that an amount has.
        behind: ink (rows, columns), 0 paper to 1 ink, that is faintly seen.
    """
    faint = np.zeros_like(amounts) if behind is None else behind * FAINT
    looks = style.now.colours
    inked = mixed(looks.paper, looks.ink, faint)
    colours = mixed(mixed(inked, looks.more, amounts), looks.less, -amounts)
    picture = colours.astype(np.uint8).repeat(cell, 0).repeat(cell, 1)
    if cell >= SIGNED:
        _add_signs(picture, amounts, cell)
    else:  # every other line is taken out of what is against, where there's no room for signs
        lines = np.arange(len(picture)) // max(1, cell // 2) % 2 == 1
        picture[(amounts < 0).repeat(cell, 0).repeat(cell, 1) & lines[:, None]] = rgb(looks.paper)
    return picture


def _add_signs(picture: Picture, amounts: npt.NDArray[np.floating], cell: int) -> None:
    """Write a plus or a minus into each pixel that is strongly for or against."""
    rows, columns = (abs(amounts) >= STRONG).nonzero()
    thick = max(1, cell // 8)
    start, end = cell // 4, cell - cell // 4
    middle = (cell - thick) // 2
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        place = picture[row * cell : (row + 1) * cell, column * cell : (column + 1) * cell]
        place[middle : middle + thick, start:end] = rgb(style.now.colours.paper)
        if amounts[row, column] > 0:
            place[start:end, middle : middle + thick] = rgb(style.now.colours.paper)


def mixed(low: str | Colours, high: str | Colours, parts: npt.ArrayLike) -> Colours:
    """Return colours between two, each #rrggbb or many of them: 0 is for the first and 1 for the second."""
    first, second = (np.array(rgb(each), np.float32) if isinstance(each, str) else each for each in (low, high))
    return np.asarray(first + (second - first) * np.clip(parts, 0, 1)[..., None], np.float32)


def put(photo: tk.PhotoImage, picture: Picture, zoom: int = 1) -> None:
    """Show a picture in a photo; Tk itself makes its pixels large, three times as fast as it reads them."""
    small = tk.PhotoImage(master=photo.tk) if zoom > 1 else photo
    small.configure(data=_ppm(picture), format="ppm")
    if zoom > 1:
        photo.tk.call(photo, "copy", small, "-zoom", zoom)


def _ppm(picture: Picture) -> bytes:
    return b"P6 %d %d 255\n" % (picture.shape[1], picture.shape[0]) + picture.tobytes()


def rgb(colour: str) -> tuple[int, int, int]:
    """Return a colour given as #rrggbb as three numbers."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def picture_of(parent: tk.Misc, stage: Stage, side: int) -> tk.PhotoImage:
    """Return a stage as a picture ``side`` of the screen's pixels wide, and as high; a picture that is wider is lower.

    With the box of 20x20 where the ink is fitted into it, and a cross at its centre of mass.
    """
    if stage.name in ("picture", "written"):
        return _photo(parent, _opened(stage, side))
    colours = style.now.colours
    field = Image.new("RGB", (side, side), colours.paper)
    shown = ImageOps.contain(stage.picture, (side, side))
    place = ((side - shown.width) // 2, (side - shown.height) // 2)
    pen = ImageDraw.Draw(field)
    line = style.px(1)
    layer = Image.new("RGB", shown.size, colours.ink)
    field.paste(layer, place, shown)
    if stage.name == "moved":  # the lines that cross in the middle, below the ink
        for ends in ((0, side / 2, side, side / 2), (side / 2, 0, side / 2, side)):
            pen.line(ends, fill=colours.edge, width=line)
        field.paste(layer, place, shown)
    if stage.name == "fitted":
        edge = side * (SIDE - BOX) / SIDE / 2
        pen.rectangle((edge, edge, side - edge, side - edge), outline=colours.accent, width=line)
    if stage.centre is not None:
        x, y = (side * part for part in stage.centre)
        for colour, wide in ((colours.paper, 3 * line), (colours.accent, line)):
            reach = side * CROSS + (wide - line) / 2
            pen.line((x - reach, y, x + reach, y), fill=colour, width=wide)
            pen.line((x, y - reach, x, y + reach), fill=colour, width=wide)
    return _photo(parent, field)


def _opened(stage: Stage, side: int) -> Image.Image:
    """Return a picture as it was opened; or pale, with what is written in it: signs and the digit's box coloured."""
    colours = style.now.colours
    shown = ImageOps.contain(stage.picture.convert("RGBA"), (side, side))
    field = Image.new("RGB", (side, min(side, max(shown.height, side // 3))), colours.background)
    place = ((field.width - shown.width) // 2, (field.height - shown.height) // 2)
    if not stage.marks:
        field.paste(shown, place, shown)
        return field
    paper = Image.new("RGB", shown.size, colours.paper)
    on_paper = Image.alpha_composite(paper.convert("RGBA"), shown).convert("RGB")
    written = Image.blend(paper, on_paper, PALE)
    for mask, colour in zip(stage.marks, (colours.ink, colours.accent), strict=True):
        written.paste(colour, (0, 0), mask.resize(shown.size, Image.Resampling.BOX))
    field.paste(written, place)
    if stage.box:
        left, top, right, bottom = (
            part * whole + first for part, whole, first in zip(stage.box, shown.size * 2, place * 2, strict=True)
        )
        room = style.px(3)
        box = (left - room, top - room, right + room, bottom + room)
        ImageDraw.Draw(field).rectangle(box, outline=colours.accent, width=style.px(1))
    return field


def _photo(parent: tk.Misc, field: Image.Image) -> tk.PhotoImage:
    """Return a picture with an edge around it, as Tk shows it."""
    pen = ImageDraw.Draw(field)
    pen.rectangle((0, 0, field.width - 1, field.height - 1), outline=style.now.colours.edge, width=style.px(1))
    return tk.PhotoImage(master=parent, data=_ppm(np.asarray(field)), format="ppm")
