"""``python -m model open``: a Keras model of the user's own made into a bundle."""

from __future__ import annotations

import argparse
import functools
import sys
import tempfile
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
    opened = commands.add_parser(
        "open",
        help="make a model of a Keras file",
        description=_open.__doc__,
        epilog="What --scale, --ink and --outputs do not say is found out with drawn digits.",
    )
    opened.add_argument("file", metavar="FILE", type=Path, help="a .keras, .h5 or .hdf5 file, of Keras 2 or 3")
    opened.add_argument("--output", metavar="DIR", type=Path, required=True, help="the folder to write the bundle to")
    opened.add_argument("--name", default="", help="what to call the model (default: as its file is called)")
    opened.add_argument("--scale", type=int, choices=(1, 255), help="what ink is in the images that it was trained on")
    opened.add_argument("--ink", choices=("bright", "dark"), help="bright on dark, as MNIST has it, or dark on bright")
    opened.add_argument(
        "--outputs",
        choices=("probabilities", "scores", "logits"),
        help="what it answers with: of softmax, of ten sigmoids, or without either",
    )
    opened.add_argument("--unwatched", action="store_true", help=argparse.SUPPRESS)  # what is watched is started with
    listener.add_word(opened)
    opened.set_defaults(run=_run_opening)


def _run_opening(arguments: argparse.Namespace) -> int:
    """Open a model, with every outcome told as an event, and return the exit status. Raises ListenerLeftError."""
    tell = None if arguments.events else _tell_people
    work = _limited if arguments.unwatched else _watch
    return listener.run(functools.partial(work, arguments), N_("The opening"), tell, arguments.output)


def _watch(arguments: argparse.Namespace, report: Report) -> None:
    """Have it done in a process of its own, because the file can come from anybody."""
    file, output = (str(path.absolute()) for path in (arguments.file, arguments.output))
    words = ["--unwatched", f"--output={output}", f"--name={arguments.name}"]
    asked = {"--scale": arguments.scale, "--ink": arguments.ink, "--outputs": arguments.outputs}
    words += [f"{word}={answer}" for word, answer in asked.items() if answer is not None]
    with loading_tensorflow(_("Opening a Keras model")):
        from model.commands import watched  # noqa: PLC0415  (it needs what comes with TensorFlow)
    watched.run("open", [*words, "--", file], report, arguments.output)


def _limited(arguments: argparse.Namespace, report: Report) -> None:
    """Do it here, with an end that the system sets should nobody watch any more."""
    from model.commands import watched  # noqa: PLC0415  (as above; who watches has it)

    watched.limit()
    _open(arguments, report)


def _open(arguments: argparse.Namespace, report: Report) -> None:
    """Make a model bundle of a Keras file, which is checked before anything of it is run."""
    with bundle.making(arguments.output), tempfile.TemporaryDirectory() as private:
        report(events.Stage(_("checking the file")))
        with loading_tensorflow(_("Opening a Keras model")):
            from model.training.files import keras_file  # noqa: PLC0415  (as below)
        file = keras_file.checked(arguments.file, Path(private))
        report(events.Stage(_("loading TensorFlow")))
        with loading_tensorflow(_("Opening a Keras model")):
            from model.training.opened import (  # noqa: PLC0415  (TensorFlow takes seconds; a refusal needs none)
                manner,
                opening,
            )
        asked = manner.Asked(arguments.scale, arguments.ink, arguments.outputs)
        opening.open_model(file, arguments.output, asked, arguments.name, report)


def _tell_people(event: events.Event) -> None:
    match event:
        case events.Opened():
            say(
                f"opened as {event.output}: reads {event.ink} ink, 0 to {event.scale}, and answers with {event.outputs}"
            )
        case events.Failed():
            sys.stderr.write(f"{event.message}\n")
        case events.Cancelled():
            sys.stderr.write("Cancelled; no model was written.\n")
        case _:
            pass  # what is short
