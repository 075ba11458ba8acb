"""``python -m model doubt``: the network that tells digits from what is none, trained and put into a bundle."""

from __future__ import annotations

import argparse
import functools
from pathlib import Path

from model.base import events
from model.base.installation import loading_tensorflow
from model.base.language import N_, _
from model.bundle import bundle
from model.commands import listener
from model.commands.listener import Report
from model.commands.train import People
from model.commands.words import EPOCHS, Commands, between
from model.training.learn.recipe import Recipe


def add(commands: Commands) -> None:
    """Add the command and its words."""
    doubt = commands.add_parser(
        "doubt", help="train what tells digits from what is none, for a model", description=_doubt.__doc__
    )
    doubt.add_argument("--model", metavar="DIR", type=Path, required=True, help="the model that it is for")
    doubt.add_argument("--output", metavar="DIR", type=Path, required=True, help="where to write the model with it")
    doubt.add_argument("--data", metavar="FILE", type=Path, help="MNIST (default: Keras' own download)")
    doubt.add_argument(
        "--ink", metavar="FILE", type=Path, nargs="+", required=True, help="labelled digits (.jsonl), by people"
    )
    doubt.add_argument(
        "--not-digits", metavar="FILE", type=Path, nargs="+", default=(), help="letters and signs (.jsonl), by people"
    )
    doubt.add_argument("--epochs", metavar="N", type=EPOCHS, help="passes over the images")
    doubt.add_argument("--teacher-epochs", metavar="N", type=EPOCHS, help="passes of its teacher")
    doubt.add_argument("--seed", metavar="N", type=between(int, 0, 2**32 - 1), default=0, help="of all chance")
    listener.add_word(doubt)
    doubt.set_defaults(run=_run_doubt)


def _run_doubt(arguments: argparse.Namespace) -> int:
    """Train it, with every outcome told as an event, and return the exit status. Raises ListenerLeftError."""
    tell = None if arguments.events else People()
    return listener.run(functools.partial(_doubt, arguments), N_("The training"), tell, arguments.output)


def _doubt(arguments: argparse.Namespace, report: Report) -> None:
    """Train the small network that tells digits from letters and scribbles, and put it into a model's bundle."""
    with loading_tensorflow(_("Training")):
        from model.data import data  # noqa: PLC0415  (as below)
        from model.training.doubt import (  # noqa: PLC0415  (TensorFlow takes seconds; --help needs none)
            doubt,
            not_digits,
        )
    with bundle.making(arguments.output):
        knobs = {name: getattr(arguments, name) for name in ("epochs", "teacher_epochs", "seed")}
        given = not_digits.Given(
            data.load(arguments.data, lambda done, total: report(events.Downloading(done, total))),
            data.load_ink(arguments.ink),
            data.load_ink(arguments.not_digits, digits=False),
        )
        doubt.add_doubt(Recipe.of("doubt", **knobs), given, arguments.model, arguments.output, report)
