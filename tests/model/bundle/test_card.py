"""What a model's card may say: the last value that's allowed, and the first that isn't."""

import json
from typing import Any

import pytest

from model.bundle.bundle import BUNDLED, CARD_FILE
from model.bundle.card import (
    DEEPEST,
    LARGEST_NUMBER,
    LONGEST_TEXT,
    LONGEST_WORDS,
    Card,
    NotACardError,
    OtherFormatError,
    from_json,
    to_json,
)


def card(**odd: object) -> Any:
    return json.loads((BUNDLED / CARD_FILE).read_text()) | odd


def nested(deep: int, inside: Any, one: Any) -> Any:
    """Return a value nested in this many lists or objects."""
    for _ in range(deep):
        inside = [inside] if one is list else {"in": inside}
    return inside


ROOM = DEEPEST - 2  # inside a field: the card and the field are two levels
BOUNDS: list[tuple[str, object, object]] = [  # a field, the last value that's accepted, the first that isn't
    ("accuracy", 0, -0.001),
    ("accuracy", 1, 1.001),
    ("ink_accuracy", None, 1.5),
    ("weights", 0, -1),
    ("seed", LARGEST_NUMBER - 1, LARGEST_NUMBER),
    ("network", "n" * LONGEST_WORDS, "n" * (LONGEST_WORDS + 1)),
    ("versions", {"keras": "3" * LONGEST_WORDS}, {"keras": "3" * (LONGEST_WORDS + 1)}),
    ("data", {"source": "s" * LONGEST_TEXT}, {"source": "s" * (LONGEST_TEXT + 1)}),
    ("data", {"s" * LONGEST_TEXT: 1}, {"s" * (LONGEST_TEXT + 1): 1}),
    ("recipe", {"a": nested(ROOM, 1, list)}, {"a": nested(ROOM + 1, 1, list)}),
    ("recipe", {"a": nested(ROOM, 1, dict)}, {"a": nested(ROOM + 1, 1, dict)}),
    ("recipe", {"a": nested(ROOM, [], list)[0]}, {"a": nested(ROOM + 1, [], dict)}),
    ("doubt", {"a": ["fine", None]}, {"a": ["a\x1b[31mb"]}),
    ("eye", {"weights": 1}, "blind"),
]


@pytest.mark.parametrize(("field", "last", "first"), BOUNDS)
def test_a_field_goes_as_far_as_is_promised(field: str, last: object, first: object) -> None:
    assert getattr(from_json(card(**{field: last})), field) == last
    with pytest.raises(NotACardError):
        from_json(card(**{field: first}))


def test_texts_are_shown_wherever_they_stand() -> None:
    whole = to_json(Card(**card(doubt={"told": ["a\x1bb", ("c\x1bd",)], "e\x1bf": {"g": "\x1b"}}, format=3)))
    assert whole["doubt"] == {"told": ["a\ufffdb", ["c\ufffdd"]], "e\ufffdf": {"g": "\ufffd"}}
    assert from_json(json.loads(json.dumps(whole))).doubt == whole["doubt"]


def test_what_an_older_card_says_of_doubt_stays() -> None:
    doubt = {"threshold": 0.5}
    assert from_json(card(format=2, doubt=doubt)).doubt == doubt


@pytest.mark.parametrize("number", [0, 5, 2**40])
def test_a_card_of_another_format_says_which(number: int) -> None:
    with pytest.raises(OtherFormatError, match=str(number)):
        from_json(card(format=number))
