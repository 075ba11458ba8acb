"""``python -m app``, ``inkling`` and ``inkling-cli``: words to window, ``recognize``, ``teach`` or ``self-test``."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

from app.facts import log
from model.base.errors import UserError
from model.base.language import _

COMMANDS = ("recognize", "teach", "self-test")


def main(words: Sequence[str] | None = None, *, window: bool = True) -> int:
    """Run what the words ask for, the window without any, and return the exit status: 0, 1 failed, 2 wrong usage."""
    _make_streams_safe()
    words = sys.argv[1:] if words is None else words
    if words[:1] == ["model"]:  # how a frozen program, which has no `python -m model`, starts a training
        from model.__main__ import main as model  # noqa: PLC0415  (it has all that trains)

        return model(words[1:])
    log.start()
    try:
        return _run(words, window)
    except UserError as error:
        logging.info("told the user: %s", error, exc_info=error)
        sys.stderr.write(f"{error}\n")
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        pass  # the reader of our answers has left, as `head` does
    except Exception:
        logging.exception("a bug")
        bug = _("Inkling ran into an internal error. What happened is in {file}.").format(file=log.place())
        sys.stderr.write(f"{bug}\n")
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python tries again at exit, and complains
    return 1


def command_line() -> int:
    """Run as ``inkling-cli``: the same words, but without any it tells what there is instead of opening a window."""
    return main(window=False)


def _make_streams_safe() -> None:
    """Let what is printed be printable: a stream can be closed, and a file's name can have letters that it hasn't."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115  (open till the end)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _run(words: Sequence[str], window: bool) -> int:
    """Do what a command says; words that begin with neither an option nor a command are files to open."""
    profile, files = _profile(words)
    are_files = not files or (files[0] not in COMMANDS and (not files[0].startswith("-") or files[0] == "--"))
    if not (window and are_files):
        from app.words import parser  # noqa: PLC0415  (argparse, which a start without words doesn't need)

        arguments = vars(parser(window=window).parse_args(words))
        if arguments["command"]:
            from app import cli  # noqa: PLC0415  (it has all that reads)

            return cli.run(**arguments)
        if not window:
            parser(window=window).print_help(sys.stderr)
            return 2
    from app.ui.window import start  # noqa: PLC0415  (it has the settings, which the version doesn't need)

    return start.open_files([Path(word) for word in files if word != "--"], _refuse, profile)


def _profile(words: Sequence[str]) -> tuple[str | None, Sequence[str]]:
    """Return the profile that the first words name, None: none, and the other words; argparse knows no files."""
    option, equals, name = words[0].partition("=") if words else ("", "", "")
    if option != "--profile" or (not equals and len(words) < 2):
        return None, words
    return (name, words[1:]) if equals else (words[1], words[2:])


def _refuse(sentence: str) -> NoReturn:
    """End the program as its words are refused."""
    from app.words import parser  # noqa: PLC0415  (as above)

    parser(window=True).error(sentence)


if __name__ == "__main__":
    sys.exit(main())
