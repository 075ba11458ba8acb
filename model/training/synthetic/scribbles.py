"""Marks that aren't digits, drawn at random: lines, scribbles, signs and figures, for a network to learn to reject."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from model.training.synthetic.shapes import curve
from model.training.synthetic.styles import Line, Random

STEP = 8  # points of a straight piece


def scribble(random: Random) -> list[Line]:
    """Return the strokes of one mark of a random kind."""
    return _KINDS[random.integers(len(_KINDS))](random)


def turned(lines: list[Line], angle: float) -> list[Line]:
    """Return lines turned around the origin, clockwise on the screen, by an angle in radians."""
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return [line @ turn for line in lines]


def _through(*corners: Any) -> Line:
    """Return a line straight from corner to corner."""
    return np.concatenate([np.linspace(start, end, STEP) for start, end in itertools.pairwise(corners)])


def _arc(radii: tuple[float, float], start: float, end: float, middle: tuple[float, float] = (0, 0)) -> Line:
    angles = np.linspace(start, end, 24)
    return np.stack([np.cos(angles), np.sin(angles)], 1) * radii + middle


def _mostly_level(lines: list[Line], random: Random) -> list[Line]:
    """Return lines turned a little, or now and then any way."""
    return turned(lines, random.uniform(-0.3, 0.3) if random.random() < 0.7 else random.uniform(0, 2 * np.pi))


def _dots(random: Random) -> list[Line]:
    count = 1 if random.random() < 0.5 else random.integers(2, 12)
    return [random.uniform(0, 1, 2) + random.normal(0, 0.01, (3, 2)) for _ in range(count)]


def _dash(random: Random) -> list[Line]:
    return turned([np.stack([np.linspace(0, 1, 11), random.normal(0, 0.012, 11)], 1)], random.uniform(-0.45, 0.45))


def _dashes(random: Random) -> list[Line]:
    gap = random.uniform(0.15, 0.6)
    return turned(
        [_dash(random)[0] + (random.uniform(-0.1, 0.1), place * gap) for place in range(random.integers(2, 5))],
        random.uniform(-0.3, 0.3),
    )


def _parallels(random: Random) -> list[Line]:
    gap, slant = random.uniform(0.06, 0.35), random.uniform(-0.4, 0.4)
    lines = []
    for place in range(random.integers(2, 10)):
        ends = np.array([[place * gap, 0], [place * gap + slant, 1]]) + random.normal(0, 0.025, (2, 2))
        lines.append(_through(*ends))
    return _mostly_level(lines, random)


def _zigzag(random: Random) -> list[Line]:
    turns, height = random.integers(3, 11), random.uniform(0.5, 5)
    ys = np.where(np.arange(turns + 1) % 2, height, 0) + random.normal(0, 0.1 * height, turns + 1)
    return _mostly_level([np.stack([np.arange(turns + 1.0), ys], 1)], random)


def _back_and_forth(random: Random) -> list[Line]:
    count = random.integers(20, 60)
    ys = np.where(np.arange(count) % 2, 1, -1) * random.uniform(3, 8) + random.normal(0, 0.8, count)
    xs = np.arange(count) * random.uniform(0.05, 0.4) + random.normal(0, 0.3, count)
    return turned([np.stack([xs, ys], 1)], random.uniform(0, 2 * np.pi))


def _wave(random: Random) -> list[Line]:
    angles = np.linspace(0, random.uniform(1.2, 5) * 2 * np.pi, 60)
    return _mostly_level([np.stack([angles * random.uniform(0.05, 0.5), np.sin(angles)], 1)], random)


def _loops(random: Random) -> list[Line]:
    angles = np.linspace(0, random.uniform(2, 6) * 2 * np.pi, 100)
    along = angles * random.uniform(0.1, 0.5) + random.uniform(0.6, 1.2) * np.cos(angles)
    return _mostly_level([np.stack([along, np.sin(angles)], 1)], random)


def _tangle(random: Random) -> list[Line]:
    """Return a long walk that turns at random, kept in a box."""
    count = random.integers(40, 260)
    angles = np.cumsum(random.normal(0, random.uniform(0.3, 1.3), count))
    steps = np.stack([np.cos(angles), np.sin(angles)], 1)
    side, place, line = random.uniform(4, 12), np.zeros(2), []
    for step in steps:
        place = np.clip(place + step, -side, side)
        line.append(place)
    return turned([np.array(line)], random.uniform(0, 2 * np.pi))


def _spiral(random: Random) -> list[Line]:
    turns = random.uniform(1.9, 5.5)
    angles = np.linspace(0, turns * 2 * np.pi, int(turns * 24))
    way = angles * random.choice([-1, 1])
    line = angles[:, None] * np.stack([np.cos(way), np.sin(way)], 1)
    return turned([line], random.uniform(0, 2 * np.pi))


def _box(random: Random) -> list[Line]:
    wide = random.uniform(0.5, 1.6)
    diagonals = [_through((0, 0), (wide, 1)), _through((wide, 0), (0, 1))]
    middles = [_through((0, 0.5), (wide, 0.5)), _through((wide / 2, 0), (wide / 2, 1))]
    inside = (diagonals if random.random() < 0.6 else middles)[: random.integers(1, 3)]
    return turned([_through((0, 0), (wide, 0), (wide, 1), (0, 1), (0, 0)), *inside], random.uniform(-0.2, 0.2))


def _frame(random: Random) -> list[Line]:
    """Return a frame too wide for a zero."""
    wide = random.uniform(1, 2)
    return turned([_through((0, 0), (wide, 0), (wide, 1), (0, 1), (0, 0))], random.uniform(-0.1, 0.1))


def ring(random: Random) -> list[Line]:
    """Return a ring around (0, 0), about 1 high and wide."""
    start = random.uniform(0, 2 * np.pi)
    return [_arc(tuple(random.uniform(0.45, 0.6, 2)), start, start + random.uniform(5.8, 7))]


def _rings(random: Random) -> list[Line]:
    """Return a ring in a ring, a ring with a cross in it, or a face."""
    chance = random.random()
    if chance < 0.35:
        return [*ring(random), *(line * random.uniform(0.35, 0.8) for line in ring(random))]
    if chance < 0.65:
        size = random.uniform(0.35, 0.8)
        return [*ring(random), *turned([_through((-size, 0), (size, 0)), _through((0, -size), (0, size))], chance * 5)]
    eyes = [np.array((side * random.uniform(0.12, 0.25), -0.15)) + random.normal(0, 0.02, (3, 2)) for side in (-1, 1)]
    bend = random.uniform(-0.15, 0.25)
    return [*ring(random), *eyes, curve(np.array([(-0.25, 0.2), (0, 0.2 + bend), (0.25, 0.2)]))]


def letter(random: Random) -> list[Line]:
    """Return a letter of an invented alphabet: lines, bows, hooks and loops between a few places."""
    wide, last = random.uniform(0.5, 1.1), _place(random)
    lines = []
    for _ in range(random.integers(2, 5)):
        start, end = last if random.random() < 0.5 else _place(random), _place(random)
        while np.array_equal(start, end):
            end = _place(random)
        last, along = end, end - start
        aside = np.array((-along[1], along[0])) * random.choice([-1, 1])
        forms = (
            [start, end],
            [start, start + along / 2 + aside * random.uniform(0.2, 0.6), end],
            [start, start + along * 0.2 + aside * 0.5, start + along * 0.8 + aside * 0.5, end],
            [start, start + along * 0.3 + aside * 0.3, start + along * 0.7 - aside * 0.3, end],
            [start, end, end + (aside - along) * random.uniform(0.15, 0.35)],
            [start, start + along * 0.7, start + along * 0.6 + aside * 0.4, start + along * 0.35, end],
        )
        corners = np.array(forms[random.integers(len(forms))]) + random.normal(0, 0.02, 2)
        lines.append(curve(corners) if random.random() < 0.8 else _through(*corners))
    if random.random() < 0.2:
        lines.append(_place(random) * 1.3 - 0.15 + random.normal(0, 0.01, (3, 2)))
    return [line * (wide, 1) for line in lines]


def _place(random: Random) -> Any:
    return random.integers(0, 3, 2) / 2


def _polygon(random: Random) -> list[Line]:
    """Return a triangle, a polygon or, from five corners on, a star in one line."""
    corners = random.integers(3, 7)
    each = 2 if corners >= 5 and random.random() < 0.5 else 1
    angles = np.arange(corners + 1) * 2 * np.pi * each / corners + random.uniform(0, 2 * np.pi)
    return [_through(*np.stack([np.cos(angles), np.sin(angles)], 1))]


def _plus(random: Random) -> list[Line]:
    across, down = random.uniform(0.3, 0.7, 2)
    upright = _through((across, 0), (across + random.uniform(-0.05, 0.05), 1))
    level = _through((random.uniform(-0.2, 0.1), down), (random.uniform(0.9, 1.2), down + random.uniform(-0.1, 0.1)))
    return turned([upright, level], random.uniform(-0.3, 0.3))


def _crossing(random: Random) -> list[Line]:
    """Return a cross or a star of lines through one point."""
    count = random.integers(2, 7)
    first = np.pi / 4 + random.normal(0, 0.15) if count == 2 else random.uniform(0, np.pi)
    angles = first + np.arange(count) * np.pi / count
    wide = random.uniform(0.5, 1.1)
    return [
        _through((np.cos(angle) * wide, np.sin(angle)), (-np.cos(angle) * wide, -np.sin(angle))) for angle in angles
    ]


def _hash(random: Random) -> list[Line]:
    gap, slant = random.uniform(0.25, 0.5), random.uniform(-0.15, 0.25)
    upright = [_through((x + slant, 0), (x, 1)) for x in (0.3, 0.3 + gap)]
    return [*upright, _through((0, 0.33), (1, 0.33)), _through((0, 0.66), (1, 0.66))]


def _caret(random: Random) -> list[Line]:
    """Return one corner: a caret, a v, or a sign of less or greater."""
    wide, tip = random.uniform(0.6, 1.6), random.uniform(0.3, 0.7)
    line = _through((0, 0), (wide * tip, random.choice([-1, 1])), (wide, random.uniform(-0.2, 0.2)))
    sideways = random.choice([0, 0, 1, -1]) * np.pi / 2
    return turned([line], sideways + random.uniform(-0.2, 0.2))


def _corners(random: Random) -> list[Line]:
    """Return a bracket, an L, a T, a tick or an arrow."""
    size, slip = random.uniform(0.3, 0.9), random.uniform(-0.1, 0.1)
    shapes = (
        [_through((size, 0), (0, 0), (0, 1.6), (size, 1.6))],
        [_through((-size, 0), (0, 0), (0, 1.6), (-size, 1.6))],
        [_through((0, 0), (slip, 1), (size, 1 + slip))],
        [_through((0, 0), (1, slip)), _through((0.5 + slip, 0), (0.5, 1.2))],
        [_through((0, 0.5), (0.3 + slip, 1), (1, size - 0.5))],
        turned([_through((0, 0), (1, 0)), _through((0.7, -size / 2), (1, 0), (0.7, size / 2))], random.uniform(0, 6.3)),
    )
    return shapes[random.integers(len(shapes))]


def _bow(random: Random) -> list[Line]:
    start = random.uniform(0, 2 * np.pi)
    return [_arc((random.uniform(0.4, 1), 1), start, start + random.uniform(2.2, 4.2))]


def _question(random: Random) -> list[Line]:
    """Return a question mark or an exclamation mark."""
    dot = random.normal(0, 0.03, (2, 2)) + np.array([0, random.uniform(2.7, 3)])
    if random.random() < 0.3:
        return [_through((0, 0), (random.uniform(-0.2, 0.2), random.uniform(1.7, 2.3))), dot]
    hook = _arc((random.uniform(0.7, 1), 1), random.uniform(-3.6, -3), random.uniform(0.6, 1.5))
    stem = _through(hook[-1], (0, random.uniform(1.2, 1.7)), (random.uniform(-0.05, 0.05), random.uniform(2, 2.4)))
    return [np.concatenate([hook, stem]), dot]


def _percent(random: Random) -> list[Line]:
    size = random.uniform(0.2, 0.4)
    rings = [_arc((size, size), 0, 2 * np.pi, middle) for middle in ((0, 0), (1, 1))]
    return [*rings, _through((1.1, -0.2), (-0.1, 1.2))]


def _heart(random: Random) -> list[Line]:
    angles = np.linspace(0, 2 * np.pi, 50)
    x, y = 16 * np.sin(angles) ** 3, sum(a * np.cos(n * angles) for n, a in ((1, -13), (2, 5), (3, 2), (4, 1)))
    return [np.stack([x * random.uniform(0.7, 1.3), y], 1)]


def _curves(random: Random) -> list[Line]:
    """Return smooth lines through random points."""
    return [
        curve(random.uniform(0, 1, (random.integers(3, 9), 2)) * random.uniform(0.4, 1) + random.uniform(0, 0.6, 2))
        for _ in range(random.integers(1, 5))
    ]


def _straws(random: Random) -> list[Line]:
    return [_through(*random.uniform(0, 1, (2, 2))) for _ in range(random.integers(2, 7))]


_KINDS: tuple[Callable[[Random], list[Line]], ...] = (  # the more often one stands here, the likelier it is
    *(_dots, _dash, _dashes, _parallels, _parallels, _zigzag, _back_and_forth, _wave, _loops, _tangle, _tangle),
    *(_spiral, _box, _polygon, _plus, _plus, _crossing, _hash, _caret, _caret, _corners, _corners, _bow),
    *(_question, _question, _percent, _heart, _curves, _curves, _curves, _straws, _frame, _rings, _rings),
)
