"""One person's hand, the same all over a page: it writes numbers and words, and prints headings in one font."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from model.data.data import DIGITS
from model.ink.ink import Drawing
from model.training.synthetic.scribbles import turned
from model.training.synthetic.styles import Random, lines_of
from model.training.synthetic.writing import Hands, Kind, Mark, Row, at, comma, dash, drawn, one_font, point, printed

SIZES = (0.88, 1.08)  # heights of a digit
TIGHT, WIDE = (0.08, 0.15), (0.2, 0.34)  # heights between digits: the least and the most of a hand
SIGN_GAP = (0.12, 0.26)  # heights between a digit and a sign
LEAN = 0.04  # radians, standard deviation of a digit's
SLOPE = 0.015  # standard deviation of a number's
COLON = (0.42, 0.6)  # heights between its points
LETTERS = (3, 9)  # of a word: from, and below
HEADINGS = (
    *("Name", "Test", "Sum", "Total", "Mean", "Points", "Mark", "Week", "Height", "Weight", "Value", "Room", "Meter"),
    *("Date", "Time", "Amount", "Units", "Result", "Price", "Count", "Age", "Line", "Class", "Temp", "Start", "End"),
)
LABELS = ("Name:", "No.", "Date:", "Amount:", "Total", "Account:", "Phone:", "Code:", "Meter:", "Room:", "kWh:", "Age:")


@dataclass(frozen=True, slots=True)
class Hand:
    """One writer, with everything that stays the same in the writing."""

    digits: Mapping[str, Sequence[Drawing]]  # by label
    letters: Sequence[Drawing]  # of one writer too
    gap: tuple[float, float]  # heights between digits
    font: str  # of what is printed on the page

    @classmethod
    def of(cls, hands: Hands, random: Random) -> Hand:
        """Return one of the hands, with letters of another person: nobody's digits and letters are both known."""
        drawings = hands.digits[int(random.integers(len(hands.digits)))]
        digits = {digit: [drawing for drawing in drawings if drawing.label == digit] for digit in DIGITS}
        letters = [drawing for drawing in hands.letters if (drawing.label or "").isalpha()]
        writers = sorted({drawing.writer or "" for drawing in letters})
        writer = writers[int(random.integers(len(writers)))]
        letters = [drawing for drawing in letters if drawing.writer == writer]
        return cls(digits, letters, (random.uniform(*TIGHT), random.uniform(*WIDE)), one_font(random))

    def number(self, text: str, random: Random) -> Row:
        """Return digits with points, commas, colons and dashes between, from x = 0 on."""
        row: Row = []
        right, slope, before = 0.0, random.normal(0, SLOPE), ""
        for letter in text:
            inside = before.isdigit() and letter.isdigit()
            right += random.uniform(*(self.gap if inside else SIGN_GAP)) if row else 0.0
            marks = [self._digit(letter, right, random)] if letter.isdigit() else _SIGNS[letter](right, random)
            row += [replace(mark, y=mark.y + slope * right) for mark in marks]
            right = max(right, *(mark.x + mark.width for mark in marks))
            before = letter
        return row

    def _digit(self, label: str, x: float, random: Random) -> Mark:
        known = self.digits[label]
        lines = turned(lines_of(known[int(random.integers(len(known)))]), random.normal(0, LEAN))
        mark, size = drawn(lines, Kind.DIGIT, label), random.uniform(*SIZES)
        return at(mark, x, (1 - mark.height * size) / 2 + random.normal(0, 0.02), size)

    def word(self, random: Random) -> Row:
        """Return letters side by side, as a name is written, from x = 0 on."""
        row: Row = []
        right = 0.0
        for place in range(int(random.integers(*LETTERS))):
            letter = drawn(lines_of(self.letters[int(random.integers(len(self.letters)))]), Kind.OTHER)
            size = random.uniform(0.8, 1.1) if place == 0 else random.uniform(0.5, 0.85)
            row.append(at(letter, right, 1 - size * letter.height, size))
            right = row[-1].x + row[-1].width + random.uniform(0.03, 0.15)
        return row

    def heading(self, text: str, size: float, random: Random) -> Row:
        """Return a printed text whose digits would be so many heights high."""
        row = printed(text, Kind.OTHER, random, self.font)
        return [at(mark, mark.x * size, 1 + (mark.y - 1) * size, size) for mark in row]


def _colon(x: float, random: Random) -> Row:
    (low,) = point(x, random)
    return [low, replace(low, y=low.y - random.uniform(*COLON))]


def _minus(x: float, random: Random) -> Row:
    return [replace(mark, x=x) for mark in dash(x, random)]


_SIGNS = {".": point, ",": comma, ":": _colon, "-": _minus}
