"""Uneven light on paper: how bright the paper is everywhere, and a picture as it would look in even light."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

Grey = npt.NDArray[np.uint8]
Counts = npt.NDArray[np.int64] | npt.NDArray[np.float64]  # (n,): how often each number from 0 on is there

SMALLEST_SIDE = 96  # pixels of the longer side: smaller pictures are no photographs of a page
MAP_SIDE = 96  # pixels of the longer side of the map of the paper's brightness
WIDEST_INK = 0.25  # of the longer side: what is dark and narrower than this is no shadow
UNEVEN = 0.08  # of the brightest paper: less than this between bright and dark paper is let alone
BETWEEN = 32.0  # grey levels: an empty page in uneven light is not quite in the middle
DARKEST = 0.35  # of the brightest paper: no shadow is darker

WIDEST_STRIP = 0.36  # of the picture's height or width: so much of it at a side can be desk
SAME, OTHER = 18, 25  # grey levels: the desk varies by less, the paper differs from it by more
STRAIGHT = 0.9  # of the desk's length at least, it ends in one line
SEEN = 0.35  # of the picture's side at least, a desk's end is seen beside others

_Map = npt.NDArray[np.float32]


def sheet_within(grey: Grey) -> tuple[int, int, int, int]:
    """Return the left, top, right and bottom of a picture without strips of a desk, or dark edges, at its sides."""
    if min(grey.shape) < SMALLEST_SIDE // 2:
        return 0, 0, grey.shape[1], grey.shape[0]
    factor = -(-max(grey.shape) // MAP_SIDE)
    small = np.asarray(Image.fromarray(grey).reduce(factor), np.int16)
    left, top, right, bottom = (_strip(rows) * factor for rows in (small.T, small, small.T[::-1], small[::-1]))
    return left, top, grey.shape[1] - right, grey.shape[0] - bottom


def _strip(rows: npt.NDArray[np.int16]) -> int:
    """Return how many of a map's first rows show something else than the paper beyond."""
    deep = int(WIDEST_STRIP * len(rows))
    columns = np.flatnonzero(np.abs(rows[deep] - rows[0]) > SAME)  # beside them a strip at another side may go on
    if len(columns) < SEEN * rows.shape[1]:
        return 0
    middle = slice(columns[0], columns[-1] + 1)
    seen = np.abs(rows[: deep + 1, middle] - rows[0, middle]) > SAME
    ends = np.where(seen.any(0), seen.argmax(0), len(rows))  # of the first row's grey, column by column
    end = int(np.median(ends))
    if np.mean(np.abs(ends - end) <= 1) < STRAIGHT:
        return 0
    beyond = rows[end + 1 :]
    return end + 1 if abs(np.median(beyond) - np.median(rows[:end])) > OTHER else 0  # with the row that shows both


def evened(grey: Grey) -> Grey:
    """Return a picture of dark ink on bright paper in even light; any other, and one in even light, as it is.

    The paper's brightness is the picture's morphological closing (Serra: Image Analysis and Mathematical Morphology,
    1982) with a square wider than any stroke, which fills dark ink and follows shadows; the picture is divided by it.
    """
    if max(grey.shape) < SMALLEST_SIDE or not _is_bright_paper(grey):
        return grey
    factor = -(-max(grey.shape) // MAP_SIDE)
    small = np.asarray(Image.fromarray(grey).reduce(factor), np.float32)  # the mean of a block, so grain is no matter
    window = max(3, round(WIDEST_INK * max(small.shape)) // 2 * 2 + 1)
    beyond = np.pad(small, window - 1, mode="edge")  # else a shadow at the edge would be as narrow as ink
    paper = -_largest_around(-_largest_around(beyond, window), window)
    brightest = paper.max()
    if np.percentile(paper, 2) >= (1 - UNEVEN) * brightest:  # a black picture's 0 too
        return grey
    size = (grey.shape[1], grey.shape[0])
    # Bilinear, over the pixels that the blocks covered: the last block of a row may stand out beyond the picture.
    box = (0, 0, size[0] / factor, size[1] / factor)
    wide = Image.fromarray(np.maximum(paper, DARKEST * brightest)).resize(size, Image.Resampling.BILINEAR, box)
    return np.asarray(np.minimum(grey * (brightest / np.asarray(wide)), 255), np.uint8)


def percentile(counts: Counts, share: float) -> float:
    """Return what `np.percentile` does of as many numbers 0, 1, 2, … as are counted; ``share`` is 0 to 1."""
    upto = counts.cumsum()
    place = (upto[-1] - 1) * share
    low, high = np.searchsorted(upto, (np.floor(place), np.ceil(place)), side="right")
    return float(low + (high - low) * (place % 1))


def _is_bright_paper(grey: Grey) -> bool:
    counts = np.array(Image.fromarray(grey).histogram())
    darkest, brightest = np.flatnonzero(counts)[[0, -1]]
    paper = percentile(counts, 0.5)  # which is most of a picture
    return bool(brightest - paper <= paper - darkest + BETWEEN)


def _largest_around(values: _Map, window: int) -> _Map:
    """Return the largest value in each square window: of two narrower ones that overlap or touch, the larger."""
    for _axis in (0, 1):
        wide = 1
        while wide < window:
            step = min(wide, window - wide)
            values = np.maximum(values[:-step], values[step:])
            wide += step
        values = values.T
    return values
