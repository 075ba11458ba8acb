from dataclasses import replace

from app.facts.card_text import lines, moment, percent
from model.bundle.bundle import open_bundle
from model.bundle.card import OPENED

CARD = open_bundle().card


def test_the_bundled_card_tells_how_it_was_made() -> None:
    told = dict(lines(replace(CARD, accuracy=0.99531, ink_accuracy=0.992)))
    assert told["Network"] == "mlp-1200-1000-500, 2,648,555 weights of 8 bits"
    assert told["Data"] == "59,000 images of mnist.npz and 5,495 drawings of pen-digits.jsonl"
    assert told["Training"].startswith(
        "100 epochs, 256 images a step, adamw at 0.002, deformed images, teachers: 3 cnn"
    )
    assert f"TensorFlow {CARD.versions['tensorflow']}" in told["Made"]
    assert told["Doubts"].startswith("accepts 99.")
    assert told["Reads"] == "99.53 % of MNIST's test images and 99.20 % of the judges' ink"


def test_a_card_that_knows_little_says_so() -> None:
    card = replace(CARD, origin=OPENED, data={}, recipe={}, versions={}, date="", accuracy=None, ink_accuracy=None)
    captions = ["Network", "Data", "Training", "Opened", "Reads", "Doubts", "Finds digits"]
    assert [caption for caption, _ in lines(card)] == captions
    assert dict(lines(card))["Reads"] == "not measured yet"


def test_a_card_of_anybody_s_breaks_nothing() -> None:
    odd = {"train": "many", "ink": 7, "source": None}
    card = replace(CARD, data=odd, recipe={"epochs": [], "teacher": 3, "optimizer": {"a": 1}}, versions={"keras": "\0"})
    card = replace(card, doubt={"accepted": [], "refused": {"judge": "all"}}, eye={"overlap": {"judge": "all"}})
    assert dict(lines(card))["Doubts"] == dict(lines(card))["Finds digits"] == "as the bundled model does"
    assert len(lines(card)) == 7


def test_how_well_an_eye_of_its_own_finds_digits() -> None:
    said = dict(lines(replace(CARD, eye={"overlap": {"validation": 0.9, "judge": 0.8765}})))
    assert said["Finds digits"] == "on made-up paper, with an overlap of 87.65 % with the judges' digits"


def test_numbers_and_dates() -> None:
    assert percent(0.97714) == "97.71 %"
    assert percent(None) == "–"  # noqa: RUF001  (the dash that is shown)
    assert moment("2026-11-22T14:51:36+00:00")[:8] == "2026-11-"
    assert moment("yesterday") == "yesterday"
    assert moment("0001-01-01T00:00:00+14:00")
