"""A command of ``python -m model`` from its words to its exit status."""

from __future__ import annotations

import argparse
import contextlib
import functools

from model.base import events, install_tensorflow
from model.base.files import real
from model.base.installation import loading_tensorflow
from model.base.language import _
from model.bundle import bundle, folders
from model.commands import listener
from model.commands.listener import Report, Work
from model.commands.people import ListenerLeftError, People


def run(arguments: argparse.Namespace) -> int:
    """Do what the words say, every outcome told as an event or in lines, and return the exit status."""
    tell = None if arguments.events else People(stages=arguments.stages, resumed=arguments.command == "train")
    work, sweep = functools.partial(_work, arguments), functools.partial(_sweep, arguments)
    try:
        return listener.run(work, arguments.what, tell, sweep)
    except ListenerLeftError:
        return 1  # and there is nobody to tell


def _work(arguments: argparse.Namespace, report: Report) -> None:
    arguments.check(arguments)
    if arguments.loading:
        report(events.Stage(_(arguments.loading)))
    with loading_tensorflow(_(arguments.needs)) if arguments.needs else contextlib.nullcontext():
        work = _loaded(arguments.command)
    work(arguments, report)


def _loaded(command: str) -> Work:
    """Import what a command needs, TensorFlow for seconds, and return what does its work."""
    # Here and nowhere else: --help needs none of it, and what is refused at once is refused without it.
    match command:
        case "install":
            return lambda _arguments, report: install_tensorflow.install(report)
        case "open":
            from model.commands.open_model import open_model  # noqa: PLC0415

            return open_model
        case "evaluate":
            from model.commands.evaluate import evaluate  # noqa: PLC0415

            return evaluate
        case "inspect" | "quadrants":
            from model.commands import pictures  # noqa: PLC0415

            return pictures.WORKS[command]
        case _:
            from model.commands import training  # noqa: PLC0415

            return training.WORKS[command]


def _sweep(arguments: argparse.Namespace) -> None:
    """Remove what an end in the middle leaves."""
    if arguments.command == "install":
        install_tensorflow.clean()
    elif arguments.output:
        folders.sweep(real(arguments.output))
        bundle.let_go(real(arguments.output))
