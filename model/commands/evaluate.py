"""``python -m model evaluate``: measure how well a model reads."""

from __future__ import annotations

import argparse
import functools
import time
from pathlib import Path

from model.base import events
from model.base.language import N_, _
from model.bundle.bundle import open_bundle
from model.commands import listener
from model.commands.listener import Report
from model.commands.words import Commands, in_sentences, say, what_is_missing
from model.reading.recognizer import Recognizer


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
    listener.add_word(evaluate)
    evaluate.set_defaults(run=_run, misused=evaluate.error)


def _run(arguments: argparse.Namespace) -> int:
    """Evaluate, its outcome told as an event or in lines, and return the exit status. Raises ListenerLeftError."""
    if arguments.people and not arguments.ink:
        arguments.misused("argument --people: it chooses among the writers of ink, so --ink is needed too")
    if not arguments.events:
        return in_sentences(_evaluate)(arguments)
    return listener.run(functools.partial(_evaluate_for, arguments), N_("The evaluation"), output=arguments.output)


def _evaluate_for(arguments: argparse.Namespace, report: Report) -> None:
    """Evaluate for a program that watches. Raises UserError for what is missing, too."""
    try:
        _evaluate(arguments, report)
    except ImportError as error:
        raise what_is_missing(error) from error


def _evaluate(arguments: argparse.Namespace, watcher: Report | None = None) -> None:
    """Measure how well a model reads MNIST's test images or labelled ink, and write a report with pictures."""
    began = time.monotonic()
    tell = watcher or (lambda _event: None)
    tell(events.Stage(_("loading what measures")))
    from model.data import data  # noqa: PLC0415  (scikit-learn takes a second, and --help does not need it)
    from model.judging import (  # noqa: PLC0415  (scikit-learn takes a second, and --help does not need it)
        evaluate,
        report,
    )

    report.check_target(arguments.output)
    recognizer = Recognizer(open_bundle(arguments.model))
    if arguments.ink:
        examples = evaluate.ink_examples(data.load_ink(arguments.ink), arguments.people)
        reading = _("reading {source}").format(source=examples.source)
    else:
        loaded = data.load(arguments.data, lambda done, total: tell(events.Downloading(done, total)))
        examples = evaluate.mnist_examples(loaded)
        count = len(examples.images)
        reading = _("reading the {count:,} test images of {source}").format(count=count, source=loaded.source)
    tell(events.Stage(reading))
    measured = evaluate.evaluate(recognizer, examples)
    tell(events.Stage(_("drawing the report")))
    report.write_report(arguments.output, recognizer.bundle, examples, measured)
    if watcher:
        watcher(events.Finished(str(arguments.output), measured.accuracy, time.monotonic() - began))
        return
    say(f"reads {measured.accuracy:.2%} of {examples.source}; see {arguments.output / report.TEXT}")
