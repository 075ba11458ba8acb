"""The command that lets a model learn its user's drawings; it needs no TensorFlow."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from model.base import events
from model.base.language import _
from model.bundle import bundle
from model.commands.listener import Report
from model.data import data
from model.data.refused import wrong
from model.ink.ink import Drawing
from model.learning import teach as teaching
from model.reading.reading import is_label


def teach(arguments: argparse.Namespace, report: Report) -> None:
    """Let a model learn its user's drawings, and write the result as a separate model if nothing was forgotten."""
    taught = bundle.open_bundle(arguments.model)
    with bundle.making(arguments.output):
        drawings = _labelled(arguments.ink)
        former = bundle.open_bundle(arguments.instead_of) if arguments.instead_of else None
        lesson = teaching.Lesson(drawings, arguments.ink.name, arguments.name, former, arguments.kept)
        teaching.teach(taught, lesson, arguments.output, report)


def rehearse(arguments: argparse.Namespace, report: Report) -> None:
    """Draw in advance what a model rehearses when it's taught for the first time."""
    began = time.monotonic()
    teaching.rehearse(bundle.open_bundle(arguments.model), arguments.output)
    report(events.Finished(str(arguments.output), None, round(time.monotonic() - began, 3)))


def _labelled(path: Path) -> tuple[Drawing, ...]:
    """Return the drawings of a file, each with a digit or a sign as its label. Raises DataError."""
    drawings = data.load_ink([path], digits=False).everybody
    for number, drawing in enumerate(drawings, 1):
        if not is_label(drawing.label):
            sentence = _(
                "Drawing {number} in {path} has the label {label!r}; each drawing needs a digit or one other character."
            )
            raise wrong(sentence, number=number, path=path, label=drawing.label and drawing.label[: data.LONGEST_LABEL])
    return drawings
