"""Digits to load the program with: people's pen ink if it's available, otherwise the program's own skeletons."""

from __future__ import annotations

import json
import math
import os
import random
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from model.ink.ink import Drawing, Point, Stroke, write_line
from model.training.opened.probe import skeletons

SHARED = Path(os.environ.get("INKLING_SHARED", Path(__file__).resolve().parents[2].parent / "shared")).resolve()
CANVAS = (400, 320)  # pixels
HEIGHTS = (90, 240)  # pixels: a digit's height


def digits(seed: int) -> Iterator[Drawing]:
    """Yield labelled drawings without end, each moved, scaled and turned differently."""
    chance = random.Random(seed)
    lines = _people() or _skeletons()
    while True:
        yield _placed(Drawing.from_json(json.loads(chance.choice(lines))), chance)


def source() -> str:
    """Return where the drawings come from, for the figures."""
    return "people's pen ink" if _ink().is_file() else "skeletons"


def _ink() -> Path:
    return SHARED / "data" / "pen-digits.jsonl"


def _people() -> list[str]:
    return _ink().read_text(encoding="utf-8").splitlines() if _ink().is_file() else []


def _skeletons() -> list[str]:
    return [write_line(drawing) for drawing in skeletons()]


def _placed(drawing: Drawing, chance: random.Random) -> Drawing:
    """Return a drawing moved somewhere on the canvas, drawn at a hand's pace."""
    box = drawing.box
    high = chance.uniform(*HEIGHTS)
    scale = min(high / max(box.height, 1e-6), 0.6 * CANVAS[0] / max(box.width, 1e-6))
    angle = math.radians(chance.uniform(-5, 5))
    across, along = scale * math.cos(angle), scale * math.sin(angle)
    left = chance.uniform(30, CANVAS[0] - scale * box.width - 30)
    top = chance.uniform(30, CANVAS[1] - scale * box.height - 30)
    clock = 0.0
    strokes = []
    for stroke in drawing.strokes:
        points = []
        for point in stroke.points:
            x, y = point.x - box.left, point.y - box.top
            points.append(Point(left + x * across - y * along, top + x * along + y * across, clock))
            clock += 8
        strokes.append(Stroke(tuple(points)))
        clock += 100
    return Drawing(tuple(strokes), canvas=CANVAS, label=drawing.label)


def thinned(stroke: Stroke, apart: float = 20.0) -> list[tuple[float, float]]:
    """Return the places of a stroke that a hand goes through, at least ``apart`` pixels apart, and its last one."""
    places = [(point.x, point.y) for point in stroke.points]
    kept = places[:1]
    for before, place in pairwise(places):
        if math.dist(kept[-1], place) >= apart or (place == places[-1] and place != before):
            kept.append(place)
    return kept
