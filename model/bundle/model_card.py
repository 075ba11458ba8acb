"""A model's card as a README, in the form that Hugging Face gives to model cards: what programs read, then a text.

Mitchell et al.: Model Cards for Model Reporting (2019), has what such a text should say.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from model.bundle.card import OPENED, Card

LONGEST = 200  # letters of a name


def text(card: Card, name: str) -> str:
    """Return the README for a model of that name; a card can come from anybody, so its contents are quoted."""
    head = [
        "---",
        "library_name: keras",
        "pipeline_tag: image-classification",
        "tags: [handwritten-digits, mnist, litert, inkling]",
        *_results(card, name),
        "---",
    ]
    return "\n".join([*head, "", f"# {_plain(name)}", "", *_sections(card), ""])


def _results(card: Card, name: str) -> Iterator[str]:
    """Give what was measured, as YAML; JSON's strings are such."""
    found = [
        (_tested(card), "mnist" if card.knows_mnist else "images", card.accuracy),
        ("Pen ink of people", "pen-digits", card.ink_accuracy),
    ]
    if any(accuracy is not None for _title, _kind, accuracy in found):
        yield "model-index:"
        yield f"  - name: {json.dumps(_plain(name))}"
        yield "    results:"
    for title, kind, accuracy in found:
        if accuracy is not None:
            yield "      - task: {type: image-classification}"
            yield f"        dataset: {{name: {json.dumps(title)}, type: {kind}}}"
            yield f"        metrics: [{{type: accuracy, value: {float(accuracy):.4f}}}]"


def _sections(card: Card) -> Iterator[str]:
    yield "Reads one handwritten digit in a 28×28 image: float32, 0 paper to 1 ink, bright on dark and centred as"
    yield "MNIST's are. It answers with ten probabilities, of 0 to 9."
    yield ""
    yield "| | |"
    yield "| --- | --- |"
    yield f"| Network | {_plain(card.network)}, {card.weights:,} weights |"
    yield f"| {'Opened' if card.origin == OPENED else 'Made'} | {_plain(card.date)} |"
    if data := _data(card.data):
        yield f"| Learned from | {data} |"
    for caption, accuracy in ((_tested(card), card.accuracy), ("the judges' drawings", card.ink_accuracy)):
        if accuracy is not None:
            yield f"| Reads, of {caption} | {float(accuracy):.2%} |"
    versions = ", ".join(f"{_plain(part)} {_plain(version)}" for part, version in card.versions.items())
    yield f"| Made with | {versions} |"
    yield ""
    yield "`model.keras` is the network, `model.tflite` its export for LiteRT, and `card.json` has the files' SHA-256."
    yield "It makes a digit of letters and scribbles, too; where there is a `doubt.tflite`, that tells them apart."


def _tested(card: Card) -> str:
    return "MNIST's test images" if card.knows_mnist else f"the test images of {_plain(card.data.get('source'))}"


def _data(data: Mapping[str, Any]) -> str:
    parts = []
    for part, things in ((data, "images"), (data.get("ink"), "drawings")):
        if isinstance(part, Mapping) and isinstance(part.get("train"), int):
            parts.append(f"{part['train']:,} {things} of {_plain(part.get('source'))}")
    return " and ".join(parts)


def _plain(value: object) -> str:
    """Return words of a card as plain text: nothing in them is a tag, a link, a picture or a cell's end."""
    words = " ".join(str(value).split())[:LONGEST]
    return "".join(f"\\{letter}" if letter in r"\`*_{}[]()<>#+!|~$&" else letter for letter in words)
