from dataclasses import replace

import pytest

from app.facts.card_text import forgotten, lines, moment, percent
from model.bundle.bundle import open_bundle
from model.bundle.card import OPENED

CARD = open_bundle().card


def test_the_bundled_card_tells_how_it_was_made() -> None:
    doubt = {**CARD.doubt, "accepted": {"judge": 0.9936}, "refused": {"judge": 0.9123}}
    told = dict(lines(replace(CARD, accuracy=0.99531, ink_accuracy=0.992, doubt=doubt)))
    assert told["Network"] == "mlp-1200-1000-500, 2,648,555 weights of 8 bits"
    assert told["Data"] == "59,000 images of mnist.npz and 5,495 drawings of pen-digits.jsonl"
    epochs, rate = (CARD.recipe[knob] for knob in ("epochs", "learning_rate"))
    assert told["Training"].startswith(
        f"{epochs} epochs, 256 images a step, adamw at {rate}, deformed images, 3 cnn-batchnorm as its teachers"
    )
    assert f"TensorFlow {CARD.versions['tensorflow']}" in told["Made"]
    assert told["Rejects"] == "91.23 % of letters and signs, 0.64 % of digits, by people it hasn't learned from"
    assert told["Reads"] == "99.53 % of MNIST's test images and 99.20 % of drawings by people it hasn't learned from"


def test_a_card_that_knows_little_says_so() -> None:
    card = replace(CARD, origin=OPENED, data={}, recipe={}, versions={}, date="", accuracy=None, ink_accuracy=None)
    captions = ["Network", "Data", "Training", "Opened", "Reads", "Rejects", "Finds digits"]
    assert [caption for caption, _ in lines(card)] == captions
    assert dict(lines(card))["Reads"] == "not measured yet"


def test_what_was_tested_with_other_images_is_not_told_as_mnist() -> None:
    card = replace(CARD, data={"source": "my pictures", "test": 214}, accuracy=1.0, ink_accuracy=None)
    assert dict(lines(card))["Reads"] == "100.00 % of the test images of my pictures"


def test_a_card_of_anybody_s_breaks_nothing() -> None:
    odd = {"train": "many", "ink": 7, "source": None}
    card = replace(CARD, data=odd, recipe={"epochs": [], "teacher": 3, "optimizer": {"a": 1}}, versions={"keras": "\0"})
    card = replace(card, doubt={"accepted": [], "refused": {"judge": "all"}}, eye={"overlap": {"judge": "all"}})
    assert dict(lines(card))["Rejects"] == dict(lines(card))["Finds digits"] == "as the built-in model does"
    assert len(lines(card)) == 7


def test_how_well_an_eye_of_its_own_finds_digits() -> None:
    said = dict(lines(replace(CARD, eye={"overlap": {"validation": 0.9, "judge": 0.8765}})))
    assert said["Finds digits"] == "in made-up pictures: what it marks and the digits overlap by 87.65 %"


def test_one_is_not_many_and_no_teacher_is_not_told_of() -> None:
    taught = {"train": 1, "source": "mine.npz", "taught": {"drawings": 1}}
    told = dict(
        lines(replace(CARD, data=taught, recipe={"epochs": 1, "batch_size": 1, "teacher": "none", "teachers": 1}))
    )
    assert told["Data"] == "1 image of mine.npz and 1 drawing of yours"
    assert told["Training"] == f"1 epoch, 1 image a step, seed {CARD.seed}"


def test_what_was_measured_before_it_learned_its_user_s_drawings_is_told_as_such() -> None:
    taught = replace(CARD, accuracy=None, ink_accuracy=None)
    assert dict(lines(taught, replace(CARD, accuracy=0.99, ink_accuracy=None)))["Reads"] == (
        "99.00 % of MNIST's test images, before it learned your drawings"
    )
    assert dict(lines(taught, taught))["Reads"] == "not measured yet"


def test_numbers_and_dates() -> None:
    assert percent(0.97714) == "97.71 %"
    assert percent(None) == "–"  # noqa: RUF001  (the dash that's shown)
    assert moment("2026-11-22T14:51:36+00:00")[:8] == "2026-11-"
    assert moment("yesterday") == "yesterday"
    assert moment("0001-01-01T00:00:00+14:00")


@pytest.mark.parametrize(
    ("now", "signs", "before", "known", "sentence"),
    [
        ({"drawings": 5}, "", None, "", "What was learned from 5 drawings will be forgotten."),
        (
            {"drawings": 5},
            "A",
            {"drawings": 4},
            "",
            "What was learned from 1 drawing will be forgotten, and A won't be",
        ),
        ({"drawings": 9}, "+A", {"drawings": 4}, "A", "learned from 5 drawings will be forgotten, and + won't be read"),
        ({"drawings": 4}, "A", {"drawings": 5}, "A", "What was learned last will be forgotten."),
        ({"drawings": "many"}, "", 7, "", "What was learned last will be forgotten."),
    ],
)
def test_what_is_forgotten_is_a_sentence(now: object, signs: str, before: object, known: str, sentence: str) -> None:
    card, earlier = (
        replace(CARD, data={"taught": now}, signs=signs),
        replace(CARD, data={"taught": before}, signs=known),
    )
    assert sentence in forgotten(card, earlier)
