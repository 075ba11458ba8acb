"""``python -m model evaluate``: how well a model reads."""

from __future__ import annotations

import argparse
import time
from dataclasses import replace

from model.base import events
from model.base.language import _
from model.bundle.bundle import open_bundle
from model.commands.listener import Report
from model.commands.people import say
from model.data import data
from model.given import loading
from model.judging import report as reports
from model.judging.evaluate import evaluate as measure
from model.judging.evaluate import ink_examples, mnist_examples, not_digits
from model.reading.recognizer import Recognizer


def evaluate(arguments: argparse.Namespace, report: Report) -> None:
    """Measure how well a model reads MNIST's test images or labelled ink, and write a report with pictures."""
    began = time.monotonic()
    reports.check_target(arguments.output)
    recognizer = Recognizer(open_bundle(arguments.model))
    if arguments.ink:
        examples = ink_examples(data.load_ink(arguments.ink), arguments.people)
        reading = _("reading {source}").format(source=examples.source)
    else:
        loaded = loading.load(arguments.data, report)
        examples = mnist_examples(loaded)
        count = len(examples.images)
        reading = _("reading the {count:,} test images of {source}").format(count=count, source=loaded.source)
    if arguments.not_digits:
        none = not_digits(data.load_ink(arguments.not_digits, digits=False), arguments.people)
        examples = replace(examples, not_digits=none)
    report(events.Stage(reading))
    measured = measure(recognizer, examples)
    report(events.Stage(_("drawing the report")))
    reports.write_report(arguments.output, recognizer.bundle, examples, measured)
    if arguments.events:
        report(events.Finished(str(arguments.output), measured.accuracy, time.monotonic() - began))
    else:
        say(f"reads {measured.accuracy:.2%} of {examples.source}; see {arguments.output / reports.TEXT}")
