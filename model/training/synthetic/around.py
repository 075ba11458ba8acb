"""What's around and across a number on made-up paper: lines, frames, rings, stains, patterns, other writing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from model.training.synthetic.sheet import LINES, Ends, Rectangle, Sheet, one_of
from model.training.synthetic.styles import Random
from model.training.synthetic.writing import Hands, extent, number, word

OUTSIDE = 5  # pixels that a line goes on beyond the sheet


@dataclass(frozen=True, slots=True)
class Frame:
    """Where on a sheet the number is, in pixels, and how high its digits are."""

    left: float
    top: float
    right: float
    bottom: float
    high: float

    def grown(self, x: float, y: float) -> Rectangle:
        """Return the rectangle so many heights around it, at the sides and above and below."""
        x, y = x * self.high, y * self.high
        return self.left - x, self.top - y, self.right + x, self.bottom + y


Around = Callable[[Sheet, Frame, Hands, Random], None]


def _thin(frame: Frame, random: Random) -> float:
    return max(0.7, frame.high * random.uniform(0.008, 0.04))


def ruled(sheet: Sheet, frame: Frame, _hands: Hands, random: Random) -> None:
    """Draw lines to write on."""
    _rule(sheet, frame, frame.high * random.uniform(0.4, 1.7), random)


def squared(sheet: Sheet, frame: Frame, _hands: Hands, random: Random) -> None:
    """Draw squares, or the dots at their corners; now and then with finer ones between."""
    step = frame.high * random.uniform(0.2, 0.75)
    if random.random() < 0.12:
        x, y = random.uniform(0, step, 2)
        size = max(0.6, frame.high * random.uniform(0.01, 0.03))
        rows, columns = np.arange(y, sheet.size[1], step), np.arange(x, sheet.size[0], step)
        dots = [(u - size, v - size, u + size, v + size) for v in rows for u in columns]
        return sheet.spots(dots, one_of(LINES, random), random.uniform(0.4, 1))
    colour = one_of(LINES, random)
    _rule(sheet, frame, step, random, upright=True, colour=colour)
    if random.random() < 0.12:
        _rule(sheet, frame, step / 5, random, upright=True, colour=colour, strength=0.35)
    return None


def _rule(  # noqa: PLR0913  (what there is to be known of lines)
    sheet: Sheet,
    frame: Frame,
    step: float,
    random: Random,
    *,
    upright: bool = False,
    colour: tuple[int, int, int] | None = None,
    strength: float = 1.0,
) -> None:
    colour = colour or one_of(LINES, random)
    wide, high = sheet.size
    slope = random.uniform(-0.03, 0.03)
    thin = _thin(frame, random)
    first = (frame.bottom + random.uniform(-0.5 if random.random() < 0.3 else -0.12, 0.17) * frame.high) % step
    levels = np.arange(first - step, high + step, step)
    lines: list[Ends] = [[(-OUTSIDE, v), (wide + OUTSIDE, v + slope * wide)] for v in levels]
    sheet.lines(lines, thin, colour, strength * random.uniform(0.35, 0.95))
    if upright:
        places = np.arange(random.uniform(-step, 0), wide + step, step)
        lines = [[(u, -OUTSIDE), (u - slope * high, high + OUTSIDE)] for u in places]
        sheet.lines(lines, thin, colour, strength * random.uniform(0.35, 0.95))
    elif random.random() < 0.15:  # a margin's line
        u = random.uniform(0, 0.25) * wide
        sheet.lines([[(u, -OUTSIDE), (u - slope * high, high + OUTSIDE)]], thin, one_of(LINES, random))


def underlined(sheet: Sheet, frame: Frame, _hands: Hands, random: Random) -> None:
    """Draw a line below, once or twice, by hand or with a ruler; now and then one above, too."""
    high = frame.high
    left, right = frame.left - random.uniform(-0.1, 0.35) * high, frame.right + random.uniform(-0.1, 0.35) * high
    level = frame.bottom + random.uniform(-0.1, 0.22) * high
    bend, end = random.uniform(-0.03, 0.03) * high, random.uniform(-0.08, 0.08) * high
    line = np.array([(left, level), ((left + right) / 2, level + bend + end / 2), (right, level + end)])
    colour = sheet.ink if random.random() < 0.5 else one_of(LINES[3:], random)
    sheet.lines([line.tolist()], sheet.pen * random.uniform(0.3, 1.15), colour)
    for chance, down in ((0.2, random.uniform(0.06, 0.16)), (0.06, random.uniform(-1.35, -1.1))):
        if random.random() < chance:
            sheet.lines([(line + np.array((0, down * high))).tolist()], sheet.pen * random.uniform(0.3, 1), colour)


def boxed(sheet: Sheet, frame: Frame, _hands: Hands, random: Random) -> None:
    """Draw a frame around, by ruler or by hand, open or with walls between the digits now and then."""
    left, top, right, bottom = frame.grown(random.uniform(0.05, 0.4), random.uniform(0.05, 0.3))
    colour = sheet.ink if random.random() < 0.4 else one_of(LINES[2:], random)
    thin = _thin(frame, random) * 1.5 if random.random() < 0.7 else sheet.pen
    corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom), (left, top)])
    corners = corners + random.normal(0, 0.012 * frame.high, corners.shape)
    sides: list[Ends] = [corners[place : place + 2].tolist() for place in range(4)]
    if random.random() < 0.2:
        del sides[random.integers(4)]
    sheet.lines(sides, thin, colour)
    if random.random() < 0.25:
        walls = np.linspace(left, right, int(random.integers(3, 7)))[1:-1]
        shown = random.uniform(0.25, 1) * (bottom - top)
        sheet.lines([[(u, bottom - shown), (u, bottom)] for u in walls], thin, one_of(LINES, random), 0.6)


def cell(sheet: Sheet, frame: Frame, _hands: Hands, random: Random) -> None:
    """Draw the sides of a form's cell, cut off by the picture's edge."""
    wide, high = sheet.size
    far = 0.1 if random.random() < 0.7 else 0.3
    for side in random.permutation(4)[: random.integers(1, 5)]:
        inset, tilt = random.uniform(0, far) * frame.high, random.uniform(-0.04, 0.04) * frame.high
        line: Ends = [
            [(inset, -OUTSIDE), (inset + tilt, high + OUTSIDE)],
            [(-OUTSIDE, inset), (wide + OUTSIDE, inset + tilt)],
            [(wide - inset, -OUTSIDE), (wide - inset + tilt, high + OUTSIDE)],
            [(-OUTSIDE, high - inset), (wide + OUTSIDE, high - inset + tilt)],
        ][side]
        strength = 1.0 if random.random() < 0.5 else random.uniform(0.3, 1)
        sheet.lines([line], _thin(frame, random) * random.uniform(1, 4), one_of(LINES[2:], random), strength)


def circled(sheet: Sheet, frame: Frame, _hands: Hands, random: Random) -> None:
    """Draw a ring around, whole or in part; now and then a second one."""
    apart = random.uniform(0.08, 0.4)
    wide = random.uniform(0, 0.3)  # so little that it goes through the outer digits of a long number
    if random.random() < 0.35:
        wide = (frame.right - frame.left) / frame.high * random.uniform(0, 0.28)
    colour = sheet.ink if random.random() < 0.5 else ((60, 60, 66), (170, 40, 40), (40, 70, 170))[random.integers(3)]
    start = random.uniform(0, 360)
    part = (start, start + (random.uniform(380, 400) if random.random() < 0.75 else random.uniform(150, 350)))
    around = frame.grown(apart + wide, apart * random.uniform(0.6, 1.2))
    sheet.ring(around, sheet.pen * random.uniform(0.3, 1.15), colour, part)
    if random.random() < 0.15:
        sheet.ring(frame.grown(apart + wide + 0.12, apart + 0.1), sheet.pen * random.uniform(0.3, 1), colour, part)


def neighbours(sheet: Sheet, frame: Frame, hands: Hands, random: Random) -> None:
    """Write other digits or words at the sides, above or below, cut by the picture's edge."""
    wide, high = sheet.size
    rooms = [frame.left, wide - frame.right, frame.top, high - frame.bottom]
    sides = random.permutation(4 if random.random() < 0.4 else 2)
    for side in sides[: random.integers(1, 3)]:
        seen = random.uniform(0.04, 0.28) * frame.high
        if rooms[side] < seen + 0.03 * frame.high:
            continue
        count = 1 if side < 2 else int(random.integers(1, 4))
        row = number(hands, count, random) if random.random() < 0.85 else word(hands, random)
        left, top, right, bottom = (each * frame.high for each in extent(row))
        place = [
            (seen - right, frame.top - top),
            (wide - seen - left, frame.top - top),
            (random.uniform(0, wide) - left, seen * 0.8 - bottom),
            (random.uniform(0, wide) - left, high - seen * 0.8 - top),
        ][side]
        sheet.write(row, place, frame.high, counts=False)


def words(sheet: Sheet, frame: Frame, hands: Hands, random: Random) -> None:
    """Write or print words at the sides, above or below."""
    for _ in range(random.integers(1, 4)):
        size = frame.high * random.uniform(0.3, 1.1)
        row = word(hands, random)
        left, top, right, bottom = (each * size for each in extent(row))
        gap = random.uniform(0.12, 0.5) * frame.high
        place = [
            (frame.left - gap - right, frame.bottom - bottom),
            (frame.right + gap - left, frame.bottom - bottom),
            (random.uniform(0, sheet.size[0]) - left, frame.top - gap - bottom),
            (random.uniform(0, sheet.size[0]) - left, frame.bottom + gap - top),
        ][random.integers(4)]
        sheet.write(row, place, size, counts=False)


def stains(sheet: Sheet, frame: Frame, _hands: Hands, random: Random) -> None:
    """Scatter crumbs and spots next to the number, and fold the paper."""
    wide, high = sheet.size
    spots = []
    for _ in range(random.integers(2, 14)):
        x, y, size = random.uniform(0, wide), random.uniform(0, high), random.uniform(0.01, 0.09) * frame.high
        if not (frame.left - size < x < frame.right + size and frame.top - size < y < frame.bottom + size):
            flat = size * random.uniform(0.3, 1)
            spots.append((x - size, y - flat, x + size, y + flat))
    sheet.spots(spots, (110, 90, 70) if random.random() < 0.6 else sheet.ink, random.uniform(0.3, 0.95))
    if random.random() < 0.5:
        x = random.uniform(0, wide)
        fold: Ends = [(x, -OUTSIDE), (x + random.uniform(-0.1, 0.1) * frame.high, high + OUTSIDE)]
        sheet.lines([fold], random.uniform(0.5, 2.5), (150, 146, 140), 0.35)


def pattern(sheet: Sheet, frame: Frame, _hands: Hands, random: Random) -> None:
    """Print a cheque's background: waves, crossed waves, or small dots; now and then with a line to write on."""
    wide, high = sheet.size
    colour = ((130, 150, 160), (100, 100, 104), (120, 140, 120), (150, 130, 120))[random.integers(4)]
    x = np.arange(-OUTSIDE, wide + OUTSIDE + 1, 2)
    if random.random() < 0.75:
        count = int(random.integers(8, 26))
        for _ in range(2 if random.random() < 0.25 else 1):
            slope = random.uniform(-0.5, 0.5) if random.random() < 0.4 else 0.0
            lines: list[Ends] = []
            for place in range(-count // 4, count):
                phase, deep = random.uniform(0, 6.3), random.uniform(1, 0.12 * frame.high + 1.5)
                step = random.uniform(4, 20)
                y = high * place / 16 + deep * np.sin(x / step + phase) + slope * x
                lines.append(list(zip(x.tolist(), y.tolist(), strict=True)))
            sheet.lines(lines, random.uniform(0.4, 1.1), colour, random.uniform(0.2, 0.75))
    else:
        step = random.uniform(2.5, 7)
        rows, columns = np.arange(0, high, step), np.arange(0, wide, step)
        dots = [(u + v % 2, v, u + v % 2 + 1, v + 1) for v in rows for u in columns]
        sheet.spots(dots, (90, 90, 94), random.uniform(0.2, 0.7))
    if random.random() < 0.5:
        level = frame.bottom + random.uniform(-0.05, 0.15) * frame.high
        line: Ends = [(-OUTSIDE, level), (wide + OUTSIDE, level + random.uniform(-0.05, 0.05) * frame.high)]
        sheet.lines([line], _thin(frame, random), (50, 50, 56))


def stamped(sheet: Sheet, frame: Frame, hands: Hands, random: Random) -> None:
    """Stamp rings with words in them, pale, over or next to the number."""
    x, y = random.uniform(0, sheet.size[0]), random.uniform(0, sheet.size[1])
    size = frame.high * random.uniform(0.6, 1.5)
    colour = ((170, 60, 60), (70, 70, 150), (90, 90, 100))[random.integers(3)]
    for part in (1.0, 0.8):
        sheet.ring((x - size * part, y - size * part, x + size * part, y + size * part), size * 0.05, colour)
    row = word(hands, random)
    left, top, right, bottom = extent(row)
    scale = 1.2 * size / max(right - left, 1)
    before, sheet.ink = sheet.ink, colour
    place = (x - (left + right) / 2 * scale, y - (top + bottom) / 2 * scale)
    sheet.write(row, place, scale, strength=0.6, counts=False)
    sheet.ink = before
    sheet.layers[:] = [*sheet.layers[:-3], *((mask * 0.55, tone) for mask, tone in sheet.layers[-3:])]


def holed(sheet: Sheet, frame: Frame, _hands: Hands, random: Random) -> None:
    """Punch holes along a side, or tear it off along a perforation."""
    wide, high = sheet.size
    upright, small = random.random() < 0.6, random.random() < 0.5
    size = frame.high * (random.uniform(0.02, 0.05) if small else random.uniform(0.1, 0.25))
    step = size * random.uniform(3, 5) if small else frame.high * random.uniform(0.8, 2)
    at = random.uniform(0, 0.15) * frame.high
    at = at if random.random() < 0.5 else (wide if upright else high) - at
    along = np.arange(random.uniform(0, step), high if upright else wide, step)
    centres = [(at, place) if upright else (place, at) for place in along]
    boxes = [(x - size, y - size, x + size, y + size) for x, y in centres]
    sheet.spots(boxes, ((60, 60, 64), (20, 20, 20), (140, 130, 120))[random.integers(3)], 1.0)


def signed(sheet: Sheet, frame: Frame, _hands: Hands, random: Random) -> None:
    """Draw a tick, a cross or an arrow next to the number."""
    high = frame.high
    x = frame.right + random.uniform(0.2, 0.5) * high if random.random() < 0.7 else frame.left - 0.6 * high
    y = frame.top + random.uniform(0, 0.5) * high
    size = random.uniform(0.25, 0.6) * high
    shapes: list[list[list[tuple[float, float]]]] = [
        [[(0, 0.6), (0.35, 1), (1, 0)]],
        [[(0, 0), (1, 1)], [(1, 0), (0, 1)]],
        [[(0, 0.5), (1, 0.5)], [(0.65, 0.2), (1, 0.5), (0.65, 0.8)]],
    ]
    lines: list[Ends] = [
        [(x + u * size, y + v * size) for u, v in line] for line in shapes[random.integers(len(shapes))]
    ]
    sheet.lines(lines, sheet.pen, sheet.ink)


def shown_through(sheet: Sheet, frame: Frame, hands: Hands, random: Random) -> None:
    """Let what is written on the back show through, mirrored and faint."""
    row = word(hands, random) if random.random() < 0.5 else number(hands, int(random.integers(1, 5)), random)
    place = (random.uniform(-0.5, 0.7) * sheet.size[0], random.uniform(-0.3, 0.8) * sheet.size[1])
    sheet.write(row, place, frame.high * random.uniform(0.7, 1.2), strength=random.uniform(0.06, 0.16), counts=False)
    mask, colour = sheet.layers[-1]
    sheet.layers[-1] = (np.ascontiguousarray(mask[:, ::-1]), colour)
