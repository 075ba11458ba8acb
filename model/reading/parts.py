"""Numbers read in pictures: the connected parts of the ink, joined or cut where that reads better."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from model.ink.ink import Box
from model.reading.connected import connected_parts
from model.reading.cuts import Seam, seams
from model.reading.layout import around, beside, clipped
from model.reading.normalize import normalize_ink
from model.reading.paper import Grey
from model.reading.picture import find_ink, ink_width
from model.reading.prediction import Prediction
from model.reading.reading import Reading
from model.reading.segmentation import MOST, Group, Members, Pieces, Read, evidence, is_sure, reading_of, search

SOLID = 96  # of 255: ink that is at least so dark connects; what is fainter belongs to the solid ink beside it
EDGE = 3  # pixels: how far from solid ink the fainter ink of its edge can be
SPECK = 0.5  # squared widths of the line: what covers less is dirt, or a crumb of the part beside it
CUTS = 7  # that are tried, the cheapest
ROUNDS = 3  # of cutting what does not read as a digit, each into two
TRIED = 12  # parts that are tried to be cut at most, the widest first, so that the work ends
TIRED = 200  # images that are read before nothing more is tried to be cut, and the answer is not believed
WIDE = 0.8  # heights: what is wider can be two digits
CUT_DOUBT = 0.2  # of a digit that was cut out, at which it is not believed: 19 of 20 true ones have below 0.05
CONTACT = 0.7  # widths of the line: so much of the ink beyond a cut through ink is ink of both digits

NOWHERE = Box(0.0, 0.0, 0.0, 0.0)

Mask = npt.NDArray[np.bool_]  # (rows, columns)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Some of a picture's ink, in the ink's own pixels.

    Args:
        mask: where it is, in an array as large as its box.
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
    reader = _Reader(ink.grey, read)
    groups = search(_pieces(reader, parts, pen))
    tried: list[Part] = []
    for _ in range(ROUNDS if whole else 0):  # what is not believed anyway need not be cut
        doubtful = [parts[member] for group in groups if not is_sure(group.prediction) for member in group.members]
        fresh = [part for part in doubtful if part not in tried]
        fresh = sorted(fresh, key=lambda part: -part.box.width)[: TRIED - len(tried)]
        tried += fresh
        cuts = {part: halves for part in fresh if (halves := _cut(reader, part, pen))}
        if not cuts:
            break
        parts = [piece for part in parts for piece in cuts.get(part, (part,))]
        parts.sort(key=_middle)
        groups = search(_pieces(reader, parts, pen))
    believable = whole and not reader.is_tired and _is_cut_well(groups, parts)
    return reading_of(groups, place=lambda box: clipped(ink.place(box), picture.size), believable=believable)


class _Reader:
    """Reads what parts of a picture's ink show together, the same ones once.

    Args:
        ink: all of it.
        read: reads an image.
    """

    def __init__(self, ink: Grey, read: Read):
        self.ink = ink
        self._read = read
        self._known: dict[frozenset[Part], Prediction] = {}

    @property
    def is_tired(self) -> bool:
        """Whether so much was read already that no more should be tried."""
        return len(self._known) > TIRED

    def everything(self) -> Prediction:
        """Return what all ink shows, crumbs too."""
        if frozenset() not in self._known:
            self._known[frozenset()] = self._read(normalize_ink(self.ink))
        return self._known[frozenset()]

    def together(self, parts: Sequence[Part]) -> Prediction:
        """Return what some parts show."""
        key = frozenset(parts)
        if key not in self._known:
            box = around([part.box for part in parts])
            ink = np.zeros((int(box.height), int(box.width)), np.uint8)
            for part in parts:
                np.copyto(_cut_out(ink, part.box, box), _cut_out(self.ink, part.box), where=part.mask)
            self._known[key] = self._read(normalize_ink(ink))
        return self._known[key]


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
    masks = (labels == number for number in np.flatnonzero(kept))
    return sorted((_part(mask, origin) for origin, mask in enumerate(masks)), key=_middle), whole


def _with_edges(labels: npt.NDArray[np.int32], inked: Mask) -> npt.NDArray[np.int32]:
    """Return the labels with those of the solid ink given to the fainter ink beside it."""
    for _ in range(EDGE):
        padded = np.pad(labels, 1)
        for near in (padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:]):
            labels = np.where((labels == 0) & inked, near, labels)
    return labels


def _pieces(reader: _Reader, parts: Sequence[Part], pen: float) -> Pieces:
    def read_members(members: Members) -> Prediction:
        if len(members) == len(parts):
            return reader.everything()
        return reader.together([parts[member] for member in members])

    return Pieces(tuple(part.box for part in parts), pen, read_members, origins=tuple(part.origin for part in parts))


def _cut(reader: _Reader, part: Part, pen: float) -> tuple[Part, Part] | None:
    """Return a part cut in two where that reads best; None where nothing reads better than the part as it is."""
    if reader.is_tired:
        return None
    inside = np.where(part.mask, _cut_out(reader.ink, part.box), 0)
    best, best_worth = None, evidence(reader.together([part]))
    for seam in seams(inside, pen, CUTS):
        left, right = _halves(part, inside, seam, pen)
        worth = beside(left.box, right.box, pen, touching=True)
        worth += sum(_worth(half, reader.together([half])) for half in (left, right))
        if worth > best_worth:
            best, best_worth = (left, right), worth
    return best


def _halves(part: Part, inside: Grey, seam: Seam, pen: float) -> tuple[Part, Part]:
    """Return a part left and right of a seam; where that goes through a line, both have the line's width of ink there.

    Args:
        part: with a mask of (rows, columns).
        inside: its ink, (rows, columns).
        seam: of each row the first column to the right, (rows,).
        pen: the line's width, in pixels.
    """
    sides = np.arange(inside.shape[1]) - seam[:, None]  # pixels to the right of the cut
    crossed = ((sides == 0) & (inside >= SOLID)).any(1)[:, None]
    left = sides < crossed * (CONTACT * pen)
    right = sides >= crossed * (-CONTACT * pen)
    return _part(part.mask & left, part.origin, part.box), _part(part.mask & right, part.origin, part.box)


def _worth(half: Part, prediction: Prediction) -> float:
    """Return how much a half looks like a digit; one that is as wide as two may be cut again."""
    worth = evidence(prediction)
    return max(worth, 0.0) if half.box.width > WIDE * half.box.height else worth


def _middle(part: Part) -> float:
    return part.box.left + part.box.right


def _part(mask: Mask, origin: int, place: Box = NOWHERE) -> Part:
    """Return the part that a mask shows, which is as large as a box of the ink, or as all of it."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    box = Box(place.left + left, place.top + top, place.left + right, place.top + bottom)
    return Part(mask[top:bottom, left:right].copy(), box, origin)


def _cut_out(ink: Grey, box: Box, whole: Box = NOWHERE) -> Grey:
    """Return a box of ink, the ink itself, which is as large as another box, or as all of it."""
    top, left = int(box.top - whole.top), int(box.left - whole.left)
    return ink[top : top + int(box.height), left : left + int(box.width)]
