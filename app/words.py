"""The words of ``inkling`` and ``inkling-cli``. A start without any doesn't need this module."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from model.base.program import NAME
from model.commands.words import Parser, between, examples

MOST_JOBS = 256  # processes of 80 MB each


def parser(*, window: bool) -> argparse.ArgumentParser:
    """Return what reads the words of ``inkling``, or without a window those of ``inkling-cli``."""
    name = "inkling" if window else "inkling-cli"
    usage = "%(prog)s [-h] [--version] [--profile NAME] [FILE ... | COMMAND ...]" if window else None
    where = ": in a window, with the FILEs in it, or at the command line." if window else "."
    whole = Parser(prog=name, usage=usage, description=f"Read handwritten digits{where}")
    whole.add_argument("--version", action=_Version)
    whose = "whose drawings, models and settings to use (default: those that were chosen last)"
    whole.add_argument("--profile", metavar="NAME", help=whose)
    commands = whole.add_subparsers(dest="command", metavar="COMMAND", prog=name)

    does = (
        "Read pictures (PNG, JPEG, BMP, GIF, WebP, TIFF), PDF files and ink, and print an answer a line: "
        "the source, the text and the confidence."
    )
    recognize = commands.add_parser("recognize", help="read pictures and ink", description=does)
    recognize.epilog = examples(
        (
            f"{name} recognize seven.png drawings.jsonl scans/",
            f"{name} recognize --table marks.jpg > marks.csv",
            f"{name} recognize --json --jobs 0 scans/",
        )
    )
    paths = "pictures, ink (.inkling, .json, .jsonl, .svg, .inkml), folders; - for ink lines"
    recognize.add_argument("paths", metavar="PATH", nargs="+", help=paths)
    recognize.add_argument(
        "--json", dest="as_json", action="store_true", help="print answers as JSON, an object in each line"
    )
    table = "read pages of numbers, and print each as CSV, a row in each line"
    recognize.add_argument("--table", action="store_true", help=table)
    recognize.add_argument(
        "--model", metavar="DIR", type=Path, help="read with this model bundle (default: the one in use)"
    )
    doubt = "accept what's doubted no more than this, from 0 to 1 (default: 0.5)"
    recognize.add_argument("--threshold", metavar="DOUBT", type=between(0.0, 1.0), help=doubt)
    spread = recognize.add_mutually_exclusive_group()
    jobs = "read in N processes at once; 0 for one on each core (default: 1)"
    spread.add_argument("--jobs", metavar="N", dest="workers", type=between(0, MOST_JOBS), default=1, help=jobs)
    scheduler = "let the workers of a Dask scheduler read, such as tcp://host:8786"
    spread.add_argument("--scheduler", metavar="ADDRESS", dest="workers", type=_address, default=1, help=scheduler)

    does = (
        "Let a copy of a model learn labelled drawings, and keep it if it forgot nothing. "
        "The last line says where it is."
    )
    teach = commands.add_parser("teach", help="let a copy of a model learn your drawings", description=does)
    teach.epilog = examples((f"{name} teach mine.jsonl --output my-model",))
    ink = "labelled drawings, a JSON object in each line"
    teach.add_argument("ink", metavar="INK.jsonl", type=Path, help=ink)
    teach.add_argument("--model", metavar="DIR", type=Path, help="the model that learns (default: the one in use)")
    teach.add_argument("--output", metavar="DIR", type=Path, help="where to write it (default: among your models)")

    commands.add_parser(
        "self-test", help="prove that this installation works", description="Prove that it works, part by part."
    )
    return whole


def _address(word: str) -> str:
    if not re.fullmatch(r"((tcp|tls)://)?([^\s:/\[\]]+|\[[0-9a-fA-F:.]+\]):[0-9]{1,5}", word):
        raise argparse.ArgumentTypeError(f"{word} isn't tcp://HOST:PORT")
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
