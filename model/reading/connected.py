"""The connected parts of a mask, and the boxes around them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from model.ink.ink import Box

MOST = 64  # parts that are looked at one by one, the largest

Mask = npt.NDArray[np.bool_]  # (rows, columns)
Numbers = npt.NDArray[np.int32]  # (rows, columns): 0 for nothing, else the number of a part, from 1


def boxes_of(mask: Mask) -> list[Box]:
    """Return the boxes around the connected parts of a mask, the largest `MOST` of them."""
    numbers = connected_parts(mask)
    sizes = np.bincount(numbers.ravel(), minlength=1)[1:]
    boxes = all_boxes(numbers)
    return [boxes[place] for place in np.argsort(-sizes, kind="stable")[:MOST]]


def all_boxes(numbers: Numbers) -> list[Box]:
    """Return the boxes around the parts, which are numbered from 1 without gaps, in that order."""
    rows, columns = np.nonzero(numbers)
    if not len(rows):
        return []
    part = numbers[rows, columns]
    order = np.argsort(part, kind="stable")
    starts = np.flatnonzero(np.diff(part[order], prepend=0))
    sides = [
        most.reduceat(places[order], starts) + beyond
        for most, places, beyond in (
            (np.minimum, columns, 0),
            (np.minimum, rows, 0),
            (np.maximum, columns, 1),
            (np.maximum, rows, 1),
        )
    ]
    return [Box(*map(float, box)) for box in zip(*sides, strict=True)]


def box_of(mask: Mask) -> Box:
    """Return the box around a mask, which isn't empty."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return Box(float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1))


def connected_parts(mask: Mask) -> Numbers:
    """Return which part each pixel of a mask belongs to; pixels that share an edge or a corner are in the same part.

    Runs of pixels in a row are the nodes of a graph, those that touch in the next row its edges; the smaller number
    goes along the edges, with shortcuts, until nothing changes.
    """
    rows, columns = mask.shape
    padded = np.zeros((rows, columns + 2), np.int8)
    padded[:, 1:-1] = mask
    change = np.diff(padded.ravel())
    starts, ends = np.flatnonzero(change == 1), np.flatnonzero(change == -1)  # of the runs, all rows in one line
    above = columns + 2
    first = np.searchsorted(ends, starts - above)
    count = np.searchsorted(starts, ends - above, side="right") - first
    lower = np.repeat(np.arange(len(starts)), count)
    upper = np.arange(count.sum()) - np.repeat(count.cumsum() - count, count) + np.repeat(first, count)
    part = np.arange(len(starts))
    while (part[lower] != part[upper]).any():
        one, other = part[lower], part[upper]
        np.minimum.at(part, np.maximum(one, other), np.minimum(one, other))
        while (part[part] != part).any():
            part = part[part]
    order = (part == np.arange(len(starts))).cumsum()  # a part has the number of its first run
    numbers = np.zeros(mask.shape, np.int32)
    numbers[mask] = np.repeat(order[part], ends - starts)
    return numbers
