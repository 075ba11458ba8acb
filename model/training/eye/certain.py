"""How sure an answer to a picture may be: weights fitted on made-up paper, whose truth is known."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

from model.reading.certainty import MEASURES, measures
from model.reading.eye import seen
from model.reading.parts import read_sight
from model.reading.recognizer import Recognizer
from model.training.synthetic.paper import example
from model.training.synthetic.styles import Random
from model.training.synthetic.writing import Hands

PICTURES = 4000  # of the validation people's ink
PENALTY = 1.0  # of squared weights, in pictures: it keeps them finite where none are misread
STEPS = 30  # of Newton's method, which needs ten


def fitted(recognizer: Recognizer, hands: Hands, random: Random) -> list[float]:
    """Return the weights for `certainty` by which readings of pictures are right as often as they say."""
    known, right = [], []
    for _ in range(PICTURES):
        made = example(hands, random)
        sight = seen(Image.fromarray(made.grey), recognizer.eye)
        reading = read_sight(sight, recognizer.read, recognizer.doubt)
        if reading.accepted:  # apart from the certainty
            again = (read_sight(each, recognizer.read, recognizer.doubt) for each in recognizer.eye.look_again(sight))
            known.append(measures(sight, reading.digits, sum(each.text != reading.text for each in again)))
            right.append(reading.text == made.text)
    return regression(np.reshape(known, (-1, MEASURES)), np.array(right, np.bool_))


def regression(measured: npt.NDArray[np.floating], right: npt.NDArray[np.bool_]) -> list[float]:
    """Return the constant term and the weights of a logistic regression, found by Newton's method."""
    given = np.insert(np.asarray(measured, float), 0, 1, axis=1)
    weights = np.zeros(given.shape[1])
    for _ in range(STEPS):
        told = 1 / (1 + np.exp(-given @ weights))
        slope = given.T @ (told - right) + PENALTY * weights
        curve = (given.T * (told * (1 - told))) @ given + PENALTY * np.eye(len(weights))
        weights -= np.linalg.solve(curve, slope)
    return [round(float(weight), 4) for weight in weights]
