"""``python -m app``, ``inkling`` and ``inkling-cli``: words to window, ``recognize``, ``teach`` or ``self-test``."""

from __future__ import annotations

import argparse
import logging
import os
import re
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path

from app.facts import log
from model.base.errors import UserError
from model.base.language import _
from model.base.program import NAME
from model.commands.words import Parser, between

MOST_JOBS = 256  # processes of 80 MB each
COMMANDS = ("recognize", "teach", "self-test")


def main(words: Sequence[str] | None = None, *, window: bool = True) -> int:
    """Run what the words ask for, the window without any, and return the exit status: 0, 1 failed, 2 wrong usage."""
    _make_streams_safe()
    words = sys.argv[1:] if words is None else words
    if words[:1] == ["model"]:  # how a frozen program, which has no `python -m model`, starts a training
        from model.__main__ import main as model  # noqa: PLC0415  (it has all that trains)

        return model(words[1:])
    log.start()
    parser = _parser(window)
    try:
        return _run(words, parser, window)
    except UserError as error:
        logging.info("told the user: %s", error, exc_info=error)
        sys.stderr.write(f"{error}\n")
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        pass  # the reader of our answers has left, as `head` does
    except Exception:
        logging.exception("a bug")
        bug = _("Inkling met an error of its own here; what happened is in {file}.").format(file=log.place())
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
    """Let what is printed be printable: a stream can be closed, and a file's name can have letters that it has not."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115  (open till the end)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _run(words: Sequence[str], parser: argparse.ArgumentParser, window: bool) -> int:
    """Do what a command says; words that begin with neither an option nor a command are files to open."""
    are_files = bool(words) and words[0] not in COMMANDS and (not words[0].startswith("-") or words[0] == "--")
    if not (window and are_files):
        arguments = vars(parser.parse_args(words))
        if arguments["command"]:
            from app import cli  # noqa: PLC0415  (it has all that reads)

            return cli.run(**arguments)
        if not window:
            parser.print_help(sys.stderr)
            return 2
    from app.ui.window import start  # noqa: PLC0415  (it has the settings, which the version does not need)

    return start.open_files([Path(word) for word in words if word != "--"], parser.error)


def _parser(window: bool) -> argparse.ArgumentParser:
    name = "inkling" if window else "inkling-cli"
    usage = "%(prog)s [-h] [--version] [FILE ... | COMMAND ...]" if window else None
    where = ": in a window, with the FILEs in it, or at the command line." if window else "."
    parser = Parser(prog=name, usage=usage, description=f"Read handwritten digits{where}")
    parser.add_argument("--version", action=_Version)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", prog=name)

    does = (
        "Read pictures (PNG, JPEG, BMP, GIF, WebP, TIFF) and ink, and print an answer a line: "
        "the source, the text and the confidence."
    )
    recognize = commands.add_parser("recognize", help="read pictures and ink", description=does)
    paths = "pictures, ink (.inkling, .json, .jsonl), folders; - for ink lines"
    recognize.add_argument("paths", metavar="PATH", nargs="+", help=paths)
    recognize.add_argument("--json", dest="as_json", action="store_true", help="print a JSON object a line")
    recognize.add_argument("--model", metavar="DIR", type=Path, help="read with this model bundle")
    doubt = "accept what is doubted no more than this, 0 to 1"
    recognize.add_argument("--threshold", metavar="DOUBT", type=between(0.0, 1.0), help=doubt)
    spread = recognize.add_mutually_exclusive_group()
    jobs = "read in N processes at once, 0 for one on each core (default: 1, in this one)"
    spread.add_argument("--jobs", metavar="N", dest="workers", type=between(0, MOST_JOBS), default=1, help=jobs)
    scheduler = "let the workers of a Dask scheduler read, as tcp://host:8786"
    spread.add_argument("--scheduler", metavar="ADDRESS", dest="workers", type=_address, default=1, help=scheduler)

    does = (
        "Let a copy of a model learn labelled drawings, and keep it if it forgot nothing. "
        "The last line says where it is."
    )
    teach = commands.add_parser("teach", help="teach a copy of a model your drawings", description=does)
    ink = "drawings, each with its label, a JSON object a line"
    teach.add_argument("ink", metavar="INK.jsonl", type=Path, help=ink)
    teach.add_argument("--data", metavar="FILE", type=Path, help="MNIST, to rehearse as well; it is not needed")
    teach.add_argument("--model", metavar="DIR", type=Path, help="the model that learns (default: the one in use)")
    teach.add_argument("--output", metavar="DIR", type=Path, help="where to write it (default: among your models)")

    commands.add_parser("self-test", help="prove that this installation works", description="Prove it, part by part.")
    return parser


def _address(word: str) -> str:
    if not re.fullmatch(r"((tcp|tls)://)?([^\s:/\[\]]+|\[[0-9a-fA-F:.]+\]):[0-9]{1,5}", word):
        raise argparse.ArgumentTypeError(f"{word} is no tcp://HOST:PORT")
    return word if "://" in word else f"tcp://{word}"


class _Version(argparse.Action):
    """Prints the version, which is looked up only then."""

    def __init__(self, option_strings: Sequence[str], dest: str):
        super().__init__(option_strings, dest, 0, default=argparse.SUPPRESS, help="print the version and exit")

    def __call__(self, parser: argparse.ArgumentParser, *_rest: object) -> None:
        from model.base import project  # noqa: PLC0415  (30 ms that the window must not wait for)

        sys.stdout.write(f"{NAME} {project.version()}\n")
        sys.stdout.flush()
        parser.exit()


if __name__ == "__main__":
    sys.exit(main())
