"""What a model's card may say: the last value that's allowed, and the first that isn't."""

import json
from dataclasses import replace
from typing import Any

import pytest

from model.bundle.bundle import BUNDLED, CARD_FILE
from model.bundle.card import (
    DEEPEST,
    FORMAT,
    LARGEST_NUMBER,
    LONGEST_TEXT,
    LONGEST_WORDS,
    TRAINED,
    WITH_ANSWERS,
    WITH_SIGNS,
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


def test_an_older_card_is_taken_for_what_it_was() -> None:
    newer = ("signs", "reads_only"), ("eye", "temperature", "ink_accuracy"), ("doubt",), ("name", "origin")
    whole, missing = card(signs="", reads_only=True), list[str]()
    none = {"signs": "", "reads_only": False, "eye": {}, "temperature": None, "ink_accuracy": None, "doubt": {}}
    for number, names in zip((FORMAT, FORMAT, 2, 1), newer, strict=True):
        missing += names
        found = from_json({key: value for key, value in whole.items() if key not in missing} | {"format": number})
        assert {name: getattr(found, name) for name in missing} == {
            name: (none | {"name": "", "origin": TRAINED})[name] for name in missing
        }
        assert found.format == FORMAT
    assert from_json(whole).reads_only
    assert not from_json(whole | {"reads_only": "yes"}).reads_only


def test_a_new_card_has_nothing_that_was_not_said() -> None:
    words = ("network", "weights", "data", "recipe", "seed", "accuracy", "sha256", "versions", "date")
    new = Card(**{name: card()[name] for name in words})
    assert (new.name, new.origin, new.temperature, new.signs, new.format) == ("", TRAINED, None, "", FORMAT)
    assert new.doubt == new.eye == {}
    assert to_json(new)["format"] == FORMAT
    assert to_json(replace(new, signs="+", format=FORMAT))["format"] == WITH_SIGNS
    assert to_json(replace(new, format=WITH_SIGNS))["format"] == FORMAT
    assert to_json(replace(new, signs="+", doubt={"answers": 11}))["format"] == WITH_ANSWERS


@pytest.mark.parametrize("number", [0, 6, 2**40])
def test_a_card_of_another_format_says_which(number: int) -> None:
    with pytest.raises(OtherFormatError, match=str(number)):
        from_json(card(format=number))
