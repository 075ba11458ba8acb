"""A picture on a canvas, as large as there's room for."""

from __future__ import annotations

import tkinter as tk

from PIL import Image, ImageStat

from app.ui.kit import style
from model.ink.ink import Box

MARGIN = 16  # pixels of ours around it
MOST_ENLARGED = 12  # times its size: a picture of a few pixels needn't fill the window


class Fitted:
    """Draws a picture in the middle of a canvas, on white where it's transparent, with the tag ``picture``."""

    def __init__(self, canvas: tk.Canvas, picture: Image.Image):
        width, height = canvas.winfo_width(), canvas.winfo_height()
        room = 2 * style.px(MARGIN)
        self._scale = min(
            (width - room) / picture.width, (height - room) / picture.height, MOST_ENLARGED * style.now.factor
        )
        size = max(1, round(picture.width * self._scale)), max(1, round(picture.height * self._scale))
        self._left, self._top = (width - size[0]) // 2, (height - size[1]) // 2
        shown = _shown(picture, size)
        # What's drawn over a picture must be visible on it, whatever the window's appearance.
        self.colours = style.LIGHT if ImageStat.Stat(shown.convert("L")).median[0] > 127 else style.DARK
        pixels = b"P6 %d %d 255\n" % size + shown.tobytes()  # Tk reads this faster than PNG
        self._image = tk.PhotoImage(master=canvas, data=pixels, format="ppm")  # Tk drops an image without a reference
        canvas.create_image(self._left, self._top, image=self._image, anchor="nw", tags="picture")
        edges = (self._left - 1, self._top - 1, self._left + size[0], self._top + size[1])
        canvas.create_rectangle(*edges, outline=style.now.colours.edge, tags="picture")  # white paper needs an edge

    def place(self, box: Box) -> Box:
        """Return where a box in the picture's pixels is on the canvas."""
        left, right = (self._left + x * self._scale for x in (box.left, box.right))
        top, bottom = (self._top + y * self._scale for y in (box.top, box.bottom))
        return Box(left, top, right, bottom)


def _shown(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Return a picture in another size, on white."""
    if picture.mode == "RGBA":
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    larger = size[0] >= 2 * picture.width  # then each of its pixels should be visible
    way = Image.Resampling.NEAREST if larger else Image.Resampling.LANCZOS
    return picture.convert("RGB").resize(size, way, reducing_gap=2.0)
