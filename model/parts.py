"""Numbers read in pictures: the connected parts of the ink, joined or cut where that reads better."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from model.connected import connected_parts
from model.cuts import seams
from model.ink import Box
from model.layout import beside, clipped
from model.normalize import Image28, normalize_ink
from model.paper import Grey
from model.picture import Ink, cropped, find_ink, ink_width
from model.reading import Reading
from model.recognizer import Prediction
from model.segmentation import MOST, Group, Members, Pieces, Read, evidence, is_sure, reading_of, search

SOLID = 96  # of 255: ink that is at least so dark connects; what is fainter belongs to the solid ink beside it
EDGE = 3  # pixels: how far from solid ink the fainter ink of its edge can be
SPECK = 0.5  # squared widths of the line: what covers less is dirt, or a crumb of the part beside it
CUTS = 7  # that are tried, the cheapest
ROUNDS = 3  # of cutting what does not read as a digit, each into two
TRIED = 12  # parts that are tried to be cut at most, the widest first, so that the work ends
WIDE = 0.8  # heights: what is wider can be two digits
CUT_DOUBT = 0.2  # of a digit that was cut out, at which it is not believed: 19 of 20 true ones have below 0.05
CONTACT = 0.7  # widths of the line: so much of the ink beyond a cut through ink is ink of both digits

Mask = npt.NDArray[np.bool_]  # (rows, columns)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Some of a picture's ink, in the ink's own pixels.

    Args:
        mask: where it is, in an array as large as the ink.
        box: around it.
        origin: the number of the connected part that it is, or was cut from.
    """

    mask: Mask
    box: Box
    origin: int


def read_picture(picture: Image.Image, read: Read) -> Reading:
    """Return what a picture shows, from left to right. Raises PictureError."""
    ink = find_ink(picture)
    if ink is None:
        return Reading()
    pen = ink_width(Image.fromarray(ink.grey))
    parts, whole = _parts(ink.grey, pen)
    groups = search(_pieces(ink.grey, parts, pen, read))
    tried: list[Part] = []
    for _ in range(ROUNDS):
        doubtful = [parts[member] for group in groups if not is_sure(group.prediction) for member in group.members]
        fresh = [part for part in doubtful if part not in tried]
        fresh = sorted(fresh, key=lambda part: -part.box.width)[: TRIED - len(tried)]
        tried += fresh
        cuts = {part: halves for part in fresh if (halves := _cut(ink.grey, part, pen, read))}
        if not cuts:
            break
        parts = [piece for part in parts for piece in cuts.get(part, (part,))]
        parts.sort(key=_middle)
        groups = search(_pieces(ink.grey, parts, pen, read))
    believable = whole and _is_cut_well(groups, parts)
    return reading_of(groups, place=lambda box: clipped(ink.place(box), picture.size), believable=believable)


def _is_cut_well(groups: Sequence[Group], parts: Sequence[Part]) -> bool:
    """Return whether what was cut out of one part of the ink is to be believed.

    Of all the cuts that were tried, some make digits of nearly anything, a box with a cross in it for one: such digits
    must be free of doubt. A stem is a 1 for nothing, so where all the ink is one part, a caret, a V or an n are no
    number with a 1 in it.
    """
    origins = [{parts[member].origin for member in group.members} for group in groups]
    counts = Counter(origin for each in origins for origin in each)
    if len(groups) > 1 and len(counts) == 1 and any(group.prediction.digit == 1 for group in groups):
        return False
    return all(
        group.prediction.doubt < CUT_DOUBT or all(counts[origin] == 1 for origin in each)
        for group, each in zip(groups, origins, strict=True)
    )


def _parts(ink: Grey, pen: float) -> tuple[list[Part], bool]:
    """Return the connected parts of ink from left to right, the `MOST` largest, without dirt; whether that is all."""
    labels = connected_parts(ink >= SOLID)
    sizes = np.bincount(labels.ravel(), minlength=2)
    sizes[0] = 0
    least = min(SPECK * pen**2, sizes.max())
    largest = np.argsort(-sizes, kind="stable")[:MOST]
    kept = np.zeros(len(sizes), np.bool_)
    kept[largest] = sizes[largest] >= least
    whole = int((sizes >= least).sum()) <= MOST
    labels = _with_edges(np.where(kept[labels], labels, 0), ink > 0)
    masks = [labels == number for number in np.flatnonzero(kept)]
    return sorted((Part(mask, _box(mask), origin) for origin, mask in enumerate(masks)), key=_middle), whole


def _with_edges(labels: npt.NDArray[np.int32], inked: Mask) -> npt.NDArray[np.int32]:
    """Return the labels with those of the solid ink given to the fainter ink beside it."""
    for _ in range(EDGE):
        padded = np.pad(labels, 1)
        for near in (padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:]):
            labels = np.where((labels == 0) & inked, near, labels)
    return labels


def _pieces(ink: Grey, parts: Sequence[Part], pen: float, read: Read) -> Pieces:
    def read_members(members: Members) -> Prediction:
        if len(members) == len(parts):
            return read(normalize_ink(ink))
        return read(_image(ink, np.logical_or.reduce([parts[member].mask for member in members])))

    return Pieces(tuple(part.box for part in parts), pen, read_members, origins=tuple(part.origin for part in parts))


def _cut(ink: Grey, part: Part, pen: float, read: Read) -> tuple[Part, Part] | None:
    """Return a part cut in two where that reads best; None where nothing reads better than the part as it is."""
    mask, box = part.mask, part.box
    window = slice(int(box.top), int(box.bottom)), slice(int(box.left), int(box.right))
    inside = np.where(mask, ink, 0)[window]
    columns = np.arange(inside.shape[1])
    best, best_worth = None, evidence(read(_image(ink, mask)))
    for seam in seams(inside, pen, CUTS):
        sides = columns - seam[:, None]  # pixels to the right of the cut
        crossed = ((sides == 0) & (inside >= SOLID)).any(1)[:, None]
        halves = []
        for side in (sides < crossed * (CONTACT * pen), sides >= crossed * (-CONTACT * pen)):
            half = np.zeros_like(mask)
            half[window] = mask[window] & side
            halves.append(Part(half, _box(half), part.origin))
        left, right = halves
        worth = beside(left.box, right.box, pen, touching=True)
        worth += sum(_worth(half, read(_image(ink, half.mask))) for half in halves)
        if worth > best_worth:
            best, best_worth = (left, right), worth
    return best


def _worth(half: Part, prediction: Prediction) -> float:
    """Return how much a half looks like a digit; one that is as wide as two may be cut again."""
    worth = evidence(prediction)
    return max(worth, 0.0) if half.box.width > WIDE * half.box.height else worth


def _middle(part: Part) -> float:
    return part.box.left + part.box.right


def _image(ink: Grey, mask: Mask) -> Image28:
    part = cropped(Ink(np.where(mask, ink, 0).astype(np.uint8)))
    assert part is not None
    return normalize_ink(part.grey)


def _box(mask: Mask) -> Box:
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return Box(float(columns[0]), float(rows[0]), float(columns[-1]) + 1, float(rows[-1]) + 1)
