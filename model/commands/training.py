"""The commands that need TensorFlow: ``train``, ``devices``, ``doubt``, ``ink`` and ``compare``."""

from __future__ import annotations

import argparse
import json
import sys

from tqdm import tqdm

from model.base import events
from model.bundle import bundle
from model.commands import listener
from model.commands.listener import Report, Work
from model.commands.parser import parser
from model.commands.people import say
from model.data import architectures, data
from model.data.data import Mnist
from model.data.recipe import GOING_ON, KNOBS, How, Recipe
from model.given import loading
from model.training.doubt import network as doubts
from model.training.doubt.not_digits import Given
from model.training.eye import learning as eyes
from model.training.learn import compare as comparing
from model.training.learn import device
from model.training.learn import train as learning


def train(arguments: argparse.Namespace, report: Report) -> None:
    """Train a network and write its bundle."""
    words = vars(arguments)
    knobs = {name: words[name] for name in KNOBS if words[name] is not None}
    if arguments.start:
        knobs = GOING_ON | knobs
    how = How(**{name: words[name] for name in How.__slots__})
    with bundle.making(arguments.output):  # only now: while a library is loaded, nothing can be cleared away
        ink = data.load_ink(arguments.ink)
        if arguments.tensorboard:
            report = learning.logging_to(arguments.tensorboard, report)
        recipe = Recipe.of(arguments.network or architectures.DEFAULT, **knobs)
        images = _mnist(arguments, report)
        teachers, output = learning.train(recipe, images, ink, how, report, hear=listener.asked)
        if arguments.not_digits:
            given = Given(images, ink, data.load_ink(arguments.not_digits, digits=False))
            doubt = Recipe.of("doubt", seed=recipe.seed)
            doubts.add_doubt(doubt, given, output, output, report, trunks=teachers)


def devices(arguments: argparse.Namespace, report: Report) -> None:
    """List the devices to train on; then, if that's asked for, train what a line on standard input says."""
    found = device.found()
    if not arguments.then_train:
        report(events.Devices(found))
        return
    report(events.Ready(found))
    words = json.loads(listener.line())
    vars(arguments).update(vars(parser().parse_args(words)))  # who sweeps looks there
    arguments.check(arguments)
    train(arguments, report)


def doubt(arguments: argparse.Namespace, report: Report) -> None:
    """Train what tells digits from letters and scribbles, and put it into a model's bundle."""
    with bundle.making(arguments.output):
        knobs = {name: getattr(arguments, name) for name in ("epochs", "teacher_epochs", "seed")}
        given = _given(arguments, report)
        doubts.add_doubt(Recipe.of("doubt", **knobs), given, arguments.model, arguments.output, report)


def ink(arguments: argparse.Namespace, report: Report) -> None:
    """Train the eye, which finds digits in pictures, and put it into a model's bundle."""
    with bundle.making(arguments.output):
        how = eyes.How(arguments.epochs or eyes.EPOCHS, arguments.seed or 0, arguments.start)
        eyes.add_eye(how, _given(arguments, report), arguments.model, arguments.output, report)


def compare(arguments: argparse.Namespace, report: Report) -> None:
    """Train variants of networks, several seeds each, and write accuracies and times as a table and a plot."""
    chosen = [comparing.Variant(*words) for words in arguments.variant or ()] or comparing.PUBLISHED
    images = _mnist(arguments, report)
    comparing.check_target(arguments.output)
    device.choose("auto")
    with tqdm(total=len(chosen) * arguments.seeds, unit=" trainings", disable=None, leave=False) as bar:

        def show(event: events.Event) -> None:
            match event:
                case events.Started():
                    bar.set_description(event.network)
                case events.EpochDone():
                    bar.set_postfix(epoch=event.epoch, accuracy=f"{event.validation_accuracy:.2%}")

        rows = []
        for variant in chosen:
            rows.append(comparing.measure(variant, images, arguments.seeds, show, bar.update))
            comparing.write(arguments.output, rows)  # at once: an interrupt costs one variant
            with tqdm.external_write_mode(sys.stderr):
                say(f"{variant.name}: {rows[-1].mean:.2%}, spread {rows[-1].spread * 100:.2f}")
    say(f"see {arguments.output / comparing.TEXT}")


def _given(arguments: argparse.Namespace, report: Report) -> Given:
    people, others = data.load_ink(arguments.ink), data.load_ink(arguments.not_digits, digits=False)
    return Given(_mnist(arguments, report), people, others)


def _mnist(arguments: argparse.Namespace, report: Report) -> Mnist:
    return loading.load(arguments.data, report, getattr(arguments, "against", None))


WORKS: dict[str, Work] = {work.__name__: work for work in (train, devices, doubt, ink, compare)}
