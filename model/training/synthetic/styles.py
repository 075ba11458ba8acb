"""Pen ink redrawn for training: as other hands, other pens and other schools would have written it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from model.data.data import DIGITS, Images, Labels
from model.ink.ink import Drawing, Point, Stroke
from model.reading.normalize import PEN, SIDE, Image28, draw, normalize_drawing

PENS = (1.8, PEN, PEN, PEN, 3.0)  # pixels of the 28x28 image: pictures keep some of their own pen's width
STYLED = 0.3  # of the digits that have another style are redrawn in it
SLASHED = 0.33  # for each of MNIST's zeros, how many with a slash are added: it has none

INK = 100  # of 255: what is darker belongs to the digit

Line = npt.NDArray[np.float64]  # (points, 2), x and y with y growing downwards
Random = np.random.Generator


def plain(drawings: Sequence[Drawing]) -> tuple[Images, Labels]:
    """Return labelled drawings as the network will be shown them."""
    return bytes_of(normalize_drawing(drawing) for drawing in drawings), _labels(drawings)


def varied(drawings: Sequence[Drawing], copies: int, random: Random) -> tuple[Images, Labels]:
    """Return labelled drawings redrawn ``copies`` times, each time in another shape, pen and, for some, style."""
    copied = [drawing for drawing in drawings for _ in range(copies)]
    return images((redrawn(drawing, random) for drawing in copied), random), _labels(copied)


def slashed(zeros: Images, random: Random) -> Images:
    """Return zeros as images with a slash drawn over each that has ink."""
    results = []
    for zero in zeros:
        ys, xs = np.nonzero(zero > INK)
        if not len(ys):
            results.append(zero)
            continue
        corners = np.array([[xs.min(), ys.min()], [xs.max() + 1, ys.max() + 1]], float)
        stroke = _slash([corners], random)[-1].astype(np.float32)
        results.append(np.maximum(zero, np.round(draw(stroke[:-1], stroke[1:], PEN) * 255).astype(np.uint8)))
    return np.array(results, np.uint8).reshape(-1, SIDE, SIDE)


def images(marks: Iterable[list[Line]], random: Random) -> Images:
    """Return the strokes of each mark as the network would be shown them, each drawn with some pen."""
    return bytes_of(one_by_one(marks, random))


def one_by_one(marks: Iterable[list[Line]], random: Random) -> Iterator[Image28]:
    """Return what `images` returns, 0 to 1, but draw each image when it's asked for."""
    return (image(lines, random.choice(PENS)) for lines in marks)


def image(lines: list[Line], pen: float = PEN) -> Image28:
    """Return strokes as the network would be shown them."""
    strokes = (Stroke(tuple(Point(float(x), float(y)) for x, y in line)) for line in lines)
    return normalize_drawing(Drawing(tuple(strokes)), pen=pen)


def bytes_of(images: Iterable[Image28]) -> Images:
    """Return images of 0 to 1 as one array of 0 to 255."""
    return np.array([np.round(image * 255) for image in images], np.uint8).reshape(-1, SIDE, SIDE)


def lines_of(drawing: Drawing) -> list[Line]:
    """Return a drawing's strokes as arrays."""
    return [np.array([point[:2] for point in stroke.points], float) for stroke in drawing.strokes if stroke.points]


def _labels(drawings: Sequence[Drawing]) -> Labels:
    return np.array([int(drawing.label) if drawing.label in DIGITS else 0 for drawing in drawings], np.uint8)


def redrawn(drawing: Drawing, random: Random) -> list[Line]:
    """Return a digit's lines as another hand draws them, now and then in another style."""
    lines = lines_of(drawing)
    style = _STYLES.get(drawing.label or "")
    if style is not None and random.random() < STYLED:
        lines = style(lines, random)
    return warped(lines, random)


def warped(lines: list[Line], random: Random) -> list[Line]:
    """Return lines stretched, turned, sheared, bent along a wave each way, and with a tremor."""
    low, high = box(lines)
    middle, extent = (low + high) / 2, max(float((high - low).max()), 1e-6)
    wide, angle, shear = np.exp(random.normal(0, 0.15)), random.normal(0, 0.12), random.normal(0, 0.15)
    affine = np.array([[wide * np.cos(angle), shear - np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    depth, waves, phase = random.normal(0, 0.04, 2), random.uniform(0.4, 1.4, 2), random.uniform(0, 2 * np.pi, 2)
    results = []
    for line in lines:
        place = (line - middle) / extent
        place = place + depth * np.sin(2 * np.pi * waves * place[:, ::-1] + phase)
        place = place + random.normal(0, 0.006, place.shape)
        results.append(place @ affine.T * 100)  # any size will do: it's normalised afterwards
    return results


def _slash(lines: list[Line], random: Random) -> list[Line]:
    """Return a zero with a slash, from below left to above right or, now and then, the other way."""
    low, high = box(lines)
    inset, outset = random.uniform(-0.4, 0.35, (2, 2)) * (high - low)
    start, end = np.array([low[0] + inset[0], high[1] - inset[1]]), np.array([high[0] - outset[0], low[1] + outset[1]])
    if random.random() < 0.1:
        start[1], end[1] = end[1], start[1]
    return [*lines, np.linspace(start, end, 6)]


def _hook_and_foot(lines: list[Line], random: Random) -> list[Line]:
    """Return a one with a stroke up to its top, a line under it, or both."""
    points = np.concatenate(lines)
    top, foot = points[points[:, 1].argmin()], points[points[:, 1].argmax()]
    height = max(float(foot[1] - top[1]), 1.0)
    if random.random() < 0.7:
        left, right = random.uniform(0.15, 0.4) * height * np.array([1, random.uniform(0.6, 1.4)])
        slant = random.uniform(-0.03, 0.03, 2) * height
        lines = [*lines, foot + np.array([[-left, slant[0]], [right, slant[1]]])]
    if random.random() < 0.7:
        steep = random.uniform(0.4, 1.3)  # radians: a flag that is nearer to level is a seven's bar
        hook = np.array([-np.cos(steep), np.sin(steep)]) * random.uniform(0.15, 0.5) * height
        lines = [np.array([top + hook, top]), *lines]
    return lines


def _bar(lines: list[Line], random: Random) -> list[Line]:
    """Return a seven with a bar across its stem."""
    points = np.concatenate(lines)
    low, high = box(lines)
    wide, height = high - low
    level = low[1] + height * random.uniform(0.4, 0.6)
    middle = points[np.abs(points[:, 1] - level).argmin()]
    half = np.array([random.uniform(0.2, 0.4) * max(wide, 0.4 * height), 0])
    slant = np.array([0, height])
    ends = [middle - half + slant * random.uniform(-0.1, 0.1), middle + half + slant * random.uniform(-0.1, 0.1)]
    return [*lines, np.array(ends)]


def _hook(lines: list[Line], random: Random) -> list[Line]:
    """Return a nine whose tail curls up to the left at its end."""
    low, high = box(lines)
    end = lines[-1][-1]
    size = random.uniform(0.15, 0.4) * float((high - low).max())
    angles = np.linspace(0, random.uniform(0.4, 0.9) * np.pi, 5)[1:, None]
    curl = end + size * np.concatenate([np.cos(angles) - 1, 0.5 * np.sin(angles)], 1)
    return [*lines[:-1], np.concatenate([lines[-1], curl])]


def _tail(lines: list[Line], random: Random) -> list[Line]:
    """Return a six that begins higher, in the direction of its first line."""
    low, high = box(lines)
    first = lines[0]
    ahead = first[0] - first[min(3, len(first) - 1)]
    length = float(np.hypot(*ahead))
    if length == 0:
        return lines
    start = first[0] + ahead / length * random.uniform(0.1, 0.4) * float((high - low).max())
    return [np.concatenate([start[None], first]), *lines[1:]]


def box(lines: list[Line]) -> tuple[Line, Line]:
    """Return the least and the largest (x, y) of all points."""
    points = np.concatenate(lines)
    return points.min(0), points.max(0)


_STYLES: dict[str, Callable[[list[Line], Random], list[Line]]] = {
    "0": _slash,
    "1": _hook_and_foot,
    "6": _tail,
    "7": _bar,
    "9": _hook,
}
