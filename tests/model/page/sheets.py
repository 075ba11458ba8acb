"""Sheets of paper with numbers, drawn by code, so that it's known what's where."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

DIGITS = {  # strokes from 0 to 1, across and down
    "0": [[(0.5, 0), (0.15, 0.2), (0.05, 0.6), (0.3, 0.98), (0.7, 0.9), (0.9, 0.5), (0.8, 0.12), (0.5, 0)]],
    "2": [[(0.05, 0.2), (0.3, 0.02), (0.75, 0.05), (0.8, 0.35), (0.4, 0.7), (0.0, 0.98), (0.95, 0.95)]],
    "3": [[(0.1, 0.08), (0.5, 0), (0.8, 0.15), (0.7, 0.4), (0.4, 0.48), (0.8, 0.58), (0.85, 0.85), (0.4, 1), (0, 0.9)]],
    "4": [[(0.4, 0), (0.0, 0.6), (1.0, 0.6)], [(0.7, 0.35), (0.62, 1.0)]],
    "7": [[(0, 0.02), (0.95, 0.0), (0.35, 1.0)]],
}
SIGNS = {
    ".": [[(0, 0.93), (0.14, 0.99)]],
    ",": [[(0.14, 0.92), (0.0, 1.2)]],
    ":": [[(0, 0.93), (0.14, 0.99)], [(0, 0.43), (0.14, 0.49)]],
    "-": [[(-0.3, 0.5), (0.4, 0.5)]],
}
HIGH, WIDE, STEP = 60, 34, 54  # in pixels: a digit, and from one to the next
PAPER = 246


class Sheet:
    """A sheet to write on."""

    def __init__(self, size: tuple[int, int]):
        self.image = Image.new("L", size, PAPER)
        self._pen = ImageDraw.Draw(self.image)

    def write(self, text: str, left: float, top: float, high: float = HIGH) -> None:
        """Write digits side by side, with points, commas, colons and minus signs in between."""
        scale = high / HIGH
        for sign in text:
            for stroke in DIGITS.get(sign, SIGNS.get(sign, [])):
                points = [(left + x * WIDE * scale, top + y * high) for x, y in stroke]
                self._pen.line(points, 40, round(5 * scale), joint="curve")
            left += (STEP if sign in DIGITS else STEP / 2) * scale

    def print(self, text: str, left: float, top: float, high: int = HIGH) -> None:
        """Print words."""
        self._pen.text((left, top), text, 40, ImageFont.load_default(high))

    def rule(self, *ends: tuple[float, float], width: int = 2, grey: int = 120) -> None:
        """Draw a line."""
        self._pen.line(ends, grey, width)

    def grid(self, across: Sequence[float], down: Sequence[float]) -> None:
        """Draw a table's rules."""
        for y in down:
            self.rule((across[0], y), (across[-1], y))
        for x in across:
            self.rule((x, down[0]), (x, down[-1]))


def table(*rows: str, cell: tuple[int, int] = (240, 110), ruled: bool = True) -> Image.Image:
    """Return a table: a number for each word, "_" for an empty cell."""
    words = [row.split() for row in rows]
    across, down = (
        [40 + each * n for n in range(count + 1)] for each, count in zip(cell, (len(words[0]), len(rows)), strict=True)
    )
    sheet = Sheet((across[-1] + 40, down[-1] + 40))
    if ruled:
        sheet.grid(across, down)
    for row, each in zip(down, words, strict=False):
        for column, word in zip(across, each, strict=False):
            sheet.write(word.replace("_", ""), column + 20, row + 25)
    return sheet.image


def turned(image: Image.Image, degrees: float, *, desk: int = 90) -> Image.Image:
    """Return a photograph of a sheet that lies at an angle on a desk."""
    wide = Image.new("L", (image.width + 240, image.height + 240), desk)
    wide.paste(image, (120, 120))
    return wide.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=desk)


def from_the_side(image: Image.Image, far: float = 0.12) -> Image.Image:
    """Return a photograph of a sheet whose top is farther away than its bottom."""
    wide, high = image.size
    seen = [(far * wide, 0), (wide - far * wide, 0), (wide, high), (0, high)]
    quad = [(0, 0), (wide, 0), (wide, high), (0, high)]
    return image.transform(image.size, Image.Transform.PERSPECTIVE, _projection(seen, quad), fillcolor=PAPER)


def leaning(image: Image.Image, by: float) -> Image.Image:
    """Return a sheet whose rows are level, and whose columns go to the right by so much of its height."""
    wide = Image.new("L", (image.width + round(by * image.height), image.height), PAPER)
    wide.paste(image, (wide.width - image.width, 0))
    return wide.transform(wide.size, Image.Transform.AFFINE, (1, by, 0, 0, 1, 0), fillcolor=PAPER)


def _projection(here: Sequence[tuple[float, float]], there: Sequence[tuple[float, float]]) -> list[float]:
    rows, values = [], []
    for (x, y), (u, v) in zip(here, there, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return list(np.linalg.solve(np.array(rows), np.array(values)))
