"""A model's card: what a bundle says about itself, and what we believe of that if it comes from anybody."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from model.base.shown import is_obeyed

FORMAT, WITH_SIGNS, WITH_ANSWERS = 3, 4, 5  # of a card; with signs, or a doubt of digits, an older Inkling refuses it
TRAINED, OPENED = "trained", "opened"  # where a model comes from: our training, or a file of somebody's

MNIST = ("keras.datasets.mnist", "mnist.npz")  # the sources of MNIST itself: downloaded, or its own file

LONGEST_WORDS = 300  # letters of texts in lists and sentences
LONGEST_TEXT = 100_000  # letters of anything else
LARGEST_NUMBER = 2**64
DEEPEST = 8  # lists and objects in each other

_NOT_TAKEN = ("Cc", "Cs")  # control characters and halves of characters, by Unicode's categories


class NotACardError(ValueError):
    """A value that isn't a model's card."""


class OtherFormatError(ValueError):
    """A card of an unknown format, which is its one argument."""


@dataclass(frozen=True, slots=True)
class Card:
    """What a bundle says about itself."""

    network: str  # the network's name
    weights: int  # how many numbers its layers have
    data: Mapping[str, Any]  # what it was trained and judged on
    recipe: Mapping[str, Any]  # the knobs of the training
    seed: int
    versions: Mapping[str, str]  # of Python and the libraries that made it
    date: str  # ISO 8601, UTC
    accuracy: float | None  # fraction of the test images read right; None: it wasn't measured
    sha256: Mapping[str, str]  # file name -> hexadecimal digest
    ink_accuracy: float | None = None  # fraction of the judges' drawings read right
    name: str = ""  # what its user calls it
    origin: str = TRAINED
    temperature: float | None = None  # its logits were divided by it, to fit the validation images; None: weren't
    doubt: Mapping[str, Any] = field(default_factory=dict)  # how it was made and what it does; empty: it has none
    eye: Mapping[str, Any] = field(default_factory=dict)  # the same of what finds digits in a picture
    reads_only: bool = False  # it comes without its Keras files: it reads, and nothing can be trained from it
    signs: str = ""  # that its user has taught it, a character each
    format: int = FORMAT

    @property
    def knows_mnist(self) -> bool:
        """Whether ``accuracy`` is that on MNIST's own test images, as far as the card says what it was tested with."""
        return self.data.get("source", MNIST[0]) in MNIST


def to_json(card: Card) -> Any:
    """Return a card as JSON values, with texts that `from_json` accepts: file names can contain anything."""
    return _shown(asdict(replace(card, format=_format(card))))


def _format(card: Card) -> int:
    if "answers" in card.doubt:
        return WITH_ANSWERS
    return WITH_SIGNS if card.signs else FORMAT


def from_json(decoded: object) -> Card:
    """Return the card in a decoded JSON value, after checking it. Raises NotACardError, OtherFormatError.

    Its texts can be shown, its numbers are numbers, and nothing is too long.
    """
    if not isinstance(decoded, dict) or not _is_plain(decoded):
        raise NotACardError
    value: dict[str, Any] = {"eye": {}, "signs": ""} | _shown(decoded)  # older cards know nothing of them
    if value.get("format") == 1:
        value = value | {"name": "", "origin": TRAINED, "format": 2}  # which knows names, and other people's models
    if value.get("format") == 2:
        value = value | {"doubt": value.get("doubt", {}), "format": 3}  # which knows doubt
    if isinstance(value.get("format"), int) and value["format"] not in (FORMAT, WITH_SIGNS, WITH_ANSWERS):
        raise OtherFormatError(value["format"])
    if not all(isinstance(value.get(key), kind) for key, kind in _KINDS.items()):
        raise NotACardError
    known: dict[str, Any] = {key: value.get(key) for key in _KINDS}
    words = [known["network"], known["date"], known["origin"], known["name"], known["signs"]]
    words += [*known["versions"].values(), *known["sha256"].values()]
    if not all(isinstance(word, str) and len(word) <= LONGEST_WORDS for word in words):
        raise NotACardError
    fractions = [known[key] for key in ("accuracy", "ink_accuracy") if known[key] is not None]
    if not all(0 <= fraction <= 1 for fraction in fractions) or known["weights"] < 0:
        raise NotACardError
    return Card(**known, reads_only=value.get("reads_only") is True)  # older cards know nothing of that


def _is_plain(value: object, deep: int = 0) -> bool:
    """Return whether a decoded JSON value can be shown, counted and walked through."""
    if isinstance(value, str):
        return len(value) <= LONGEST_TEXT and not any(unicodedata.category(letter) in _NOT_TAKEN for letter in value)
    if isinstance(value, int | float):
        return abs(value) < LARGEST_NUMBER  # which neither infinity nor NaN is
    if isinstance(value, list):
        return deep < DEEPEST and all(_is_plain(each, deep + 1) for each in value)
    if isinstance(value, dict):
        return deep < DEEPEST and all(_is_plain(key) and _is_plain(each, deep + 1) for key, each in value.items())
    return True  # null


def _shown(value: Any) -> Any:
    """Return a value with a mark instead of each character that can't be shown, in all of its texts."""
    if isinstance(value, str):
        return "".join("\N{REPLACEMENT CHARACTER}" if is_obeyed(letter) else letter for letter in value)
    if isinstance(value, dict):
        return {_shown(key): _shown(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(each) for each in value]
    return value


_KINDS: dict[str, Any] = {  # what can be None can be missing: older cards know nothing of it
    **dict.fromkeys(("network", "date", "name", "origin", "signs"), str),
    **dict.fromkeys(("weights", "seed", "format"), int),
    **dict.fromkeys(("data", "recipe", "versions", "sha256", "doubt", "eye"), dict),
    **dict.fromkeys(("accuracy", "ink_accuracy", "temperature"), float | int | None),
}
