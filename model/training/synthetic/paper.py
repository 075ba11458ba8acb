"""Made-up pictures of numbers on paper, with the truth of what in them is written, for the eye to learn by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from model.reading.picture import Grey
from model.training.synthetic import around, camera
from model.training.synthetic.around import Around, Frame
from model.training.synthetic.sheet import INKS, LINES, PAPERS, Sheet, one_of
from model.training.synthetic.styles import Random
from model.training.synthetic.writing import Hands, Kind, Row, extent, number, text_of, word

BLANK = 0.16  # of the pictures show no digit
LOWEST, LEAST, MOST, HIGHEST = 9.0, 20.0, 64.0, 110.0  # pixels: of digits; most are between the middle two
THINNEST, THIN, BOLD = 0.35, 0.009, 0.19  # pixels, then heights of a digit: the pens' widths
PAINTED = 0.15  # of the pictures are drawn in a program: no paper, no camera
AT_THE_EDGE, CUT = 0.06, (-0.03, 0.06)  # of a sheet's sides are as near to the number; less than 0 cuts through it
BOARDS = ((40, 62, 52), (34, 36, 40), (52, 56, 84), (0, 0, 0), (20, 30, 24))
CHALKS = ((226, 228, 224), (244, 236, 170), (255, 255, 255), (240, 190, 190))

AROUND: dict[str, tuple[Around, float]] = {  # what's around it, with how often it's there, besides "clean"
    "ruled": (around.ruled, 7),
    "squared": (around.squared, 8),
    "underlined": (around.underlined, 6),
    "boxed": (around.boxed, 14),
    "cell": (around.cell, 9),
    "circled": (around.circled, 20),
    "neighbours": (around.neighbours, 6),
    "words": (around.words, 6),
    "stains": (around.stains, 4),
    "pattern": (around.pattern, 7),
    "stamped": (around.stamped, 2),
    "holed": (around.holed, 2),
    "signed": (around.signed, 3),
    "shown through": (around.shown_through, 2),
}
SEEN = {"edge": 4, "desk": 5, "shadow": 8, "faint": 6, "noisy": 5, "blurred": 5, "board": 4, "tilted": 5}
MANY = {"lines": 3, "table": 4}
PLAIN = 10  # as often nothing of all that
_NAMES = ["clean", *AROUND, *SEEN, *MANY]
_CHANCES = np.array([PLAIN, *(often for _way, often in AROUND.values()), *SEEN.values(), *MANY.values()], float)
_CHANCES /= _CHANCES.sum()


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A picture with the truth, all (height, width) uint8."""

    grey: Grey
    digits: Grey  # how much ink of digits there is, 0 to 255
    signs: Grey  # as much of signs
    high: float  # pixels of a digit's height
    text: str  # of its digits, a line each
    kinds: frozenset[str]  # what makes it hard


def example(hands: Hands, random: Random, *, alone: bool = False) -> Example:
    """Return a picture of a kind, or two kinds at once, drawn at random; there's only one digit with ``alone``."""
    kinds = {str(kind) for kind in random.choice(_NAMES, 1 if random.random() < 0.5 else 2, p=_CHANCES)}
    kinds -= MANY.keys() if alone else set()
    high = _height(random)
    rows, columns = (int(random.integers(2, 6)), 1) if kinds & MANY.keys() else (1, 1)
    if "table" in kinds:
        columns = int(random.integers(2, 4))
    if rows > 1:
        high = min(high, 44.0)
    cells = [[_written(hands, random, 0 if alone else rows) for _ in range(columns)] for _ in range(rows)]
    sheet, frame, places = _sheet(cells, high, random)
    painted = not kinds & {"board", "desk", "shadow", "faint"} and random.random() < PAINTED
    if painted:
        sheet.paper, sheet.rough = (255, 255, 255), 0.0
        sheet.ink = (0, 0, 0) if random.random() < 0.8 else one_of(INKS, random)
    if "faint" in kinds:
        sheet.ink, sheet.strength = (90, 90, 94), random.uniform(0.13, 0.45)
        kinds.discard("noisy")
    if "table" in kinds:
        _grid(sheet, frame, (rows, columns), random)
    for name in sorted(kinds & AROUND.keys()):
        AROUND[name][0](sheet, frame, hands, random)
    text = ""
    if alone or random.random() >= BLANK:
        for row, place in places:
            sheet.write(row, place, high)
        text = "\n".join(" ".join(filter(None, map(text_of, line))) for line in cells)
    elif random.random() < 0.6:
        around.words(sheet, frame, hands, random)
        if random.random() < 0.5:
            sheet.write(word(hands, random), (frame.left, frame.top), high)
    if "board" in kinds:
        sheet.paper, chalk = one_of(BOARDS, random), one_of(CHALKS, random)
        worn = random.uniform(0.6, 1)
        sheet.layers = [(mask * worn, chalk) for mask, _colour in sheet.layers]
    return Example(*_seen(sheet, high, kinds, random, painted=painted), high, text, frozenset(kinds))


def _height(random: Random) -> float:
    chance = random.random()
    low, top = (LEAST, MOST) if chance < 0.72 else (LOWEST, LEAST) if chance < 0.86 else (MOST, HIGHEST)
    return float(low * (top / low) ** random.random())


def _written(hands: Hands, random: Random, rows: int) -> Row:
    if rows > 1:
        signs = random.random() < 0.2
        return number(hands, int(random.integers(1, 6)), random, signs=signs) if random.random() < 0.9 else []
    if not rows:
        return number(hands, 1, random)
    return number(hands, int(random.choice([1, 1, 1, 2, 2, 3, 4, 5, 6])), random, signs=random.random() < 0.4)


def _sheet(
    cells: Sequence[Sequence[Row]], high: float, random: Random
) -> tuple[Sheet, Frame, list[tuple[Row, tuple[float, float]]]]:
    """Return a sheet for rows of numbers, where on it they are together, and each with its place."""
    boxes = [[extent(row) if row else (0.0, 0.0, 0.3, 1.0) for row in line] for line in cells]
    wide = max(box[2] - box[0] for line in boxes for box in line) * high
    tall = max(box[3] - box[1] for line in boxes for box in line) * high
    across = wide + high * random.uniform(0.4, 1.4)
    down = max(tall * 1.02, high * random.uniform(1.15, 2.4))
    least = -0.06 if random.random() < 0.06 else 0.03 if random.random() < 0.2 else 0.18
    pads = [random.uniform(least, 0.9 if random.random() < 0.8 else 2.4) * high for _ in range(4)]
    pads = [random.uniform(*CUT) * high if random.random() < AT_THE_EDGE else pad for pad in pads]
    if random.random() < 0.15:  # a number alone on a large sheet
        pads = [pad + random.uniform(0, 2) * high for pad in pads]
    right = pads[0] + across * (len(boxes[0]) - 1) + wide
    bottom = pads[1] + down * (len(boxes) - 1) + tall
    size = (max(12, round(right + pads[2])), max(12, round(bottom + pads[3])))
    pen = max(THINNEST, high * THIN * (BOLD / THIN) ** random.random())
    sheet = Sheet(size, random, one_of(PAPERS, random), one_of(INKS, random), pen)
    left, top = pads[:2]
    places = [
        (row, (left + across * j - box[0] * high, top + down * i - box[1] * high + random.normal(0, 0.02) * high))
        for i, (line, of_line) in enumerate(zip(cells, boxes, strict=True))
        for j, (row, box) in enumerate(zip(line, of_line, strict=True))
        if row
    ]
    return sheet, Frame(pads[0], pads[1], right, bottom, high), places


def _grid(sheet: Sheet, frame: Frame, count: tuple[int, int], random: Random) -> None:
    """Draw the lines of a table of this many rows and columns."""
    left, top, right, bottom = frame.grown(random.uniform(0.12, 0.4), random.uniform(0.1, 0.3))
    down, across = (bottom - top) / count[0], (right - left) / count[1]
    lines = [[(left, top + down * k), (right, top + down * k)] for k in range(count[0] + 1)]
    lines += [[(left + across * k, top), (left + across * k, bottom)] for k in range(count[1] + 1)]
    sheet.lines(lines, max(0.7, frame.high * random.uniform(0.012, 0.045)), one_of(LINES[2:], random))


def _seen(sheet: Sheet, high: float, kinds: set[str], random: Random, *, painted: bool) -> tuple[Grey, Grey, Grey]:
    picture = sheet.picture()
    masks = [sheet.truth[Kind.DIGIT], sheet.truth[Kind.SIGN]]
    if "edge" in kinds:
        picture = camera.edged(picture, random)
    if "desk" in kinds:
        picture, *masks = camera.on_desk([picture, *masks], random)
    if not painted:
        picture = camera.lit(picture, random, shadow="shadow" in kinds)
    image = Image.fromarray(picture.clip(0, 255).astype(np.uint8))
    truths = [Image.fromarray((mask * 255).astype(np.uint8)) for mask in masks]
    if "tilted" in kinds:
        angle = random.choice([-1, 1]) * random.uniform(2, 16)
        image, *truths = camera.turned(image, truths, angle)
    image = image.convert("L")
    if not painted or kinds & {"noisy", "blurred"}:
        image = camera.taken(image, high, random, blurred="blurred" in kinds, noisy="noisy" in kinds)
    elif random.random() < 0.2:
        image = camera.compressed(image, random)
    if painted and random.random() < 0.3:
        image = camera.in_few_pixels(image, high, random)
    elif random.random() < (0.4 if painted else 0.04) and not kinds & {"board", "desk", "shadow", "faint", "noisy"}:
        image = camera.two_tones(image)
    grey = np.asarray(image)
    if random.random() < 0.07:
        grey = 255 - grey
    digits, signs = map(np.asarray, truths)
    return grey, digits, signs
