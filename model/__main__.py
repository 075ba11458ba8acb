"""``python -m model``: train a network, teach it, compare several, evaluate one, look at what it is to read."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper

from model.base import language
from model.commands import compare, devices, doubt, evaluate, inspect, install, open_model, quadrants, teach, train
from model.commands.words import ListenerLeftError, Parser


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status: 0 done, 1 failed, 2 wrong usage, 130 cancelled."""
    arguments = _parser().parse_args(words)
    language.use("")  # what the environment says; the window says its own there
    # TensorFlow's remarks on the CUDA that it did not find would bury what is said.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("JOBLIB_MULTIPROCESSING", "0")  # scikit-learn's, which warns where it finds no semaphores
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # being ended is being cancelled
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # Keras draws tables with lines that not every terminal has
    try:
        run: Callable[[argparse.Namespace], int] = arguments.run
        return run(arguments)
    except ListenerLeftError:
        return 1  # and there is nobody to tell


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="python -m model", description="Make the networks that Inkling reads with.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (train, doubt, teach, compare, evaluate, inspect, quadrants, devices, install, open_model):
        command.add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
