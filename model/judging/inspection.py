"""MNIST's images to look at, as the tutorials plot them: with their labels, and with what a network reads."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.base.errors import UserError
from model.base.language import _
from model.data.data import Mnist, scaled
from model.judging.charts import Tile, answer_title
from model.reading.recognizer import Recognizer

TRAINING_IMAGES = 20  # as many as the tutorials show
MOST_IMAGES = 200  # that are still to be recognised in one picture


def training_tiles(data: Mnist) -> list[Tile]:
    """Return the first twenty training images with their labels."""
    return [
        Tile(image, str(label))
        for image, label in zip(data.train_images[:TRAINING_IMAGES], data.train_labels, strict=False)
    ]


def random_indices(data: Mnist, count: int, seed: int) -> list[int]:
    """Return so many test images' indices, each once, in random order; all where there are fewer."""
    total = len(data.test_images)
    return [int(index) for index in np.random.default_rng(seed).choice(total, min(count, total), replace=False)]


def chosen_tiles(data: Mnist, indices: Sequence[int], recognizer: Recognizer) -> list[Tile]:
    """Return test images with their labels and what the network reads, wrong answers marked.

    Raises UserError when there's no test image of an index, or they are more than a picture shows.
    """
    total = len(data.test_images)
    if len(indices) > MOST_IMAGES:
        sentence = _("{count} images are too many for one picture. Choose up to {most}.")
        raise UserError(sentence, count=len(indices), most=MOST_IMAGES)
    for index in indices:
        if not 0 <= index < total:
            sentence = _("{source} has {count:,} test images, counted from 0, so there's no number {index}.")
            raise UserError(sentence, source=data.source, count=total, index=index)
    tiles = []
    for index in indices:
        image, label = data.test_images[index], int(data.test_labels[index])
        probabilities = recognizer.probabilities(scaled(image))
        answer = int(np.argmax(probabilities))
        title = answer_title(label, answer, probabilities[answer])
        tiles.append(Tile(image, title, f"test image {index}", wrong=answer != label))
    return tiles
