"""The rules of a table: long straight lines, across and down, on a straight page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from model.reading.connected import Mask, all_boxes, connected_parts
from model.reading.sight import LIKELY, Floats, Sight, grown

FAINT = 0.12  # of the digits' ink, at least: a rule is often thinner and fainter
ROUGH, ROUGHER = 0.8, 2.0  # of the page's pixels are paper, and times what they vary by, a rule is darker
LONG = 2.0  # heights of the digits, each piece of a rule: no stroke is that long and straight
WHOLE = 0.9  # of a piece's pixels that are dark
FEET = 0.5  # of a piece's pixels that the eye takes for digits: it's their feet, or their bars
THICK = 0.35  # heights of the digits: two pieces that are nearer are of one rule
SHARE = 0.4  # of the longest rule, at least
SQUARE = 1.3  # heights of the digits: nearer rules both ways are squared paper


class Rule(NamedTuple):
    """A line, in pixels: where it is, and from where to where it goes."""

    at: float
    first: float
    last: float


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a table, which cross; if none do, all lines that may be rules."""

    down: tuple[Rule, ...] = ()
    along: tuple[Rule, ...] = ()
    cross: bool = False

    def cleared(self, plane: Floats, near: float) -> Floats:
        """Return a page's plane, (height, width), with nothing so near to a rule, in pixels."""
        plane = plane.copy()
        for rules, turned in ((self.along, plane), (self.down, plane.T)):
            for rule in rules:
                turned[max(0, int(rule.at - near)) : int(rule.at + near) + 1] = 0
        return plane


def rules_of(sight: Sight) -> Rules:
    """Return the rules of a table on a page; none for squared paper."""
    if not sight.high:
        return Rules()
    dark, taken = ruling(sight), grown(sight.digits) > LIKELY
    along, down = _lines(dark, taken, sight.high), _lines(dark.T, taken.T, sight.high)
    both = [[rule.at for rule in rules] for rules in (down, along)]
    if min(map(len, both)) > 2 and max(float(np.median(np.diff(each))) for each in both) < SQUARE * sight.high:
        return Rules()
    return _crossing(down, along, THICK * sight.high)


def ruling(sight: Sight) -> Mask:
    """Return where a page may have a rule: where it is darker than its paper anywhere else."""
    return sight.darkness > max(FAINT, ROUGHER * float(np.quantile(sight.darkness[::4, ::4], ROUGH)))


def _lines(dark: Mask, taken: Mask, high: float) -> list[Rule]:
    """Return the lines along a mask's rows, from top to bottom, but those of digits' ink, which is ``taken``."""
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
    parts = connected_parts(pieces & thick)
    inked = parts > 0
    feet = np.bincount(parts[inked], taken[inked])[1:] > FEET * np.bincount(parts[inked])[1:]
    found = zip(all_boxes(parts), feet, strict=True)
    boxes = [box for box, is_foot in found if box.height < THICK * high and not is_foot]
    lines: list[Rule] = []
    for at, first, last in sorted(((box.top + box.bottom) / 2, box.left, box.right) for box in boxes):
        if lines and at - lines[-1].at < THICK * high:
            lines[-1] = Rule(lines[-1].at, min(lines[-1].first, first), max(lines[-1].last, last))
        else:
            lines.append(Rule(at, first, last))
    longest = max((line.last - line.first for line in lines), default=0.0)
    return [line for line in lines if line.last - line.first > SHARE * longest]


def _crossing(down: list[Rule], along: list[Rule], near: float) -> Rules:
    """Return those rules that cross each other, the largest group of them: a sheet's own edge crosses no rule."""
    best = Rules(), 0
    for start in down:
        group, grown = {start}, True
        while grown:
            rows = {rule for rule in along if any(_cross(rule, other, near) for other in group)}
            more = {rule for rule in down if any(_cross(other, rule, near) for other in rows)}
            grown, group = not more <= group, group | more
        if min(len(group), len(rows)) > 1 and len(group) + len(rows) > best[1]:
            best = Rules(tuple(sorted(group)), tuple(sorted(rows)), cross=True), len(group) + len(rows)
    return best[0] if best[1] else Rules(tuple(down), tuple(along))


def _cross(along: Rule, down: Rule, near: float) -> bool:
    return along.first - near < down.at < along.last + near and down.first - near < along.at < down.last + near
