"""``python -m model open``: a Keras model of the user's own made into a bundle."""

from __future__ import annotations

import argparse
import tempfile
import warnings
from pathlib import Path

from model.base import events
from model.base.installation import loading_tensorflow
from model.base.language import _
from model.bundle import bundle
from model.commands import watched
from model.commands.listener import Report
from model.training.files import keras_file


def open_model(arguments: argparse.Namespace, report: Report) -> None:
    """Have a model opened in a process of its own, because the file can come from anybody."""
    if arguments.unwatched:  # this is that process
        watched.limit()
        open_here(arguments, report)
        return
    file, output = (str(path.absolute()) for path in (arguments.file, arguments.output))
    words = ["--unwatched", f"--output={output}", f"--name={arguments.name}"]
    asked = {"--scale": arguments.scale, "--ink": arguments.ink, "--outputs": arguments.outputs}
    words += [f"{word}={answer}" for word, answer in asked.items() if answer is not None]
    watched.run("open", [*words, "--", file], report, arguments.output)


def open_here(arguments: argparse.Namespace, report: Report) -> None:
    """Make a model bundle of a Keras file, which is checked before anything of it is run."""
    with bundle.making(arguments.output), tempfile.TemporaryDirectory() as private:
        report(events.Stage(_("checking the file")))
        file = keras_file.checked(arguments.file, Path(private))
        report(events.Stage(_("loading TensorFlow")))
        with loading_tensorflow(_(arguments.needs)):
            from model.training.opened import opening  # noqa: PLC0415  (seconds, which a refusal needs not)
        asked = opening.Asked(arguments.scale, arguments.ink, arguments.outputs)
        with warnings.catch_warnings(action="ignore"):  # what Keras thinks of how a file was made helps nobody here
            opening.open_model(file, arguments.output, asked, arguments.name, report)
