"""Digits as they look after the eye."""

from pathlib import Path

import numpy as np

from model.reading.recognizer import Recognizer
from model.training.synthetic import seen
from model.training.synthetic.writing import Hands
from tests.model.training.doubt.test_not_digits import little


def test_digits_found_on_paper_are_those_that_were_written(shared: Path, recognizer: Recognizer) -> None:
    given = little(shared)
    hands = Hands.of(given.ink.train, [], given.data.train_images, given.data.train_labels)
    images, labels = seen.digits(60, hands, recognizer, np.random.default_rng(0))
    assert images.shape == (60, 28, 28)
    assert len(set(labels)) > 5
    answers = np.array([np.argmax(recognizer.probabilities(image / np.float32(255))) for image in images])
    assert (answers == labels).mean() > 0.85
