"""Two models side by side, on the same test images: what each reads, and what only one of them reads."""

from __future__ import annotations

import base64
import time

import numpy as np
import numpy.typing as npt

from model.bundle import LITERT_FILE
from model.data import Mnist, scaled
from model.events import Compared, Difference, Side
from model.recognizer import Recognizer

SHOWN = 8  # images that only one of them reads, of each


def compare(current: Recognizer, new: Recognizer, data: Mnist) -> Compared:
    """Return how two models read the test images, each by the network that people get: the LiteRT export."""
    images, labels = scaled(data.test_images), data.test_labels
    (current_side, current_answers), (new_side, new_answers) = (
        _side(recognizer, images, labels) for recognizer in (current, new)
    )
    answers = (current_answers, new_answers)
    right = [answer == labels for answer in answers]
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


def _side(
    recognizer: Recognizer, images: npt.NDArray[np.float32], labels: npt.NDArray[np.uint8]
) -> tuple[Side, npt.NDArray[np.int64]]:
    began = time.perf_counter()
    answers = np.array([recognizer.probabilities(image) for image in images]).argmax(1)
    milliseconds = (time.perf_counter() - began) * 1000 / len(images)
    size = len(recognizer.bundle.read(LITERT_FILE))
    return Side(int((answers == labels).sum()), size, round(milliseconds, 3)), answers
