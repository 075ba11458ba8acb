"""Reads numbers in pictures: the connected parts of the ink, joined or cut where that reads better."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from PIL import Image

from model.ink.ink import Box
from model.reading import reasons
from model.reading.certainty import ENOUGH, SURE_ENOUGH, how_sure, is_worth_another
from model.reading.connected import Mask, Numbers, box_of, connected_parts
from model.reading.cuts import Ring, Seam, cuts_of
from model.reading.eye import Eye, seen
from model.reading.groups import of_number
from model.reading.layout import around, clipped
from model.reading.normalize import Image28, normalize_ink
from model.reading.picture import Grey, ink_width
from model.reading.reading import Prediction, Reading
from model.reading.segmentation import (
    MOST_PIECES,
    Group,
    Members,
    Pieces,
    Read,
    is_sure,
    most_evidence,
    reading_of,
    search,
)
from model.reading.sight import Sight
from model.reading.signs import signs_of

SOLID = 96  # of 255: ink that is at least so dark connects; what's fainter belongs to the solid ink next to it
EDGE = 3  # pixels: how far from solid ink the fainter ink of its edge can be
CLEAR = 166  # of 255: the mean of a part's ink, at least, where there is clearer one
SPECK = 0.5  # squared widths of the line: what covers less is dirt, or a crumb of the part next to it
CUT_DOUBT = 0.2  # of a digit that was cut out, at which it isn't believed: 19 of 20 true ones have below 0.05
CONTACT = 0.7  # widths of the line: so much of the ink beyond a cut through ink is ink of both digits

NOWHERE = Box(0.0, 0.0, 0.0, 0.0)

Doubt = Callable[[Image28], float]


@dataclass(frozen=True, slots=True, eq=False)
class InkPart:
    """Some of a picture's ink, in the ink's own pixels."""

    mask: Mask  # where it is, in an array as large as its box
    box: Box
    origin: int  # the number of the connected part that it is, or was cut from


def look(picture: Image.Image, read: Read, eye: Eye, doubt: Doubt = lambda _: 0.0) -> tuple[Sight, Reading]:
    """Return the look at a picture that is read, and what it shows, from left to right.

    Raises PictureError. ``doubt`` is the doubt of ``read``, or less: if it says enough, the rest needn't be computed.
    It's the first look if that's clear. Otherwise it's the surest, held against what the other ones read, and it's only
    accepted if two looks, each for itself, would accept the same.
    """
    sight = seen(picture, eye)
    reading = read_sight(sight, read, doubt)
    if is_worth_another(eye.certain, sight, reading):
        looks = [(sight, reading), *((other, read_sight(other, read, doubt)) for other in eye.look_again(sight))]
        sight, reading = _surest(looks, eye.certain)
    digits = tuple(replace(digit, box=clipped(digit.box, picture.size)) for digit in reading.digits)
    return sight, replace(reading, digits=digits)


def _surest(looks: Sequence[tuple[Sight, Reading]], weights: Sequence[float] | None) -> tuple[Sight, Reading]:
    sure = [how_sure(weights, *each, sum(other.text != each[1].text for _, other in looks)) for each in looks]
    surest = max(sure)
    sight, reading = looks[sure.index(surest)]
    alike = sum(how > 0 and other.text == reading.text for how, (_, other) in zip(sure, looks, strict=True))
    if surest >= ENOUGH and alike >= min(2, len(looks)):
        return sight, reading
    return sight, replace(reading, hindered=reading.hindered or reasons.of_unsure(sight, reading))


def read_sight(sight: Sight, read: Read, doubt: Doubt) -> Reading:
    """Return what one look at a picture reads, like `look`, however sure it is."""
    ink = sight.ink()
    if ink is None:
        return Reading(hindered=reasons.of_nothing(sight))
    pen = ink_width(Image.fromarray(ink.likely))
    parts, whole = _parts(ink.likely, pen)
    if not parts:  # all of it is too faint
        return Reading(hindered=reasons.of_nothing(sight))
    number, hindered = of_number([part.box for part in parts], [part.mask for part in parts], ink.sheet)
    marks = [sight.place(ink.place(part.box)) for place, part in enumerate(parts) if place not in number]
    parts = [parts[place] for place in number]
    reader = _Reader(ink.grey, read, doubt)
    groups = search(_pieces(reader, parts, pen))
    if whole and hindered != "lines":  # what isn't believed need not be cut
        doubtful = [parts[member] for group in groups if not is_sure(group.prediction) for member in group.members]
        tallest = max(part.box.height for part in parts)
        if slices := _sliced(reader.ink, doubtful, pen, tallest, MOST_PIECES - len(parts)):
            parts = sorted((piece for part in parts for piece in slices.get(part, (part,))), key=_middle)
            groups = search(_pieces(reader, parts, pen, are_cut=True))
    origins = [{parts[member].origin for member in group.members} for group in groups]
    touching = [not one.isdisjoint(other) for one, other in pairwise(origins)]
    believable = whole and _is_cut_well(groups, origins)
    reading = reading_of(groups, place=ink.place, touching=touching, believable=believable)
    digits = [sight.place(ink.place(group.box)) for group in groups]
    reading = replace(reading, signs=signs_of(sight, digits, marks), hindered=hindered)
    if reading.hindered:
        return reading
    sure = reading.accepted and all(digit.prediction.confidence > SURE_ENOUGH for digit in reading.digits)
    why = reasons.of_left_out if sure else reasons.of_unsure
    return replace(reading, hindered=why(sight, reading))


class _Reader:
    """Reads what parts of a picture's ink show together, the same ones once."""

    def __init__(self, ink: Grey, read: Read, doubt: Doubt):
        self.ink = ink
        self._read, self._doubt = read, doubt
        self._known: dict[frozenset[InkPart], Prediction] = {}
        self._images: dict[frozenset[InkPart], Image28] = {}

    def most_evidence(self, parts: Sequence[InkPart]) -> float:
        """Return what the evidence of some parts is at most: doubt is told many times as fast as a digit."""
        return most_evidence(self._doubt(self._image(parts)))

    def read(self, parts: Sequence[InkPart]) -> Prediction:
        """Return what some parts show together."""
        key = frozenset(parts)
        if key not in self._known:
            self._known[key] = self._read(self._image(parts))
        return self._known[key]

    def _image(self, parts: Sequence[InkPart]) -> Image28:
        key = frozenset(parts)
        if key not in self._images:
            self._images[key] = normalize_ink(_together(parts, self.ink))
        return self._images[key]


def _together(parts: Sequence[InkPart], ink: Grey) -> Grey:
    """Return the ink of some parts, as large as the box around them."""
    box = around([part.box for part in parts])
    alone = np.zeros((int(box.height), int(box.width)), np.uint8)
    for part in parts:
        np.copyto(_cut_out(alone, part.box, box), _cut_out(ink, part.box), where=part.mask)
    return alone


def _is_cut_well(groups: Sequence[Group], origins: Sequence[set[int]]) -> bool:
    """Return whether what was cut out of one part of the ink is to be believed; each group is of some parts.

    Some cuts make digits of nearly anything, as of a box with a cross in it: such digits must be free of doubt. A stem
    is a 1 for nothing, so where all the ink is one part, a caret, a V or an n aren't a number with a 1 in it.
    """
    counts = Counter(origin for each in origins for origin in each)
    if len(groups) > 1 and len(counts) == 1 and any(group.prediction.digit == 1 for group in groups):
        return False
    return all(
        group.prediction.doubt < CUT_DOUBT or all(counts[origin] == 1 for origin in each)
        for group, each in zip(groups, origins, strict=True)
    )


def _parts(ink: Grey, pen: float) -> tuple[list[InkPart], bool]:
    """Return the largest parts of ink from left to right, without dirt, and whether that is all."""
    numbers = connected_parts(ink >= SOLID)
    sizes = np.bincount(numbers.ravel(), minlength=2)
    sizes[0] = 0
    clear = np.bincount(numbers.ravel(), ink.ravel(), minlength=2) / np.maximum(sizes, 1)
    sizes[clear < min(CLEAR, clear.max())] = 0  # the remains of a ring, or of a frame
    least = max(1, min(SPECK * pen**2, sizes.max()))
    largest = np.argsort(-sizes, kind="stable")[:MOST_PIECES]
    kept = np.zeros(len(sizes), np.bool_)
    kept[largest] = sizes[largest] >= least
    whole = int((sizes >= least).sum()) <= MOST_PIECES
    numbers = _with_edges(np.where(kept[numbers], numbers, 0), ink > 0)
    masks = (numbers == number for number in np.flatnonzero(kept))
    return sorted((_part(mask, origin) for origin, mask in enumerate(masks)), key=_middle), whole


def _with_edges(numbers: Numbers, inked: Mask) -> Numbers:
    """Give the numbers of the solid ink to the fainter ink next to it."""
    rows, columns = numbers.shape
    field = np.zeros((rows + 2, columns + 2), np.int32)
    field[1:-1, 1:-1] = numbers
    flat = field.ravel()
    places = np.arange(flat.size, dtype=np.int32).reshape(field.shape)[1:-1, 1:-1]
    free = places[inked & (numbers == 0)]
    for _ in range(EDGE):
        near = flat[free + np.array([[-columns - 2], [columns + 2], [-1], [1]])]  # above, below, left, right
        flat[free] = np.take_along_axis(near, (near != 0).argmax(0)[None], 0)  # the first that has a number
        free = free[flat[free] == 0]
    return field[1:-1, 1:-1]


def _pieces(reader: _Reader, parts: Sequence[InkPart], pen: float, *, are_cut: bool = False) -> Pieces:
    def some(members: Members) -> list[InkPart]:
        return [parts[member] for member in members]

    return Pieces(
        boxes=tuple(part.box for part in parts),
        pen=pen,
        read=lambda members: reader.read(some(members)),
        origins=tuple(part.origin for part in parts),
        most=(lambda members: reader.most_evidence(some(members))) if are_cut else None,
    )


def _sliced(ink: Grey, parts: Sequence[InkPart], pen: float, tallest: float, room: int) -> dict[InkPart, list[InkPart]]:
    """Return the parts that can be cut, each with its slices; the widest first, until there's room for no more.

    ``tallest`` is the height of a digit in pixels, and ``room`` is how many more slices there are than parts at most.
    """
    found = {}
    for part in sorted(parts, key=lambda part: -part.box.width):
        inside = np.where(part.mask, _cut_out(ink, part.box), 0)
        rings = Ring.of(inside, SOLID, pen)
        if cuts := cuts_of(inside, SOLID, pen, tallest, rings)[:room]:
            found[part] = _slices(part, inside, cuts, pen, rings)
            room -= len(found[part]) - 1
    return found


def _slices(part: InkPart, inside: Grey, cuts: Sequence[Seam], pen: float, rings: Sequence[Ring]) -> list[InkPart]:
    """Return a part's slices from left to right; where a cut goes through ink, both have some of what is beyond.

    A ring stays whole: the slice with most of its hole has all of it, so two digits both have the wall that they share.
    """
    cuts = sorted(cuts, key=lambda cut: float(cut.mean()))
    sides = [np.arange(inside.shape[1]) - cut[:, None] for cut in np.maximum.accumulate(cuts)]  # pixels to the right
    reach = [((side == 0) & (inside >= SOLID)).any(1)[:, None] * (CONTACT * pen) for side in sides]
    places = np.sum([side >= 0 for side in sides], 0)
    owners = [np.bincount(places[ring.hole]).argmax() for ring in rings]
    slices = []
    for place in range(len(cuts) + 1):
        mask = np.ones_like(part.mask)
        if place > 0:
            mask &= sides[place - 1] >= -reach[place - 1]
        if place < len(cuts):
            mask &= sides[place] < reach[place]
        for ring, owner in zip(rings, owners, strict=True):
            if owner == place:
                mask |= ring.near
        mask &= part.mask
        if mask.any():
            slices.append(_part(mask, part.origin, part.box))
    return slices


def _middle(part: InkPart) -> float:
    return part.box.left + part.box.right


def _part(mask: Mask, origin: int, place: Box = NOWHERE) -> InkPart:
    """Return the part that a mask shows, which is as large as a box of the ink, or as all of it."""
    left, top, right, bottom = map(int, box_of(mask))
    box = Box(place.left + left, place.top + top, place.left + right, place.top + bottom)
    return InkPart(mask[top:bottom, left:right].copy(), box, origin)


def _cut_out(ink: Grey, box: Box, whole: Box = NOWHERE) -> Grey:
    """Return a box of ink, the ink itself, which is as large as another box, or as all of it."""
    top, left = int(box.top - whole.top), int(box.left - whole.left)
    return ink[top : top + int(box.height), left : left + int(box.width)]
