"""A sheet of made-up paper: what's written and drawn on it in layers, together with the truth of what is writing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from model.training.synthetic.styles import Random
from model.training.synthetic.writing import Kind, Row

FINE = 3  # pixels of a layer, each way, to one of the sheet

Mask = npt.NDArray[np.floating[Any]]  # (height, width), 0 to 1
Colour = tuple[int, int, int]
Ends = Sequence[tuple[float, float]]  # of a line, x and y in pixels of the sheet
Rectangle = tuple[float, float, float, float]  # left, top, right, bottom

PAPERS: tuple[Colour, ...] = (
    (255, 255, 255), (250, 250, 248), (244, 240, 226), (226, 228, 230), (205, 184, 150), (214, 226, 238),
    (222, 234, 214), (238, 214, 214), (232, 226, 140), (180, 180, 182),
)  # fmt: skip
INKS: tuple[Colour, ...] = (
    (20, 22, 30), (28, 44, 120), (40, 60, 160), (150, 30, 40), (70, 70, 74), (16, 84, 60), (0, 0, 0), (60, 40, 30),
    (90, 50, 130), (30, 110, 150),
)  # fmt: skip
LINES: tuple[Colour, ...] = (
    (120, 150, 200), (160, 180, 215), (200, 120, 120), (90, 96, 110), (60, 60, 66), (150, 170, 150), (20, 20, 20),
    (190, 150, 110),
)  # fmt: skip


def one_of(colours: Sequence[Colour], random: Random) -> Colour:
    """Return a random colour."""
    return colours[int(random.integers(len(colours)))]


@dataclass(slots=True)
class Sheet:
    """Paper of a width and height in pixels, and what's on it."""

    size: tuple[int, int]
    random: Random
    paper: Colour
    ink: Colour
    pen: float  # pixels
    strength: float = 1.0  # of the ink
    rough: float = 1.0  # how uneven the paper is
    layers: list[tuple[Mask, Colour]] = field(default_factory=list)
    truth: dict[Kind, Mask] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.truth = {kind: np.zeros(self.size[::-1], np.float32) for kind in (Kind.DIGIT, Kind.SIGN)}

    def paint(self, draw: Callable[[ImageDraw.ImageDraw], object]) -> Mask:
        """Return what is drawn, in pixels of a layer, as a mask."""
        image = Image.new("L", (self.size[0] * FINE, self.size[1] * FINE))
        draw(ImageDraw.Draw(image))
        return np.asarray(image.reduce(FINE), np.float32) / 255

    def lines(self, many: Iterable[Ends], width: float, colour: Colour, strength: float = 1.0) -> None:
        """Draw lines, some of them worn."""
        wide = max(1, round(width * FINE))

        def draw(pen: ImageDraw.ImageDraw) -> None:
            for ends in many:
                pen.line([(x * FINE, y * FINE) for x, y in ends], 255, wide)

        mask = self.paint(draw)
        if self.random.random() < 0.25:
            mask = mask * np.clip(0.7 + self.clouds(1.2, 12), 0, 1)
        self.layers.append((mask * strength, colour))

    def ring(self, around: Rectangle, width: float, colour: Colour, part: tuple[float, float] = (0, 360)) -> None:
        """Draw an ellipse in a rectangle, from one angle to another, in degrees."""
        place, wide = tuple(side * FINE for side in around), max(2, round(width * FINE))
        self.layers.append((self.paint(lambda pen: pen.arc(place, *part, 255, wide)), colour))

    def spots(self, boxes: Iterable[Rectangle], colour: Colour, strength: float) -> None:
        """Fill ellipses."""

        def draw(pen: ImageDraw.ImageDraw) -> None:
            for each in boxes:
                pen.ellipse([side * FINE for side in each], 255)

        self.layers.append((self.paint(draw) * strength, colour))

    def write(
        self, row: Row, place: tuple[float, float], high: float, *, strength: float | None = None, counts: bool = True
    ) -> None:
        """Write a row, a height of which is so many pixels, its (0, 0) at a place; what counts is in the truth."""
        for kind in Kind:
            marks = [mark for mark in row if mark.kind is kind]
            if not marks:
                continue
            image = Image.new("L", (self.size[0] * FINE, self.size[1] * FINE))
            pen = ImageDraw.Draw(image)
            for mark in marks:
                x, y = place[0] + mark.x * high, place[1] + mark.y * high
                if mark.image is not None:
                    size = (max(1, round(mark.width * high * FINE)), max(1, round(mark.height * high * FINE)))
                    ink = Image.fromarray(mark.image).resize(size, Image.Resampling.BICUBIC)
                    image.paste(255, (round(x * FINE), round(y * FINE)), ink)
                for line in mark.lines:
                    _stroke(pen, (line * high + (x, y)) * FINE, self.pen * mark.pen * FINE)
            mask = np.asarray(image.reduce(FINE), np.float32) / 255
            if counts and kind in self.truth:
                self.truth[kind] = np.maximum(self.truth[kind], mask)
            if self.random.random() < 0.25:  # the pen's texture
                mask = mask * (0.65 + 0.35 * np.clip(self.clouds(2, 7) + 0.5, 0, 1))
            self.layers.append((mask * (self.strength if strength is None else strength), self.ink))

    def clouds(self, depth: float, step: int) -> Mask:
        """Return smooth noise, about 0, that varies over so many pixels."""
        small = self.random.random((self.size[1] // step + 2, self.size[0] // step + 2)) * 255
        large = Image.fromarray(small.astype(np.uint8)).resize(self.size, Image.Resampling.BICUBIC)
        return np.asarray((np.asarray(large, np.float32) / 255 - 0.5) * depth, np.float32)

    def picture(self) -> Mask:
        """Return the sheet as (height, width, 3), 0 to 255."""
        grain = self.random.normal(0, 1.2 * self.rough, self.size[::-1]).astype(np.float32) / 255
        seen: Mask = np.array(self.paper, np.float32) * (1 + (self.clouds(0.035 * self.rough, 16) + grain)[..., None])
        for mask, colour in self.layers:
            seen = seen + mask[..., None] * (np.array(colour, np.float32) - seen)
        return seen


def _stroke(pen: ImageDraw.ImageDraw, points: npt.NDArray[np.float64], width: float) -> None:
    wide = max(1, round(width))
    ends = [tuple(point) for point in points]
    for x, y in ends if wide > FINE else (ends[0], ends[-1]):
        pen.ellipse((x - wide / 2, y - wide / 2, x + wide / 2, y + wide / 2), 255)
    if len(ends) > 1:
        pen.line(ends, 255, wide, joint="curve" if wide > FINE else None)
