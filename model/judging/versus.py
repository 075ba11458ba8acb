"""Two models side by side, on the same test images: what each reads, and what only one of them reads."""

from __future__ import annotations

import base64
import time

import numpy as np
import numpy.typing as npt

from model.base.events import Compared, Difference, Side
from model.bundle.bundle import LITERT_FILE
from model.data.data import Mnist, scaled
from model.reading.recognizer import Recognizer

TURNS, TURN_IMAGES = 10, 50  # of each model that is timed, and in each
MOST_SHOWN = 8  # images that only one of them reads, of each


def compare(current: Recognizer, new: Recognizer, data: Mnist) -> Compared:
    """Return how two models read the test images, each by the network that people get: the LiteRT export."""
    images, labels = scaled(data.test_images), data.test_labels
    models = (current, new)
    answers = [np.array([model.probabilities(image) for image in images]).argmax(1) for model in models]
    right = [answer == labels for answer in answers]
    current_side, new_side = (
        Side(int(each.sum()), len(model.bundle.read(LITERT_FILE)), round(milliseconds, 3))
        for model, each, milliseconds in zip(models, right, _milliseconds(models, images), strict=True)
    )
    chosen = [place for one, other in (right, right[::-1]) for place in np.flatnonzero(one & ~other)[:MOST_SHOWN]]
    differences = []
    for place in chosen:
        image = base64.b64encode(data.test_images[place].tobytes()).decode()
        differences.append(Difference(image, int(labels[place]), *(int(each[place]) for each in answers)))
    return Compared(len(labels), current_side, new_side, tuple(differences))


def _milliseconds(models: tuple[Recognizer, ...], images: npt.NDArray[np.float32]) -> list[float]:
    """Return what an answer takes with each of the models, the network that doubts included, in turns.

    It is this thread's own time: what else the computer does meanwhile, and TensorFlow beside, counts for none.
    """
    images = images[: TURNS * TURN_IMAGES]
    seconds = [0.0 for _model in models]
    for start in range(0, len(images), TURN_IMAGES):
        for place, model in enumerate(models):
            began = time.thread_time()
            for image in images[start : start + TURN_IMAGES]:
                model.read(image)
            seconds[place] += time.thread_time() - began
    return [each * 1000 / len(images) for each in seconds]
