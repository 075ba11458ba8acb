"""``python -m model install``: what training needs, into the environment that this Python is of."""

from __future__ import annotations

import argparse
import sys

from model.base import events
from model.base.install_tensorflow import clean, install
from model.base.language import N_, _
from model.commands import listener
from model.commands.words import Commands, say


def add(commands: Commands) -> None:
    """Add the command and its words."""
    about = "Install what training needs, beside what is installed: all of it, or nothing."
    parser = commands.add_parser("install", help="install what training needs", description=about)
    listener.add_word(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    def tell(event: events.Event) -> None:
        match event:
            case events.Stage():
                say(f"{event.doing}…")
            case events.Finished():
                say(_("{count:.0f} seconds").format(count=event.seconds))
            case events.Failed():
                sys.stderr.write(f"{event.message}\n")

    return listener.run(install, N_("The installation"), None if arguments.events else tell, sweep=clean)
