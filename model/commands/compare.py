"""``python -m model compare``: train variants side by side."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from model.base import events
from model.base.installation import loading_tensorflow
from model.base.language import _
from model.commands.words import BATCH_SIZE, EPOCHS, LEARNING_RATE, Commands, between, in_sentences, say
from model.data import architectures

KNOBS: dict[str, Any] = {  # what a variant may turn -> how its word is read
    "epochs": EPOCHS,
    "batch_size": BATCH_SIZE,
    "activation": architectures.ACTIVATIONS,
    "initializer": architectures.INITIALIZERS,
    "loss": architectures.LOSSES,
    "optimizer": architectures.OPTIMIZERS,
    "learning_rate": LEARNING_RATE,
}


def add(commands: Commands) -> None:
    """Add the command and its words."""
    compare = commands.add_parser(
        "compare",
        help="train variants of networks, several seeds each, and write a table",
        description=_compare.__doc__,
        epilog="Without --variant these are the tutorials' published rows.",
    )
    compare.add_argument("--data", metavar="FILE", type=Path, help="MNIST, as for train")
    compare.add_argument(
        "--variant",
        metavar="NETWORK[,KNOB=VALUE…]",
        type=_variant,
        action="append",
        help=f"a network, and what is to be different: {', '.join(KNOBS)}; can be given again",
    )
    compare.add_argument("--seeds", metavar="N", type=between(int, 1, 100), default=5, help="each (default: 5)")
    compare.add_argument("--output", metavar="DIR", type=Path, required=True, help="the folder to write the table to")
    compare.set_defaults(run=in_sentences(_compare))


def _variant(word: str) -> tuple[str, str, dict[str, Any]]:
    """Return the word itself, the network and the knobs that it names."""
    network, *knobs = word.split(",")
    if network not in architectures.NETWORKS:
        raise argparse.ArgumentTypeError(
            f"there is no network {network!r}; there are {', '.join(architectures.NETWORKS)}"
        )
    turned = {}
    for knob in knobs:
        name, _equals, value = knob.partition("=")
        name = name.replace("-", "_")
        if name not in KNOBS:
            raise argparse.ArgumentTypeError(f"{knob!r} is no KNOB=VALUE; there are {', '.join(KNOBS)}")
        kind = KNOBS[name]
        if callable(kind):
            try:
                turned[name] = kind(value)
            except ValueError as error:
                raise argparse.ArgumentTypeError(f"{value!r} is no number for {name}") from error
        elif value in kind:
            turned[name] = value
        else:
            raise argparse.ArgumentTypeError(f"there is no {name} {value!r}; there are {', '.join(kind)}")
    return word, network, turned


def _compare(arguments: argparse.Namespace) -> None:
    """Train variants of networks on MNIST, several seeds each, and write accuracies and times as a table and a plot."""
    with loading_tensorflow(_("Training")):
        from tqdm import tqdm  # noqa: PLC0415  (as below)

        from model.data import data  # noqa: PLC0415  (as below)
        from model.training.learn import compare, device  # noqa: PLC0415  (TensorFlow takes seconds; --help needs none)

    chosen = [compare.Variant(*words) for words in arguments.variant or ()] or compare.PUBLISHED
    images = data.load(arguments.data)
    compare.check_target(arguments.output)
    device.choose("auto")
    with tqdm(total=len(chosen) * arguments.seeds, unit=" trainings", disable=None, leave=False) as bar:

        def report(event: events.Event) -> None:
            match event:
                case events.Started():
                    bar.set_description(event.network)
                case events.EpochDone():
                    bar.set_postfix(epoch=event.epoch, accuracy=f"{event.validation_accuracy:.2%}")

        rows = []
        for variant in chosen:
            rows.append(compare.measure(variant, images, arguments.seeds, report, bar.update))
            compare.write(arguments.output, rows)  # at once: an interrupt costs one variant
            with tqdm.external_write_mode(sys.stderr):
                say(f"{variant.name}: {rows[-1].mean:.2%}, spread {rows[-1].spread * 100:.2f}")
    say(f"see {arguments.output / compare.TEXT}")
