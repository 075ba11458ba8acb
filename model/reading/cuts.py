"""Where ink that touches can be cut: the seams from top to bottom that cross the least of it.

Seams are found by dynamic programming as in Avidan and Shamir: Seam Carving for Content-Aware Image Resizing (2007),
within bands, so that there's one for each place. The places are many more than there are touching digits: which cuts
are made is for the network to say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from model.reading.connected import Mask, connected_parts
from model.reading.picture import Grey

MOST_ROWS = 320  # in taller ink seams are looked for in larger pixels, to keep the work and its memory small
BAND = 0.24  # heights of the ink: in so wide a band a seam winds
SLANTS = (-0.1, 0.15, 0.4)  # columns a row, to the left from top to bottom: how the bands lean
BAND_STEP = 0.06  # heights of the ink from band to band
LEAST_APART = 0.06  # heights of the ink from seam to seam, on average
NECKS, SEAMS = 4, 3  # in as much ink as a digit is high, at most
LOW = 0.75  # heights of the ink: a neck is no taller
MOST_CROSSED = 3.0  # widths of the line
SIDE_COST = 0.02  # of full ink: what a step to the side costs
LEAST_LEFT = 0.5  # heights of the ink: so tall is what a seam leaves on both sides, for it is to be digits

AROUND = 0.65  # widths of the line around a pixel in which its ink is weighed
LINE, BLOT = 0.75, 0.86  # shares of ink there: of a line alone, and where two lines lie side by side
CHEAP = 0.15  # of the price, for a cut between two such lines

WALL = 1.2  # widths of the line: so near to a hole ink is of the ring around it
LEAST_HOLE = 0.5  # squared widths of the line: what encloses less is a blot

Prices = npt.NDArray[np.float32]
Seam = npt.NDArray[np.int64]  # (rows,): in each row, the first column to the right of the cut


def cuts_of(ink: Grey, solid: int, pen: float, tallest: float, rings: Sequence[Ring]) -> list[Seam]:
    """Return where a box of ink, 0 paper to 255 ink, can be cut, the likeliest first; none where it's too small.

    ``solid`` is how dark ink is at least, ``pen`` is the width of its line and ``tallest`` the height of a digit, in
    pixels, and the rings are its own.
    """
    height, width = ink.shape
    if height < LEAST_LEFT * tallest:
        return []
    leaves_two = _leaving_two(ink)
    found = between(rings)
    for some, at_most in ((necks(ink, solid), NECKS), (seams(ink, pen), SEAMS)):
        most = len(found) + round(at_most * width / tallest)
        for seam in some:
            if len(found) >= most:
                break
            if all(np.abs(seam - other).mean() >= LEAST_APART * height for other in found) and leaves_two(seam):
                found.append(seam)
    return found


def necks(ink: Grey, solid: int) -> list[Seam]:
    """Return the straight cuts where ink is lower than on both sides, from its first row to its last, lowest first.

    Casey, Lecolinet: A Survey of Methods and Strategies in Character Segmentation (1996).
    """
    height, width = ink.shape
    rows, columns = np.nonzero(ink >= solid)
    found = []
    for slant in SLANTS:
        lean = -slant * (np.arange(height) - height / 2)
        places = np.round(columns - lean[rows]).astype(np.int64)
        left = places.min(initial=0)
        tops, feet = np.full((2, places.max(initial=0) - left + 1), height)
        np.minimum.at(tops, places - left, rows)
        np.minimum.at(feet, places - left, height - 1 - rows)
        tall = np.maximum(height - tops - feet, 0)
        reach = max(1, round(LEAST_APART * height))
        around = np.lib.stride_tricks.sliding_window_view(np.pad(tall, reach, mode="edge"), 2 * reach + 1)
        is_neck = (tall <= around.min(1) + 1) & (tall <= LOW * height)  # a slant makes a level line uneven by a pixel
        starts, ends = np.flatnonzero(np.diff(is_neck, prepend=False, append=False)).reshape(-1, 2).T
        middles = (starts + ends) / 2 + left
        found += [(tall[start], np.round(middle + lean)) for start, middle in zip(starts, middles, strict=True)]
    return [seam.clip(0, width).astype(np.int64) for _tall, seam in sorted(found, key=itemgetter(0))]


def seams(ink: Grey, pen: float) -> list[Seam]:
    """Return the cheapest winding cuts of a box of ink, the cheapest first; none where it's too narrow."""
    factor = -(-len(ink) // MOST_ROWS)
    if factor > 1:
        coarse = seams(np.asarray(Image.fromarray(ink).reduce(factor)), pen / factor)
        return [(np.repeat(seam, factor)[: len(ink)] * factor).clip(max=ink.shape[1]) for seam in coarse]
    height, width = ink.shape
    half = max(1, round(BAND * height / 2))
    middles = np.arange(round(pen), width - round(pen), max(1, round(BAND_STEP * height)))
    if not middles.size:
        return []
    lean = np.multiply.outer(np.arange(height) - height / 2, SLANTS).round().astype(np.int64)  # (rows, slants)
    starts = (middles - lean[..., None] - half).reshape(height, -1)  # (rows, bands), of the bands' columns
    places, prices = _cheapest(_in_bands(_prices(ink, pen), starts, 2 * half + 1))
    cheapest = np.argsort(prices, kind="stable")
    return [starts[:, band] + places[band] for band in cheapest if prices[band] <= MOST_CROSSED * pen]


@dataclass(frozen=True, slots=True, eq=False)
class Ring:
    """A hole in ink, where paper is enclosed, and what's so near to it that ink there is the ring around it."""

    hole: Mask
    near: Mask

    @classmethod
    def of(cls, ink: Grey, solid: int, pen: float) -> list[Ring]:
        """Return the rings in a box of ink, from left to right; ``solid`` is how dark ink is at least."""
        paper = connected_parts(np.pad(ink < solid, 1, constant_values=True))
        sizes = np.bincount(paper.ravel())
        sizes[[0, paper[0, 0]]] = 0  # the ink, and the paper around it
        holes = [paper[1:-1, 1:-1] == number for number in np.flatnonzero(sizes >= LEAST_HOLE * pen**2)]
        holes.sort(key=lambda hole: float(np.nonzero(hole)[1].mean()))
        blur = ImageFilter.BoxBlur(WALL * pen)
        return [cls(hole, np.asarray(Image.fromarray(hole).convert("L").filter(blur)) > 0) for hole in holes]


def between(rings: Sequence[Ring]) -> list[Seam]:
    """Return the cuts through the middle of the wall between each two rings that stand side by side."""
    found = []
    for one, other in pairwise(ring.hole for ring in rings):
        rows = np.flatnonzero(one.any(1) & other.any(1))
        if 2 * len(rows) >= min(one.any(1).sum(), other.any(1).sum()):
            ends = one.shape[1] - one[rows, ::-1].argmax(1), other[rows].argmax(1)
            found.append(np.interp(np.arange(len(one)), rows, np.mean(ends, 0)).astype(np.int64))
    return found


def _prices(ink: Grey, pen: float) -> Prices:
    """Return what it costs to cut through each pixel: its ink, and less where that is thicker than a line."""
    density = np.asarray(Image.fromarray(ink).filter(ImageFilter.BoxBlur(AROUND * pen)), np.float32) / 255
    share = np.interp(density, (LINE, BLOT), (1, CHEAP))
    return np.asarray(ink / 255 * share, np.float32)


def _leaving_two(ink: Grey) -> Callable[[Seam], bool]:
    """Return what tells whether a seam leaves ink on both sides that is tall enough for digits."""
    inked = ink > 0
    rows = np.flatnonzero(inked.any(1))
    first, last = inked.argmax(1)[rows], ink.shape[1] - 1 - inked[:, ::-1].argmax(1)[rows]  # columns with ink

    def leaves_two(seam: Seam) -> bool:
        sides = rows[first < seam[rows]], rows[last >= seam[rows]]
        return all(side.size > 0 and side[-1] - side[0] >= LEAST_LEFT * len(ink) for side in sides)

    return leaves_two


def _in_bands(prices: Prices, starts: npt.NDArray[np.int64], wide: int) -> Prices:
    """Return the prices in bands that start at some columns in each row, (rows, bands, columns)."""
    height, width = prices.shape
    before, after = max(0, -starts.min()), max(0, starts.max() + wide - width)
    field = np.zeros((height, before + width + after), np.float32)  # next to the ink nothing is crossed
    field[:, before + 1 : before + width] = prices[:, 1:]  # nor by a cut before the first column
    windows = np.lib.stride_tricks.sliding_window_view(field, wide, 1)  # (rows, first columns, columns)
    return np.asarray(windows[np.arange(height)[:, None], starts + before], np.float32)


def _cheapest(costs: Prices) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Return each band's cheapest way from the first row to the last, (bands, rows), and its price, (bands,).

    The costs are (rows, bands, columns); from row to row a way goes at most a column aside.
    """
    rows, bands, columns = costs.shape
    totals = np.full((rows, bands, columns + 2), np.inf, np.float32)  # to each pixel, with a column on both sides
    totals[0, :, 1:-1] = costs[0]
    for before, after, cost in zip(totals[:-1], totals[1:], costs[1:], strict=True):
        aside = np.minimum(before[:, :-2], before[:, 2:]) + np.float32(SIDE_COST)
        np.add(np.minimum(aside, before[:, 1:-1]), cost, out=after[:, 1:-1])
    places = np.empty((bands, rows), np.int64)
    places[:, -1] = totals[-1, :, 1:-1].argmin(1)
    each = np.arange(bands)[:, None]
    for row in range(rows - 1, 0, -1):
        ways = totals[row - 1, each, places[:, row, None] + np.arange(3)]  # from the left, from above, from the right
        ways[:, ::2] += np.float32(SIDE_COST)
        places[:, row - 1] = places[:, row] + ways.argmin(1) - 1
    return places, totals[-1].min(1)
