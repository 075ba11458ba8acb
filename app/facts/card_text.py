"""What a model's card says, in lines for people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from model.base.language import _
from model.bundle.card import OPENED, Card

UNKNOWN = "\N{EN DASH}"
LONGEST_VALUE = 200  # letters of what a card says at one place


def lines(card: Card) -> list[tuple[str, str]]:
    """Return captions and what stands beside them, always the same captions."""
    return [
        (_("Network"), _network(card)),
        (_("Data"), _data(card.data) or UNKNOWN),
        (_("Training"), _training(card.recipe, card.seed) or UNKNOWN),
        (_("Opened") if card.origin == OPENED else _("Made"), _made(card)),
        (_("Reads"), _reads(card) or _("not measured yet")),
        (_("Doubts"), _doubts(card.doubt) or _("as the bundled model does")),
        (_("Finds digits"), _finds(card.eye) or _("as the bundled model does")),
    ]


def _network(card: Card) -> str:
    bits = 8 if card.recipe.get("int8") else 16 if card.recipe.get("half") else 32
    sentence = _("{network}, {weights:,} weights of {bits} bits")
    return sentence.format(network=card.network, weights=card.weights, bits=bits)


def percent(fraction: float | None) -> str:
    """Return a fraction in per cent, or a dash."""
    return UNKNOWN if fraction is None else _("{number} %").format(number=f"{fraction * 100:.2f}")


def moment(date: str) -> str:
    """Return a card's date and time as the user's clock shows them; what is no date stays as it is."""
    try:
        return datetime.fromisoformat(date).astimezone().strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError, OSError):
        return date


def _data(data: Mapping[str, Any]) -> str:
    """Return what a network was trained on; a card can come from anybody, so nothing is taken for granted."""
    parts = []
    for part, things in (
        (data, _("{count:,} images of {source}")),
        (data.get("ink"), _("{count:,} drawings of {source}")),
    ):
        if isinstance(part, Mapping) and isinstance(part.get("train"), int):
            parts.append(things.format(count=part["train"], source=_shown(part.get("source"))))
    taught = data.get("taught")
    if isinstance(taught, Mapping) and isinstance(taught.get("drawings"), int):
        parts.append(_("{count:,} drawings of its user").format(count=taught["drawings"]))
    return _(" and ").join(parts)


def _training(recipe: Mapping[str, Any], seed: int) -> str:
    said = {name: _shown(value) for name, value in recipe.items() if value}
    optimizer = said.get("optimizer", "")
    if "learning_rate" in said:
        optimizer += _(" at {rate}").format(rate=said["learning_rate"])
    teachers = _("teachers: {count} {network}")
    words = [
        _("{value} epochs").format(value=said["epochs"]) if "epochs" in said else "",
        _("{value} images a step").format(value=said["batch_size"]) if "batch_size" in said else "",
        optimizer,
        _("deformed images") if "deform" in said else "",
        teachers.format(count=_shown(recipe.get("teachers")), network=said["teacher"]) if "teacher" in said else "",
        _("seed {number}").format(number=seed) if recipe else "",
    ]
    return _(", ").join(filter(None, words))


def _shown(value: object) -> str:
    """Return a word or a number of a card as there is room for it; a dash where it is neither."""
    text = str(value) if isinstance(value, str | int | float) else UNKNOWN
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "\N{HORIZONTAL ELLIPSIS}"


def _made(card: Card) -> str:
    names = {"tensorflow": "TensorFlow", "keras": "Keras"}
    versions = [f"{name} {card.versions[key]}" for key, name in names.items() if key in card.versions]
    if not versions:
        return moment(card.date)
    return _("{date}, with {libraries}").format(date=moment(card.date), libraries=_(" and ").join(versions))


def _reads(card: Card) -> str:
    measured = (
        (card.accuracy, _("{percent} of MNIST's test images")),
        (card.ink_accuracy, _("{percent} of the judges' ink")),
    )
    return _(" and ").join(text.format(percent=percent(share)) for share, text in measured if share is not None)


def _doubts(doubt: Mapping[str, Any]) -> str:
    """Return what is accepted and what refused; nothing when the card does not say it in numbers."""
    sides = (doubt.get("accepted"), doubt.get("refused"))
    accepted, refused = (side.get("judge") if isinstance(side, Mapping) else None for side in sides)
    if not isinstance(accepted, float) or not isinstance(refused, float):
        return ""
    sentence = _("accepts {accepted} of the judges' digits, refuses {refused} of their letters and signs")
    return sentence.format(accepted=percent(accepted), refused=percent(refused))


def _finds(eye: Mapping[str, Any]) -> str:
    """Return how well digits are found in pictures; nothing when the card does not say it in numbers."""
    overlap = eye.get("overlap")
    judged = overlap.get("judge") if isinstance(overlap, Mapping) else None
    if not isinstance(judged, float):
        return ""
    return _("on made-up paper, with an overlap of {overlap} with the judges' digits").format(overlap=percent(judged))
