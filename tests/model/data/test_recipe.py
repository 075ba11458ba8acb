"""A training's settings: each only takes its valid values, and its word on the command line says so."""

import argparse
from typing import Any

import pytest

from model.commands.words import add_knobs
from model.data.architectures import NETWORKS
from model.data.recipe import KNOBS, Recipe


@pytest.mark.parametrize("network", NETWORKS)
def test_what_a_tutorial_turns_a_knob_to_is_what_it_can_be(network: str) -> None:
    recipe = Recipe.of(network)
    for name, knob in KNOBS.items():
        value: Any = getattr(recipe, name)
        if knob.choices:
            assert value in knob.choices, name
        elif knob.between:
            assert value is None or knob.holds(str(value)), name
        else:
            assert value in (True, False, None), name


def test_each_knob_is_a_word_of_the_command_line() -> None:
    parser = argparse.ArgumentParser()
    add_knobs(parser, *KNOBS)
    assert set(vars(parser.parse_args([])).values()) == {None}
    for name, knob in KNOBS.items():
        word = f"--{name.replace('_', '-')}"
        if knob.choices or knob.between:
            known: Any = knob.between[1] if knob.between else knob.choices[-1]
            assert getattr(parser.parse_args([word, str(known)]), name) == known
        else:
            assert getattr(parser.parse_args([word.replace("--", "--no-", 1)]), name) is False
