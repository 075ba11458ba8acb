"""``python -m model evaluate``: measure how well a model reads."""

from __future__ import annotations

import argparse
from pathlib import Path

from model.bundle import open_bundle
from model.commands.words import Commands, in_sentences, say
from model.recognizer import Recognizer


def add(commands: Commands) -> None:
    """Add the command and its words."""
    evaluate = commands.add_parser(
        "evaluate",
        help="measure how well a model reads, and write a report",
        description=_evaluate.__doc__,
        epilog="Without --data and --ink it is judged by MNIST's test images as Keras downloads them.",
    )
    evaluate.add_argument("--model", metavar="DIR", type=Path, help="the model's folder (default: the one included)")
    what = evaluate.add_mutually_exclusive_group()
    what.add_argument("--data", metavar="FILE", type=Path, help="MNIST, as for train; its test images are read")
    what.add_argument("--ink", metavar="FILE", type=Path, nargs="+", help="labelled drawings, a JSON object a line")
    evaluate.add_argument(
        "--people",
        choices=("train", "validation", "judge"),
        help="with --ink: only the writers that people.json, beside the ink, lists there (default: everybody)",
    )
    evaluate.add_argument("--output", metavar="DIR", type=Path, required=True, help="the folder to write the report to")
    evaluate.set_defaults(run=in_sentences(_evaluate), misused=evaluate.error)


def _evaluate(arguments: argparse.Namespace) -> None:
    """Measure how well a model reads MNIST's test images or labelled ink, and write a report with pictures."""
    if arguments.people and not arguments.ink:
        arguments.misused("argument --people: it chooses among the writers of ink, so --ink is needed too")
    from model import data, evaluate, report  # noqa: PLC0415  (scikit-learn takes a second, and --help does not need it)

    report.check_target(arguments.output)
    recognizer = Recognizer(open_bundle(arguments.model))
    if arguments.ink:
        examples = evaluate.ink_examples(data.load_ink(arguments.ink), arguments.people)
    else:
        examples = evaluate.mnist_examples(data.load(arguments.data))
    measured = evaluate.evaluate(recognizer, examples)
    report.write_report(arguments.output, recognizer.bundle, examples, measured)
    say(f"reads {measured.accuracy:.2%} of {examples.source}; see {arguments.output / report.TEXT}")
