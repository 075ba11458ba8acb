"""``python -m benchmarks``: measure Inkling, print figures and ratios."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from model.commands.words import Commands


def main() -> int:
    """Run the command line and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure Inkling.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_how_well(commands)
    _add_how_fast(commands)
    arguments = parser.parse_args()
    print(arguments.run(arguments))
    return 0


def _add_how_well(commands: Commands) -> None:
    """Add what measures how well it reads."""
    placements = commands.add_parser(
        "placements", help="accuracy by placement: Inkling on ink and on pictures, the plain program on pictures"
    )
    placements.add_argument("cases", metavar="CASES.jsonl", type=Path, help="drawings with label and placement")
    placements.add_argument("pictures", metavar="DIR", type=Path, help="the same drawings as 000000.png, 000001.png, …")
    placements.set_defaults(run=_placements)
    numbers = commands.add_parser(
        "numbers", help="numbers read whole, beside the product of their digits' accuracies, in ink and in pictures"
    )
    numbers.add_argument("cases", metavar="NUMBERS.jsonl", type=Path, help="numbers with label, as number_cases.py")
    numbers.add_argument("pictures", metavar="DIR", type=Path, help="the same numbers as 000000.png, 000001.png, …")
    numbers.add_argument("singles", metavar="DIGITS.jsonl", type=Path, help="single digits, as pen_cases.py")
    numbers.add_argument("single_pictures", metavar="DIR", type=Path, help="the same digits as pictures")
    numbers.set_defaults(run=_numbers)
    teaching = commands.add_parser("teaching", help="teach a model five drawings of each person, and read the rest")
    teaching.add_argument("--model", metavar="DIR", type=Path, required=True, help="the model that learns")
    teaching.add_argument("--ink", metavar="FILE", type=Path, required=True, help="drawings with label and writer")
    teaching.add_argument("--data", metavar="FILE", type=Path, required=True, help="MNIST; its test images are read")
    teaching.add_argument("--people", choices=("train", "validation", "judge"), help="(default: everybody)")
    teaching.add_argument("--offline", action="store_true", help="learn without MNIST's training images")
    teaching.set_defaults(run=_teaching)
    doubt = commands.add_parser("doubt", help="digits accepted and what is none refused, by threshold")
    doubt.add_argument("digits", metavar="DIGITS.jsonl", type=Path, help="drawings of digits on a canvas")
    doubt.add_argument("others", metavar="OTHERS.jsonl", type=Path, nargs="+", help="drawings of what is none")
    doubt.add_argument("--model", metavar="DIR", type=Path, help="(default: the bundled one)")
    doubt.set_defaults(run=_doubt)


def _add_how_fast(commands: Commands) -> None:
    """Add what measures speed, memory, and what kills cost."""
    side_by_side = commands.add_parser(
        "side-by-side", help="Inkling beside a program written the tutorials' way (Linux, Xvfb, TensorFlow, Matplotlib)"
    )
    side_by_side.add_argument("--runs", type=int, default=5, help="of each program (default: %(default)s)")
    side_by_side.add_argument("--answers", type=int, default=20, help="in each run (default: %(default)s)")
    side_by_side.add_argument("--json", action="store_true", help="print one object with the ratios")
    side_by_side.set_defaults(run=_side_by_side)
    live = commands.add_parser("live", help="from a pointer event to moved bars on the screen (Linux, Xvfb)")
    live.add_argument("cases", metavar="CASES.jsonl", type=Path, help="drawings that are replayed, as pen_cases.py")
    live.add_argument("--drawings", type=int, default=500, help="(default: %(default)s)")
    live.set_defaults(run=_live)
    training = commands.add_parser("training", help="training beside Keras' plain fit, in images a second")
    training.add_argument("--data", type=Path, metavar="FILE", help="MNIST (default: Keras' own download)")
    training.add_argument("--runs", type=int, default=3, help="each way (default: %(default)s)")
    training.add_argument("--json", action="store_true", help="print one object with the ratios")
    training.set_defaults(run=_training)
    pauses = commands.add_parser("pauses", help="the window's pauses and answers while it trains (Linux, Xvfb)")
    pauses.add_argument("--data", type=Path, metavar="FILE", required=True, help="MNIST")
    pauses.add_argument("--network", default="mlp-128", help="(default: %(default)s)")
    pauses.add_argument("--epochs", type=int, default=5, help="(default: %(default)s)")
    pauses.set_defaults(run=_pauses)
    kills = commands.add_parser("kills", help="kill trainers and programs at random, and start again (Linux, Xvfb)")
    kills.add_argument("--trainers", type=int, default=200, help="(default: %(default)s)")
    kills.add_argument("--writers", type=int, default=40, help="of these, while they write (default: %(default)s)")
    kills.add_argument("--programs", type=int, default=50, help="(default: %(default)s)")
    kills.add_argument("--seed", type=int, default=0, help="(default: %(default)s)")
    kills.set_defaults(run=_kills)
    keeps = commands.add_parser("keeps", help="kill programs while they keep drawings, and look for each confirmed one")
    keeps.add_argument("--kills", type=int, default=100, help="(default: %(default)s)")
    keeps.add_argument("--seed", type=int, default=0, help="(default: %(default)s)")
    keeps.set_defaults(run=_keeps)
    monkey = commands.add_parser("monkey", help="random pointer, key and menu events in the program (Linux, Xvfb)")
    monkey.add_argument("--events", type=int, default=100_000, help="(default: %(default)s)")
    monkey.add_argument("--seed", type=int, default=0, help="(default: %(default)s)")
    monkey.set_defaults(run=_monkey)


def _side_by_side(arguments: argparse.Namespace) -> str:
    from benchmarks import side_by_side  # noqa: PLC0415  (its libraries are no part of --help)

    figures = side_by_side.measure(arguments.runs, arguments.answers)
    return json.dumps(side_by_side.ratios(figures)) if arguments.json else side_by_side.table(figures)


def _live(arguments: argparse.Namespace) -> str:
    from benchmarks import live  # noqa: PLC0415  (Tk)

    print(live.HEADING)
    for name, figures in live.measure(arguments.cases, arguments.drawings):
        print(live.line(name, figures), flush=True)
    return ""


def _placements(arguments: argparse.Namespace) -> str:
    from benchmarks import placements  # noqa: PLC0415  (TensorFlow)

    return placements.table(arguments.cases, arguments.pictures)


def _numbers(arguments: argparse.Namespace) -> str:
    from benchmarks import numbers  # noqa: PLC0415  (LiteRT)

    return numbers.table(arguments.cases, arguments.pictures, arguments.singles, arguments.single_pictures)


def _training(arguments: argparse.Namespace) -> str:
    from benchmarks import training  # noqa: PLC0415  (TensorFlow)

    figures = training.measure(arguments.data, arguments.runs)
    return json.dumps(training.ratios(figures)) if arguments.json else training.table(figures)


def _teaching(arguments: argparse.Namespace) -> str:
    from benchmarks import teaching  # noqa: PLC0415  (as above)

    print(teaching.HEADING)
    figures = []
    for each in teaching.measure(
        arguments.model, arguments.ink, arguments.data, arguments.people, offline=arguments.offline
    ):
        figures.append(each)
        print(teaching.line(each), flush=True)
    return teaching.totals(figures)


def _pauses(arguments: argparse.Namespace) -> str:
    from benchmarks import pauses  # noqa: PLC0415  (Tk)

    return pauses.table(pauses.measure(arguments.network, arguments.epochs, arguments.data.resolve()))


def _kills(arguments: argparse.Namespace) -> str:
    from benchmarks import kills  # noqa: PLC0415  (as above)

    return kills.table(kills.measure(arguments.trainers, arguments.writers, arguments.programs, arguments.seed))


def _keeps(arguments: argparse.Namespace) -> str:
    from benchmarks import keeps  # noqa: PLC0415  (as above)

    return keeps.table(keeps.measure(arguments.kills, arguments.seed))


def _monkey(arguments: argparse.Namespace) -> str:
    from benchmarks import monkey  # noqa: PLC0415  (Tk)

    return monkey.table(monkey.measure(arguments.events, arguments.seed))


def _doubt(arguments: argparse.Namespace) -> str:
    from benchmarks import doubt  # noqa: PLC0415  (as above)

    return doubt.table(arguments.digits, arguments.others, arguments.model)


if __name__ == "__main__":
    sys.exit(main())
