"""Why a model still misreads drawings that it has learned: measured, and said in a sentence."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from model.base.language import _
from model.data.data import Labels
from model.learning.own import Floats, Own, Which

ALIKE = 0.85  # the least cosine between two images that show nearly the same thing
CERTAIN = 0.95  # the least probability of what a drawing looks like …
NEIGHBOURS, MOST_OF_THEM = 20, 15  # … and of this many nearest drawn digits, this many are that, and none its label


class Seen(NamedTuple):
    """The inputs that the learning layers get for drawn digits, (n, inputs), and the digits' labels."""

    features: npt.NDArray[np.floating]
    labels: Labels


def said(own: Own, answers: Floats, features: Floats, against: Which, drawn: Seen) -> str:
    """Return why the drawings in ``against`` aren't read as their labels; empty if there aren't any.

    The answers, (n, 10), and the features, (n, inputs), are from before any teaching.
    """
    places = np.flatnonzero(against)
    if not len(places):
        return ""
    for place in places:
        other = _twin(own, int(place))
        if other is not None:
            sentence = _("Nearly the same drawing is saved as {one} and as {other}. Check which of them is right.")
            one, other = sorted((int(own.labels[place]), int(own.labels[other])))
            return sentence.format(one=one, other=other)
    for place in places:
        looks = int(answers[place].argmax())
        if answers[place, looks] >= CERTAIN and _is_among(features[place], int(own.labels[place]), looks, drawn):
            sentence = _("A drawing that's saved as {label} looks like {other}. Check whether its label is right.")
            return sentence.format(label=int(own.labels[place]), other=looks)
    return _("This network is too small to read it and everything else. Another one can (Model ▸ Models…).")


def _twin(own: Own, place: int) -> int | None:
    """Return another drawing that shows nearly the same but has another label; None if there isn't one."""
    flat = own.images.reshape(len(own.images), -1)
    alike = flat @ flat[place] / np.maximum(np.linalg.norm(flat, axis=1) * np.linalg.norm(flat[place]), 1e-6)
    alike[own.labels == own.labels[place]] = 0
    return int(alike.argmax()) if alike.max() >= ALIKE else None


def _is_among(features: Floats, label: int, looks: int, drawn: Seen) -> bool:
    """Return whether its nearest drawn digits are mostly the digit that it looks like, and none is its label."""
    apart = ((drawn.features.astype(np.float32) - features) ** 2).sum(1)
    nearest = drawn.labels[np.argpartition(apart, NEIGHBOURS)[:NEIGHBOURS]]
    return int((nearest == looks).sum()) >= MOST_OF_THEM and not (nearest == label).any()
