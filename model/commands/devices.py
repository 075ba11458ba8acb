"""``python -m model devices``: what a training can run on here."""

from __future__ import annotations

import argparse

from model.base import events
from model.base.installation import loading_tensorflow
from model.base.language import N_, _
from model.commands import listener
from model.commands.listener import Report
from model.commands.words import Commands, say


def add(commands: Commands) -> None:
    """Add the command and its words."""
    devices = commands.add_parser("devices", help="list what can be trained on", description=_devices.__doc__)
    listener.add_word(devices)
    devices.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    def tell(event: events.Event) -> None:
        if isinstance(event, events.Devices):
            for word, name in event.found.items():
                say(f"{word}: {name}")
        elif isinstance(event, events.Failed):
            say(event.message)

    return listener.run(_devices, N_("The search"), None if arguments.events else tell)


def _devices(report: Report) -> None:
    """List what --device takes here, each with its name; the first is what is taken when nothing is said."""
    with loading_tensorflow(_("Training")):
        from model.training.learn import device  # noqa: PLC0415  (TensorFlow takes seconds, and --help needs it not)
    report(events.Devices(device.found()))
