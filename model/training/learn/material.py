"""A training's data: MNIST and pen ink, split and made into images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from model.base.errors import UserError
from model.base.language import _
from model.bundle.bundle import open_bundle
from model.data.data import Images, Ink, Labels, Mnist
from model.data.recipe import Recipe
from model.reading.recognizer import Recognizer
from model.training.synthetic import seen, shapes, styles
from model.training.synthetic.writing import Hands

COPIES = 6  # of each drawing: with fewer, the network knows them by heart; with more, MNIST drowns
BY_RULE, SEEN = 2, 1  # for each drawing: digits in rarer styles, and digits that the built-in eye found on paper


@dataclass(frozen=True, slots=True)
class Labelled:
    """Images and their digits."""

    images: Images
    labels: Labels

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, slots=True)
class Material:
    """A training's data: parts of MNIST and of the ink."""

    train: Labelled
    validation: Labelled
    test: Labelled
    judge: Labelled  # ink alone; may be empty
    said: dict[str, Any]  # the same in words, for the card


def prepare(recipe: Recipe, data: Mnist, ink: Ink) -> Material:
    """Return the recipe's data to train, to validate and to judge with. Raises UserError if a part is empty."""
    count = len(data.train_images)
    kept = count - round(count * (recipe.validation_split or 0))
    if kept < 1 or (recipe.validation_split and kept == count):
        sentence = _("{count} training images are too few to set aside {split:.3g} of them for validation. Use more.")
        raise UserError(sentence, count=count, split=recipe.validation_split)
    random = np.random.default_rng(recipe.seed)
    test = Labelled(data.test_images, data.test_labels)
    mnist = Labelled(data.train_images[:kept], data.train_labels[:kept])
    held_back = Labelled(data.train_images[kept:], data.train_labels[kept:]) if recipe.validation_split else test
    train, validation = [mnist], [held_back]
    said: dict[str, Any] = {
        "train": kept,
        "validation": len(held_back) if recipe.validation_split else "the test images",
        "test": len(test),
        "source": data.source,
    }
    if ink.everybody:
        zeros = mnist.images[mnist.labels == 0]
        chosen = random.choice(len(zeros), round(len(zeros) * styles.SLASHED), replace=False)
        slashed = styles.slashed(zeros[chosen], random)
        train += [
            Labelled(slashed, np.zeros(len(slashed), np.uint8)),
            Labelled(*styles.varied(ink.train, COPIES, random)),
            *_more(Hands.of(ink.train, [], mnist.images, mnist.labels), len(ink.train), random),
        ]
        validation.append(Labelled(*styles.plain(ink.validation)))
        sides = {"train": ink.train, "validation": ink.validation, "judge": ink.judge}
        said["ink"] = {side: len(drawings) for side, drawings in sides.items()} | {"source": ink.source}
    return Material(_together(train), _together(validation), test, Labelled(*styles.plain(ink.judge)), said)


def _more(hands: Hands, drawings: int, random: styles.Random) -> list[Labelled]:
    eye = Recognizer(open_bundle())
    by_rule = Labelled(*shapes.digits(BY_RULE * drawings, random))
    return [by_rule, Labelled(*seen.digits(SEEN * drawings, hands, eye, random))] if drawings else []


def _together(parts: Sequence[Labelled]) -> Labelled:
    """Return parts as one."""
    return Labelled(np.concatenate([part.images for part in parts]), np.concatenate([part.labels for part in parts]))
