"""Where ink that touches can be cut: the seams from top to bottom that cross the least of it.

Seams are found by dynamic programming as in Avidan and Shamir: Seam Carving for Content-Aware Image Resizing (2007),
within bands, so that there is one for each place. The places are many more than there are touching digits: which cuts
are made is for the network to say.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from model.reading.paper import Grey

MOST_ROWS = 320  # in taller ink seams are looked for in larger pixels, to keep the work and its memory small
BAND = 0.24  # heights of the ink: in so wide a band a seam winds
SLANTS = (-0.1, 0.15, 0.4)  # columns a row, to the left from top to bottom: how the bands lean
BAND_STEP = 0.06  # heights of the ink from band to band
LEAST_APART = 0.06  # heights of the ink from seam to seam, on the mean
MOST_CROSSED = 3.0  # widths of the line
SIDE_COST = 0.02  # of full ink: what a step to the side costs
LEAST_LEFT = 0.5  # heights of the ink: so tall is what a seam leaves on both sides, for it is to be digits

AROUND = 0.65  # widths of the line around a pixel in which its ink is weighed
LINE, BLOT = 0.75, 0.86  # shares of ink there: of a line alone, and where two lines lie side by side
CHEAP = 0.15  # of the price, for a cut between two such lines

Seam = npt.NDArray[np.int64]  # (rows,): in each row, the first column to the right of the cut


def seams(ink: Grey, pen: float, most: int) -> list[Seam]:
    """Return the cheapest cuts of a box of ink, 0 paper to 255 ink, from left to right; none where it is too narrow.

    ``pen`` is the width of its line in pixels.
    """
    factor = -(-len(ink) // MOST_ROWS)
    if factor > 1:
        coarse = seams(np.asarray(Image.fromarray(ink).reduce(factor)), pen / factor, most)
        return [(np.repeat(seam, factor)[: len(ink)] * factor).clip(max=ink.shape[1]) for seam in coarse]
    height, width = ink.shape
    half = max(1, round(BAND * height / 2))
    middles = np.arange(round(pen), width - round(pen), max(1, round(BAND_STEP * height)))
    if not middles.size:
        return []
    lean = np.multiply.outer(np.arange(height) - height / 2, SLANTS).round().astype(np.int64)  # (rows, slants)
    starts = (middles - lean[..., None] - half).reshape(height, -1)  # (rows, bands), as all below
    columns = starts[..., None] + np.arange(2 * half + 1)
    outside = (columns < 1) | (columns > width - 1)
    costs = _prices(ink, pen)[np.arange(height)[:, None, None], columns.clip(0, width - 1)]
    costs[outside] = 0  # beside the ink nothing is crossed
    found, prices = _cheapest(costs)
    chosen: list[Seam] = []
    for band in np.argsort(prices, kind="stable"):
        if prices[band] > MOST_CROSSED * pen or len(chosen) == most:
            break
        seam = columns[np.arange(height), band, found[band]]
        if all(np.abs(seam - other).mean() >= LEAST_APART * height for other in chosen) and _leaves_two(ink, seam):
            chosen.append(seam)
    return sorted(chosen, key=lambda seam: float(seam.mean()))


def _prices(ink: Grey, pen: float) -> npt.NDArray[np.float32]:
    """Return what it costs to cut through each pixel: its ink, and less where that is thicker than a line."""
    density = np.asarray(Image.fromarray(ink).filter(ImageFilter.BoxBlur(AROUND * pen)), np.float32) / 255
    share = np.interp(density, (LINE, BLOT), (1, CHEAP))
    return np.asarray(ink / 255 * share, np.float32)


def _leaves_two(ink: Grey, seam: Seam) -> bool:
    right = np.arange(ink.shape[1]) >= seam[:, None]
    sides = [np.flatnonzero((ink * side).any(1)) for side in (right, ~right)]
    return all(rows.size > 0 and rows[-1] - rows[0] >= LEAST_LEFT * len(ink) for rows in sides)


def _cheapest(costs: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Return each band's cheapest way from the first row to the last, (bands, rows), and its price, (bands,).

    The costs are (rows, bands, columns); from row to row a way goes at most a column aside.
    """
    rows, bands, _ = costs.shape
    total = costs[0]
    steps = np.zeros(costs.shape, np.int8)
    for row in range(1, rows):
        ways = np.full((3, *total.shape), np.inf, np.float32)  # from the left, from above, from the right
        ways[0, :, 1:] = total[:, :-1] + SIDE_COST
        ways[1] = total
        ways[2, :, :-1] = total[:, 1:] + SIDE_COST
        steps[row] = ways.argmin(0) - 1
        total = ways.min(0) + costs[row]
    places = np.empty((bands, rows), np.int64)
    places[:, -1] = total.argmin(1)
    for row in range(rows - 1, 0, -1):
        places[:, row - 1] = places[:, row] + steps[row, np.arange(bands), places[:, row]]
    return places, total.min(1)
