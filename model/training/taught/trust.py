"""Doubt that gives way: what the user has taught is accepted as a digit from then on. Imports TensorFlow."""

from __future__ import annotations

import numpy as np

from model.bundle.bundle import DOUBT_KERAS_FILE, Bundle
from model.data.data import scaled
from model.reading.recognizer import THRESHOLD
from model.training.doubt import not_digits
from model.training.files import export
from model.training.opened.probe import skeletons
from model.training.pinned import keras
from model.training.synthetic import styles
from model.training.synthetic.scribbles import scribble
from model.training.taught.pupil import Float28, Pupil, Shown, between

STEPS = 80
SCRIBBLES, ROWS = 600, 200  # that are rehearsed, and as many that check
DIGITS = 800  # of the drawn ones that are rehearsed, and as many that check
STRENGTHS = (1.0, 0.7, 0.5, 0.35, 0.2, 0.1)  # parts of the way that are tried, strongest first
LET_IN = 0.01  # of what was refused: no more may be accepted afterwards
SEED = 11  # of what is drawn


def trusting(bundle: Bundle, own: Float28, taught: Float28, digits: Float28) -> keras.Sequential | None:
    """Return the doubt of a bundle taught that some drawings are digits; None where it doubts none of them.

    It learns as the network that reads does (see `Pupil`), held to its answers to scribbles, rows of digits and drawn
    digits; as far as on others of them it accepts no more of what is none, and doubts no more digits. The bundle has a
    doubt of its own; the user's own drawings as they are, the same as they are taught, and others are (n, 28, 28).
    """
    pupil = Pupil(export.load(bundle, DOUBT_KERAS_FILE))
    if not _doubted(pupil, own).any():
        return None
    none, none_to_check = _refused(0), _refused(1)
    chosen = np.random.default_rng(SEED).permutation(len(digits))
    rehearsed, digits_to_check = digits[chosen[:DIGITS]], digits[chosen[DIGITS : 2 * DIGITS]]
    old = pupil.weights
    refused, lost = _doubted(pupil, none_to_check).mean(), _doubted(pupil, digits_to_check).mean()
    labels = np.full(len(taught), not_digits.DIGIT, np.uint8)
    pupil.learn(Shown(taught, labels), np.concatenate([none, rehearsed]), STEPS, lambda _progress: None)
    new = pupil.weights
    for strength in STRENGTHS:
        pupil.weights = between(old, new, strength)
        if (
            _doubted(pupil, none_to_check).mean() >= refused - LET_IN
            and _doubted(pupil, digits_to_check).mean() <= lost
        ):
            return pupil.network
    return None


def _doubted(pupil: Pupil, images: Float28) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which images are refused, (n,)."""
    return np.asarray(pupil.probabilities(images)[:, not_digits.NONE] > THRESHOLD)


def _refused(part: int) -> Float28:
    """Return scribbles and rows of digits, (n, 28, 28)."""
    random = np.random.default_rng((SEED, part))
    marks = [scribble(random) for _ in range(SCRIBBLES)]
    marks += [not_digits.row(skeletons(), random) for _ in range(ROWS)]
    return scaled(styles.images(marks, random))
