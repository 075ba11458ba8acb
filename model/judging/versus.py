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

ROUNDS, ROUND = 10, 50  # of images that are timed: turns of each model, and the images in one
SHOWN = 8  # images that only one of them reads, of each


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
    chosen = [place for one, other in (right, right[::-1]) for place in np.flatnonzero(one & ~other)[:SHOWN]]
    differences = tuple(
        Difference(
            image=base64.b64encode(data.test_images[place].tobytes()).decode(),
            digit=int(labels[place]),
            current=int(answers[0][place]),
            new=int(answers[1][place]),
        )
        for place in chosen
    )
    return Compared(len(labels), current_side, new_side, differences)


def _milliseconds(models: tuple[Recognizer, ...], images: npt.NDArray[np.float32]) -> list[float]:
    """Return what an answer takes with each of the models, the network that doubts included, in turns.

    It is this thread's own time: what else the computer does meanwhile, and TensorFlow beside, counts for none.
    """
    images = images[: ROUNDS * ROUND]
    seconds = [0.0 for _model in models]
    for start in range(0, len(images), ROUND):
        for place, model in enumerate(models):
            began = time.thread_time()
            for image in images[start : start + ROUND]:
                model.read(image)
            seconds[place] += time.thread_time() - began
    return [each * 1000 / len(images) for each in seconds]
