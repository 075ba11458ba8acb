"""The rules of a table: long straight lines, along and down, on a page that lies straight."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.reading.connected import Mask, all_boxes, connected_parts
from model.reading.eye import Sight

FAINT = 0.12  # of the digits' ink, at least: a rule is often thinner and fainter
ROUGH, ROUGHER = 0.8, 2.0  # of the page's pixels are paper, and times what they vary by, a rule is darker
LONG = 2.0  # heights of the digits, each piece of a rule: no stroke is that long and straight
WHOLE = 0.9  # of a piece's pixels that are dark
THICK = 0.35  # heights of the digits: two pieces that are nearer are of one rule
SHARE = 0.4  # of the longest rule, at least
SQUARE = 1.3  # heights of the digits: nearer rules both ways are squared paper


@dataclass(frozen=True, slots=True)
class Rules:
    """Where rules are, in pixels from the left, and from the top."""

    down: tuple[float, ...] = ()
    along: tuple[float, ...] = ()


def rules_of(sight: Sight) -> Rules:
    """Return the rules of a table on a page; none of squared paper."""
    dark = ruling(sight)
    along = _lines(dark, sight.high)
    down = _lines(dark.T, sight.high)
    if (
        len(down) > 2
        and len(along) > 2
        and max(np.median(np.diff(down)), np.median(np.diff(along))) < SQUARE * sight.high
    ):
        return Rules()
    return Rules(tuple(down), tuple(along))


def ruling(sight: Sight) -> Mask:
    """Return where a page may have a rule: where it is darker than its paper anywhere else."""
    return sight.darkness > max(FAINT, ROUGHER * float(np.quantile(sight.darkness[::4, ::4], ROUGH)))


def _lines(dark: Mask, high: float) -> list[float]:
    """Return from where to where along a mask's rows there are lines, and in which row."""
    long = round(LONG * high)
    if dark.shape[1] < long:
        return []
    thick = dark.copy()  # a pixel up and down: a line is hardly straight to the pixel
    thick[1:] |= dark[:-1]
    thick[:-1] |= dark[1:]
    upto = np.zeros((dark.shape[0], dark.shape[1] + 1), np.int32)
    np.cumsum(thick, 1, out=upto[:, 1:])
    begins = upto[:, long:] - upto[:, :-long] >= WHOLE * long
    pieces = np.zeros_like(dark)
    for step in range(0, long, max(1, long // 8)):
        pieces[:, step : step + begins.shape[1]] |= begins
    pieces &= thick
    boxes = [box for box in all_boxes(connected_parts(pieces)) if box.height < THICK * high]
    lines: list[list[float]] = []  # where each is, and how long
    for at, length in sorted(((box.top + box.bottom) / 2, box.width) for box in boxes):
        if lines and at - lines[-1][0] < THICK * high:
            lines[-1][1] += length
        else:
            lines.append([at, length])
    longest = max((length for _at, length in lines), default=0.0)
    return [at for at, length in lines if length > SHARE * longest]
