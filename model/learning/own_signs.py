"""The user's own signs are learned: each from a few drawings, against drawn digits and other marks.

Chosen on eight people's letters: docs/decisions/signs-of-your-own.md.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from model.base.language import _
from model.bundle.litert_head import Floats
from model.data.data import DIGITS, scaled
from model.ink.ink import Drawing
from model.learning.network import Network
from model.learning.own import Own
from model.learning.pupil import Adam
from model.reading.features import Features
from model.reading.normalize import normalize_drawing
from model.reading.own_signs import LENGTH, probabilities, told_by
from model.reading.reading import FEWEST, Prediction
from model.training.synthetic import styles

REDRAWN, PLAIN = 200, 50  # images of one sign's drawings, as drawn at another time, and unchanged
STEPS, RATE = 600, 0.02 / LENGTH
SIGNS, OTHERS = 32, 128  # examples per step …
SHARE = 0.08  # … and the weight of the signs among them
LOST = 0.001  # of drawn digits: the most that may be read as a sign
APART = -1.0  # a sum: if it's lower for all of the user's own digits, none of them is near the sign
MOST_OWN = 200  # of these digits: the newest


def by_sign(drawings: Iterable[Drawing]) -> dict[str, list[Drawing]]:
    """Return the drawings of each sign, leaving out those with a digit as their label."""
    found: dict[str, list[Drawing]] = defaultdict(list)
    for drawing in drawings:
        if drawing.label and drawing.label not in DIGITS:
            found[drawing.label].append(drawing)
    return dict(sorted(found.items()))


def learned(
    signs: Sequence[Sequence[Drawing]],
    others: Floats,
    digits: Floats,
    features: Features,
) -> Floats:
    """Return the rows, (signs, inputs + 1), that recognize signs, learned from their drawings.

    ``others`` are the network's features, (n, inputs), of everything that isn't a sign; ``digits`` those to check with.
    """
    random = np.random.default_rng(0)
    shown = [told_by(features.of(_shown(drawings, random))) for drawings in signs]
    rest = told_by(others)
    rows = np.zeros((len(signs), rest.shape[1]), np.float32)
    adam = Adam([rows], STEPS, RATE)
    for step in range(1, STEPS + 1):
        which = random.integers(0, len(signs), SIGNS)
        some = np.stack([shown[sign][random.integers(len(shown[sign]))] for sign in which])
        given = np.concatenate([some, rest[random.integers(0, len(rest), OTHERS)]])
        slope = probabilities(given, rows)
        slope[np.arange(SIGNS), which] -= 1
        slope[:SIGNS] *= SHARE / SIGNS
        slope[SIGNS:] *= (1 - SHARE) / OTHERS
        adam.take(step, [slope.T @ given])
    rows[:, -1] -= np.maximum(np.quantile(told_by(digits) @ rows.T, 1 - LOST, axis=0), 0) / LENGTH
    return rows


def apart(signs: Mapping[str, Sequence[Drawing]], rows: Floats, own: Own, network: Network) -> str:
    """Return the signs that are far from all of the user's own digits: a mark needn't be doubted to be one of them.

    At least five of these digits must be of the one that the sign looks like.
    """
    if not len(own.labels):
        return ""
    sums = (told_by(network.features.of(own.images[-MOST_OWN:])) @ rows.T).max(0)
    found = ""
    for (sign, drawings), highest in zip(signs.items(), sums, strict=True):
        seen = Counter(int(np.argmax(network.run(normalize_drawing(drawing)))) for drawing in drawings)
        if highest < APART and (own.labels == seen.most_common(1)[0][0]).sum() >= FEWEST:
            found += sign
    return found


def _shown(drawings: Sequence[Drawing], random: styles.Random) -> Floats:
    """Return one sign's drawings as images, (n, 28, 28)."""
    again = [drawings[place % len(drawings)] for place in range(max(REDRAWN, len(drawings)))]
    images = scaled(styles.images((styles.redrawn(drawing, random) for drawing in again), random))
    plain = np.stack([normalize_drawing(drawing) for drawing in drawings])
    return np.concatenate([images, *[plain] * max(1, PLAIN // len(plain))])


def waits(sign: str, count: int) -> str:
    """Return a sentence that a sign with this many drawings isn't learned yet."""
    sentence = _("{sign} is read once {most} drawings of it are saved: {count} so far.")
    return sentence.format(sign=sign, most=FEWEST, count=count)


class Judged(NamedTuple):
    """How many drawings of signs are read right and accepted, and what keeps others from it."""

    read: int
    against: str


def told(signs: Mapping[str, Sequence[Drawing]], read: Callable[[Floats], Prediction]) -> list[tuple[str, Prediction]]:
    """Return, for each drawing of a sign, that sign and what's read now."""
    return [(sign, read(normalize_drawing(drawing))) for sign, drawings in signs.items() for drawing in drawings]


def judged(told: Sequence[tuple[str, Prediction]], counts: Mapping[str, int]) -> Judged:
    """Return the result of what was read; ``counts`` says how many drawings of each label are saved."""
    wrong = [(sign, seen) for sign, seen in told if seen.text != sign or not seen.accepted]
    if not wrong:
        return Judged(len(told), "")
    sign, count = Counter(sign for sign, _seen in wrong).most_common(1)[0]
    other = Counter(seen.text for each, seen in wrong if each == sign and seen.text != sign).most_common(1)
    sentence = (
        _("{count} of your drawings of {sign} aren't read; they look too much like {other}.")
        if other
        else _("{count} of your drawings of {sign} aren't read; draw it more alike, or save more of it.")
    )
    line = sentence.format(count=count, sign=sign, other=other and other[0][0])
    if other and other[0][0] in DIGITS and counts.get(other[0][0], 0) < FEWEST:
        more = _("Save {most} drawings of your {other}, too, and Inkling learns the difference.")
        line += " " + more.format(most=FEWEST, other=other[0][0])
    return Judged(len(told) - len(wrong), line)
