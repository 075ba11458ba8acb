"""``python -m model open``: makes a bundle from a user's own Keras model."""

from __future__ import annotations

import argparse
import tempfile
import warnings
from pathlib import Path

from model.base import events
from model.base.errors import UserError
from model.base.installation import loading_tensorflow
from model.base.kinds import kind_of
from model.base.language import _
from model.bundle import bundle
from model.commands import watched
from model.commands.listener import Report
from model.training.files import keras_file
from model.training.opened import litert_file, manner


def open_model(arguments: argparse.Namespace, report: Report) -> None:
    """Open a model in a separate process, because the file can come from anybody."""
    if arguments.unwatched:  # this is that process
        watched.limit()
        open_here(arguments, report)
        return
    file, output = (str(path.absolute()) for path in (arguments.file, arguments.output))
    words = ["--unwatched", f"--output={output}", f"--name={arguments.name}"]
    asked = {"--scale": arguments.scale, "--ink": arguments.ink, "--outputs": arguments.outputs}
    words += [f"{word}={answer}" for word, answer in asked.items() if answer is not None]
    try:
        watched.run("open", [*words, "--", file], report, arguments.output)
    except UserError as error:
        if arguments.events or not error.instead:
            raise
        raise UserError(_("{reason} The options for it are --ink, --scale and --outputs."), reason=error) from error


def open_here(arguments: argparse.Namespace, report: Report) -> None:
    """Make a model bundle from a Keras file, which is checked before any of it is run."""
    with bundle.making(arguments.output), tempfile.TemporaryDirectory() as private:
        asked = manner.Asked(arguments.scale, arguments.ink, arguments.outputs)
        if arguments.file.is_file() and kind_of(arguments.file) == "tflite":
            litert_file.open_litert(arguments.file, arguments.output, asked, arguments.name, report)
            return
        report(events.Stage(_("checking the file")))
        file = keras_file.checked(arguments.file, Path(private))
        report(events.Stage(_("loading TensorFlow")))
        with loading_tensorflow(_(arguments.needs)):
            from model.training.opened import opening  # noqa: PLC0415  (seconds, which a refusal needs not)
        with warnings.catch_warnings(action="ignore"):  # what Keras thinks of how a file was made helps nobody here
            opening.open_model(file, arguments.output, asked, arguments.name, report)
