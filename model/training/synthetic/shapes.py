"""Digits by rule, in the styles that schools, pens and paint programs make and few of the training people write."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from model.data.data import Images, Labels
from model.reading.normalize import Image28
from model.training.synthetic import styles
from model.training.synthetic.styles import Line, Random

COMPARED, SEED = 1000, 1000  # digits that models are compared with, the same ones each time

TREMBLE = 0.025  # heights that a corner is moved by, standard deviation
NARROW, WIDE = 0.6, 1.4  # of a shape's width as it stands here
PER_SPAN = 8  # points between two corners


@dataclass(frozen=True, slots=True)
class Shape:
    """A way to write a digit: the corners of its strokes, 1 high, a pair of x and y each."""

    digit: str
    about: str  # for the sheet in docs/pictures
    strokes: str  # a stroke in each line of "x,y" words; the pen goes from left to right
    bent: bool = True  # whether it curves through its corners, or goes straight from each to the next
    often: int = 1

    def drawn(self, random: Random) -> list[Line]:
        """Return its strokes as one hand draws them."""
        wide = random.uniform(NARROW, WIDE)
        lines = []
        for stroke in self.strokes.splitlines():
            corners = np.array([word.split(",") for word in stroke.split()], float)
            corners += random.normal(0, TREMBLE, corners.shape)
            corners[:, 0] *= wide
            lines.append(curve(corners) if self.bent and len(corners) > 2 else straight(corners))
        return lines


def curve(corners: Line) -> Line:
    """Return a smooth line through corners: Catmull, Rom: A class of local interpolating splines (1974)."""
    way = np.linspace(0, len(corners) - 1, PER_SPAN * (len(corners) - 1) + 1)
    knot = np.minimum(way.astype(int), len(corners) - 2)
    part = (way - knot)[:, None]
    ends = np.concatenate([2 * corners[:1] - corners[1:2], corners, 2 * corners[-1:] - corners[-2:-1]])
    a, b, c, d = (ends[knot + place] for place in range(4))
    slopes = (2 * b, c - a, 2 * a - 5 * b + 4 * c - d, 3 * b - 3 * c + d - a)
    return np.asarray(sum((slope * part**power for power, slope in enumerate(slopes)), np.zeros_like(b)) / 2)


def straight(corners: Line) -> Line:
    """Return a line straight from corner to corner."""
    way = np.linspace(0, len(corners) - 1, PER_SPAN * (len(corners) - 1) + 1)
    places = np.arange(len(corners))
    return np.stack([np.interp(way, places, axis) for axis in corners.T], 1)


_RING = ".3,0 .08,.15 0,.5 .1,.87 .3,1 .52,.85 .6,.5 .5,.13 .28,.0"
SHAPES = (
    Shape("0", "a slash far over both ends", f"{_RING}\n-.15,1.2 .3,.5 .75,-.2", often=3),
    Shape("0", "a slash inside", f"{_RING}\n.1,.8 .5,.2"),
    Shape("0", "a level bar", f"{_RING}\n-.08,.52 .3,.5 .68,.48", often=2),
    Shape("0", "a dot in the middle", f"{_RING}\n.3,.48 .31,.53"),
    Shape("0", "open at the top, its ends crossed", ".42,-.05 .15,.08 0,.5 .15,.93 .4,.98 .6,.6 .5,.15 .2,.02 .1,-.06"),
    Shape("0", "drawn in straight lines", "0,0 .5,0 .5,1 0,1 0,0", bent=False),
    Shape("1", "a flag", "-.3,.32 0,0 0,1", bent=False, often=3),
    Shape("1", "a small flag", "-.14,.17 0,0 .02,1", bent=False, often=2),
    Shape("1", "an upstroke as long as the stem", "-.5,.75 -.2,.35 0,0 .02,.5 0,1", bent=False, often=2),
    Shape("1", "a bent flag", "-.28,.3 -.1,.2 .0,.0\n0,0 .01,.5 0,1", often=2),
    Shape("1", "a flag and a foot", "-.27,.28 0,0 0,1\n-.25,1 .25,1", bent=False, often=2),
    Shape("1", "a small hook right of its foot", "0,0 0,.45 .0,.85 .05,.98 .17,.97"),
    Shape("1", "a small hook left of its foot", ".0,0 0,.5 0,.86 -.06,.98 -.16,.95"),
    Shape("1", "a small hook at its top", "-.08,.1 -.04,.01 .02,.06 .03,.5 .0,1"),
    Shape("1", "a bare stroke", "0,0 0,1", bent=False),
    Shape("1", "a flag with a tick at its end", "-.48,.2 -.5,.3 -.4,.33 -.2,.2 0,0 0,0 -.05,.5 -.1,1", often=2),
    Shape("2", "a loop at its foot", "0,.2 .25,0 .5,.2 .3,.6 .04,.96 -.05,.82 .12,.78 .35,.96 .65,.9", often=2),
    Shape("2", "drawn like a Z, round at the top", "0,.12 .2,0 .45,.08 .45,.3 .2,.7 0,1\n0,1 .3,1 .6,.98"),
    Shape("2", "drawn in straight lines", "0,0 .55,0 .55,.5 0,.5 0,1 .55,1", bent=False),
    Shape("2", "a long wave for its foot", "0,.25 .2,0 .5,.15 .4,.5 .0,.95 .25,.88 .5,1 .75,.9"),
    Shape("2", "a short hook for its foot", "0,.2 .2,0 .45,.06 .48,.3 .25,.65 .08,.9 .12,1 .25,.97", often=3),
    Shape("3", "flat at the top", "0,0 .5,0 .2,.4 .5,.6 .45,.9 .2,1 0,.92", bent=False, often=2),
    Shape("3", "hardly any bows", "0,.08 .3,0 .42,.2 .22,.46 .42,.72 .3,1 0,.94", often=2),
    Shape("3", "drawn in straight lines", "0,0 .55,0 .55,1 0,1\n.1,.5 .55,.5", bent=False),
    Shape("3", "a small loop in its middle", "0,.1 .3,0 .45,.2 .25,.45 .12,.5 .2,.42 .45,.6 .4,.9 .15,1 -.05,.9"),
    Shape("3", "narrow, with a tail", "0,.2 .22,0 .45,.06 .42,.26 .22,.48 .22,.48 .42,.62 .35,.85 .05,1", often=2),
    Shape("4", "one open stroke like an S", ".28,0 .12,.25 0,.52 .25,.52 .5,.46 .42,.75 .38,1", often=2),
    Shape("4", "one stroke with corners", ".3,0 0,.55 .55,.52 .45,.2 .45,1", bent=False),
    Shape("4", "open, round below", "0,.0 -.02,.35 .1,.5 .3,.48 .48,.4\n.5,0 .48,.5 .45,1", often=2),
    Shape("4", "open, with corners", "0,0 0,.5 .6,.5\n.45,.15 .45,1", bent=False),
    Shape("4", "closed at the top", "0,.65 .4,0 .42,.5 .4,1\n0,.65 .65,.62", bent=False),
    Shape("4", "narrow, its second stroke short", ".35,0 .2,.35 0,.82 .3,.84 .52,.8\n.52,.55 .45,1", often=2),
    Shape("5", "no bar", ".05,0 .03,.4 .3,.38 .5,.6 .42,.9 .2,1 0,.93", often=2),
    Shape("5", "like an S", ".5,.02 .2,.0 .05,.2 .25,.45 .48,.7 .35,.96 0,.95", often=2),
    Shape("5", "its bar apart", ".05,.05 .02,.42 .3,.38 .48,.65 .35,.95 0,.95\n.2,-.08 .4,-.1 .65,-.12", often=2),
    Shape("5", "its bow nearly closed", ".6,0 .1,.02 .04,.4 .3,.36 .55,.58 .45,.9 .15,1 -.02,.82 .1,.74", often=3),
    Shape(
        "5",
        "its bow closed on its stem",
        ".75,.02 .15,0 .15,0 .1,.42 .1,.42 .38,.38 .62,.65 .42,.97 .15,.9 .06,.52",
        often=2,
    ),
    Shape("5", "drawn in straight lines", ".55,0 0,0 0,.45 .55,.45 .55,1 0,1", bent=False),
    Shape("6", "drawn in straight lines", ".5,0 0,0 0,1 .55,1 .55,.5 0,.5", bent=False),
    Shape("6", "a square stem and a flag", ".3,.0 .0,.0 .0,.55 .0,1 .45,1 .45,.55 .05,.55", bent=False),
    Shape("6", "a short stem", ".32,.02 .1,.25 .0,.65 .22,1 .55,.8 .45,.45 .15,.42 .02,.7", often=2),
    Shape("6", "a bent stem", ".6,.12 .4,0 .15,.15 0,.6 .2,1 .5,.85 .42,.55 .15,.55 .02,.75", often=2),
    Shape("6", "a loop that swings out", ".42,0 .15,.4 .08,.85 .35,1 .6,.8 .4,.6 .1,.68 -.2,.82", often=2),
    Shape("6", "a straight stem", ".3,0 .02,.7\n.02,.7 .2,1 .5,.85 .4,.58 .12,.6 .0,.75"),
    Shape("7", "a curl before its bar", ".12,.2 .0,.1 .08,0 .16,.1 .1,.14\n.12,.1 .6,.05 .35,.5 .2,1"),
    Shape("7", "round at its top", "0,.15 .25,.0 .52,.08 .5,.32 .32,.65 .22,1", often=3),
    Shape("7", "a wave for its bar", "0,.0 .1,.1 .3,.02 .6,.06\n.6,.06 .35,.5 .2,1", often=2),
    Shape("7", "a tick before its bar", "0,.22 0,.02 .55,.02 .2,1", bent=False, often=2),
    Shape("7", "a loop through its stem", "0,.05 .3,.02 .58,.05 .35,.5 .2,.98 .08,.75 .15,.5 .35,.48 .6,.5", often=2),
    Shape("7", "a curl through its stem", "0,.05 .55,.02 .3,.5 .2,1\n.05,.62 .2,.48 .35,.56 .55,.45", often=2),
    Shape("7", "a slanted bar across", "0,.03 .55,0 .2,1\n.08,.62 .5,.42", bent=False),
    Shape(
        "8",
        "begun at the top right, left open",
        ".5,.12 .25,0 .05,.18 .3,.45 .52,.75 .28,1 .0,.8 .2,.52 .5,.2 .66,-.1",
        often=2,
    ),
    Shape("8", "begun in its middle", ".3,.48 .05,.25 .28,0 .52,.22 .3,.48 .02,.75 .28,1 .55,.78 .32,.5"),
    Shape("8", "two rings", ".28,0 .06,.22 .28,.46 .5,.22 .28,.0\n.28,.46 .0,.72 .28,1 .55,.74 .28,.46", often=2),
    Shape("8", "like crossed lines, closed below", "0,0 .5,.95 .25,1 .05,.9 .3,.4 .55,0 .25,-.02 .02,.03"),
    Shape("8", "drawn in straight lines", "0,0 .55,0 .55,1 0,1 0,0\n0,.5 .55,.5", bent=False),
    Shape("9", "open at the top", ".38,.12 .2,.05 .02,.2 .15,.45 .4,.35 .55,.02 .52,.5 .45,1", often=2),
    Shape("9", "a hook to the left", ".5,.1 .25,0 .02,.2 .2,.45 .5,.25 .52,.15 .52,.6 .42,.95 .2,1 .05,.88", often=2),
    Shape("9", "a straight stem", ".5,.08 .25,0 .02,.22 .2,.45 .5,.25\n.5,.02 .5,1", often=2),
    Shape("9", "drawn in straight lines", ".55,.5 0,.5 0,0 .55,0 .55,1", bent=False),
    Shape("9", "its ring small and flat", ".5,.1 .25,.0 .0,.12 .2,.26 .5,.14 .48,.5 .35,1"),
)
_CHANCES = np.array([shape.often for shape in SHAPES], float)
_CHANCES /= _CHANCES.sum()


def shape(random: Random) -> Shape:
    """Return a random shape."""
    return SHAPES[int(random.choice(len(SHAPES), p=_CHANCES))]


def digits(count: int, random: Random) -> tuple[Images, Labels]:
    """Return so many digits as the network would be shown them, each by another hand, and their labels."""
    images, labels = one_by_one(count, random)
    return styles.bytes_of(images), labels


def one_by_one(count: int, random: Random) -> tuple[Iterator[Image28], Labels]:
    """Return what `digits` returns, but draw each image when it's asked for."""
    chosen = [shape(random) for _ in range(count)]
    drawn = (styles.warped(each.drawn(random), random) for each in chosen)
    return styles.one_by_one(drawn, random), np.array([int(each.digit) for each in chosen], np.uint8)
