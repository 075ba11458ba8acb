"""What a model's card says, in lines for people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from model.bundle import OPENED, Card

SIDES = ("accepted", "refused")
UNKNOWN = "\N{EN DASH}"


def lines(card: Card) -> list[tuple[str, str]]:
    """Return captions and what stands beside them, always the same captions."""
    return [
        ("Network", f"{card.network}, {card.weights:,} weights"),
        ("Data", _data(card.data) or UNKNOWN),
        ("Training", _training(card.recipe, card.seed) or UNKNOWN),
        ("Opened" if card.origin == OPENED else "Made", _made(card)),
        ("Reads", _reads(card) or "not measured yet"),
        ("Doubts", _doubts(card.doubt) or "as the bundled model does"),
    ]


def _doubts(doubt: Mapping[str, Any]) -> str:
    """Return what is accepted and what refused; nothing when the card does not say it in numbers."""
    shares = [doubt.get(side, {}).get("judge") if isinstance(doubt.get(side), Mapping) else None for side in SIDES]
    accepted, refused = shares
    if not isinstance(accepted, float) or not isinstance(refused, float):
        return ""
    return f"accepts {percent(accepted)} of the judges' digits, refuses {percent(refused)} of their letters and signs"


def percent(fraction: float | None) -> str:
    """Return a fraction in per cent, or a dash."""
    return UNKNOWN if fraction is None else f"{fraction * 100:.2f} %"


def moment(date: str) -> str:
    """Return a card's date and time as the user's clock shows them; what is no date stays as it is."""
    try:
        return datetime.fromisoformat(date).astimezone().strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError, OSError):
        return date


def _data(data: Mapping[str, Any]) -> str:
    """Return what a network was trained on; a card can come from anybody, so nothing is taken for granted."""
    parts = []
    for part, things in ((data, "images"), (data.get("ink"), "drawings")):
        if isinstance(part, Mapping) and isinstance(part.get("train"), int):
            parts.append(f"{part['train']:,} {things} of {part.get('source', UNKNOWN)}")
    taught = data.get("taught")
    if isinstance(taught, Mapping) and isinstance(taught.get("drawings"), int):
        parts.append(f"{taught['drawings']:,} drawings of its user")
    return " and ".join(parts)


def _training(recipe: Mapping[str, Any], seed: int) -> str:
    words = [
        f"{recipe[knob]} {name}".strip() if recipe.get(knob) else ""
        for knob, name in (("epochs", "epochs"), ("batch_size", "images a step"), ("optimizer", ""))
    ]
    if recipe.get("learning_rate"):
        words[-1] += f" at {recipe['learning_rate']}"
    words += [
        "deformed images" if recipe.get("deform") else "",
        f"teachers: {recipe.get('teachers')} {recipe['teacher']}" if recipe.get("teacher") else "",
        f"seed {seed}" if recipe else "",
    ]
    return ", ".join(word for word in words if word)


def _made(card: Card) -> str:
    names = {"tensorflow": "TensorFlow", "keras": "Keras"}
    versions = [f"{name} {card.versions[key]}" for key, name in names.items() if key in card.versions]
    return moment(card.date) + (f", with {' and '.join(versions)}" if versions else "")


def _reads(card: Card) -> str:
    measured = [
        f"{percent(fraction)} of {what}"
        for fraction, what in ((card.accuracy, "MNIST's test images"), (card.ink_accuracy, "the judges' ink"))
        if fraction is not None
    ]
    return " and ".join(measured)
