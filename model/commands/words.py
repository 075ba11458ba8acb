"""How the commands' arguments are parsed: numbers in a range, settings, variants."""

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


class Help(argparse.HelpFormatter):
    """Wraps text a paragraph at a time, except paragraphs with indented lines: examples."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        paragraphs = text.split("\n\n")
        return "\n\n".join(
            each if "\n  " in each else super(Help, self)._fill_text(each, width, indent) for each in paragraphs
        )


class Parser(argparse.ArgumentParser):
    """Fixes Python's own parser, which in some versions takes an empty list for the value of ``--option=--``."""

    def __init__(self, **words: Any):
        super().__init__(**({"formatter_class": Help} | words))

    # It's overloaded for namespaces of other classes, which nobody here has.
    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Parse arguments. Exits with 2 and a sentence if they're wrong."""
        words = sys.argv[1:] if args is None else list(args)
        for word in itertools.takewhile(lambda word: word != "--", words):
            if word.startswith("--") and word.endswith("=--"):
                self.error(f"argument {word[:-3]}: expected one argument")
        return super().parse_known_args(words, namespace)

    def error(self, message: str) -> NoReturn:
        """Exit with 2 and a sentence, which may contain a file name."""
        super().error(shown(message))


def between(low: Number, high: Number) -> Callable[[str], Number]:
    """Return a parser for numbers in a range, ends included, for argparse."""

    def number(word: str) -> Number:
        value = type(low)(word)
        if not low <= value <= high:  # NaN isn't either
            raise argparse.ArgumentTypeError(f"{word} is not between {low:g} and {high:g}")
        return value

    return number


def reader(name: str) -> Callable[[str], Any]:
    """Return a parser for the number of a setting of `model.data.recipe`, for argparse."""
    low, high = KNOBS[name].between or (0, 0)
    return between(low, high)


def examples(lines: Sequence[str], note: str = "") -> str:
    """Return the text below a command's options: a note, and lines that can be typed."""
    shown = "\n".join(("examples:", *(f"  {line}" for line in lines)))
    return "\n\n".join(filter(None, (note, shown)))


def add_knobs(command: argparse._ActionsContainer, *names: str) -> None:
    """Let a command take settings of `model.data.recipe`; one that isn't given is None."""
    for name in names:
        knob, word = KNOBS[name], f"--{name.replace('_', '-')}"
        if knob.choices:
            words = f"{knob.help}: {', '.join(knob.choices)}"
            command.add_argument(word, choices=knob.choices, metavar=word[2:].upper(), help=words)
        elif knob.between:
            metavar = "N" if isinstance(knob.between[0], int) else "X"
            command.add_argument(word, metavar=metavar, type=reader(name), help=knob.help)
        else:
            command.add_argument(word, action=argparse.BooleanOptionalAction, help=knob.help)


def variant(varied: Collection[str]) -> Callable[[str], tuple[str, str, dict[str, Any]]]:
    """Return a parser for NETWORK[,KNOB=VALUE…], for argparse; it returns the word, the network and the settings."""

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
