"""What is written on made-up paper: numbers with their signs, and words, by hand or in print."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np
from matplotlib import font_manager
from PIL import Image, ImageDraw, ImageFont

from model.data.data import LOOKALIKES, Images, Labels
from model.ink.ink import Drawing
from model.reading.picture import Grey
from model.training.synthetic import shapes
from model.training.synthetic.scribbles import scribble
from model.training.synthetic.styles import Line, Random, box, lines_of, redrawn, warped

PRINTED, OF_MNIST, BY_RULE = 0.18, 0.22, 0.12  # of the numbers; the others are of pen strokes
FONT_SIZE = 96  # pixels: printed glyphs are drawn as large, and reduced
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz$%&#@?!:;()+=*"
UNFIT = ("symbol", "dingbat", "emoji", "stixsiz", "cmsy", "cmex", "cmmi", "d050000l", "cursor")  # in names of fonts
TIGHTEST = 0.05  # heights between two digits: many a point or comma has no more room

_INK = 40  # of 255: what is darker belongs to a digit of MNIST


class Kind(Enum):
    """What something written is."""

    DIGIT = "digit"
    SIGN = "sign"  # a point, a comma, a dash: part of a number, and no digit
    OTHER = "other"  # a letter, a scribble


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """One thing that is written, in heights of a digit: lines from (0, 0), or a picture of ink, 0 to 255."""

    kind: Kind
    lines: list[Line]
    width: float
    height: float
    x: float = 0.0  # of its box' left and top; y = 0 is where digits begin, 1 their foot
    y: float = 0.0
    image: Grey | None = None
    pen: float = 1.0  # its line's width, in widths of the pen
    text: str = ""  # of a digit: which one


Row = list[Mark]


@dataclass(frozen=True, slots=True)
class Hands:
    """Whose writing there is."""

    digits: Sequence[Sequence[Drawing]]  # of each writer
    letters: Sequence[Drawing]
    images: Images  # of MNIST
    labels: Labels

    @classmethod
    def of(cls, digits: Iterable[Drawing], letters: Iterable[Drawing], images: Images, labels: Labels) -> Hands:
        """Return the hands of labelled digits, of letters, and of MNIST's images."""
        by_writer: dict[str, list[Drawing]] = {}
        for drawing in digits:
            by_writer.setdefault(drawing.writer or "", []).append(drawing)
        known = [drawing for drawing in letters if drawing.label not in LOOKALIKES]
        return cls(list(by_writer.values()), known, images, labels)


def number(hands: Hands, digits: int, random: Random, *, signs: bool = False) -> Row:
    """Return a number of this many digits, from x = 0 on; with ``signs`` some stand in it, or at its ends."""
    chance = random.random()
    if chance < PRINTED:
        marks = printed("".join(map(str, random.integers(0, 10, digits))), Kind.DIGIT, random)
    elif chance < PRINTED + OF_MNIST:
        marks = [_of_mnist(hands, random) for _ in range(digits)]
    elif chance < PRINTED + OF_MNIST + BY_RULE:
        marks = [_by_rule(random) for _ in range(digits)]
    else:
        writer = hands.digits[int(random.integers(len(hands.digits)))]
        drawings = [writer[int(random.integers(len(writer)))] for _ in range(digits)]
        marks = [drawn(redrawn(each, random), Kind.DIGIT, each.label or "") for each in drawings]
    tight = random.random() < 0.1
    row: Row = []
    right = 0.0
    slope = random.normal(0, 0.03)
    for mark in marks:
        size = random.uniform(0.85, 1.1) if chance >= PRINTED else 1.0
        gap = random.uniform(-0.06, 0.08) if tight else random.uniform(0.06, 0.36)
        above = (1 - mark.height * size) / 2 + random.normal(0, 0.03) if chance >= PRINTED else mark.y
        row.append(at(mark, right + gap * bool(row), above + slope * right, size))
        right = row[-1].x + row[-1].width
    return [*row, *_signs(row, random)] if signs else row


def word(hands: Hands, random: Random) -> Row:
    """Return letters side by side, by hand or in print, or a scribble."""
    chance = random.random()
    if chance < 0.45 and fonts():
        text = "".join(random.choice(list(ALPHABET), int(random.integers(1, 9))))
        if random.random() < 0.5:
            text = text.title()
        return printed(text, Kind.OTHER, random)
    row: Row = []
    right = 0.0
    for _ in range(1 if chance > 0.8 or not hands.letters else int(random.integers(1, 8))):
        letter = scribble(random) if chance > 0.8 or not hands.letters else _letter(hands.letters, random)
        mark = drawn(letter, Kind.OTHER)
        size = random.uniform(0.5, 1.2)
        row.append(at(mark, right + random.uniform(-0.05, 0.3), 1 - size * mark.height, size))
        right = row[-1].x + row[-1].width
    return row


def extent(row: Row) -> tuple[float, float, float, float]:
    """Return the left, top, right and bottom of what is written, lines without their width."""
    return (
        min(mark.x for mark in row),
        min(mark.y for mark in row),
        max(mark.x + mark.width for mark in row),
        max(mark.y + mark.height for mark in row),
    )


def text_of(row: Row) -> str:
    """Return the digits of a row."""
    return "".join(mark.text for mark in row if mark.kind is Kind.DIGIT)


@functools.cache
def fonts() -> list[str]:
    """Return the files of the system's fonts, and of those that Matplotlib brings, that have digits and letters."""
    found = []
    for entry in sorted(font_manager.fontManager.ttflist, key=lambda entry: entry.fname):
        if any(part in entry.fname.lower() for part in UNFIT):
            continue
        font = font_manager.get_font(entry.fname)
        if all(font.get_char_index(ord(letter)) for letter in "0123456789AZaz"):
            found.append(entry.fname)
    return sorted(set(found))


def _letter(letters: Sequence[Drawing], random: Random) -> list[Line]:
    return warped(lines_of(letters[int(random.integers(len(letters)))]), random)


def drawn(lines: list[Line], kind: Kind, text: str = "") -> Mark:
    """Return strokes as a mark 1 high, or less where they are much wider than high."""
    low, high = box(lines)
    wide, tall = high - low
    size = max(float(tall), float(wide) / 2, 1e-6)
    return Mark(kind, [(line - low) / size for line in lines], float(wide) / size, float(tall) / size, text=text)


def at(mark: Mark, x: float, y: float, size: float = 1.0) -> Mark:
    """Return a mark with its box's left and top at x and y, scaled by a factor."""
    lines = [line * size for line in mark.lines]
    return replace(mark, lines=lines, width=mark.width * size, height=mark.height * size, x=x, y=y)


def _by_rule(random: Random) -> Mark:
    """Return a digit in one of the rarer styles, half of the time without a hand's unsteadiness."""
    chosen = shapes.shape(random)
    lines = chosen.drawn(random)
    return drawn(warped(lines, random) if random.random() < 0.5 else lines, Kind.DIGIT, chosen.digit)


def _of_mnist(hands: Hands, random: Random) -> Mark:
    place = random.integers(len(hands.images))
    image = hands.images[place]
    rows, columns = np.nonzero(image > _INK)
    cut = image[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    high, wide = cut.shape
    size = max(high, wide / 2)
    return Mark(Kind.DIGIT, [], wide / size, high / size, image=cut, text=str(hands.labels[place]))


def printed(text: str, kind: Kind, random: Random, name: str = "") -> Row:
    """Return a text in one font, of a file's name or any, a mark for each letter, its digits about 1 high."""
    font = ImageFont.truetype(name or one_font(random), FONT_SIZE)
    left, top, right, bottom = font.getbbox("0", anchor="ls")
    high = max(1.0, bottom - top)
    stretch = random.uniform(0.9, 1.15)
    apart = random.uniform(0, 0.25) if random.random() < 0.3 else 0.0
    row: Row = []
    place = 0.0
    for letter in text:
        left, top, right, bottom = (round(side) for side in font.getbbox(letter, anchor="ls"))
        if right > left and bottom > top:
            image = Image.new("L", (right - left, bottom - top))
            ImageDraw.Draw(image).text((-left, -top), letter, 255, font, anchor="ls")
            wide, tall = (right - left) / high * stretch, (bottom - top) / high
            x, y = place + left / high * stretch, 1 + top / high
            row.append(Mark(kind, [], wide, tall, x, y, np.asarray(image), text=letter))
        place += font.getlength(letter) / high * stretch + apart
    return row or printed("A", kind, random)


def one_font(random: Random) -> str:
    """Return the file of a random font."""
    names = fonts()
    return names[random.integers(len(names))]


def _signs(row: Row, random: Random) -> Row:
    """Return the signs of a number: points, commas, thousands' marks, a minus in front, a dash or more behind."""
    found: Row = []
    for left, right in itertools.pairwise(row):
        gap = right.x - left.x - left.width
        if gap > TIGHTEST and random.random() < 0.4:
            middle = left.x + left.width + gap * random.uniform(0.35, 0.65)
            found += [point, comma, comma, _apostrophe][random.integers(4)](middle, random)
    ends = extent(row)
    if random.random() < 0.25:
        found += dash(ends[0] - random.uniform(0.45, 0.65), random)
    if random.random() < 0.4:
        found += dash(ends[2] + random.uniform(0.1, 0.3), random)
        if random.random() < 0.2:
            found.append(at(found[-1], found[-1].x, found[-1].y + random.uniform(0.12, 0.25)))
    elif random.random() < 0.2:
        found += (point if random.random() < 0.6 else comma)(ends[2] + random.uniform(0.08, 0.2), random)
    return found


def _sign(line: list[list[float]], x: float, y: float, pen: float) -> Row:
    points = np.array(line, float)
    low, high = points.min(0), points.max(0)
    wide, tall = high - low
    return [Mark(Kind.SIGN, [points - low], float(wide), float(tall), x + float(low[0]), y + float(low[1]), pen=pen)]


def point(x: float, random: Random) -> Row:
    """Return a point at the foot of the digits."""
    return _sign([[0, 0], list(random.normal(0, 0.012, 2))], x, 1 - random.uniform(-0.04, 0.1), random.uniform(1, 1.9))


def comma(x: float, random: Random) -> Row:
    """Return a comma."""
    down, aside = random.uniform(0.1, 0.3), random.uniform(-0.02, 0.12)
    bend = [-aside * 0.3, down * 0.5]
    return _sign([[0, 0], bend, [-aside, down]], x, 1 - random.uniform(-0.05, 0.12), random.uniform(0.8, 1.3))


def _apostrophe(x: float, random: Random) -> Row:
    return _sign([[0, 0], [-random.uniform(0, 0.06), random.uniform(0.1, 0.22)]], x, random.uniform(-0.1, 0.08), 1.0)


def dash(x: float, random: Random) -> Row:
    """Return a dash, half-way up."""
    wide, slant = random.uniform(0.18, 0.42), random.uniform(-0.05, 0.05)
    bend = [wide / 2, slant / 2 + random.normal(0, 0.01)]
    return _sign([[0, 0], bend, [wide, slant]], x, random.uniform(0.4, 0.65), 1.0)
