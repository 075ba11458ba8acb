"""An answer to a picture is as sure as it's likely to be right, and only accepted if it's sure enough."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from model.bundle.bundle import open_bundle, write_bundle
from model.data import data
from model.reading.certainty import ENOUGH, MEASURES, certainty, weights_of
from model.reading.eye import seen
from model.reading.parts import read_sight
from model.reading.recognizer import Recognizer
from model.training.synthetic.paper import example
from model.training.synthetic.writing import Hands
from tests.model.reading.test_eye import page


def test_a_clear_digit_is_certain_and_one_that_is_half_gone_less(recognizer: Recognizer) -> None:
    weights = recognizer.eye.certain
    assert weights
    whole = page()
    half = np.array(whole)
    half[:, 118:] = 255 - (255 - half[:, 118:]) // 12  # the right half is almost erased
    sure = []
    for picture in (whole, Image.fromarray(half)):
        sight = seen(picture, recognizer.eye)
        sure.append(certainty(weights, sight, read_sight(sight, recognizer.read, recognizer.doubt).digits))
    assert sure[0] > 0.95
    assert sure[1] < sure[0] - 0.2


def test_what_is_less_certain_than_enough_is_rejected_with_a_reason(tmp_path: Path) -> None:
    bundle, picture = open_bundle(), page()
    assert Recognizer(bundle).recognize(picture).accepted
    eye = {**bundle.card.eye, "certainty": [-20.0, *[0.0] * MEASURES]}
    never = write_bundle(tmp_path / "never", bundle.copy_files, replace(bundle.card, eye=eye))
    reading = Recognizer(never).recognize(picture)
    assert (reading.text, reading.accepted, reading.reason) == ("5", False, "doubt")


@pytest.mark.parametrize(
    "noted", [None, "", 7, [1.0] * MEASURES, [1.0] * (MEASURES + 2), ["1"] * (MEASURES + 1), [1e9] * (MEASURES + 1)]
)
def test_weights_that_no_one_fitted_are_not_used(noted: object) -> None:
    assert weights_of(noted) is None


def test_it_is_as_certain_of_paper_of_strangers_as_it_is_right(recognizer: Recognizer, shared: Path) -> None:
    folder = shared / "data"
    judges = data.load_ink([folder / "pen-digits.jsonl"]).judge
    letters = data.load_ink([folder / "not-digits.jsonl"], digits=False).judge
    mnist = data.load(folder / "mnist.npz")
    hands = Hands.of(judges, letters, mnist.test_images, mnist.test_labels)
    weights, random = recognizer.eye.certain, np.random.default_rng(0)
    assert weights
    told, right = [], []
    for _ in range(400):
        made = example(hands, random)
        sight = seen(Image.fromarray(made.grey), recognizer.eye)
        reading = read_sight(sight, recognizer.read, recognizer.doubt)
        if reading.accepted:
            told.append(certainty(weights, sight, reading.digits))
            right.append(reading.text == made.text)
    sure, was_right = np.array(told), np.array(right)
    assert sure.mean() == pytest.approx(was_right.mean(), abs=0.05)
    assert was_right[sure >= ENOUGH].mean() > was_right[sure < ENOUGH].mean() + 0.3
