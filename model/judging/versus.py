"""Compares two models on the same images: what each reads, and which test images only one of them reads."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import time
from importlib import metadata
from pathlib import Path

import numpy as np
import numpy.typing as npt

from model.base.events import Compared, Difference, Side
from model.base.files import keep_newest, replaced
from model.bundle.bundle import LITERT_FILE
from model.data.data import Images, Labels, Mnist, scaled
from model.reading.litert import LITERT
from model.reading.recognizer import Recognizer

TURNS, TURN_IMAGES = 10, 50  # of each model that is timed, and in each
MOST_SHOWN = 8  # images that only one of them reads, of each
MOST_KEPT = 20  # files of a model's answers, 10 kB each for MNIST

Answers = npt.NDArray[np.uint8]  # (n,)


def compare(
    current: Recognizer, new: Recognizer, data: Mnist, drawn: tuple[Images, Labels], kept: Path | None = None
) -> Compared:
    """Return how two models read the test images, and drawn digits, which are nearer to what a pad gets than MNIST is.

    Each reads with the network that people get, the LiteRT export. If there's a folder ``kept``, it keeps the current
    model's answers for the next comparison.
    """
    images, labels = scaled(data.test_images), data.test_labels
    models = (current, new)

    def answers_to(images: npt.NDArray[np.float32]) -> list[Answers]:
        return [_kept(current, images, kept) if kept else _answers(current, images), _answers(new, images)]

    answers = answers_to(images)
    right = [answer == labels for answer in answers]
    right_drawn = [answer == drawn[1] for answer in answers_to(scaled(drawn[0]))]
    current_side, new_side = (
        Side(int(each.sum()), int(of_drawn.sum()), len(model.bundle.read(LITERT_FILE)), round(milliseconds, 3))
        for model, each, of_drawn, milliseconds in zip(
            models, right, right_drawn, _milliseconds(models, images), strict=True
        )
    )
    chosen = [place for one, other in (right, right[::-1]) for place in np.flatnonzero(one & ~other)[:MOST_SHOWN]]
    differences = []
    for place in chosen:
        image = base64.b64encode(data.test_images[place].tobytes()).decode()
        differences.append(Difference(image, int(labels[place]), *(int(each[place]) for each in answers)))
    return Compared(len(labels), len(drawn[1]), current_side, new_side, tuple(differences))


def right_of(model: Recognizer, data: Mnist) -> float:
    """Return the share of the test images that a model reads right."""
    return float((_answers(model, scaled(data.test_images)) == data.test_labels).mean())


def _answers(model: Recognizer, images: npt.NDArray[np.float32]) -> Answers:
    answers: Answers = np.array([model.probabilities(image) for image in images]).argmax(1).astype(np.uint8)
    return answers


def _kept(model: Recognizer, images: npt.NDArray[np.float32], folder: Path) -> Answers:
    """Return a model's answers as they're kept; else find them, and keep them.

    Another network, other images or another version of what runs it: each has answers of its own.
    """
    what = hashlib.sha256(f"{metadata.version(LITERT)} {len(model.file)} ".encode())
    for part in (model.file, images.tobytes()):
        what.update(part)
    path = folder / what.hexdigest()
    with contextlib.suppress(OSError):
        answers = np.frombuffer(path.read_bytes(), np.uint8)
        if len(answers) == len(images) and answers.max() < 10:
            os.utime(path)
            return answers
    answers = _answers(model, images)
    with contextlib.suppress(OSError):  # then they're found again the next time
        folder.mkdir(parents=True, exist_ok=True)
        with replaced(path, private=True) as file:
            file.write(answers.tobytes())
        keep_newest(folder, MOST_KEPT)
    return answers


def _milliseconds(models: tuple[Recognizer, ...], images: npt.NDArray[np.float32]) -> list[float]:
    """Return what an answer takes with each of the models, the network that doubts included, in turns.

    It's this thread's own time: what else the computer or TensorFlow does meanwhile doesn't count.
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
