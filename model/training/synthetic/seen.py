"""Digits as the eye leaves them: written on made-up paper, photographed, found, and cut out again."""

from __future__ import annotations

import numpy as np
from PIL import Image

from model.data.data import Images, Labels
from model.reading.connected import box_of
from model.reading.normalize import Image28, normalize_ink
from model.reading.picture_digit import PictureDigit
from model.reading.recognizer import Recognizer
from model.training.synthetic import styles
from model.training.synthetic.paper import example
from model.training.synthetic.styles import Random
from model.training.synthetic.writing import Hands

ALIKE = 0.75  # the cosine between what the eye left and what is written: of less, something else was found
KEPT = 96  # of 255: how dark a pixel of a digit is at least


def digits(count: int, hands: Hands, reader: Recognizer, random: Random) -> tuple[Images, Labels]:
    """Return so many digits as a network would be shown them, and their labels; ``reader`` has the eye."""
    images: list[Image28] = []
    labels: list[int] = []
    while len(images) < count:
        made = example(hands, random, alone=True)
        ink = np.where(made.digits < KEPT, 0, made.digits)
        if not ink.any():
            continue
        left, top, right, bottom = map(int, box_of(ink > 0))
        wanted = normalize_ink(ink[top:bottom, left:right])
        found = reader.image(PictureDigit(Image.fromarray(made.grey)))
        alike = float((found * wanted).sum()) / max(float(np.linalg.norm(found) * np.linalg.norm(wanted)), 1e-6)
        if alike >= ALIKE:
            images.append(found)
            labels.append(int(made.text))
    return styles.bytes_of(images), np.array(labels, np.uint8)
