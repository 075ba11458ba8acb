"""``python -m model teach``: a model taught its user's drawings."""

from __future__ import annotations

import argparse
import functools
import sys
from pathlib import Path

from model.base import events
from model.base.installation import loading_tensorflow
from model.base.language import N_, _
from model.bundle import bundle
from model.commands import listener
from model.commands.listener import Report
from model.commands.words import Commands, say


def add(commands: Commands) -> None:
    """Add the command and its words."""
    teach = commands.add_parser(
        "teach",
        help="teach a model its user's drawings",
        description=_teach.__doc__,
        epilog="It needs no data set: drawn digits are rehearsed, so that nothing is forgotten. With --data MNIST's "
        "training images are, too.",
    )
    teach.add_argument("ink", metavar="INK.jsonl", type=Path, help="labelled drawings, a JSON object a line")
    teach.add_argument("--model", metavar="DIR", type=Path, help="the model's folder (default: the one included)")
    teach.add_argument("--output", metavar="DIR", type=Path, required=True, help="the folder to write the result to")
    teach.add_argument(
        "--data", metavar="FILE", type=Path, help="MNIST, as for train: rehearsed as well, and measured on"
    )
    teach.add_argument("--name", default="", help="what to call the result (default: as the model is called)")
    listener.add_word(teach)
    teach.set_defaults(run=_run_teaching)


def _run_teaching(arguments: argparse.Namespace) -> int:
    """Teach, with every outcome told as an event, and return the exit status. Raises ListenerLeftError."""
    tell = None if arguments.events else _tell_people
    return listener.run(functools.partial(_teach, arguments), N_("The teaching"), tell, arguments.output)


def _teach(arguments: argparse.Namespace, report: Report) -> None:
    """Let a model learn its user's drawings, and write the result as a model of its own if nothing was forgotten."""
    bundle.check_target(arguments.output)
    taught = bundle.open_bundle(arguments.model)
    taught.check_teachable()
    report(events.Stage(_("loading TensorFlow")))
    with loading_tensorflow(_("Learning")):
        from model.data import data  # noqa: PLC0415  (as below)
        from model.training.taught import teach  # noqa: PLC0415  (TensorFlow takes seconds; --help needs none)
    with bundle.making(arguments.output):
        drawings = data.load_ink([arguments.ink]).everybody
        mnist = data.load(arguments.data) if arguments.data else None
        lesson = teach.Lesson(drawings, arguments.ink.name, mnist, arguments.name)
        teach.teach(taught, lesson, arguments.output, report)


def _tell_people(event: events.Event) -> None:
    match event:
        case events.Stage():
            say(f"{event.doing} …")
        case events.Taught():
            right = f"{event.right_before:,} before, {event.right_after:,} now"
            say(f"read right of the {event.drawings:,} drawings: {right}")
            say(f"their mean loss: {event.loss_before:.4f} before, {event.loss_after:.4f} now")
            say(
                f"read right of {event.rehearsal_images:,} other images: {event.rehearsal_before:.2%} before, "
                f"{event.rehearsal_after:.2%} now"
            )
        case events.Finished():
            measured = "" if event.accuracy is None else f"reads {event.accuracy:.2%} of the test images; "
            say(f"{measured}written to {event.output} in {event.seconds:.0f} s")
        case events.Failed():
            sys.stderr.write(f"{event.message}\n")
        case events.Cancelled():
            sys.stderr.write("Cancelled; no model was written.\n")
        case _:
            pass  # what is short
