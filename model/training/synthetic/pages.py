"""Made-up pages of numbers, photographed, with what a reader should make of them: to measure the reading of pages."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageFilter

from model.ink.ink import Box
from model.training.synthetic import camera
from model.training.synthetic.hand import Hand
from model.training.synthetic.page_kinds import KINDS, Written
from model.training.synthetic.sheet import INKS, LINES, PAPERS, Rectangle, Sheet, one_of
from model.training.synthetic.styles import Random
from model.training.synthetic.writing import Hands

HIGH = (26.0, 80.0)  # pixels of a digit's height: the least and the most, but where a page has many cells
LARGE, LARGE_HIGH = 0.12, 150.0  # of the pages are as large as a camera makes them, with digits at most so high
MOST_PIXELS = 12_000_000
MARGIN = (0.6, 2.2)  # heights around everything
THIN = (0.015, 0.045)  # heights that printed lines are thick
PEN = (0.05, 0.1)  # heights that the pen is thick
PALE = (0.35, 0.95)  # how strong the lines of ruled paper are
TURNED, TURN = 0.6, 10.0  # of the pages are turned, by at most this many degrees
FAR, FAR_OFF = 0.5, 0.04  # of the pages are seen at an angle: corners move by at most so much of a side
DESK, SHADOW, GREY, JPEG = 0.2, 0.25, 0.2, 0.6  # of the pages
BLUR, NOISE = 0.02, 6.0  # heights, and levels of 255, at most


@dataclass(frozen=True, slots=True)
class Place:
    """A cell as it should be read, and where in the picture it is."""

    written: str  # a number with its signs; empty for a word, and for nothing
    corners: tuple[tuple[float, float], ...]  # of it, in pixels, from the upper left on clockwise

    @property
    def box(self) -> Box:
        """The rectangle around it, in whole pixels."""
        x, y = zip(*self.corners, strict=True)
        return Box(int(min(x)), int(min(y)), int(max(x)) + 1, int(max(y)) + 1)


@dataclass(frozen=True, slots=True, eq=False)
class MadePage:
    """A picture with the truth."""

    picture: Image.Image
    rows: tuple[tuple[Place, ...], ...]
    is_table: bool | None  # None: it can be taken for one as well as for lines

    @property
    def written(self) -> list[list[str]]:
        """The rows as they should be read."""
        return [[place.written for place in row] for row in self.rows]


def page(kind: str, hands: Hands, random: Random, *, large: bool = False) -> MadePage:
    """Return a page of one of `KINDS` by one of the hands; a large one has as many pixels as a camera gives."""
    made = KINDS[kind](Hand.of(hands, random), random)
    sheet, rows, high = on_sheet(made, random, large=large or random.random() < LARGE)
    picture, turn = photographed(sheet, high, random)
    places = tuple(tuple(replace(each, corners=camera.moved(each.corners, turn)) for each in row) for row in rows)
    return MadePage(picture, places, made.is_table)


def on_sheet(made: Written, random: Random, *, large: bool) -> tuple[Sheet, list[list[Place]], float]:
    """Return what is written in pixels: the sheet, where on it the cells are, and how high a digit is."""
    draft = made.draft
    sides = random.uniform(*MARGIN, 4) * (-1, -1, 1, 1)
    left, top, right, bottom = (np.array(draft.box) + sides).tolist()
    most = float(np.sqrt(MOST_PIXELS / ((right - left) * (bottom - top))))
    high = min(most, LARGE_HIGH if large else HIGH[0] * (HIGH[1] / HIGH[0]) ** random.random())

    def placed(x: float, y: float) -> tuple[float, float]:
        return (x - left) * high, (y - top) * high

    size = (round((right - left) * high), round((bottom - top) * high))
    sheet = Sheet(size, random, one_of(PAPERS, random), one_of(INKS, random), high * random.uniform(*PEN))
    for lines, strength, colours in ((made.paper, random.uniform(*PALE), LINES), (draft.lines, 1.0, LINES[3:7])):
        if lines:
            ends = [[placed(x, y) for x, y in line] for line in lines]
            sheet.lines(ends, max(1.0, high * random.uniform(*THIN)), one_of(colours, random), strength)
    sheet.write([mark for mark in draft.marks if mark.image is None], placed(0, 0), high)
    sheet.ink = one_of(((20, 20, 20), (60, 60, 64), (40, 60, 110)), random)
    sheet.write([mark for mark in draft.marks if mark.image is not None], placed(0, 0), high)
    rows = [
        [Place(spot.written, tuple(placed(*at) for at in _corners(spot.box))) for spot in row] for row in draft.rows
    ]
    return sheet, rows, high


def _corners(box: Rectangle) -> list[tuple[float, float]]:
    left, top, right, bottom = box
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def photographed(sheet: Sheet, high: float, random: Random) -> tuple[Image.Image, camera.Mapping]:
    """Return what a telephone makes of a sheet, and how a place on the sheet becomes one in the picture."""
    flat = Image.fromarray(sheet.picture().clip(0, 255).astype(np.uint8))
    corners = np.array(_corners((0, 0, *sheet.size)), float)
    if random.random() < TURNED:
        angle = np.radians(random.uniform(-TURN, TURN))
        corners = corners @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    if random.random() < FAR:
        corners = corners + random.uniform(-FAR_OFF, FAR_OFF, (4, 2)) * sheet.size
    on_desk = random.random() < DESK
    corners = corners - corners.min(0) + (random.uniform(0.02, 0.1) * min(sheet.size) if on_desk else 0.0)
    size = corners.max(0) + (corners.min(0) if on_desk else 0)
    scale = min(1.0, float(np.sqrt(MOST_PIXELS / size.prod())))
    fill = one_of(camera.DESKS, random) if on_desk else sheet.paper
    wide, tall = (size * scale).astype(int).tolist()
    image, turn = camera.seen_from(flat, corners * scale, (wide, tall), fill)
    lit = camera.lit(np.asarray(image, np.float32), random, shadow=random.random() < SHADOW)
    image = Image.fromarray(lit.clip(0, 255).astype(np.uint8))
    blur = random.uniform(0, BLUR) * high * (random.random() < 0.5)
    image = image.filter(ImageFilter.GaussianBlur(blur)) if blur > 0.2 else image
    noise = random.standard_normal(image.size[::-1], np.float32)[..., None] * np.float32(random.uniform(0, NOISE))
    image = Image.fromarray((np.asarray(image) + noise).clip(0, 255).astype(np.uint8))
    image = image.convert("L") if random.random() < GREY else image
    return camera.compressed(image, random) if random.random() < JPEG else image, turn
