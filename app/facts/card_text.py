"""A model's card, in lines for people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from model.base.language import _, ngettext
from model.bundle.card import OPENED, Card

UNKNOWN = "\N{EN DASH}"
LONGEST_VALUE = 200  # letters of what a card says at one place


def lines(card: Card, base: Card | None = None) -> list[tuple[str, str]]:
    """Return captions and their texts, always with the same captions.

    Args:
        card: a model's.
        base: that of the model which it was before it learned its user's drawings, where that is known.
    """
    before = _reads(base) if base else ""
    return [
        (_("Network"), _network(card)),
        (_("Data"), _data(card.data) or UNKNOWN),
        (_("Training"), _training(card.recipe, card.seed) or UNKNOWN),
        (_("Opened") if card.origin == OPENED else _("Made"), _made(card)),
        (_("Reads"), _reads(card) or _known_before(before) or _("not measured yet")),
        (_("Rejects"), _doubts(card.doubt) or _("as the built-in model does")),
        (_("Finds digits"), _finds(card.eye) or _("as the built-in model does")),
    ]


def forgotten(card: Card, earlier: Card) -> str:
    """Return a sentence on what is forgotten when a taught model is replaced by the one it came from."""
    count = _taught(card.data) - _taught(earlier.data)
    signs = [sign for sign in card.signs if sign not in earlier.signs]
    what = _("What was learned last")
    if count > 0:
        newest = ngettext("What was learned from {count:,} drawing", "What was learned from {count:,} drawings", count)
        what = newest.format(count=count)
    alone = _("{what} will be forgotten.")
    sentence = _("{what} will be forgotten, and {signs} won't be read any more.") if signs else alone
    return sentence.format(what=what, signs=_(", ").join(signs))


def _network(card: Card) -> str:
    bits = 8 if card.recipe.get("int8") else 16 if card.recipe.get("half") else 32
    sentence = _("{network}, {weights:,} weights of {bits} bits")
    return sentence.format(network=card.network, weights=card.weights, bits=bits)


def _known_before(figures: str) -> str:
    """Return what was measured before a model learned its user's drawings, told as such; empty where nothing was."""
    return _("{figures}, before it learned your drawings").format(figures=figures) if figures else ""


def percent(fraction: float | None) -> str:
    """Return a fraction as a percentage, or a dash."""
    return UNKNOWN if fraction is None else _("{number} %").format(number=f"{fraction * 100:.2f}")


def moment(date: str) -> str:
    """Return a card's date and time as the user's clock shows them; what isn't a date stays as it is."""
    try:
        return datetime.fromisoformat(date).astimezone().strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError, OSError):
        return date


def _data(data: Mapping[str, Any]) -> str:
    """Return what a network was trained on; a card can come from anybody, so nothing is taken for granted."""
    parts = []
    if (count := _whole(data, "train")) is not None:
        said = ngettext("{count:,} image of {source}", "{count:,} images of {source}", count)
        parts.append(said.format(count=count, source=_shown(data.get("source"))))
    ink = data.get("ink")
    if isinstance(ink, Mapping) and (count := _whole(ink, "train")) is not None:
        said = ngettext("{count:,} drawing of {source}", "{count:,} drawings of {source}", count)
        parts.append(said.format(count=count, source=_shown(ink.get("source"))))
    if count := _taught(data):
        parts.append(ngettext("{count:,} drawing of yours", "{count:,} drawings of yours", count).format(count=count))
    return _(" and ").join(parts)


def _taught(data: Mapping[str, Any]) -> int:
    """Return how many of its user's drawings a network was taught."""
    taught = data.get("taught")
    return _whole(taught, "drawings") or 0 if isinstance(taught, Mapping) else 0


def _training(recipe: Mapping[str, Any], seed: int) -> str:
    said = {name: _shown(value) for name, value in recipe.items() if value}
    optimizer = said.get("optimizer", "")
    if "learning_rate" in said:
        optimizer += _(" at {rate}").format(rate=said["learning_rate"])
    teachers, epochs, images = (_whole(recipe, name) for name in ("teachers", "epochs", "batch_size"))
    words = [
        ngettext("{count} epoch", "{count} epochs", epochs).format(count=epochs) if epochs else "",
        ngettext("{count} image a step", "{count} images a step", images).format(count=images) if images else "",
        optimizer,
        _("deformed images") if "deform" in said else "",
        _taught_by(teachers, said["teacher"]) if teachers and said.get("teacher", "none") != "none" else "",
        _("seed {number}").format(number=seed) if recipe else "",
    ]
    return _(", ").join(filter(None, words))


def _taught_by(count: int, network: str) -> str:
    sentence = ngettext("{count} {network} as its teacher", "{count} {network} as its teachers", count)
    return sentence.format(count=count, network=network)


def _whole(said: Mapping[str, Any], name: str) -> int | None:
    """Return a whole number of a card; None where it says something else."""
    value = said.get(name)
    return value if isinstance(value, int) else None


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
    source = _shown(card.data.get("source"))
    of_mnist, of_others = _("{percent} of MNIST's test images"), _("{percent} of the test images of {source}")
    measured = (
        (card.accuracy, of_mnist if card.knows_mnist else of_others),
        (card.ink_accuracy, _("{percent} of drawings by people it hasn't learned from")),
    )
    return _(" and ").join(
        text.format(percent=percent(share), source=source) for share, text in measured if share is not None
    )


def _doubts(doubt: Mapping[str, Any]) -> str:
    """Return what is rejected, rightly and wrongly; nothing when the card doesn't say it in numbers."""
    sides = (doubt.get("accepted"), doubt.get("refused"))
    accepted, refused = (side.get("judge") if isinstance(side, Mapping) else None for side in sides)
    if not isinstance(accepted, float) or not isinstance(refused, float):
        return ""
    sentence = _("{rejected} of letters and signs, {lost} of digits, by people it hasn't learned from")
    return sentence.format(rejected=percent(refused), lost=percent(1 - accepted))


def _finds(eye: Mapping[str, Any]) -> str:
    """Return how well digits are found in pictures; nothing when the card doesn't say it in numbers."""
    overlap = eye.get("overlap")
    judged = overlap.get("judge") if isinstance(overlap, Mapping) else None
    if not isinstance(judged, float):
        return ""
    return _("in made-up pictures: what it marks and the digits overlap by {overlap}").format(overlap=percent(judged))
