"""``python -m benchmarks``: measure Inkling, print figures and ratios, and write the page with all of them."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measurements import NAMES, PAGE_KINDS
from model.base.errors import UserError
from model.commands.words import Commands
from release.project import FLAVOURS


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    arguments = parser().parse_args(words)
    os.environ["KERAS_BACKEND"] = "tensorflow"  # for the plain program, which imports Keras as it is
    try:
        # What measures is imported when it's asked for: it brings Tk, LiteRT or TensorFlow.
        for line in importlib.import_module(f"benchmarks.{arguments.module}").run(arguments):
            print(line, flush=True)
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the parser; a command's module has the function ``run``, which yields the lines to print."""
    whole = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure Inkling.")
    commands = whole.add_subparsers(required=True, metavar="COMMAND")
    _add_beside_the_plain_program(commands)
    _add_frozen(commands)
    _add_how_well(commands)
    _add_pages(commands)
    _add_how_fast(commands)
    _add_many(commands)
    written = commands.add_parser("page", help="measure what takes minutes, and write benchmarks/README.md")
    written.add_argument(
        "--only", metavar="NAME", nargs="*", choices=NAMES, help="measure only these; without names, nothing"
    )
    written.set_defaults(module="page")
    return whole


def _add_beside_the_plain_program(commands: Commands) -> None:
    """Add what compares Inkling with a program written the tutorials' way."""
    side_by_side = commands.add_parser(
        "side-by-side", help="both programs from their sources (Linux, Xvfb, TensorFlow, Matplotlib)"
    )
    side_by_side.add_argument("--runs", type=int, default=5, help="of each program (default: %(default)s)")
    side_by_side.add_argument("--answers", type=int, default=20, help="in each run (default: %(default)s)")
    side_by_side.add_argument("--json", action="store_true", help="print one object with the ratios")
    side_by_side.set_defaults(module="side_by_side")
    placements = commands.add_parser(
        "placements", help="accuracy by placement: Inkling on ink and on pictures, the plain program on pictures"
    )
    placements.add_argument("cases", metavar="CASES.jsonl", type=Path, nargs="?", help="ink with label and placement")
    placements.add_argument("pictures", metavar="DIR", type=Path, nargs="?", help="the same as 000000.png, …")
    placements.set_defaults(module="placements")
    training = commands.add_parser("training", help="training beside Keras' plain fit, in images a second")
    training.add_argument("--data", type=Path, metavar="FILE", help="MNIST (default: shared, or Keras' own download)")
    training.add_argument("--runs", type=int, default=3, help="each way (default: %(default)s)")
    training.add_argument("--json", action="store_true", help="print one object with the ratios")
    training.set_defaults(module="training")
    speedrun = commands.add_parser("speedrun", help="from scratch to 99 %% and to 99.5 %% of MNIST, on two cores")
    speedrun.add_argument("--data", type=Path, metavar="FILE", help="MNIST (default: shared, or Keras' own download)")
    speedrun.add_argument("--seeds", type=int, default=5, help="each way (default: %(default)s)")
    speedrun.add_argument("--json", action="store_true", help="print one object with the medians")
    speedrun.set_defaults(module="speedrun")


def _add_frozen(commands: Commands) -> None:
    """Add what makes frozen programs, and what measures them."""
    freeze = commands.add_parser("freeze", help="make both bundles, and freeze the plain program the usual way")
    names = ["plain", *FLAVOURS]
    freeze.add_argument("--only", nargs="+", choices=names, default=names, help="(default: all three)")
    freeze.add_argument("--output", metavar="DIR", type=Path, default=Path("dist"), help="(default: %(default)s)")
    freeze.add_argument(
        "--environments",
        metavar="DIR",
        type=Path,
        default=Path("build", "environments"),
        help="virtual environments of the same names, made where there are none (default: %(default)s)",
    )
    freeze.set_defaults(module="freeze")
    bundles = commands.add_parser("bundles", help="frozen programs: size, start, answer and memory (Linux, Xvfb)")
    bundles.add_argument("--runs", type=int, default=5, help="of each program (default: %(default)s)")
    bundles.add_argument("--answers", type=int, default=10, help="in each run (default: %(default)s)")
    bundles.add_argument("--cold", action="store_true", help="also started with an empty disk cache (as root)")
    bundles.add_argument("--json", action="store_true", help="print one object with the ratios")
    bundles.set_defaults(module="bundles")
    archives = commands.add_parser("archives", help="frozen programs as .tar.xz and as .zip (takes minutes)")
    archives.set_defaults(module="archives")
    for command in (bundles, archives):
        for name, folder in {"plain": "plain", **FLAVOURS}.items():
            place = Path("dist", folder)
            command.add_argument(f"--{name}", metavar="DIR", type=Path, default=place, help="(default: %(default)s)")


def _add_how_well(commands: Commands) -> None:
    """Add what measures how well it reads: files that are given, or those that are made of the judges' shared ink."""
    numbers = commands.add_parser(
        "numbers", help="numbers read whole, beside the product of their digits' accuracies, in ink and in pictures"
    )
    numbers.add_argument("cases", metavar="NUMBERS.jsonl", type=Path, nargs="?", help="numbers, as number_cases.py")
    numbers.add_argument("pictures", metavar="DIR", type=Path, nargs="?", help="the same as 000000.png, …")
    numbers.add_argument("singles", metavar="DIGITS.jsonl", type=Path, nargs="?", help="digits, as pen_cases.py")
    numbers.add_argument("single_pictures", metavar="DIR", type=Path, nargs="?", help="the same digits as pictures")
    numbers.set_defaults(module="numbers")
    doubt = commands.add_parser("doubt", help="digits accepted and what is none refused, by threshold")
    doubt.add_argument("digits", metavar="DIGITS.jsonl", type=Path, nargs="?", help="drawings of digits on a canvas")
    doubt.add_argument("others", metavar="OTHERS.jsonl", type=Path, nargs="*", help="drawings of what is none")
    doubt.add_argument("--model", metavar="DIR", type=Path, help="(default: the bundled one)")
    doubt.set_defaults(module="doubt")
    teaching = commands.add_parser("teaching", help="teach a model some drawings of each person, and read the rest")
    teaching.add_argument("--model", metavar="DIR", type=Path, help="the model that learns (default: the bundled one)")
    teaching.add_argument("--ink", metavar="FILE", type=Path, help="drawings with label and writer (default: shared)")
    teaching.add_argument("--data", metavar="FILE", type=Path, help="MNIST; its test images are read (default: shared)")
    teaching.add_argument("--people", choices=("train", "validation", "judge"), help="(default: everybody)")
    count = "drawings of each person that are taught (default: 5)"
    teaching.add_argument("--corrections", metavar="N", type=int, default=5, help=count)
    teaching.set_defaults(module="teaching")


def _add_pages(commands: Commands) -> None:
    """Add what measures how pages of numbers are read."""
    pages = commands.add_parser("pages", help="made-up pages: lines and tables found, cells read and corrected")
    people = ("validation", "judge")
    pages.add_argument("--people", choices=people, default="judge", help="whose writing (default: %(default)s)")
    pages.add_argument("--seed", type=int, default=0, help="(default: %(default)s)")
    pages.add_argument("--pages", type=int, default=20, help="of each kind (default: %(default)s)")
    pages.add_argument("--least", metavar="CELLS", type=int, default=1, help="leave out pages with fewer cells")
    pages.add_argument("--kinds", nargs="+", choices=PAGE_KINDS, default=PAGE_KINDS, help=", ".join(PAGE_KINDS))
    pages.add_argument("--failed", metavar="DIR", type=Path, help="keep what is not read as it is there")
    pages.add_argument("--speed", action="store_true", help="only how long a page of 200 cells and 12 megapixels takes")
    pages.set_defaults(module="pages")


def _add_how_fast(commands: Commands) -> None:
    """Add what measures the window's speed."""
    live = commands.add_parser("live", help="from a pointer event to moved bars on the screen (Linux, Xvfb)")
    live.add_argument("cases", metavar="CASES.jsonl", type=Path, nargs="?", help="what is replayed, as pen_cases.py")
    live.add_argument("--drawings", type=int, default=500, help="(default: %(default)s)")
    live.set_defaults(module="live")
    pauses = commands.add_parser("pauses", help="the window's pauses and answers while it trains (Linux, Xvfb)")
    pauses.add_argument("--data", type=Path, metavar="FILE", help="MNIST (default: shared)")
    pauses.add_argument("--network", default="mlp-128", help="(default: %(default)s)")
    pauses.add_argument("--epochs", type=int, default=5, help="(default: %(default)s)")
    pauses.set_defaults(module="pauses")
    holds = commands.add_parser("holds", help="how long the window is held while it learns (Linux, Xvfb)")
    holds.add_argument("--corrections", type=int, default=4, help="(default: %(default)s)")
    holds.set_defaults(module="holds")


def _add_many(commands: Commands) -> None:
    """Add what reads many files."""
    spread = commands.add_parser("spread", help="a folder of pictures in one process, in several, by Dask (Linux)")
    spread.add_argument("--pictures", type=int, default=100_000, help="(default: %(default)s)")
    spread.add_argument(
        "--jobs", metavar="N", type=int, nargs="+", default=[1, 0], help="0: one a core (default: 1 and 0)"
    )
    spread.add_argument(
        "--cluster-pictures", metavar="N", type=int, default=10_000, help="for Dask's workers (default: %(default)s)"
    )
    spread.add_argument("--seed", type=int, default=0, help="(default: %(default)s)")
    spread.set_defaults(module="spread")
    bulk = commands.add_parser(
        "bulk", help="many pictures by Inkling, by OpenCV with ONNX Runtime, by Keras' predict (Linux, the extra bench)"
    )
    bulk.add_argument("--data", type=Path, metavar="FILE", help="MNIST (default: shared, or Keras' own download)")
    bulk.add_argument("--pictures", type=int, default=5_000, help="of its test images (default: %(default)s)")
    bulk.add_argument("--runs", type=int, default=3, help="each way (default: %(default)s)")
    bulk.add_argument("--json", action="store_true", help="print one object with the ratios")
    bulk.set_defaults(module="bulk")


if __name__ == "__main__":
    sys.exit(main())
