"""Runs a command of ``python -m model``, from its arguments to its exit status."""

from __future__ import annotations

import argparse
import contextlib
import functools

from model.base import events, install_tensorflow
from model.base.files import real
from model.base.installation import loading_tensorflow
from model.base.language import _
from model.bundle import bundle
from model.commands import listener
from model.commands.listener import Report, Work
from model.commands.people import ListenerLeftError, People


def run(arguments: argparse.Namespace) -> int:
    """Run a command, report every outcome as an event or in lines, and return the exit status."""
    tell = None if arguments.events else People(stages=arguments.stages, resumed=arguments.command == "train")
    work, sweep = functools.partial(_work, arguments), functools.partial(_sweep, arguments)
    try:
        return listener.run(work, arguments.what, tell, sweep)
    except ListenerLeftError:
        return 1  # and there's nobody to tell


def _work(arguments: argparse.Namespace, report: Report) -> None:
    arguments.check(arguments)
    if getattr(arguments, "data", None):
        from model.data.arrays import check_kind  # noqa: PLC0415  (NumPy, which --help needs not)

        check_kind(arguments.data)
    if arguments.loading:
        report(events.Stage(_(arguments.loading)))
    with loading_tensorflow(_(arguments.needs)) if arguments.needs else contextlib.nullcontext():
        work = _loaded(arguments.command)
    work(arguments, report)


def _loaded(command: str) -> Work:
    """Import what a command needs, TensorFlow for seconds, and return what does its work."""
    # Here and nowhere else: --help needs none of it, and what is refused at once is refused without it.
    work: Work
    match command:
        case "install":
            work = lambda _arguments, report: install_tensorflow.install(report)  # noqa: E731  (one of several)
        case "open":
            from model.commands.open_model import open_model as work  # noqa: PLC0415
        case "export":
            from model.commands.export import export as work  # noqa: PLC0415
        case "teach" | "rehearse":
            from model.commands import teaching  # noqa: PLC0415

            work = teaching.teach if command == "teach" else teaching.rehearse
        case "evaluate":
            from model.commands.evaluate import evaluate as work  # noqa: PLC0415
        case "inspect" | "quadrants":
            from model.commands import pictures  # noqa: PLC0415

            work = pictures.WORKS[command]
        case _:
            from model.commands import training  # noqa: PLC0415

            work = training.WORKS[command]
    return work


def _sweep(arguments: argparse.Namespace) -> None:
    """Remove what an end in the middle leaves."""
    if arguments.command == "install":
        install_tensorflow.clean()
    elif arguments.output:
        bundle.give_up(real(arguments.output))
