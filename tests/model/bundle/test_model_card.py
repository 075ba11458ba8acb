"""A model's README: what programs read in it, and what can't be smuggled into it."""

import re
from dataclasses import replace

from model.bundle import model_card
from model.bundle.bundle import open_bundle


def test_the_bundled_model_has_one() -> None:
    card = open_bundle().card
    text = model_card.text(card, "My model")
    _nothing, head, body = text.split("---\n", 2)
    assert "pipeline_tag: image-classification" in head
    assert f"metrics: [{{type: accuracy, value: {card.accuracy:.4f}}}]" in head
    assert f"value: {card.ink_accuracy:.4f}" in head
    assert body.startswith("\n# My model\n")
    assert f"| Reads, of MNIST's test images | {card.accuracy:.2%} |" in body
    assert "59,000 images of mnist.npz and 5,495 drawings of pen-digits.jsonl" in body.replace("\\", "")
    assert text.endswith(".\n")


def test_what_was_not_measured_is_not_said() -> None:
    card = replace(open_bundle().card, accuracy=None, ink_accuracy=None, data={})
    text = model_card.text(card, "x")
    assert "model-index" not in text
    assert "Reads, of" not in text
    assert "Learned from" not in text


def test_names_are_words_and_no_marks() -> None:
    name = '"]\n---\n<img src=x> [here](http://x) | `x` ![y](z)'
    card = replace(open_bundle().card, network=name, versions={name: name})
    text = model_card.text(card, name)
    assert text.count("\n---\n") == 1  # the end of the front matter
    assert not re.search(r"(?<!\\)[<>]|(?<!\\)\]\(|(?<!\\)`x", text.replace("`model", "").replace("`card", ""))
