"""What the commands share: numbers in a range, lines for people, failures in sentences."""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn, TypeAlias, TypeVar

from model.base import installation
from model.base.errors import UserError
from model.base.installation import needs_tensorflow
from model.base.language import _
from model.base.program import FROZEN
from model.base.shown import shown

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


class ListenerLeftError(Exception):
    """What is reported cannot be written any more."""


def between(kind: Callable[[str], Number], low: Number, high: Number) -> Callable[[str], Number]:
    """Return a reader of numbers in a range, for argparse."""

    def number(word: str) -> Number:
        value = kind(word)
        if not low <= value <= high:  # NaN is not either
            raise argparse.ArgumentTypeError(f"{word} is not between {low:g} and {high:g}")
        return value

    return number


EPOCHS = between(int, 1, 10_000)
BATCH_SIZE = between(int, 1, 60_000)
LEARNING_RATE = between(float, 1e-9, 100)


def say(line: str) -> None:
    """Print a line, in which names of files can stand. Raises ListenerLeftError."""
    try:
        sys.stdout.write(f"{shown(line)}\n")
        sys.stdout.flush()
    except OSError as error:
        raise ListenerLeftError from error


def what_is_missing(error: ImportError) -> UserError:
    """Return what to say when a library is not there."""
    if FROZEN:
        return UserError(needs_tensorflow(_("This")))
    return UserError(
        _("This needs what training needs ({reason}); install it with: {command}").format(
            reason=error, command=installation.command("train")
        )
    )


def in_sentences(command: Callable[[argparse.Namespace], None]) -> Callable[[argparse.Namespace], int]:
    """Return a command that tells its failures in sentences on standard error, and returns the exit status."""

    def run(arguments: argparse.Namespace) -> int:
        try:
            command(arguments)
        except KeyboardInterrupt:
            sys.stderr.write("Cancelled; nothing was written.\n")
            return 130
        except UserError as error:
            sys.stderr.write(f"{error}\n")
            return 1
        except ImportError as error:
            sys.stderr.write(f"{what_is_missing(error)}\n")
            return 1
        except OSError:
            if _can_keep_for_a_moment():
                raise
            sentence = _("There is no folder for temporary files here; set TMPDIR to one that can be written.")
            sys.stderr.write(f"{sentence}\n")
            return 1
        return 0

    return run


def _can_keep_for_a_moment() -> bool:
    try:
        tempfile.gettempdir()
    except FileNotFoundError:
        return False
    return True


def write_picture(path: Path, picture: bytes) -> None:
    """Write a picture to a file, in a folder that need not be there yet. Raises UserError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture)
    except OSError as error:
        sentence = _("The picture cannot be written to {path} ({reason}); choose another file.")
        raise UserError(sentence.format(path=path, reason=error.strerror)) from error
