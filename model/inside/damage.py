"""An image damaged on purpose: noise, blur, a turn, a shift, another size or thickness, parts erased."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageFilter

from model.base.language import N_
from model.base.work import Work
from model.inside.exam import Examined
from model.reading.normalize import SIDE, Image28, normalize_ink
from model.reading.recognizer import Recognizer

PATCH = 4  # pixels, a side of each erased square
SEEN = 0.1  # of ink: anything fainter isn't part of a digit that's fitted again


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to damage an image."""

    name: str  # of its field in `Damage`
    title: str
    ends: tuple[float, float]  # the least and the most
    shown: str = "{}"  # with its unit


KINDS = (
    Kind("noise", N_("Noise"), (0, 0.6)),
    Kind("blur", N_("Blur"), (0, 3)),
    Kind("turn", N_("Turn"), (-90, 90), "{}°"),
    Kind("shift", N_("Move"), (-10, 10)),
    Kind("scale", N_("Size"), (0.4, 1.6), "×{}"),
    Kind("thickness", N_("Thickness"), (-1, 2)),
    Kind("erased", N_("Erased"), (0, 1)),
)


@dataclass(frozen=True, slots=True)
class Damage:
    """How an image is damaged."""

    noise: float = 0.0  # standard deviation, for ink from 0 to 1
    blur: float = 0.0  # pixels, of a Gaussian
    turn: float = 0.0  # degrees, clockwise
    shift: float = 0.0  # pixels to the right
    scale: float = 1.0
    thickness: float = 0.0  # pixels, added all around the ink
    erased: float = 0.0  # the fraction of the squares of 4x4 pixels that becomes paper
    normal: bool = False  # whether it's fitted and centred again, like a picture's ink


def with_amount(damage: Damage, kind: Kind, amount: float) -> Damage:
    """Return the damage with another amount of one kind."""
    return replace(damage, **{kind.name: amount})  # type: ignore[arg-type]  # the names of numbers


def damaged(image: Image28, damage: Damage, seed: int = 0) -> Image28:
    """Return a damaged (28, 28) image; the seed decides on the noise and the erased parts, the same way each time."""
    ink = _thicker(image, damage.thickness)
    if damage.turn or damage.shift or damage.scale != 1:
        ink = _moved(ink, damage)
    if damage.blur:
        grey = Image.fromarray((ink * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(damage.blur))
        ink = np.asarray(grey, np.float32) / np.float32(255)
    random = np.random.default_rng(seed)
    paper = random.random((SIDE // PATCH, SIDE // PATCH)).repeat(PATCH, 0).repeat(PATCH, 1) < damage.erased
    ink = np.where(paper, np.float32(0), ink)
    if damage.noise:
        ink = np.clip(ink + random.normal(0, damage.noise, ink.shape).astype(np.float32), 0, 1)
    return _normal(ink) if damage.normal else ink


class Borne(NamedTuple):
    """How many damaged images are read, as fractions of all."""

    right: float
    accepted: float  # and right


def borne(recognizer: Recognizer, examined: Examined, damage: Damage, count: int) -> Work[Borne]:
    """Return, in pieces of work, how the program reads the first ``count`` images after damage."""
    right = accepted = 0
    some = min(count, len(examined.digits))
    for seed, (image, digit) in enumerate(zip(examined.images[:some], examined.digits[:some], strict=True)):
        read = recognizer.read(damaged(image, damage, seed))
        right += read.digit == digit
        accepted += read.digit == digit and read.accepted
        yield
    return Borne(right / max(1, some), accepted / max(1, some))


def _thicker(image: Image28, by: float) -> Image28:
    """Return ink thickened by some pixels, or thinned; half a pixel does half of what a pixel does."""
    pick = np.maximum if by > 0 else np.minimum
    for part in (min(abs(by) - done, 1) for done in range(int(np.ceil(abs(by))))):
        wide = np.pad(image, 1)
        across = pick(pick(wide[1:-1, :-2], wide[1:-1, 2:]), image)
        grown = pick(pick(wide[:-2, 1:-1], wide[2:, 1:-1]), across)
        image = image + np.float32(part) * (grown - image)
    return image


def _moved(ink: Image28, damage: Damage) -> Image28:
    """Return ink turned and scaled around the middle, and shifted; whatever leaves the image is cut off."""
    angle, middle = np.radians(damage.turn), SIDE / 2
    cosine, sine = np.cos(angle) / damage.scale, np.sin(angle) / damage.scale
    x = middle + damage.shift
    ways = (cosine, sine, middle - cosine * x - sine * middle, -sine, cosine, middle + sine * x - cosine * middle)
    turned = Image.fromarray(ink).transform((SIDE, SIDE), Image.Transform.AFFINE, ways, Image.Resampling.BILINEAR)
    return np.asarray(turned, np.float32)


def _normal(ink: Image28) -> Image28:
    """Return ink fitted and centred again; paper if there isn't any."""
    rows, columns = np.flatnonzero((ink > SEEN).any(1)), np.flatnonzero((ink > SEEN).any(0))
    if not rows.size:
        return np.zeros((SIDE, SIDE), np.float32)
    box = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return normalize_ink((np.clip(box, 0, 1) * 255).astype(np.uint8))
