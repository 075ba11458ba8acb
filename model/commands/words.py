"""How the commands' words are read: numbers in a range, knobs, variants."""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Callable, Collection, Sequence
from typing import Any, NoReturn, TypeAlias, TypeVar

from model.base.shown import shown
from model.data import architectures
from model.data.recipe import KNOBS

Number = TypeVar("Number", int, float)
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # argparse has no public name for it


class Parser(argparse.ArgumentParser):
    """Python's own, which in some versions takes an empty list for the value of ``--option=--``."""

    # It is overloaded for namespaces of other classes, which nobody here has.
    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Read words. Exits with 2 and a sentence where they are wrong."""
        words = sys.argv[1:] if args is None else list(args)
        for word in itertools.takewhile(lambda word: word != "--", words):
            if word.startswith("--") and word.endswith("=--"):
                self.error(f"argument {word[:-3]}: expected one argument")
        return super().parse_known_args(words, namespace)

    def error(self, message: str) -> NoReturn:
        """Exit with 2 and a sentence, in which a file's name can stand."""
        super().error(shown(message))


def between(low: Number, high: Number) -> Callable[[str], Number]:
    """Return a reader of numbers in a range, both of which belong to it, for argparse."""

    def number(word: str) -> Number:
        value = type(low)(word)
        if not low <= value <= high:  # NaN is not either
            raise argparse.ArgumentTypeError(f"{word} is not between {low:g} and {high:g}")
        return value

    return number


def reader(name: str) -> Callable[[str], Any]:
    """Return what reads the number that a knob of `model.data.recipe` is turned to, for argparse."""
    low, high = KNOBS[name].between or (0, 0)
    return between(low, high)


def add_knobs(command: argparse.ArgumentParser, *names: str) -> None:
    """Let a command take knobs of `model.data.recipe`; one that is not given is None."""
    for name in names:
        knob, word = KNOBS[name], f"--{name.replace('_', '-')}"
        if knob.choices:
            command.add_argument(word, choices=knob.choices, help=knob.help)
        elif knob.between:
            metavar = "N" if isinstance(knob.between[0], int) else "X"
            command.add_argument(word, metavar=metavar, type=reader(name), help=knob.help)
        else:
            command.add_argument(word, action=argparse.BooleanOptionalAction, help=knob.help)


def variant(varied: Collection[str]) -> Callable[[str], tuple[str, str, dict[str, Any]]]:
    """Return a reader of NETWORK[,KNOB=VALUE…], for argparse; it returns the word, the network and the knobs."""

    def read(word: str) -> tuple[str, str, dict[str, Any]]:
        network, *given = word.split(",")
        if network not in architectures.NETWORKS:
            raise argparse.ArgumentTypeError(
                f"there is no network {network!r}; there are {', '.join(architectures.NETWORKS)}"
            )
        turned = {}
        for each in given:
            name, _equals, value = each.partition("=")
            name = name.replace("-", "_")
            if name not in varied:
                raise argparse.ArgumentTypeError(f"{each!r} is no KNOB=VALUE; there are {', '.join(varied)}")
            choices = KNOBS[name].choices
            if choices and value not in choices:
                raise argparse.ArgumentTypeError(f"there is no {name} {value!r}; there are {', '.join(choices)}")
            try:
                turned[name] = value if choices else reader(name)(value)
            except ValueError as error:
                raise argparse.ArgumentTypeError(f"{value!r} is no number for {name}") from error
        return word, network, turned

    return read
